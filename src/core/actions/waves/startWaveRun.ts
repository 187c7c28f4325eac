import { isoTimeOf } from '../../base/localTime.ts';
import { phrase } from '../../base/phrase.ts';
import { revisionOf } from '../../base/revision.ts';
import { BatonError } from '../../errors.ts';
import { gateKindOf, resolveEnforcement } from '../../formats/waves/waveRules.ts';
import { slugOf } from '../../model/slug.ts';
import type { WaveConfig } from '../../model/waves/waveConfig.ts';
import type { WavePlan } from '../../model/waves/wavePlan.ts';
import type { WaveProblem } from '../../model/waves/waveProblem.ts';
import type { WaveRun } from '../../model/waves/waveRun.ts';
import type { Ports } from '../../ports/ports.ts';
import { WorkspaceStore } from '../../store/workspaceStore.ts';
import { readWorkspace } from '../beginVerb.ts';
import type { IsolatedContext } from '../isolated/context.ts';
import { approveSetUp } from '../isolated/control.ts';
import { requireBase } from '../isolated/dispatch.ts';
import { writeState } from './engine/writeState.ts';
import { gateCommands, runsCommands } from './gateSteps.ts';
import { type PlanWavesOptions, planWaves } from './planWaves.ts';
import {
  approveGate,
  assertNoOtherRun,
  assertPlanSeen,
  assertStateFree,
  cleanTree,
  type Deviations,
  type PreflightOptions,
  passBootstrapGate,
  takeLock,
} from './preflight.ts';
import { waveRunKey } from './records.ts';
import { nextSessionLabel } from './sessionLabel.ts';
import { releaseSessionLock } from './sessionLock.ts';
import { findStateFile } from './stateFile.ts';

export interface StartWaveRunOptions extends PlanWavesOptions, PreflightOptions {
  /** Name of the agent; else the configured one. */
  readonly agent?: string;
  readonly model?: string;
  /** What has priority, in the person's words: told to each agent. */
  readonly focus?: string;
  /** The autopilot run that this one is part of. */
  readonly autopilotRun?: string;
}

export interface StartedWaveRun {
  /** Queued; the supervisor takes it from here. */
  readonly run: WaveRun;
  /** Problems that do not keep it from running, and what is to be known. */
  readonly warnings: readonly string[];
}

/**
 * Begins a wave run: reads and checks the plan, goes through the pre-flight, takes the session lock, records the run and sees that the supervisor
 * takes it. Nothing is recorded where any of that is refused.
 *
 * @throws BatonError `invalid-wave-plan` (data.problems), `wave-run-active`, `bootstrap-missing`, `tree-not-clean`, `session-conflict`, `conflict`,
 *   `approval-required`, `agent-missing`, `not-a-repository`, `detached-head`, `supervisor-failed`, and what `planWaves` throws
 */
export async function startWaveRun(context: IsolatedContext, options: StartWaveRunOptions): Promise<StartedWaveRun> {
  const { ports, isolated } = context;
  const { root } = await ports.orchestrator();
  await assertNoOtherRun(context, root);
  const { plan, config, problems } = await planWaves(context, options);
  assertRunnable(plan, problems);
  await assertPlanSeen(context, plan, options.planRevision);
  const agent = options.agent ?? (await isolated.agents.defaultName());
  await isolated.agents.require(agent);
  await passBootstrapGate(context, options);
  const stateFile = config.persistence ? await findStateFile(context) : undefined;
  const { branch } = await requireBase(context);
  const asked = stateFile === undefined ? [] : await assertStateFree(context, options, { stateFile, branch });
  const { id, label } = await nameRun(context, plan);
  const lock = config.persistence
    ? await takeLock(context, options, { sessionId: id, label, mode: plan.sessionType })
    : { kind: 'taken' as const, deviations: [] };
  if (lock.kind === 'worktree') return await startInWorktree(context, options, plan);
  try {
    const found = await cleanTree(context, options, { title: plan.title, planPath: plan.path });
    const approved = await approveGate(context, config);
    if (config.isolation !== 'none') await approveSetUp(context);
    const run = await newRun(context, {
      ...options,
      ...{ plan, config, id, label, root, agent },
      // After the tree was cleaned: a commit of what was there is where the waves begin.
      base: await requireBase(context),
      deviations: [...found, ...asked, ...lock.deviations, ...uncheckedBy(plan, config)],
      ...(stateFile !== undefined && { stateFile }),
      ...(approved !== undefined && { approved }),
    });
    await ports.localState.write(waveRunKey(id), run);
    await writeFirstState(context, run);
    await isolated.supervisors.ensure();
    return { run, warnings: warningsOf(problems, { plan, config }) };
  } catch (error) {
    // Without a record nobody would ever give it back.
    if (config.persistence && (await ports.localState.read(waveRunKey(id))) === undefined) {
      await releaseSessionLock(context, id);
    }
    throw error;
  }
}

/** A run whose STATE.md cannot be written is none: nobody could take it up, and its record would keep others from beginning. */
async function writeFirstState(context: IsolatedContext, run: WaveRun): Promise<void> {
  try {
    await writeState(context, run);
  } catch (error) {
    await context.ports.localState.remove(waveRunKey(run.id));
    throw error;
  }
}

/** Makes a working tree of its own for a run, from the last commit, and begins it there. */
async function startInWorktree(
  context: IsolatedContext,
  options: StartWaveRunOptions,
  plan: WavePlan,
): Promise<StartedWaveRun> {
  const { isolated } = context;
  await approveSetUp(context);
  const { commit } = await requireBase(context);
  const { id } = await nameRun(context, plan);
  const path = `${isolated.worktrees.folder}/waves-${id}`;
  await isolated.worktrees.add({ path, branch: `baton/waves-${id}`, commit });
  try {
    const { config } = await readWorkspace(context);
    const { warnings } = await isolated.worktrees.include(path, config.worktreeInclude, config.worktreeLink);
    const ports = await isolated.portsOf(path);
    await runSetUp(context, ports, id);
    const there = { ...context, ports, store: new WorkspaceStore(ports) };
    // Nobody else is in it; what is elsewhere in the clone was just decided on, and so was its set-up, which need not be committed.
    const started = await startWaveRun(there, { ...options, conflict: 'go-on', bootstrap: true });
    return { ...started, warnings: [phrase`The run works in ${path}`, ...warnings, ...started.warnings] };
  } catch (error) {
    await discardWorktree(context, { path, id, commit });
    throw error;
  }
}

/** Takes away the worktree of a run that did not begin; what keeps it there is only logged. */
async function discardWorktree(
  { isolated, ports }: IsolatedContext,
  { path, id, commit }: { readonly path: string; readonly id: string; readonly commit: string },
): Promise<void> {
  try {
    const { id: trashed } = await isolated.worktrees.trash(path, `waves-${id}`);
    await isolated.worktrees.purge(trashed, { base: commit });
  } catch (error) {
    if (!BatonError.is(error)) throw error;
    ports.logger.warn(`${path} is left: ${error.message}`);
  }
}

/** @throws BatonError `process-failed` with the log */
async function runSetUp(context: IsolatedContext, ports: Ports, id: string): Promise<void> {
  const { config } = await readWorkspace(context);
  const lines =
    config.setUp === undefined
      ? (await context.isolated.worktrees.setUpCommands()).map(({ command }) => command)
      : [config.setUp];
  for (const [index, command] of lines.entries()) {
    context.report(phrase`Setting up: ${command}`);
    const logKey = `logs/waves-${id}-set-up-${index + 1}.log`;
    const timeoutMs = config.verificationTimeoutMinutes * 60_000;
    const { cancellation } = context;
    const { exitCode, tail } = await ports.commands.run({ command, folder: '', logKey, timeoutMs, cancellation });
    if (exitCode === 0) continue;
    throw new BatonError('process-failed', phrase`The set-up failed: ${command}`, {
      hint: 'Mend it, then try again.',
      data: { command, tail, log: ports.localState.locate(logKey) },
    });
  }
}

function assertRunnable(plan: WavePlan, problems: readonly WaveProblem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return;
  const where = plan.path ?? plan.session ?? plan.title;
  throw new BatonError('invalid-wave-plan', phrase`${where} cannot be run: ${first.message}`, {
    hint: first.hint ?? 'Mend it; `baton wave status` and the diagnostics in VS Code name the line.',
    data: { problems: errors },
  });
}

/** Says that nothing will be checked behind waves, where there is a gate and no command for it. */
function uncheckedBy({ waves }: WavePlan, config: WaveConfig): readonly string[] {
  const hasGate = waves.some(({ role }) => runsCommands(gateKindOf(role, [])));
  if (!hasGate || gateCommands(config).length > 0) return [];
  return [
    phrase`No gate checks anything: set lint-command, typecheck-command or test-command under waves in .baton.yaml`,
  ];
}

function warningsOf(
  problems: readonly WaveProblem[],
  { plan, config }: { readonly plan: WavePlan; readonly config: WaveConfig },
): readonly string[] {
  const warnings = [
    ...problems.filter(({ severity }) => severity === 'warning').map(({ message }) => message),
    ...uncheckedBy(plan, config),
  ];
  if (config.persistence) return warnings;
  return [
    ...warnings,
    'Persistence is off: no STATE.md, metrics or snapshots are written, and the run cannot be resumed',
  ];
}

/** `<slug>-<base36 ms>-<6 base36>`: a part of keys, refs and branches. */
async function nameRun(
  context: IsolatedContext,
  plan: WavePlan,
): Promise<{ readonly id: string; readonly label: string }> {
  const { clock, owners } = context.ports;
  const label = await nextSessionLabel(context, plan.sessionType);
  const { epochMs } = clock.now();
  const words = slugOf(plan.session ?? plan.title, 'run')
    .replace(/[^a-z0-9-]+/g, '')
    .replace(/^-+|-+$/g, '')
    .slice(0, 30);
  const digest = revisionOf([plan.title, epochMs, owners.self.pid, owners.self.startTime].join('\n'));
  const random = Number.parseInt(digest.slice(0, 8), 16).toString(36).padStart(6, '0').slice(-6);
  return { id: `${words.replace(/-+$/, '') || 'run'}-${epochMs.toString(36)}-${random}`, label };
}

interface NewRun extends Pick<StartWaveRunOptions, 'focus' | 'model' | 'autopilotRun'> {
  readonly plan: WavePlan;
  readonly config: WaveConfig;
  readonly id: string;
  readonly label: string;
  readonly root: string;
  readonly agent: string;
  readonly base: { readonly branch: string; readonly commit: string };
  readonly deviations: Deviations;
  readonly stateFile?: string;
  readonly approved?: readonly string[];
}

async function newRun({ ports }: IsolatedContext, from: NewRun): Promise<WaveRun> {
  const { plan, config, base, focus, model, autopilotRun, approved, stateFile } = from;
  const at = isoTimeOf(ports.clock.now());
  const text = plan.path === undefined ? undefined : await ports.files.readText(plan.path);
  return {
    baton: 'wave-run/1',
    id: from.id,
    label: from.label,
    root: from.root,
    plan,
    ...(text !== undefined && { planRevision: revisionOf(text) }),
    config,
    enforcement: resolveEnforcement(config.isolation === 'worktree' ? 'worktree' : 'none', config.enforcement),
    ...(stateFile !== undefined && { stateFile }),
    status: 'queued',
    wave: 0,
    step: 'prepare',
    branch: base.branch,
    startRef: base.commit,
    ...(focus !== undefined && focus.trim() !== '' && { focus: focus.trim() }),
    agent: from.agent,
    ...(model !== undefined && { model }),
    agents: [],
    gates: [],
    // A plan that lists docs tasks wants them verified; one for which that is off has no such block (formats.md §1.3).
    docsTasks: plan.docsTasks,
    startedAt: at,
    updatedAt: at,
    questions: [],
    ...(approved !== undefined && { approved }),
    ...(autopilotRun !== undefined && { autopilotRun }),
    deviations: from.deviations.map((one) => ({ at, text: one })),
    snapshots: [],
  };
}
