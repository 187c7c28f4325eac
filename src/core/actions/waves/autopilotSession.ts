import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import { isRunRecord } from '../../formats/waves/runRecords.ts';
import { sessionRecordOf } from '../../formats/waves/sessionRecord.ts';
import type {
  AutopilotBounds,
  AutopilotCandidate,
  AutopilotSessionResult,
  Kill,
  MachinePressure,
} from '../../model/waves/autopilot.ts';
import type { WaveRun } from '../../model/waves/waveRun.ts';
import type { SessionEntry } from '../../model/workspace.ts';
import { complete } from '../complete.ts';
import type { IsolatedContext } from '../isolated/context.ts';
import { listSessions } from '../listSessions.ts';
import { start } from '../start.ts';
import type { AutopilotSteps, SessionOrder } from './autopilot.ts';
import { gateClosedError, readBootstrapGate } from './bootstrapGate.ts';
import { closeWaveRun } from './closeWaveRun.ts';
import { controlWaveRun } from './controlWaveRun.ts';
import { killAfter, killStalled } from './killSwitches.ts';
import { showWaveRun, type WaveRunEntry } from './listWaveRuns.ts';
import { readMetrics } from './metrics.ts';
import { planWaves } from './planWaves.ts';
import { startWaveRun } from './startWaveRun.ts';

export interface AutopilotSessionOptions {
  readonly bounds: AutopilotBounds;
  readonly agent?: string;
  readonly model?: string;
  /** Waits; so often the run is looked at. */
  readonly pause: () => Promise<void>;
  readonly pressure: () => Promise<MachinePressure>;
}

/** Sessions of the plans, each started, carried out by a wave run, closed and completed: nothing is decided for the person in between. */
export function createAutopilotSteps(context: IsolatedContext, options: AutopilotSessionOptions): AutopilotSteps {
  return {
    next: (tried) => nextCandidate(context, tried, options.agent),
    run: (order) => runSession(context, options, order),
    pressure: options.pressure,
  };
}

/** The ready session that unblocks most, of those that were not tried, with how sure it is that it runs without a person. */
export async function nextCandidate(
  context: IsolatedContext,
  tried: readonly string[],
  agent?: string,
): Promise<AutopilotCandidate | undefined> {
  await context.store.refresh();
  const { sessions } = await listSessions(context, { ready: true });
  const entry = sessions.find((one) => !tried.includes(one.id));
  return entry === undefined ? undefined : await rate(context, entry, agent);
}

/** What each doubt takes from full confidence. */
const doubtCosts = { warning: 0.05, noGate: 0.2, noVerification: 0.1, noAcceptance: 0.05, history: 0.5 } as const;

async function rate(
  context: IsolatedContext,
  entry: SessionEntry,
  agent: string | undefined,
): Promise<AutopilotCandidate> {
  const candidate = { session: entry.id, title: entry.title, mode: 'feature' };
  try {
    // What would refuse the run is better known before the session is started.
    const gateState = await readBootstrapGate(context);
    if (gateState !== 'open') throw gateClosedError(gateState);
    await context.isolated.agents.require(agent ?? (await context.isolated.agents.defaultName()));
    const { plan, config, problems } = await planWaves(context, { session: entry.id });
    const error = problems.find(({ severity }) => severity === 'error');
    if (error !== undefined) return { ...candidate, confidence: 0, doubts: [error.message] };
    const gate = [config.gate.lint, config.gate.typecheck, config.gate.test].filter((line) => line !== undefined);
    if (gate.length > 0 && !context.yes && !(await context.ports.approvals.isApproved(gate))) {
      return { ...candidate, confidence: 0, doubts: [phrase`the commands of its gates are not approved`] };
    }
    const doubts: string[] = [];
    let confidence = 1;
    const doubt = (cost: number, why: string): void => {
      confidence -= cost;
      doubts.push(why);
    };
    for (const { message } of problems.slice(0, 6)) doubt(doubtCosts.warning, message);
    if (gate.length === 0) doubt(doubtCosts.noGate, phrase`nothing checks the work between waves`);
    if ((entry.plan?.commands.length ?? 0) === 0)
      doubt(doubtCosts.noVerification, phrase`it has no verification commands`);
    const agents = plan.waves.flatMap((wave) => wave.agents);
    if (agents.some(({ acceptance }) => acceptance === undefined)) {
      doubt(doubtCosts.noAcceptance, phrase`some of its items say nothing of when they are done`);
    }
    const rates = (await readMetrics(context)).runs.slice(-5).flatMap((run) => run.completionRate ?? []);
    const average = rates.length === 0 ? 1 : rates.reduce((sum, one) => sum + one, 0) / rates.length;
    if (average < 1) doubt((1 - average) * doubtCosts.history, phrase`the last runs left work undone`);
    return { ...candidate, mode: plan.sessionType, confidence: Number(Math.max(0, confidence).toFixed(2)), doubts };
  } catch (error) {
    if (!(error instanceof BatonError)) throw error;
    return { ...candidate, confidence: 0, doubts: [error.message] };
  }
}

async function runSession(
  context: IsolatedContext,
  options: AutopilotSessionOptions,
  order: SessionOrder,
): Promise<AutopilotSessionResult> {
  const id = order.resumed ?? (await beginRun(context, options, order));
  // One that was killed with its supervisor waits for somebody to look.
  await context.isolated.supervisors.ensure();
  const watched = await watchRun(context, options, order, id);
  if (watched.kill !== undefined) return resultOf(context, watched.run, watched.kill);
  if (watched.run.status !== 'completed') {
    const { status, why } = watched.run;
    const detail = phrase`${watched.run.label} is ${status}${why === undefined ? '' : `: ${why}`}`;
    await closeWaveRun(context, { id });
    return resultOf(context, watched.run, { kill: status === 'aborted' ? 'user-abort' : 'failed-wave', detail });
  }
  await closeWaveRun(context, { id });
  const result = resultOf(context, watched.run);
  const isClean = result.agents.failed === 0 && result.agents.spiral === 0 && result.carryover === 0;
  if (isClean) return await completeSession(context, order, result);
  // What is left of it is the person's to judge: the session stays active, and no other can begin in this tree.
  return killAfter(options.bounds, result) === undefined ? { ...result, kill: leftOver(order, result) } : result;
}

function leftOver({ candidate }: SessionOrder, { carryover, planned }: AutopilotSessionResult): Kill {
  const { session } = candidate;
  return {
    kill: 'failed-wave',
    detail: phrase`${session} stays active: left of its items are ${carryover} of ${planned}`,
  };
}

async function beginRun(
  context: IsolatedContext,
  { agent, model }: AutopilotSessionOptions,
  { candidate, autopilotRun, began }: SessionOrder,
): Promise<string> {
  const { session } = candidate;
  const workspace = await context.store.refresh();
  if (workspace.active?.id !== session) {
    const git = await context.ports.git('');
    const dirty = ((await git?.changes()) ?? []).filter(({ path }) => !isRunRecord(path));
    if (dirty.length > 0) {
      const message =
        dirty.length === 1
          ? phrase`1 file has uncommitted changes`
          : phrase`${dirty.length} files have uncommitted changes`;
      throw new BatonError('tree-not-clean', message, {
        hint: 'Commit or stash them: what the autopilot commits is to be its own work.',
        data: { files: dirty.map(({ path }) => path) },
      });
    }
    await start(context, { id: session, ...(model !== undefined && { model }) });
  }
  const { run } = await startWaveRun(context, {
    session,
    autopilotRun,
    // What starting the session wrote is all there is.
    dirty: 'continue',
    ...(agent !== undefined && { agent }),
    ...(model !== undefined && { model }),
  });
  await began(run.id);
  return run.id;
}

/** Follows a run until it ends or a switch says stop; then it is paused, or ended where the person wants that. */
async function watchRun(
  context: IsolatedContext,
  { bounds, pause }: AutopilotSessionOptions,
  order: SessionOrder,
  id: string,
): Promise<{ readonly run: WaveRun; readonly kill?: Kill }> {
  for (;;) {
    const entry = await showWaveRun(context, id);
    const { run } = entry;
    if (!['queued', 'active', 'paused'].includes(run.status)) return { run };
    const idleMs = context.ports.clock.now().epochMs - lastMove(entry);
    const kill = (await order.killNow(outputTokens(entry))) ?? killStalled(bounds, idleMs);
    if (kill !== undefined) {
      const kind = kill.kill === 'user-abort' && (await order.mustEndNow()) ? 'abort' : 'pause';
      if (kind === 'abort' || run.status !== 'paused') await controlWaveRun(context, { id, kind, text: kill.detail });
      return { run, kill };
    }
    await pause();
  }
}

/** When the record, or what one of its agents does, was last written; milliseconds since the epoch. */
function lastMove({ run, activities }: WaveRunEntry): number {
  const times = [run.updatedAt, ...Object.values(activities).map(({ at }) => at)].map((time) => Date.parse(time));
  return Math.max(...times.filter((time) => !Number.isNaN(time)));
}

function outputTokens({ run, activities }: Pick<WaveRunEntry, 'run' | 'activities'>): number {
  return run.agents.reduce((sum, { key, usage }) => {
    return sum + (usage?.outputTokens ?? activities[key]?.usage.outputTokens ?? 0);
  }, 0);
}

function resultOf({ ports }: IsolatedContext, run: WaveRun, kill?: Kill): AutopilotSessionResult {
  const completedAt = run.endedAt ?? new Date(ports.clock.now().epochMs).toISOString();
  const { summary, effectiveness } = sessionFactsOf(run, completedAt);
  return {
    label: run.label,
    agents: { failed: summary.failed, spiral: summary.spiral },
    planned: effectiveness.planned_items,
    carryover: effectiveness.carryover,
    outputTokens: outputTokens({ run, activities: {} }),
    ...(kill !== undefined && { kill }),
  };
}

function sessionFactsOf(run: WaveRun, completedAt: string) {
  const record = sessionRecordOf(run, { completedAt, status: 'completed' });
  const summary = record.agent_summary as { readonly failed: number; readonly spiral: number };
  const effectiveness = record.effectiveness as { readonly planned_items: number; readonly carryover: number };
  return { summary, effectiveness };
}

/** Verifies and commits the session; where that is refused it stays active, and the autopilot ends. */
async function completeSession(
  context: IsolatedContext,
  { candidate }: SessionOrder,
  result: AutopilotSessionResult,
): Promise<AutopilotSessionResult> {
  try {
    const title = candidate.title === candidate.session ? candidate.session : candidate.title;
    await context.store.refresh();
    const message = ['feat:', title.replace(/\s+/g, ' ').slice(0, 60)].join(' ');
    await complete(context, { id: candidate.session, message });
    return result;
  } catch (error) {
    if (!(error instanceof BatonError)) throw error;
    const detail = phrase`${candidate.session} was not completed: ${error.message}`;
    return { ...result, kill: { kill: 'failed-wave', detail } };
  }
}
