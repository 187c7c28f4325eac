import type { PastRun } from '../../model/waves/metrics.ts';
import { isOpenRun, type PastWaveRun, type ShownWaveRun } from '../../model/waves/shownRun.ts';
import type { WaveRun } from '../../model/waves/waveRun.ts';
import type { Workspace } from '../../model/workspace.ts';
import { describeWaveRun, describeWaveState } from './describeWaveRun.ts';
import type { WaveRunEntry } from './listWaveRuns.ts';

export interface ShownRunsInput {
  /** Path of the folder. */
  readonly root: string;
  readonly entries: readonly WaveRunEntry[];
  readonly workspace: Pick<Workspace, 'waveStates'> | undefined;
}

/**
 * The runs of a folder that are still something to be done, the latest first: those that Baton coordinates by their records, and those of
 * other tools by what STATE.md says.
 */
export function shownRuns(input: ShownRunsInput): readonly ShownWaveRun[] {
  const { root, entries, workspace } = input;
  const states = workspace?.waveStates ?? [];
  const records = entries
    .map((entry) => {
      const isHere = entry.run.root === root;
      const state = isHere ? states.find(({ path }) => path === entry.run.stateFile) : undefined;
      return describeWaveRun({ ...entry, ...(state && { state }) });
    })
    .filter((run, index, all) => isOpenRun(run) || (run.status === 'aborted' && index === all.length - 1))
    .reverse();
  const told = new Set(
    entries.filter(({ run }) => run.root === root && !isOver(run.status)).map(({ run }) => run.stateFile),
  );
  const others = states
    .filter(({ path, status }) => !told.has(path) && status !== undefined && status !== 'idle')
    .map((state) => describeWaveState(state));
  return [...records, ...others];
}

function isOver(status: string): boolean {
  return status === 'closed' || status === 'aborted';
}

/** More runs than this tell nothing that the last ones do not. */
const mostPast = 200;

/** The runs that have ended, the latest last: those of the metrics, and by their records those that were not closed. Pure. */
export function pastWaveRuns(metrics: readonly PastRun[], runs: readonly WaveRun[]): readonly PastWaveRun[] {
  const recorded = new Set(metrics.map(({ id }) => id));
  const others = runs.filter((run) => !recorded.has(run.label)).flatMap((run) => pastOfRecord(run) ?? []);
  return [...metrics.flatMap((run) => pastOfMetrics(run) ?? []), ...others]
    .sort((a, b) => a.startedMs - b.startedMs)
    .slice(-mostPast);
}

function pastOfMetrics(run: PastRun): PastWaveRun | undefined {
  const startedMs = Date.parse(run.startedAt ?? '');
  const completedMs = Date.parse(run.completedAt ?? '');
  const seconds = run.durationSeconds ?? (completedMs - startedMs) / 1000;
  if (Number.isNaN(startedMs) || !(seconds >= 0)) return undefined;
  const { complete, partial, failed, spiral } = run.agents;
  return {
    label: run.id,
    startedMs,
    minutes: seconds / 60,
    waves: run.totalWaves ?? 0,
    agents: run.totalAgents ?? complete + partial + failed + spiral,
    ...(run.retries !== undefined && { retries: run.retries }),
    spirals: spiral,
    ...(run.costUsd !== undefined && { costUsd: run.costUsd }),
    completed: run.status === undefined || run.status === 'completed',
  };
}

function pastOfRecord(run: WaveRun): PastWaveRun | undefined {
  if (!['completed', 'closed', 'aborted', 'failed'].includes(run.status)) return undefined;
  const startedMs = Date.parse(run.startedAt);
  const endedMs = Date.parse(run.endedAt ?? run.updatedAt);
  if (!(endedMs >= startedMs)) return undefined;
  const costs = run.agents.flatMap(({ usage }) => usage?.costUsd ?? []);
  return {
    label: run.label,
    startedMs,
    minutes: (endedMs - startedMs) / 60_000,
    waves: run.plan.waves.length,
    agents: run.agents.length,
    retries: run.agents.reduce(
      (sum, { isFixer, attempt }) => sum + (isFixer === true ? attempt : Math.max(0, attempt - 1)),
      0,
    ),
    spirals: run.agents.filter(({ status }) => status === 'spiral').length,
    ...(costs.length > 0 && { costUsd: costs.reduce((sum, one) => sum + one, 0) }),
    completed: run.status === 'completed' || run.status === 'closed',
  };
}
