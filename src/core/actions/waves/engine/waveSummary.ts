import type { WaveSummary } from '../../../formats/waves/waveProgress.ts';
import type { WaveAgentRun, WaveRun } from '../../../model/waves/waveRun.ts';
import { agentsOf, progressOf } from './runHandle.ts';
import { unfinishedAgents } from './waveAgents.ts';

/** What the summary of a wave that has ended says. */
export function summaryOf(run: WaveRun, scaling: WaveSummary['scaling']): WaveSummary | undefined {
  const progress = progressOf(run);
  const planned = run.plan.waves[run.wave - 1];
  if (planned === undefined || progress?.endedAt === undefined) return undefined;
  const gate = run.gates.findLast(({ wave }) => wave === run.wave);
  const next = run.plan.waves[run.wave];
  return {
    wave: run.wave,
    role: planned.title,
    agents: agentsOf(run).map(lineOf),
    durationMs: Date.parse(progress.endedAt) - Date.parse(progress.startedAt),
    ...(gate !== undefined && { gate }),
    ...(scaling !== undefined && { scaling }),
    adaptations: unfinishedAgents(run).map(({ key, status }) => `${key} was ${status}, its rest is open`),
    ...(next !== undefined && { next: { wave: next.number, role: next.title } }),
  };
}

function lineOf({ key, status, report, error, findings }: WaveAgentRun): WaveSummary['agents'][number] {
  const stop = findings.findLast(({ severity }) => severity === 'stop');
  return { name: key, status, note: report?.note ?? stop?.pattern ?? error ?? '' };
}
