import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import { readJsonLines } from '../../formats/waves/jsonLines.ts';
import type {
  AutopilotBounds,
  AutopilotCandidate,
  AutopilotRecord,
  AutopilotSessionResult,
  Kill,
  MachinePressure,
} from '../../model/waves/autopilot.ts';
import type { Owner } from '../../ports/owner.ts';
import type { ActionContext } from '../context.ts';
import { killAfter, killBefore, killNow } from './killSwitches.ts';
import { appendEvent } from './metrics.ts';

export const autopilotPath = '.orchestrator/metrics/autopilot.jsonl';

type AutopilotContext = Pick<ActionContext, 'ports' | 'cancellation' | 'report'>;

/** What a session is run with. */
export interface SessionOrder {
  readonly candidate: AutopilotCandidate;
  readonly autopilotRun: string;
  /** The run of waves that an earlier autopilot began for it, before it was killed. */
  readonly resumed?: string;
  /** Says which run of waves it is. */
  readonly began: (run: string) => Promise<void>;
  /** What forbids to go on now, given the output tokens of this session so far. */
  readonly killNow: (outputTokens: number) => Promise<Kill | undefined>;
  /** The person wants it to end at once, not at the next safe point. */
  readonly mustEndNow: () => Promise<boolean>;
}

/** Where the autopilot gets its work from, and who does it. */
export interface AutopilotSteps {
  /** The session that is next, of those that were not tried; undefined where none is ready. */
  next(tried: readonly string[]): Promise<AutopilotCandidate | undefined>;
  run(order: SessionOrder): Promise<AutopilotSessionResult>;
  pressure(): Promise<MachinePressure>;
}

/**
 * Runs ready sessions one after another until a kill switch says stop or nothing is ready. Its record is written before each step, so that
 * one that was killed goes on where it was; its line of `autopilot.jsonl` at the end.
 *
 * @throws BatonError `already-exists` where one runs in this working tree
 */
export async function runAutopilot(
  context: AutopilotContext,
  bounds: AutopilotBounds,
  steps: AutopilotSteps,
): Promise<AutopilotRecord> {
  const begun = await begin(context, bounds);
  const loop = new AutopilotLoop(context, begun, steps);
  return await loop.run();
}

/** The autopilot of this working tree, the one that runs or the last one. */
export async function readAutopilot({ ports }: Pick<ActionContext, 'ports'>): Promise<AutopilotRecord | undefined> {
  return toRecord(await ports.localState.read(recordKey(ports)));
}

/** Whether the process that runs it is there. */
export async function isAutopilotAlive({ ports }: Pick<ActionContext, 'ports'>, record: AutopilotRecord) {
  return record.status === 'running' && (await ports.owners.stateOf(record.owner as Owner)) !== 'dead';
}

/**
 * Asks it to stop: at the next safe point, or with `now` by ending what runs.
 *
 * @throws BatonError `wrong-state` where none runs
 */
export async function stopAutopilot(
  context: Pick<ActionContext, 'ports'>,
  { now = false }: { readonly now?: boolean } = {},
): Promise<AutopilotRecord> {
  const { ports } = context;
  const at = nowOf(ports);
  const after = await ports.localState.update(recordKey(ports), (value) => {
    const record = toRecord(value);
    return record?.status === 'running' ? { ...record, stop: { at, now } } : undefined;
  });
  const record = toRecord(after);
  if (record === undefined || record.status !== 'running') {
    throw new BatonError('wrong-state', 'No autopilot runs in this working tree', {
      hint: '`baton autopilot status` shows the last one.',
    });
  }
  // Nobody is there to see it: what is left of it is ended here.
  return (await isAutopilotAlive(context, record))
    ? record
    : await finish(context, record, { kill: 'user-abort', detail: 'a person stopped it' }, false);
}

class AutopilotLoop {
  readonly #context: AutopilotContext;
  readonly #steps: AutopilotSteps;
  #record: AutopilotRecord;

  constructor(context: AutopilotContext, record: AutopilotRecord, steps: AutopilotSteps) {
    this.#context = context;
    this.#record = record;
    this.#steps = steps;
  }

  async run(): Promise<AutopilotRecord> {
    for (;;) {
      const pressure = await this.#steps.pressure().catch((): MachinePressure => ({ verdict: 'ok', peers: 0 }));
      const situation = await this.#situation(0);
      // A session that was begun is brought to its end first, whatever the number of sessions says.
      const kill = killBefore(this.#record.bounds, { ...situation, sessions: this.#begunSessions() }, pressure);
      if (kill !== undefined) return await this.#finish(kill);
      const chosen = await this.#choose();
      if ('end' in chosen) return await chosen.end;
      const ended = await this.#runSession(chosen.candidate);
      if (ended !== undefined) return ended;
    }
  }

  #begunSessions(): number {
    return this.#record.labels.length;
  }

  async #choose(): Promise<{ readonly candidate: AutopilotCandidate } | { readonly end: Promise<AutopilotRecord> }> {
    const { current, tried, bounds, labels } = this.#record;
    if (current !== undefined) {
      const { session } = current;
      return { candidate: { session, title: session, mode: 'feature', confidence: 1, doubts: [] } };
    }
    const candidate = await this.#steps.next(tried);
    if (candidate === undefined) {
      return { end: this.#end({ kill: null, detail: 'no session is ready', fallback: labels.length === 0 }) };
    }
    if (candidate.confidence >= bounds.confidenceThreshold) return { candidate };
    const says = phrase`${candidate.session} has a confidence of ${candidate.confidence}, below ${bounds.confidenceThreshold}`;
    const detail = [says, ...candidate.doubts].join('; ');
    // Nothing was begun: it is as if it had never been switched on.
    if (labels.length === 0) return { end: this.#end({ kill: null, detail, fallback: true }) };
    return { end: this.#finish({ kill: 'low-confidence-fallback', detail }) };
  }

  /** The record at the end where it ends with this session, else undefined. */
  async #runSession(candidate: AutopilotCandidate): Promise<AutopilotRecord | undefined> {
    const { session } = candidate;
    const resumed = this.#record.current?.run;
    await this.#update((record) => ({
      ...record,
      current: { session, ...(resumed !== undefined && { run: resumed }) },
      tried: record.tried.includes(session) ? record.tried : [...record.tried, session],
    }));
    this.#context.report(phrase`Autopilot: ${session}`);
    const result = await this.#steps
      .run({
        candidate,
        autopilotRun: this.#record.id,
        ...(resumed !== undefined && { resumed }),
        began: (run) => this.#update((record) => ({ ...record, current: { session, run } })),
        killNow: async (tokens) => killNow(this.#record.bounds, await this.#situation(tokens)),
        mustEndNow: async () => (await this.#reread()).stop?.now === true,
      })
      .catch((error: unknown): AutopilotSessionResult => failedResult(session, error));
    await this.#update(({ current: _, ...record }) => ({
      ...record,
      labels: result.label === '' ? record.labels : [...record.labels, result.label],
      outputTokens: record.outputTokens + result.outputTokens,
    }));
    const kill = killAfter(this.#record.bounds, result);
    return kill === undefined ? undefined : await this.#finish(kill);
  }

  async #situation(tokens: number) {
    const record = await this.#reread();
    return {
      sessions: record.labels.length,
      elapsedMs: this.#context.ports.clock.now().epochMs - Date.parse(record.startedAt),
      outputTokens: record.outputTokens + tokens,
      isStopped: record.stop !== undefined || this.#context.cancellation.isCancelled,
    };
  }

  /** What a person asked for stands in the record. */
  async #reread(): Promise<AutopilotRecord> {
    this.#record = toRecord(await this.#context.ports.localState.read(recordKey(this.#context.ports))) ?? this.#record;
    return this.#record;
  }

  async #update(change: (record: AutopilotRecord) => AutopilotRecord): Promise<void> {
    const { ports } = this.#context;
    const after = await ports.localState.update(recordKey(ports), (value) => ({
      ...change(toRecord(value) ?? this.#record),
      updatedAt: nowOf(ports),
    }));
    this.#record = toRecord(after) ?? this.#record;
  }

  async #finish(kill: Kill): Promise<AutopilotRecord> {
    return await finish(this.#context, this.#record, kill, false);
  }

  async #end({ kill, detail, fallback }: NonNullable<AutopilotRecord['end']>): Promise<AutopilotRecord> {
    return await finish(this.#context, this.#record, { kill, detail }, fallback);
  }
}

function failedResult(session: string, error: unknown): AutopilotSessionResult {
  const why = error instanceof Error ? error.message : String(error);
  const isCancelled = BatonError.is(error, 'cancelled');
  return {
    label: '',
    agents: { failed: 0, spiral: 0 },
    planned: 0,
    carryover: 0,
    outputTokens: 0,
    kill: { kill: isCancelled ? 'user-abort' : 'failed-wave', detail: `${session}: ${why}` },
  };
}

/** Takes up the one that was killed here, or begins a new one. */
async function begin({ ports }: AutopilotContext, bounds: AutopilotBounds): Promise<AutopilotRecord> {
  const files = await ports.orchestrator();
  const [tree] = await files.siblings();
  const at = nowOf(ports);
  const { self } = ports.owners;
  const earlier = toRecord(await ports.localState.read(recordKey(ports)));
  const isHeld = earlier?.status === 'running' && (await ports.owners.stateOf(earlier.owner as Owner)) !== 'dead';
  let taken: AutopilotRecord | undefined;
  await ports.localState.update(recordKey(ports), (value) => {
    const current = toRecord(value);
    // Somebody else was faster between the look and now.
    if (isHeld || current?.updatedAt !== earlier?.updatedAt) return undefined;
    if (current?.status === 'running') {
      const { stop: _, ...rest } = current;
      taken = { ...rest, owner: self, updatedAt: at };
    } else {
      taken = {
        baton: 'autopilot/1',
        id: runIdOf(tree?.branch, at),
        status: 'running',
        bounds,
        startedAt: at,
        updatedAt: at,
        owner: self,
        tried: [],
        labels: [],
        outputTokens: 0,
      };
    }
    return taken;
  });
  if (taken !== undefined) return taken;
  throw new BatonError('already-exists', phrase`The autopilot ${earlier?.id ?? ''} runs in this working tree`, {
    hint: '`baton autopilot status` shows it, `baton autopilot stop` ends it.',
    data: { run: earlier?.id },
  });
}

/** As the reference names its runs. */
function runIdOf(branch: string | undefined, at: string): string {
  const name = (branch ?? 'detached').replace(/[^A-Za-z0-9._-]+/g, '-');
  return `${name}-${at.slice(0, 10)}-${at.slice(11, 13)}${at.slice(14, 16)}-autopilot`;
}

async function finish(
  context: Pick<ActionContext, 'ports'>,
  record: AutopilotRecord,
  { kill, detail }: { readonly kill: Kill['kill'] | null; readonly detail: string },
  fallback: boolean,
): Promise<AutopilotRecord> {
  const { ports } = context;
  const endedAt = nowOf(ports);
  const line = autopilotLine(record, { kill, detail, fallback, endedAt });
  const files = await ports.orchestrator();
  // Once, also where an end is taken up again.
  const { records } = readJsonLines((await files.readText(autopilotPath)) ?? '');
  const isThere = records.some((one) => one.autopilot_run_id === record.id && one.started_at === record.startedAt);
  if (!isThere) await files.append(autopilotPath, JSON.stringify(line));
  await appendEvent(context, 'orchestrator.autopilot.ended', { autopilot_run_id: record.id, kill_switch: kill });
  const after = await ports.localState.update(recordKey(ports), (value) => {
    const { current: _, ...current } = toRecord(value) ?? record;
    return { ...current, status: 'ended', endedAt, updatedAt: endedAt, end: { kill, detail, fallback } };
  });
  return toRecord(after) ?? record;
}

/** A line of `autopilot.jsonl`: fields and order of the reference. */
function autopilotLine(
  record: AutopilotRecord,
  end: { kill: Kill['kill'] | null; detail: string; fallback: boolean; endedAt: string },
): Readonly<Record<string, unknown>> {
  const { bounds } = record;
  const durationMs = Date.parse(end.endedAt) - Date.parse(record.startedAt);
  return {
    schema_version: 1,
    autopilot_run_id: record.id,
    started_at: record.startedAt,
    completed_at: end.endedAt,
    duration_seconds: Math.max(0, Math.round(durationMs / 1000)),
    max_sessions: bounds.maxSessions,
    max_hours: bounds.maxHours,
    confidence_threshold: bounds.confidenceThreshold,
    max_tokens: bounds.tokenBudget,
    iterations_completed: record.labels.length,
    kill_switch: end.kill,
    kill_switch_detail: end.detail,
    sessions: record.labels,
    host_class: null,
    resource_verdict_at_start: null,
    fallback_to_manual: end.fallback,
    dry_run: false,
    total_tokens_used: record.outputTokens,
    worktree_path: null,
    parent_run_id: null,
    stall_recovery_count: end.kill === 'stall-timeout' ? 1 : 0,
    blocked_by_issue: null,
    aborted_by_cohort: false,
    spiral_recovery_count: 0,
  };
}

function recordKey({ localState }: ActionContext['ports']): string {
  return `autopilot/${localState.worktreeKey}.json`;
}

function toRecord(value: unknown): AutopilotRecord | undefined {
  const isRecord = typeof value === 'object' && value !== null && 'baton' in value && value.baton === 'autopilot/1';
  return isRecord ? (value as AutopilotRecord) : undefined;
}

function nowOf({ clock }: ActionContext['ports']): string {
  return new Date(clock.now().epochMs).toISOString();
}
