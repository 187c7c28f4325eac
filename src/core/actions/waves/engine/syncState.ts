import type { WaveRun } from '../../../model/waves/waveRun.ts';
import type { RunHandle } from './runHandle.ts';
import { stateFactsOf, writeState } from './writeState.ts';

/** Makes STATE.md say what the run's record says, one write after another. Doing it again changes nothing. */
export function syncState(handle: RunHandle): Promise<void> {
  return handle.inTurn(async () => {
    const run = await handle.read();
    await write(handle, run, await stateFactsOf(handle.context, run));
  });
}

/**
 * As `syncState` while agents are at work: where STATE.md cannot be written now, the next time catches up. The file is left alone where nothing
 * that stands in it has changed since the last time: most of what agents do does not.
 */
export function trySyncState(handle: RunHandle): Promise<void> {
  return handle.attempt(() =>
    handle.inTurn(async () => {
      const run = await handle.read();
      const facts = await stateFactsOf(handle.context, run);
      if (facts !== handle.syncedFacts) await write(handle, run, facts);
    }),
  );
}

async function write(handle: RunHandle, run: WaveRun, facts: string | undefined): Promise<void> {
  handle.syncedFacts = undefined;
  await writeState(handle.context, run);
  handle.syncedFacts = facts;
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
  await handle.inTurn(async () => write(handle, change(await handle.read()), undefined));
  await before(change(await handle.read()));
  await handle.update(change);
}
