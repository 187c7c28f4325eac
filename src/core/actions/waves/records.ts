import { isoTimeOf } from '../../base/localTime.ts';
import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import { nearestIds } from '../../model/sessionId.ts';
import { readWaveRun, type WaveAgentRun, type WaveRun } from '../../model/waves/waveRun.ts';
import type { LocalState } from '../../ports/localState.ts';
import type { RecordContext } from '../isolated/records.ts';

/** The key of a run's record among the local records. */
export function waveRunKey(id: string): string {
  return `waves/${id}/run.json`;
}

/** The folder of what one agent of a run leaves (`output.log`, `activity.json`), as a prefix of keys. */
export function waveAgentFolder(run: string, key: string): string {
  return `waves/${run}/${key}`;
}

/** IDs become folders, refs and parts of branch names. */
export function isWaveRunId(id: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,99}$/.test(id);
}

/** All wave runs of the clone, in the order in which they were begun. */
export async function readWaveRuns(localState: LocalState): Promise<readonly WaveRun[]> {
  const keys = (await localState.list('waves/', { levels: 2 })).filter((key) => /^waves\/[^/]+\/run\.json$/.test(key));
  const read = await Promise.all(keys.map(async (key) => readWaveRun(await localState.read(key))));
  return read
    .filter((run) => run !== undefined)
    .sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt) || begunMs(a.id) - begunMs(b.id));
}

/** Records tell seconds; an ID has the milliseconds, before its random part. */
function begunMs(id: string): number {
  return Number.parseInt(id.split('-').at(-2) ?? '', 36) || 0;
}

/**
 * Finds a run by its ID, the beginning of one, or its label; the latest one where nothing is named.
 *
 * @throws BatonError `unknown-wave-run`, where several fit too
 */
export async function requireWaveRun({ ports }: RecordContext, name?: string): Promise<WaveRun> {
  // The engine asks all the time, and listing everything that runs have left takes long.
  const known =
    name !== undefined && isWaveRunId(name) ? readWaveRun(await ports.localState.read(waveRunKey(name))) : undefined;
  if (known !== undefined) return known;
  const runs = await readWaveRuns(ports.localState);
  if (name === undefined) {
    const latest = runs.at(-1);
    if (latest !== undefined) return latest;
    throw new BatonError('unknown-wave-run', 'There is no wave run yet', {
      hint: 'Begin one with `baton wave run`, or "Baton: Start Wave Run" in VS Code.',
    });
  }
  const exact = runs.find(({ id }) => id === name) ?? runs.findLast(({ label }) => label === name);
  const found = exact === undefined ? runs.filter(({ id }) => id.startsWith(name)) : [exact];
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const ids = runs.map(({ id }) => id);
  if (found.length > 1) {
    throw new BatonError('unknown-wave-run', phrase`${name} may be any of ${found.map(({ id }) => id).join(', ')}`, {
      hint: 'Name one by its whole ID.',
      data: { name, ids: found.map(({ id }) => id) },
    });
  }
  const nearest = nearestIds(name, ids);
  throw new BatonError('unknown-wave-run', phrase`There is no wave run ${name}`, {
    hint:
      nearest.length > 0 ? phrase`Did you mean ${nearest.join(' or ')}?` : '`baton wave status` lists what there is.',
    data: { name, nearest },
  });
}

/**
 * Changes a run's record with no other process between; nothing is written where `change` gives undefined.
 *
 * @throws BatonError `unknown-wave-run` where it is gone; what `change` throws
 */
export async function updateWaveRun(
  { ports }: RecordContext,
  id: string,
  change: (run: WaveRun) => WaveRun | undefined,
): Promise<WaveRun> {
  const updatedAt = isoTimeOf(ports.clock.now());
  const after = await ports.localState.update(waveRunKey(id), (value) => {
    const run = readWaveRun(value);
    if (run === undefined) {
      throw new BatonError('unknown-wave-run', phrase`There is no wave run ${id} any more`, { data: { name: id } });
    }
    const changed = change(run);
    return changed === undefined || changed === run ? undefined : { ...changed, updatedAt };
  });
  // It was read as one a moment ago, under the same lease.
  return after as WaveRun;
}

/** Changes the record of one agent; the run as it is where there is no such agent. */
export function updateWaveAgent(
  context: RecordContext,
  id: string,
  key: string,
  change: (agent: WaveAgentRun) => WaveAgentRun,
): Promise<WaveRun> {
  return updateWaveRun(context, id, (run) => ({
    ...run,
    agents: run.agents.map((agent) => (agent.key === key ? change(agent) : agent)),
  }));
}
