import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import type { IsolatedSession } from '../../model/isolated.ts';
import { WorkspaceStore } from '../../store/workspaceStore.ts';
import { statePathsOf } from '../statePlaces.ts';
import type { IsolatedContext } from './context.ts';
import { outboxFolder } from './workPrompt.ts';

/**
 * The git tree of a session's worktree with all its changes; state files and the outbox are left out, so that notes and ticks do not
 * undo a verdict.
 *
 * @throws BatonError `not-a-repository` where the worktree is gone
 */
export async function readReviewedTree(
  { isolated }: Pick<IsolatedContext, 'isolated'>,
  { worktree }: Pick<IsolatedSession, 'worktree'>,
): Promise<string> {
  const ports = await isolated.portsOf(worktree);
  const git = await ports.git('');
  if (git === undefined) {
    throw new BatonError('not-a-repository', phrase`The worktree ${worktree} is gone`, {
      hint: '`baton isolated clean` shows what is left of it.',
    });
  }
  const workspace = await new WorkspaceStore(ports).load();
  const state = statePathsOf(workspace).map((path) => git.prefix + path);
  return await git.workingTree([...state, git.prefix + outboxFolder]);
}
