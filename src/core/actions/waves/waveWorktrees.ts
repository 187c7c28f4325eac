import type { WaveRun } from '../../model/waves/waveRun.ts';
import type { WorktreeInfo } from '../../ports/worktrees.ts';
import type { ActionContext } from '../context.ts';
import { readWaveRuns } from './records.ts';

/** Runs that go on, or can: nothing of theirs is put away. */
function mayGoOn({ status }: WaveRun): boolean {
  return status !== 'closed' && status !== 'aborted';
}

/** Absolute paths of the trees in which runs and their agents are at work, or will be when the run goes on. */
export async function waveWorktrees({ ports }: Pick<ActionContext, 'ports'>): Promise<ReadonlySet<string>> {
  const runs = (await readWaveRuns(ports.localState)).filter(mayGoOn);
  return new Set(runs.flatMap(({ root, agents }) => [root, ...agents.flatMap(({ worktree }) => worktree ?? [])]));
}

/** Tells whether a worktree was made for a wave run or an agent of one. */
export function isOfWaveRun({ path, branch }: WorktreeInfo, folder: string): boolean {
  return path.startsWith(`${folder}/wave`) && /^(?:so-worktree-|baton\/waves-)/.test(branch ?? '');
}
