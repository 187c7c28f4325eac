import type { GateResult } from '../../model/waves/gate.ts';
import type { PastRun } from '../../model/waves/metrics.ts';
import { sessionTypes } from '../../model/waves/wavePlan.ts';
import { endedAgentStatuses, type WaveAgentRun, type WaveRun } from '../../model/waves/waveRun.ts';
import { carryoverOf } from './carryover.ts';

/** Where sessions are recorded, relative to the tree's root. */
export const sessionsPath = '.orchestrator/metrics/sessions.jsonl';

/** Facts of a run that its record does not have. */
export interface SessionRecordExtra {
  /** ISO 8601; the run's own end, else now. */
  readonly completedAt: string;
  readonly status: 'completed' | 'abandoned';
  readonly autopilotRun?: string;
  readonly issuesClosed?: readonly number[];
  readonly openQuestions?: { readonly asked: number; readonly answered: number; readonly deferred: number };
  readonly learningsAdded?: number;
  readonly notes?: string;
}

/** The record of a run as version 2 of the schema wants it: times in UTC, the end not before the start. */
export function sessionRecordOf(run: WaveRun, extra: SessionRecordExtra): Readonly<Record<string, unknown>> {
  const started = utcOf(run.startedAt);
  const completed = utcOf(extra.completedAt);
  const { planned, left } = carryoverOf(run);
  const cost = sumOf(run.agents, (agent) => agent.usage?.costUsd);
  const autopilotRun = extra.autopilotRun ?? run.autopilotRun;
  return {
    session_id: run.label,
    session_type: sessionTypes.some((type) => type === run.plan.sessionType) ? run.plan.sessionType : 'feature',
    platform: 'baton',
    branch: run.branch,
    started_at: started,
    completed_at: completed < started ? started : completed,
    duration_seconds: Math.max(0, Math.round((Date.parse(completed) - Date.parse(started)) / 1000)),
    status: extra.status,
    total_waves: run.plan.waves.length,
    waves: run.plan.waves
      .filter((wave) => wave.number <= run.wave)
      .map((wave) => waveRecord(run, wave.number, wave.title)),
    agent_summary: {
      complete: countOf(run.agents, 'done'),
      partial: countOf(run.agents, 'partial'),
      failed: countOf(run.agents, 'failed', 'blocked', 'stopped'),
      spiral: countOf(run.agents, 'spiral'),
    },
    total_agents: run.agents.length,
    total_files_changed: new Set(run.agents.flatMap((agent) => agent.changed)).size,
    retries: run.agents.reduce((sum, agent) => sum + (agent.isFixer === true ? agent.attempt : agent.attempt - 1), 0),
    planned_issues: run.plan.issues.length,
    effectiveness: {
      planned_items: planned,
      planned_issues: run.plan.issues.length,
      carryover: left,
      completion_rate: planned === 0 ? 1 : roundTo((planned - left) / planned, 2),
    },
    ...(extra.issuesClosed !== undefined && { issues_closed: extra.issuesClosed }),
    ...(extra.openQuestions !== undefined && {
      open_questions_asked: extra.openQuestions.asked,
      open_questions_answered: extra.openQuestions.answered,
      open_questions_deferred: extra.openQuestions.deferred,
    }),
    ...(extra.learningsAdded !== undefined && { learnings_added: extra.learningsAdded }),
    total_token_input: sumOf(run.agents, (agent) => agent.usage?.inputTokens) ?? null,
    total_token_output: sumOf(run.agents, (agent) => agent.usage?.outputTokens) ?? null,
    ...(cost !== undefined && { total_cost_usd: roundTo(cost, 6) }),
    ...(run.startRef !== '' && { session_start_ref: run.startRef }),
    ...(extra.notes !== undefined && { notes: extra.notes }),
    ...(autopilotRun !== undefined && { autopilot_run_id: autopilotRun }),
    schema_version: 2,
  };
}

function waveRecord(run: WaveRun, wave: number, role: string): Readonly<Record<string, unknown>> {
  const agents = run.agents.filter((agent) => agent.wave === wave);
  const gate = run.gates.findLast((one) => one.wave === wave);
  return {
    wave,
    role,
    agent_count: agents.length,
    agent_count_completed: agents.filter((agent) => endedAgentStatuses.includes(agent.status)).length,
    files_changed: new Set(agents.flatMap((agent) => agent.changed)).size,
    quality: qualityOf(gate),
    ...(gate?.flaky === true && { flaky: true }),
  };
}

/** A gate without commands checked nothing, which is no pass. */
function qualityOf(gate: GateResult | undefined): 'none' | 'pass' | 'fail' {
  if (gate === undefined || gate.kind === 'none' || gate.isUnset === true) return 'none';
  return gate.passed ? 'pass' : 'fail';
}

/** A time as the schema wants it: UTC with milliseconds. One that cannot be read is the epoch, so that the record stays one. */
export function utcOf(time: string): string {
  const ms = timeMs(time);
  return new Date(ms ?? 0).toISOString();
}

function timeMs(time: string): number | undefined {
  // Real files also leave the colon of the offset out.
  const ms = Date.parse(time.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(ms) ? undefined : ms;
}

function countOf(agents: readonly WaveAgentRun[], ...statuses: readonly string[]): number {
  return agents.filter((agent) => statuses.includes(agent.status)).length;
}

function sumOf(
  agents: readonly WaveAgentRun[],
  value: (agent: WaveAgentRun) => number | undefined,
): number | undefined {
  const values = agents.flatMap((agent) => value(agent) ?? []);
  return values.length === 0 ? undefined : values.reduce((sum, one) => sum + one, 0);
}

function roundTo(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Other names that fields have in real files, by the name that counts. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  session_type: ['type', 'mode'],
  completed_at: ['ended_at'],
  branch: ['head_ref'],
  total_files_changed: ['files_changed'],
  total_waves: ['waves_total', 'waves_completed'],
  planned_issues: ['issues_planned'],
};

/** Takes a record of any version for a past run, by whatever name its fields have; undefined where it names no session. */
export function readPastRun(record: Readonly<Record<string, unknown>>): PastRun | undefined {
  const at = (key: string): unknown =>
    [key, ...(aliases[key] ?? [])].map((name) => record[name]).find((one) => one != null);
  const id = textOf(at('session_id'));
  if (id === undefined) return undefined;
  const startedAt = textOf(at('started_at'));
  const completedAt = textOf(at('completed_at'));
  const effectiveness = objectOf(record.effectiveness);
  const summary = objectOf(record.agent_summary);
  const count = (key: string): number => numberOf(summary[key]) ?? 0;
  const waves = Array.isArray(record.waves) ? record.waves : [];
  return {
    id,
    type: textOf(at('session_type')) ?? 'unknown',
    startedAt,
    completedAt,
    durationSeconds: numberOf(record.duration_seconds) ?? secondsBetween(startedAt, completedAt),
    status: textOf(record.status),
    branch: textOf(at('branch')),
    totalWaves: numberOf(at('total_waves')),
    totalAgents: numberOf(record.total_agents),
    filesChanged: numberOf(at('total_files_changed')),
    agents: {
      complete: count('complete'),
      partial: count('partial'),
      failed: count('failed'),
      spiral: count('spiral'),
    },
    retries: numberOf(record.retries),
    costUsd: numberOf(record.total_cost_usd),
    outputTokens: numberOf(record.total_token_output),
    completionRate: numberOf(effectiveness.completion_rate) ?? numberOf(record.completion_rate),
    plannedIssues: numberOf(effectiveness.planned_issues) ?? numberOf(at('planned_issues')),
    carryover: numberOf(effectiveness.carryover) ?? numberOf(record.carryover),
    autopilotRun: textOf(record.autopilot_run_id),
    waves: waves.flatMap((value: unknown) => readWave(objectOf(value)) ?? []),
  };
}

function readWave(wave: Readonly<Record<string, unknown>>): PastRun['waves'][number] | undefined {
  const number = numberOf(wave.wave);
  if (number === undefined) return undefined;
  const agents = numberOf(wave.agent_count) ?? numberOf(wave.agents);
  const files = numberOf(wave.files_changed);
  return {
    wave: number,
    role: textOf(wave.role) ?? '',
    ...(agents !== undefined && { agents }),
    ...(files !== undefined && { files }),
  };
}

function secondsBetween(from: string | undefined, to: string | undefined): number | undefined {
  const [start, end] = [from, to].map((time) => (time === undefined ? undefined : timeMs(time)));
  return start === undefined || end === undefined ? undefined : Math.max(0, Math.round((end - start) / 1000));
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
