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
