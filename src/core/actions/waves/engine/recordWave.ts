import { phrase } from '../../../base/phrase.ts';
import { BatonError } from '../../../errors.ts';
import { waveProgressText } from '../../../formats/waves/waveProgress.ts';
import type { WaveRun } from '../../../model/waves/waveRun.ts';
import { appendEvent, pushAgentStatus } from '../metrics.ts';
import { scaleWave } from '../scaleWave.ts';
import { refreshHeartbeat } from '../sessionLock.ts';
import { agentsOf, progressOf, type RunHandle, waveOf } from './runHandle.ts';
import { syncState } from './syncState.ts';
import { summaryOf } from './waveSummary.ts';

/** Writes down a wave that is over, commits it where that is asked for, and goes to the next, where there is one. */
export async function recordWave(handle: RunHandle): Promise<void> {
  const { trees } = handle.context;
  const before = await handle.read();
  if (progressOf(before)?.endedAt === undefined || progressOf(before)?.changed === undefined) {
    const changed = await trees.changed(before.root, progressOf(before)?.commit ?? before.startRef);
    const at = handle.now();
    await handle.update((run) => withProgress(run, { endedAt: progressOf(run)?.endedAt ?? at, changed }));
  }
  await syncState(handle);
  const run = await handle.read();
  const isGreen = run.gates.findLast(({ wave }) => wave === run.wave)?.passed === true;
  if (run.config.persistence) {
    if (isGreen)
      await handle.attempt(() => refreshHeartbeat(handle.context, run.id, { currentWave: run.wave, status: 'wave' }));
    await handle.once(`wave ${run.wave}`, () =>
      appendEvent(handle.context, 'orchestrator.wave.completed', eventOf(run)),
    );
    const label = waveOf(run).title;
    const total = run.plan.waves.length;
    await handle.attempt(() =>
      pushAgentStatus(handle.context, { agentId: 'coordinator', step: run.wave, total, label }),
    );
  }
  logSummary(handle, run);
  if (isGreen && run.config.autoCommit) await commitWave(handle, run);
  await next(handle);
}

/** What a person reads of it in the supervisor's log. */
function logSummary(handle: RunHandle, run: WaveRun): void {
  const planned = run.plan.waves[run.wave]?.agents.length ?? 0;
  const scaled = scalingFor({ ...run, wave: run.wave + 1 }, planned);
  const change = (scaled?.parallel ?? planned) - planned;
  const kind = change === 0 ? 'unchanged' : change < 0 ? 'reduced' : 'increased';
  const scaling = scaled && ({ change: kind, agents: scaled.parallel, reason: scaled.scaling } as const);
  const summary = summaryOf(run, scaling);
  if (summary !== undefined) handle.context.ports.logger.info(`${run.id}\n${waveProgressText(summary)}`);
}

function withProgress(run: WaveRun, more: { readonly endedAt: string; readonly changed: readonly string[] }): WaveRun {
  return { ...run, progress: (run.progress ?? []).map((one) => (one.wave === run.wave ? { ...one, ...more } : one)) };
}

function eventOf(run: WaveRun): Readonly<Record<string, unknown>> {
  const agents = agentsOf(run);
  const count = (status: string): number => agents.filter((agent) => agent.status === status).length;
  return {
    session: run.label,
    wave: run.wave,
    role: waveOf(run).title,
    agents: agents.length,
    done: count('done'),
    partial: count('partial'),
    failed: count('failed'),
    spiral: count('spiral'),
    files_changed: progressOf(run)?.changed?.length ?? 0,
  };
}

/** One commit of what the wave changed; where an engine was killed behind it there is nothing left to commit. */
async function commitWave(handle: RunHandle, run: WaveRun): Promise<void> {
  if (run.commits?.some(({ wave }) => wave === run.wave)) return;
  const git = await handle.context.ports.git('');
  if (git === undefined) return;
  const wanted = new Set((progressOf(run)?.changed ?? []).map((path) => git.prefix + path));
  const paths = (await git.changes())
    .flatMap(({ path, from }) => (from === undefined ? [path] : [path, from]))
    .filter((path) => wanted.has(path));
  if (paths.length === 0) return;
  const message = `chore(wave-${run.wave}): ${waveOf(run).title}, ${run.plan.title}`;
  try {
    const { hash } = await git.commit({ paths, message });
    await handle.update((one) => ({ ...one, commits: [...(one.commits ?? []), { wave: run.wave, hash }] }));
  } catch (error) {
    if (BatonError.is(error, 'nothing-to-commit')) return;
    if (!BatonError.is(error)) throw error;
    const at = handle.now();
    const text = phrase`Wave ${run.wave}: its commit was not made: ${error.message}`;
    await handle.update((one) =>
      one.deviations.some((other) => other.text === text)
        ? undefined
        : { ...one, deviations: [...one.deviations, { at, text }] },
    );
    await syncState(handle);
  }
}

async function next(handle: RunHandle): Promise<void> {
  await handle.update((run) =>
    run.wave < run.plan.waves.length ? { ...run, wave: run.wave + 1, step: 'prepare' } : undefined,
  );
}

/** How many agents of the next wave run at a time, by how the last one went; no task is dropped for that. */
export function scalingFor(
  run: WaveRun,
  planned: number,
): { readonly parallel: number; readonly scaling: string } | undefined {
  const last = progressOf(run, run.wave - 1);
  const wave = run.plan.waves[run.wave - 2];
  if (last?.endedAt === undefined || wave === undefined || planned === 0) return undefined;
  const agents = agentsOf(run, last.wave).filter(({ isFixer }) => isFixer !== true);
  const gate = run.gates.findLast((one) => one.wave === last.wave);
  const { agents: parallel, reason } = scaleWave({
    planned,
    agentsPerWave: run.config.agentsPerWave,
    statuses: agents.map(({ status }) => status),
    durationMs: Date.parse(last.endedAt) - Date.parse(last.startedAt),
    clean: gate === undefined || (gate.passed && gate.attempts.length <= 1),
    plannedFiles: new Set(wave.agents.flatMap(({ files }) => files)).size,
    changedFiles: last.changed?.length ?? 0,
  });
  return { parallel, scaling: reason };
}
