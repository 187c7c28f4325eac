import { isoTimeOf } from '../../base/localTime.ts';
import { phrase } from '../../base/phrase.ts';
import { revisionOf } from '../../base/revision.ts';
import { BatonError } from '../../errors.ts';
import type { IsolatedSession } from '../../model/isolated.ts';
import type { WorktreeInfo } from '../../ports/worktrees.ts';
import { isOfWaveRun, waveWorktrees } from '../waves/waveWorktrees.ts';
import type { IsolatedContext } from './context.ts';
import { chooseItems, nameOf, requireBase, takeItem, uniqueSuffix } from './dispatch.ts';
import { findReadyWork } from './readyWork.ts';
import { readIsolatedSessions, stateKey } from './records.ts';

/** Worktrees of the clone that Baton did not make and that neither a session nor a wave run has. */
export async function findOtherWorktrees({ ports, isolated }: IsolatedContext): Promise<readonly WorktreeInfo[]> {
  const { worktrees } = isolated;
  const sessions = await readIsolatedSessions(ports.localState);
  const known = new Set([...sessions.map(({ worktree }) => worktree), ...(await waveWorktrees({ ports }))]);
  const isOwn = (one: WorktreeInfo): boolean =>
    one.path.startsWith(`${worktrees.folder}/.trash/`) ||
    isOfWaveRun(one, worktrees.folder) ||
    (one.path.startsWith(`${worktrees.folder}/`) && one.branch?.startsWith('baton/') === true);
  return (await worktrees.list()).filter((one) => !one.isMain && !one.isGone && !known.has(one.path) && !isOwn(one));
}

export interface AdoptOptions {
  /** Absolute path of the worktree. */
  readonly path: string;
  /** ID of a ready work item, as for `dispatch`. */
  readonly item: string;
  /** Name of the agent that goes on with it; else the configured one. */
  readonly agent?: string;
}

/**
 * Makes an isolated session of a worktree that is there already, with what was begun in it. Nothing is started and nothing in it changes; the
 * session rests until it is sent to work, approved or merged.
 *
 * @throws BatonError `unknown-item` for a path that is no such worktree or an item that is not ready, `detached-head`, `already-dispatched`
 */
export async function adoptWorktree(context: IsolatedContext, options: AdoptOptions): Promise<IsolatedSession> {
  const worktree = await requireOther(context, options.path);
  const { branch } = worktree;
  if (branch === undefined) {
    throw new BatonError('detached-head', phrase`No branch is checked out in ${worktree.path}`, {
      hint: 'Make one there: `git switch -c NAME`.',
    });
  }
  // Who adopts a worktree is at work on its item, and may have claimed it.
  const { items, claimed } = await findReadyWork(context);
  const [item] = chooseItems([...items, ...claimed.map((one) => one.item)], { items: [options.item] });
  if (item === undefined) throw new BatonError('unknown-item', phrase`${options.item} is not ready to be worked on`);
  const agent = options.agent ?? (await context.isolated.agents.defaultName());
  const now = context.ports.clock.now();
  const id = `session-${nameOf(item)}-${now.epochMs.toString(36)}-${uniqueSuffix(context, item)}`;
  const base = await findBase(context, branch);
  if (!(await takeItem(context, item, id, { overClaims: true }))) {
    throw new BatonError('already-dispatched', phrase`${item.id} has been dispatched already`, {
      hint: '`baton isolated list` shows what is at work and what waits to be merged.',
      data: { item: item.id },
    });
  }
  const at = isoTimeOf(now);
  const session: IsolatedSession = {
    baton: 'isolated/1',
    id,
    item,
    status: 'stopped',
    agent,
    ...(item.model !== undefined && { model: item.model }),
    worktree: worktree.path,
    branch,
    base,
    createdAt: at,
    completedAt: at,
    attempt: 1,
    history: [{ status: 'stopped', at, why: 'its worktree was adopted' }],
    mark: `${id}.${revisionOf(id)}`,
    adopted: true,
  };
  await context.ports.localState.write(stateKey(id), session);
  return session;
}

async function requireOther(context: IsolatedContext, path: string): Promise<WorktreeInfo> {
  const others = await findOtherWorktrees(context);
  const found = others.find((one) => one.path === path.replace(/\/+$/, ''));
  if (found !== undefined) return found;
  throw new BatonError('unknown-item', phrase`${path} is no worktree that could be adopted`, {
    hint:
      others.length > 0
        ? phrase`These can be: ${others.map((one) => one.path).join(', ')}.`
        : 'All worktrees of this clone have a session, or were made by Baton.',
    data: { path, worktrees: others.map((one) => one.path) },
  });
}

/** The branch that is checked out in the main working tree, from where the worktree's branch left it. */
async function findBase(context: IsolatedContext, branch: string): Promise<IsolatedSession['base']> {
  const base = await requireBase(context);
  const git = await context.ports.git('');
  const commit = await git?.mergeBase(base.commit, `refs/heads/${branch}`);
  if (commit !== undefined) return { ...base, commit };
  throw new BatonError('git-failed', phrase`${branch} and ${base.branch} have no commit in common`, {
    hint: 'Only work that started from this project can be merged into it.',
  });
}
