import type { WaveRun } from '../../../model/waves/waveRun.ts';
import type { RunHandle } from './runHandle.ts';
import { writeState } from './writeState.ts';

/** Makes STATE.md say what the run's record says, one write after another. Doing it again changes nothing. */
export function syncState(handle: RunHandle): Promise<void> {
  return handle.inTurn(async () => writeState(handle.context, await handle.read()));
}

/** As `syncState` while agents are at work: where STATE.md cannot be written now, the next time catches up. */
export function trySyncState(handle: RunHandle): Promise<void> {
  return handle.attempt(() => syncState(handle));
}

/**
 * Changes what the run is, with STATE.md first: an engine that is killed between both does it again, while nobody would look at a run any more that
 * rests. `before` is done between.
 */
export async function comeToRest(
  handle: RunHandle,
  change: (run: WaveRun) => WaveRun,
  before: (run: WaveRun) => Promise<unknown> = async () => {},
): Promise<void> {
  await handle.inTurn(async () => writeState(handle.context, change(await handle.read())));
  await before(change(await handle.read()));
  await handle.update(change);
}
