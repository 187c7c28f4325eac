import { readStateSections } from '../../formats/waves/stateSections.ts';
import type { WaveRecord, WaveState } from '../../model/waveState.ts';
import type { GateResult } from '../../model/waves/gate.ts';
import type {
  ShownGate,
  ShownRunState,
  ShownWave,
  ShownWaveAgent,
  ShownWaveQuestion,
  ShownWaveRun,
  ShownWaveState,
  WaveAgentVerb,
  WaveVerb,
} from '../../model/waves/shownRun.ts';
import type { StateSections } from '../../model/waves/stateSections.ts';
import type { PlannedWave } from '../../model/waves/wavePlan.ts';
import {
  endedAgentStatuses,
  type WaveAgentRun,
  type WaveAgentStatus,
  type WaveRun,
  waveAgentStatuses,
} from '../../model/waves/waveRun.ts';
import type { WaveRunEntry } from './listWaveRuns.ts';

/** A run with what is known of it beside its record. */
export interface WaveRunFacts extends WaveRunEntry {
  /** Its STATE.md, where it was read. */
  readonly state?: WaveState;
}

/** Describes a run from its record: for the trees, the board and the report. Pure. */
export function describeWaveRun(facts: WaveRunFacts): ShownWaveRun {
  const { run, interrupted, state } = facts;
  const { plan } = run;
  const startedMs = toMs(run.startedAt);
  const endedMs = toMs(run.endedAt);
  const total = plan.waves.length;
  return {
    id: run.id,
    label: run.label,
    title: plan.title,
    source: 'record',
    status: shownStatus(run, interrupted),
    wave: run.wave,
    total,
    agent: run.agent,
    ...(run.focus !== undefined && { focus: run.focus }),
    ...(run.stateFile !== undefined && { stateFile: run.stateFile }),
    sessionType: plan.sessionType,
    ...(plan.session !== undefined && { session: plan.session }),
    branch: run.branch,
    enforcement: run.enforcement,
    ...(startedMs !== undefined && { startedMs }),
    ...(endedMs !== undefined && { endedMs }),
    ...(run.why !== undefined && { why: run.why }),
    ...(run.request !== undefined && { asked: run.request.kind }),
    waves: plan.waves.map((wave) => describeWave(facts, wave)),
    questions: questionsOf(facts),
    deviations: run.deviations,
    missions: (state?.missions ?? []).map(({ id, status }) => ({ id, status })),
    can: verbsOf(run, interrupted),
  };
}

function shownStatus({ status }: WaveRun, interrupted: boolean): ShownRunState {
  return interrupted && (status === 'active' || status === 'queued') ? 'interrupted' : status;
}

function verbsOf({ status, stateFile, wave }: WaveRun, interrupted: boolean): readonly WaveVerb[] {
  const isLive = status === 'active' || status === 'queued';
  const words: readonly (readonly [WaveVerb, boolean])[] = [
    ['pause', isLive && !interrupted],
    ['resume', status === 'paused' || status === 'failed' || (isLive && interrupted)],
    ['abort', isLive || status === 'paused' || status === 'failed'],
    ['close', status === 'completed' || status === 'failed' || status === 'aborted'],
    ['openState', stateFile !== undefined],
    ['changes', wave > 0],
  ];
  return words.flatMap(([word, holds]) => (holds ? [word] : []));
}

/** The coordinator's questions, then those that stand open in STATE.md. */
function questionsOf({ questions, state }: WaveRunFacts): readonly ShownWaveQuestion[] {
  const asked = questions.map(({ id, question, recommended }) => ({
    text: question,
    item: id,
    ...(recommended !== undefined && { recommended }),
  }));
  const texts = new Set(asked.map(({ text }) => text));
  return [...asked, ...(state === undefined ? [] : openQuestionsOf(state)).filter(({ text }) => !texts.has(text))];
}

const sectionsOfStates = new WeakMap<WaveState, StateSections>();

/** A snapshot's states are described again with every change of a record: their sections are read once. */
function sectionsOf(state: WaveState): StateSections {
  const known = sectionsOfStates.get(state) ?? readStateSections(state.text);
  sectionsOfStates.set(state, known);
  return known;
}

/** The questions of a STATE.md that have no answer. */
export function openQuestionsOf(state: WaveState): readonly ShownWaveQuestion[] {
  return sectionsOf(state)
    .questions.filter(({ isAnswered }) => !isAnswered)
    .map(({ question }) => ({ text: question }));
}

function describeWave(facts: WaveRunFacts, wave: PlannedWave): ShownWave {
  const { run } = facts;
  const state = stateOfWave(run, wave);
  const agents = run.agents.filter((agent) => agent.wave === wave.number);
  const gate = run.gates.findLast((one) => one.wave === wave.number);
  const known = new Set(agents.map(({ key }) => key));
  return {
    number: wave.number,
    title: wave.title,
    state,
    ...(state === 'running' && { step: run.step }),
    sequential: wave.sequential,
    agents: agents.map((agent) => describeAgent(facts, agent)),
    planned: wave.agents.filter(({ id }) => !known.has(id)).map(({ id, task, files }) => ({ id, task, files })),
    ...(gate && { gate: describeGate(gate) }),
  };
}

function stateOfWave(run: WaveRun, { number, agents }: PlannedWave): ShownWaveState {
  const gate = run.gates.findLast((one) => one.wave === number);
  const isOver = run.status === 'completed' || run.status === 'closed';
  if (number > run.wave && !isOver) return 'pending';
  if (agents.length === 0) return 'skipped';
  if (number < run.wave || isOver) return gate?.passed === false ? 'failed' : 'done';
  return run.status === 'failed' || run.status === 'aborted' ? 'failed' : 'running';
}

function describeAgent({ run, activities, interrupted }: WaveRunFacts, agent: WaveAgentRun): ShownWaveAgent {
  const hasEnded = endedAgentStatuses.includes(agent.status);
  const activity = activities[agent.key];
  const usage = hasEnded ? (agent.usage ?? activity?.usage) : (activity?.usage ?? agent.usage);
  const startedMs = toMs(agent.startedAt);
  const endedMs = toMs(agent.endedAt);
  const tokens = usage === undefined ? 0 : usage.inputTokens + usage.outputTokens;
  const runs = run.status === 'active' && !interrupted;
  return {
    key: agent.key,
    wave: agent.wave,
    task: agent.task,
    status: agent.status,
    attempt: agent.attempt,
    isFixer: agent.isFixer === true,
    ...(agent.mission !== undefined && { mission: agent.mission }),
    files: agent.files,
    changed: agent.changed,
    outside: agent.outside,
    notVerified: agent.notVerified,
    commits: agent.commits,
    findings: agent.findings,
    ...(agent.waitsFor !== undefined && agent.status === 'waiting' && { waitsFor: agent.waitsFor }),
    ...(!hasEnded && activity !== undefined && { line: activity.line }),
    ...(agent.report !== undefined && { note: noteOf(agent.report) }),
    ...(agent.error !== undefined && { error: agent.error }),
    ...(startedMs !== undefined && { startedMs }),
    ...(endedMs !== undefined && { endedMs }),
    ...(usage !== undefined && { turns: usage.turns }),
    maxTurns: agent.maxTurns,
    ...(tokens > 0 && { tokens }),
    ...(usage?.costUsd !== undefined && { costUsd: usage.costUsd }),
    ...(agent.branch !== undefined && { branch: agent.branch }),
    can: agentVerbsOf(agent, runs),
  };
}

function noteOf({ note, remaining }: NonNullable<WaveAgentRun['report']>): string {
  return remaining === undefined ? note : `${note} (${remaining})`;
}

function agentVerbsOf({ status, startedAt, base, changed }: WaveAgentRun, runs: boolean): readonly WaveAgentVerb[] {
  const words: readonly (readonly [WaveAgentVerb, boolean])[] = [
    ['log', startedAt !== undefined],
    ['changes', startedAt !== undefined && (base !== undefined || changed.length > 0)],
    ['stop', runs && !endedAgentStatuses.includes(status)],
  ];
  return words.flatMap(([word, holds]) => (holds ? [word] : []));
}

function describeGate({ kind, passed, isUnset, flaky, attempts, tests }: GateResult): ShownGate {
  const failed = passed ? undefined : attempts.at(-1)?.findLast(({ exitCode }) => exitCode !== 0);
  return {
    kind,
    passed,
    ...(isUnset && { isUnset }),
    flaky,
    attempts: attempts.length,
    durationMs: attempts.flat().reduce((sum, { durationMs }) => sum + durationMs, 0),
    ...(failed && {
      failed: {
        step: failed.step,
        command: failed.command,
        tail: failed.tail,
        ...(failed.exitCode !== undefined && { exitCode: failed.exitCode }),
      },
    }),
    ...(tests && { tests }),
  };
}

/** Describes a run that only its STATE.md tells of: one of other tools, or of another clone. Pure. */
export function describeWaveState(state: WaveState): ShownWaveRun {
  const done = Math.max(state.currentWave ?? 0, 0);
  const total = Math.max(state.totalWaves ?? 0, done, ...state.waves.map(({ number }) => number));
  const startedMs = toMs(state.startedAt);
  const status = state.status ?? 'idle';
  return {
    id: `state:${state.path}`,
    label: [state.branch, state.sessionType].filter((part) => part !== undefined).join(' · ') || state.path,
    title: state.path,
    source: 'state',
    status,
    wave: done,
    total,
    stateFile: state.path,
    ...(state.sessionType !== undefined && { sessionType: state.sessionType }),
    ...(state.branch !== undefined && { branch: state.branch }),
    ...(startedMs !== undefined && { startedMs }),
    waves: Array.from({ length: total }, (_, index) => describeHistory(state, index + 1, done)),
    questions: openQuestionsOf(state),
    deviations: sectionsOf(state).deviations.map(({ at = '', message }) => ({ at, text: message })),
    missions: state.missions.map(({ id, status: word }) => ({ id, status: word })),
    can: ['openState'],
  };
}

function describeHistory(state: WaveState, number: number, done: number): ShownWave {
  const record = state.waves.findLast((one) => one.number === number);
  return {
    number,
    title: record === undefined ? '' : record.title,
    state: historyState(state, { record, number, done }),
    sequential: false,
    agents: (record?.agents ?? []).map((agent, index) => describeLine(number, index, agent)),
    planned: [],
  };
}

function historyState(
  { status }: WaveState,
  { record, number, done }: { readonly record: WaveRecord | undefined; readonly number: number; readonly done: number },
): ShownWaveState {
  if (/\bskipped\b/i.test(record?.title ?? '')) return 'skipped';
  if (number <= done) return record?.agents.some((agent) => agent.status === 'failed') === true ? 'failed' : 'done';
  return number === done + 1 && status === 'active' ? 'running' : 'pending';
}

function describeLine(wave: number, index: number, { what, status }: WaveRecord['agents'][number]): ShownWaveAgent {
  const word = status?.toLowerCase();
  const known = waveAgentStatuses.find((one): one is WaveAgentStatus => one === word);
  return {
    key: `w${wave}-a${index + 1}`,
    wave,
    task: what,
    status: known ?? 'unknown',
    ...(known === undefined && status !== undefined && { said: status }),
    attempt: 1,
    isFixer: false,
    files: [],
    changed: [],
    outside: [],
    notVerified: [],
    commits: [],
    findings: [],
    can: [],
  };
}

function toMs(time: string | undefined): number | undefined {
  const ms = Date.parse(time ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
