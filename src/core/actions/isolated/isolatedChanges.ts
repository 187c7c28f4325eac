import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import type { IsolatedSession } from '../../model/isolated.ts';
import type { FileDifference, Git } from '../../ports/git.ts';
import { sessionCommits } from '../checkpointNumbers.ts';
import type { IsolatedContext } from './context.ts';
import { readReviewedTree } from './reviewedTree.ts';
import { outboxFolder } from './workPrompt.ts';

/** Where changes are counted from: the base that the session started from, its last checkpoint, its last verdict, or its last turn. */
export const changeScopes = ['start', 'checkpoint', 'review', 'turn'] as const;
export type ChangeScope = (typeof changeScopes)[number];

/** What an isolated session has changed. */
export interface IsolatedChanges {
  readonly files: readonly FileDifference[];
  /** Commit or tree. */
  readonly from: string;
  /** Full hash of the merge commit; undefined: the worktree as it is. */
  readonly to?: string;
  /** Absolute path of the folder in which the files are now. */
  readonly folder: string;
}

/**
 * Compares a session's worktree with where it started, with its last checkpoint, with the tree of its last verdict, or with what was there
 * before its last turn; of a merged one it tells what the merge brought. State files do not count in what changed since a verdict or a turn.
 *
 * @throws BatonError `not-a-repository` where its worktree is gone, `review-missing` where nothing was reviewed, `unknown-checkpoint` where it
 *   made none
 */
export async function readIsolatedChanges(
  context: Pick<IsolatedContext, 'ports' | 'isolated'>,
  session: IsolatedSession,
  scope: ChangeScope = 'start',
): Promise<IsolatedChanges> {
  const { mergeCommit, base, worktree } = session;
  if (mergeCommit !== undefined) {
    const git = await context.ports.git('');
    const from = await git?.resolve(`${mergeCommit}^1`);
    if (git === undefined || from === undefined) throw goneError(session);
    return { files: await git.compare(from, mergeCommit), from, to: mergeCommit, folder: git.topLevel };
  }
  const git = await (await context.isolated.portsOf(worktree)).git('');
  if (git === undefined) throw goneError(session);
  if (scope === 'checkpoint') {
    const from = await lastCheckpoint(git, session);
    const tree = await git.workingTree([git.prefix + outboxFolder]);
    return { files: await git.compare(from, tree), from, folder: git.topLevel };
  }
  const since = sinceOf(session, scope);
  const [from, tree] =
    since === undefined
      ? [base.commit, await git.workingTree([git.prefix + outboxFolder])]
      : [since, await readReviewedTree(context, session)];
  return { files: await git.compare(from, tree), from, folder: git.topLevel };
}

/** Agents make checkpoints as people do, with the ID of their work item. */
async function lastCheckpoint(git: Git, { item, base }: IsolatedSession): Promise<string> {
  const made = await sessionCommits(git, item.id, base.commit);
  const last = made.find(({ kind }) => kind === 'checkpoint');
  if (last !== undefined) return last.hash;
  throw new BatonError('unknown-checkpoint', phrase`${item.id} has made no checkpoint`, {
    hint: 'Look at all of its changes.',
    data: { item: item.id },
  });
}

/** The tree to compare with; undefined for the base. */
function sinceOf({ review, turnTree, item }: IsolatedSession, scope: ChangeScope): string | undefined {
  // Before its first turn there was the base.
  if (scope !== 'review') return scope === 'turn' ? turnTree : undefined;
  if (review !== undefined) return review.tree;
  throw new BatonError('review-missing', phrase`Nothing of ${item.id} has been reviewed yet`, {
    hint: 'Look at all of its changes.',
    data: { item: item.id },
  });
}

function goneError({ item }: IsolatedSession): BatonError {
  return new BatonError('not-a-repository', phrase`The worktree of ${item.id} is gone`, {
    hint: 'If it was put away, `baton isolated restore` brings it back.',
  });
}
