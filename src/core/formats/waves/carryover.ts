import type { WaveAgentRun, WaveRun } from '../../model/waves/waveRun.ts';

/** Work that nobody brought to its end: of each item its last agent. Fixers' work shows in the gates. */
export function unfinishedWork(run: WaveRun): readonly WaveAgentRun[] {
  return run.agents.filter(
    ({ key, status, isFixer }) =>
      isFixer !== true &&
      status !== 'done' &&
      status !== 'skipped' &&
      !run.agents.some(({ carries }) => carries === key),
  );
}

/** How many items a run had, and how many of them are left: unfinished, or never begun. One that was carried over counts once. */
export function carryoverOf(run: WaveRun): { readonly planned: number; readonly left: number } {
  const items = run.plan.waves.flatMap(({ agents }) => agents);
  const begun = new Set(run.agents.map(({ key }) => key));
  const missing = items.filter(({ id }) => !begun.has(id)).length;
  return { planned: items.length, left: Math.min(items.length, unfinishedWork(run).length + missing) };
}
