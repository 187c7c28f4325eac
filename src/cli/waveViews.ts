import type { PlannedWaves } from '../core/actions/waves/planWaves.ts';
import type { Finding } from '../core/model/waves/finding.ts';
import type {
  ShownGate,
  ShownRunState,
  ShownWave,
  ShownWaveAgent,
  ShownWaveRun,
  ShownWaveState,
} from '../core/model/waves/shownRun.ts';
import type { WaveProblem } from '../core/model/waves/waveProblem.ts';
import type { WaveRun } from '../core/model/waves/waveRun.ts';
import type { Output, Tone } from './output.ts';
import { countOf, formatDuration, plainText } from './text.ts';

const runTones: Readonly<Record<ShownRunState, Tone>> = {
  queued: 'quiet',
  active: 'busy',
  paused: 'warn',
  completed: 'good',
  closed: 'good',
  aborted: 'quiet',
  failed: 'bad',
  interrupted: 'bad',
  idle: 'quiet',
};

const waveTones: Readonly<Record<ShownWaveState, Tone>> = {
  pending: 'quiet',
  running: 'busy',
  done: 'good',
  failed: 'bad',
  skipped: 'quiet',
};

const agentTones: Readonly<Record<ShownWaveAgent['status'], Tone>> = {
  queued: 'quiet',
  waiting: 'warn',
  preparing: 'busy',
  running: 'busy',
  done: 'good',
  partial: 'warn',
  failed: 'bad',
  spiral: 'bad',
  stopped: 'quiet',
  blocked: 'warn',
  skipped: 'quiet',
  unknown: 'quiet',
};

/** What `--json` shows of a run that was begun or is steered. */
export function toRunView(run: WaveRun) {
  const { id, label, status, plan, agent, wave, step, branch, stateFile, request, root, startedAt } = run;
  return {
    id,
    label,
    title: plan.title,
    status,
    plan: plan.path ?? null,
    session: plan.session ?? null,
    sessionType: plan.sessionType,
    agent,
    wave,
    step,
    waves: plan.waves.length,
    branch,
    root,
    stateFile: stateFile ?? null,
    persistence: run.config.persistence,
    startedAt,
    endedAt: run.endedAt ?? null,
    why: run.why ?? null,
    asked: request?.kind ?? null,
    deviations: run.deviations,
  };
}

/** What `--json` shows of a run with all that happens in it. */
export function toShownView(run: ShownWaveRun) {
  return {
    ...run,
    startedAt: timeOf(run.startedMs),
    endedAt: timeOf(run.endedMs),
    can: run.can.filter((verb) => verb !== 'openState'),
  };
}

function timeOf(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}

/** What `--json` shows of a plan that was read and checked. */
export function toPlanView({ plan, config, problems }: PlannedWaves) {
  return { plan, config, problems };
}

/** Those that keep a plan from being run. */
export function errorsOf(problems: readonly WaveProblem[]): readonly WaveProblem[] {
  return problems.filter(({ severity }) => severity === 'error');
}

const problemTones = { error: 'bad', warning: 'warn', info: 'quiet' } as const;

/** Prints problems with their places, the next step below each. */
export function printProblems(out: Output, problems: readonly WaveProblem[]): void {
  for (const { severity, message, hint, path, line } of problems) {
    const place = path === undefined ? '' : `${plainText(path)}${line === undefined ? '' : `:${line}`}: `;
    out.line(`${out.paint(problemTones[severity], `${severity}:`)} ${place}${plainText(message)}`);
    if (hint !== undefined && severity !== 'info') out.wrapped(plainText(hint), { label: '    ', tone: 'quiet' });
  }
}

/** Prints runs, a line each, the latest last. */
export function printRuns(out: Output, runs: readonly ShownWaveRun[]): void {
  if (runs.length === 0) out.line('No wave run yet. "baton wave run --plan FILE" begins one.');
  out.table(
    [{ grows: true }, {}, {}, { grows: true }],
    runs.map((run) => [
      { text: run.id, paint: (text: string) => out.paint('title', text) },
      { text: run.status, paint: (text: string) => out.paint(runTones[run.status], text) },
      { text: `${run.wave}/${run.total}` },
      { text: plainText(run.title) },
    ]),
  );
}

/** Prints a run: its waves, under each its agents and its gate, then what waits for the person. */
export function printRun(out: Output, run: ShownWaveRun): void {
  out.wrapped(`${out.paint('title', plainText(run.title))}  ${out.paint(runTones[run.status], run.status)}`);
  const told = [
    run.id,
    run.label,
    ...(run.agent === undefined ? [] : [run.agent]),
    ...(run.startedMs === undefined || run.endedMs === undefined ? [] : [formatDuration(run.endedMs - run.startedMs)]),
  ];
  out.wrapped(plainText(told.join(' · ')), { label: '  ', tone: 'quiet' });
  if (run.why !== undefined) out.wrapped(plainText(run.why), { label: '  reason: ', tone: 'warn' });
  if (run.asked !== undefined) out.wrapped(`was asked to ${run.asked}`, { label: '  ', tone: 'quiet' });
  for (const wave of run.waves) printWave(out, wave);
  for (const { text, item, recommended } of run.questions) {
    const hint = recommended === undefined ? '' : ` (recommended: ${recommended})`;
    out.wrapped(plainText(`${text}${hint}`), { label: '? ', tone: 'warn' });
    if (item !== undefined) out.line(`    baton answer ${item} "…"`);
  }
  const last = run.deviations.slice(-3);
  if (last.length > 0) out.line(`Deviations (${run.deviations.length}):`);
  for (const { text } of last) out.wrapped(plainText(text), { label: '  - ', tone: 'quiet' });
  const next = nextOf(run);
  if (next !== undefined) out.line(`Next: ${out.paint('command', next)}`);
}

function nextOf({ can, status, questions }: ShownWaveRun): string | undefined {
  if (can.includes('close')) return 'baton wave close';
  if (questions.some(({ item }) => item !== undefined)) return undefined;
  if (can.includes('resume') && status !== 'active') return 'baton wave resume';
  return undefined;
}

function printWave(out: Output, wave: ShownWave): void {
  const { number, title, state, step, agents, planned, gate, sequential } = wave;
  const how = [
    state === 'running' && step !== undefined ? `running: ${step}` : state,
    ...(sequential ? ['sequential'] : []),
  ];
  out.line(`Wave ${number} ${plainText(title)}  ${out.paint(waveTones[state], how.join(', '))}`);
  const rows = agents.map((agent) => [
    { text: plainText(agent.key), paint: (text: string) => out.paint('title', text) },
    {
      text: agent.said ?? agent.status,
      paint: (text: string) => out.paint(agentTones[agent.status], text),
    },
    { text: plainText(agent.task.split('\n', 1)[0] ?? '') },
    { text: costOf(agent), paint: (text: string) => out.paint('quiet', text) },
  ]);
  const lines = out.layOut([{ grows: true }, {}, { grows: true }, {}], rows, 2);
  for (const [index, agent] of agents.entries()) {
    for (const line of lines[index] ?? []) out.line(line);
    for (const detail of detailsOf(agent)) out.wrapped(plainText(detail), { label: '      ', tone: 'quiet' });
    for (const finding of agent.findings) printFinding(out, finding);
  }
  for (const { id, task } of planned) {
    out.wrapped(plainText(`${id}  ${task.split('\n', 1)[0] ?? ''}`), { label: '  ', tone: 'quiet' });
  }
  if (gate !== undefined && gate.kind !== 'none') printGate(out, gate);
}

/** `12/25 turns, $0.31`. */
function costOf({ turns, maxTurns, costUsd }: ShownWaveAgent): string {
  const parts = [
    ...(turns === undefined || turns === 0
      ? []
      : [maxTurns === undefined ? countOf(turns, 'turn') : `${turns}/${maxTurns} turns`]),
    ...(costUsd === undefined ? [] : [`$${costUsd.toFixed(2)}`]),
  ];
  return parts.join(', ');
}

function detailsOf(agent: ShownWaveAgent): readonly string[] {
  const { waitsFor, line, note, error, outside, notVerified, commits, changed, attempt } = agent;
  return [
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(waitsFor === undefined ? [] : [`waits for ${waitsFor}`]),
    ...(line === undefined || line === '' ? [] : [line]),
    ...(note === undefined || note === '' ? [] : [note]),
    // Of what a process said, its end tells why it failed.
    ...(error === undefined ? [] : [error.trimEnd().split('\n').at(-1) ?? '']),
    ...(changed.length > 0 ? [`changed: ${shortened(changed)}`] : []),
    ...(outside.length > 0 ? [`outside its scope: ${shortened(outside)}`] : []),
    ...(notVerified.length > 0 ? [`not verified: ${shortened(notVerified)}`] : []),
    ...(commits.length > 0 ? [`committed by itself: ${shortened(commits)}`] : []),
  ];
}

function shortened(items: readonly string[]): string {
  const more = items.length - 4;
  return more > 0 ? `${items.slice(0, 4).join(', ')} and ${more} more` : items.join(', ');
}

function printFinding(out: Output, { pattern, errorClass, severity, file, occurrences, evidence }: Finding): void {
  const kind = errorClass === undefined ? pattern : `${pattern} (${errorClass})`;
  const place = file === undefined ? '' : ` on ${file}`;
  const label = severity === 'stop' ? '      stopped: ' : '      warning: ';
  out.wrapped(plainText(`${kind}${place}, ${countOf(occurrences, 'time')}`), {
    label,
    tone: severity === 'stop' ? 'bad' : 'warn',
  });
  for (const line of evidence.slice(-3)) out.wrapped(plainText(line), { label: '        ', tone: 'quiet' });
}

function printGate(out: Output, gate: ShownGate): void {
  const { kind, passed, flaky, attempts, durationMs, failed, tests } = gate;
  if (gate.isUnset === true) {
    const how = 'set lint-command, typecheck-command or test-command in `waves` of .baton.yaml';
    out.wrapped(`not checked: no command is configured; ${how}`, { label: `  gate (${kind}) `, tone: 'warn' });
    return;
  }
  const isKnownGreen = passed && attempts === 0 && kind === 'incremental';
  const facts = [
    passed ? 'passed' : 'failed',
    ...(failed?.exitCode === 124 ? ['time limit reached'] : []),
    ...(isKnownGreen ? ['nothing changed since it was green'] : []),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
    ...(flaky ? ['flaky'] : []),
    ...(tests === undefined ? [] : [`tests ${tests.passed}/${tests.passed + tests.failed}`]),
    ...(durationMs > 0 ? [formatDuration(durationMs)] : []),
  ];
  out.line(`  gate (${kind}) ${out.paint(passed ? 'good' : 'bad', facts.join(', '))}`);
  if (failed === undefined) return;
  out.wrapped(plainText(`${failed.step}: ${failed.command}`), { label: '    ', tone: 'bad' });
  for (const line of failed.tail.trimEnd().split('\n').slice(-5))
    out.wrapped(plainText(line), { label: '      ', tone: 'quiet' });
}
