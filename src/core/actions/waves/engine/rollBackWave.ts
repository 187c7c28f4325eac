import { phrase } from '../../../base/phrase.ts';
import type { WaveRun } from '../../../model/waves/waveRun.ts';
import { snapshotRef } from './prepareWave.ts';
import { agentsOf, countRollBacks, progressOf, type RunHandle, withDeviation } from './runHandle.ts';
import { comeToRest } from './syncState.ts';
import { withdrawQuestions, withoutQuestions } from './waveQuestions.ts';

/**
 * Puts the run's tree back to what it was before its wave, and has the run pause; going on begins the wave again. What was there is kept under a ref,
 * also what is in worktrees of its agents.
 */
export async function rollBackWave(handle: RunHandle, wave: number): Promise<void> {
  const { trees } = handle.context;
  const run = await handle.read();
  const progress = progressOf(run, wave);
  if (progress !== undefined) {
    const label = nextLabel(run, wave);
    if (!run.snapshots.some((one) => one.label === label)) await keepNow(handle, run, { label, folder: run.root });
    await trees.restore(run.root, progress.commit, await trees.changed(run.root, progress.commit));
    for (const { key, worktree, startedAt } of agentsOf(run, wave)) {
      if (worktree !== undefined) await removeWorktree(handle, { key, worktree, keep: startedAt !== undefined });
    }
  }
  await withdrawQuestions(handle);
  const at = handle.now();
  await comeToRest(handle, ({ request: _, ...one }) => {
    const text = phrase`Wave ${wave} was rolled back (attempt ${countRollBacks(one, wave) + 1})`;
    return withDeviation(
      {
        ...withoutQuestions(one),
        status: 'paused',
        step: 'prepare',
        why: text,
        agents: one.agents.filter((agent) => agent.wave !== wave),
        gates: one.gates.filter((gate) => gate.wave !== wave),
        progress: (one.progress ?? []).filter((other) => other.wave !== wave),
      },
      at,
      text,
    );
  });
}

/** A snapshot is taken for each time that a wave is rolled back; of one that was interrupted there is one already. */
function nextLabel(run: WaveRun, wave: number): string {
  return `wave-${wave}-rolled-back-${countRollBacks(run, wave) + 1}`;
}

/** Keeps what is in a folder now under a ref of the run. */
export async function keepNow(
  handle: RunHandle,
  run: WaveRun,
  { label, folder }: { readonly label: string; readonly folder: string },
): Promise<string> {
  const { trees } = handle.context;
  const ref = snapshotRef(run, label);
  await trees.keep(ref, await trees.snapshot(folder, `${label} of ${run.label}`));
  await handle.update((one) =>
    one.snapshots.some((other) => other.label === label)
      ? undefined
      : { ...one, snapshots: [...one.snapshots, { wave: run.wave, label, ref }] },
  );
  return ref;
}

/** Removes a worktree of an agent; with `keep` what is in it is kept under a ref before. Doing it again does nothing. */
export async function removeWorktree(
  handle: RunHandle,
  { key, worktree, keep }: { readonly key: string; readonly worktree: string; readonly keep: boolean },
): Promise<void> {
  const run = await handle.read();
  const label = `wave-${run.wave}-${key}`;
  if (keep && (await isWorktree(handle, worktree))) await keepNow(handle, run, { label, folder: worktree });
  await handle.context.trees.remove(worktree);
}

async function isWorktree({ context }: RunHandle, folder: string): Promise<boolean> {
  const all = await context.isolated.worktrees.list();
  return all.some(({ path, isGone }) => path === folder && !isGone);
}
