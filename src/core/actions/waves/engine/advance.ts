import { type WaveStep, waveSteps } from '../../../model/waves/waveRun.ts';
import type { RunHandle } from './runHandle.ts';

/** Records that the run is at a later step of its wave. */
export async function advance(handle: RunHandle, step: WaveStep): Promise<void> {
  await handle.update((run) => (waveSteps.indexOf(run.step) < waveSteps.indexOf(step) ? { ...run, step } : undefined));
}
