import type { Cancellation } from '../../base/cancellation.ts';
import { isoTimeOf } from '../../base/localTime.ts';
import { maskSecrets } from '../../base/maskSecrets.ts';
import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import { isFields, textField } from '../../formats/agents/fields.ts';
import { TestCounter, type TestCounts } from '../../formats/waves/testCounts.ts';
import type { GateCommandResult, GateKind, GateResult } from '../../model/waves/gate.ts';
import type { WaveRun } from '../../model/waves/waveRun.ts';
import type { ActionContext } from '../context.ts';
import { changedSinceGreen, unlessRefused, writeFailureBundle, writeLastGreen } from './gateRecords.ts';
import { type GateCommand, gateCommands, runsCommands } from './gateSteps.ts';

/** What a fixer is told of a red gate. */
export interface FixerOrder {
  /** Of the fixer, from 1. */
  readonly attempt: number;
  readonly maxRetries: number;
  /** Everything that failed so far, the latest last. */
  readonly failures: readonly GateCommandResult[];
  /** Paths changed since the last green gate. */
  readonly changed: readonly string[];
}

export interface GateOptions {
  readonly run: WaveRun;
  readonly wave: number;
  readonly kind: GateKind;
  /** Paths that the wave changed, relative to the root. */
  readonly changed: readonly string[];
  /** Runs an agent that mends the failure; resolves when it has ended. What it throws counts as nothing mended. */
  dispatchFixer(order: FixerOrder): Promise<void>;
  /** Where a person approved exactly these commands for this run (`--yes`), they need no stored approval. */
  readonly approved?: readonly string[];
  /** Ends a running command, beside the context's own. */
  readonly cancellation?: Cancellation;
  onCommandStart?(command: GateCommand, attempt: number): void;
  onCommandEnd?(result: GateCommandResult, attempt: number): void;
}

/** Lines that are kept of each command's output (formats.md §1.9). */
const tailLines = 50;
const longestLine = 2_000;

/**
 * Runs the gate of a wave: lint, typecheck and test, the first that fails ends an attempt; after a failure a fixer is dispatched and all of
 * it runs again, as often as the configuration says. A gate that turns green though nothing was changed is flaky. An incremental gate is
 * not run again over a tree that was green with the same commands; a full one always is. `status` looks at git alone; `none` is green.
 *
 * Nothing is recorded of a gate that is interrupted: it runs again. In each log (`waves/<run>/gates/…`) is the whole output. Without any command nothing is checked, which the result says (`isUnset`).
 *
 * @throws BatonError `approval-required` (data.commands) where nobody approved the commands, `cancelled`
 */
export async function runGate(context: ActionContext, options: GateOptions): Promise<GateResult> {
  const { run, wave, kind } = options;
  const at = () => isoTimeOf(context.ports.clock.now());
  const green = { wave, kind, passed: true, attempts: [], flaky: false };
  if (kind === 'status') return { ...green, passed: await isTidy(context), at: at() };
  if (!runsCommands(kind)) return { ...green, at: at() };
  const commands = gateCommands(run.config);
  if (commands.length === 0) return { ...green, isUnset: true, at: at() };
  await assertApproved(context, commands, options.approved);
  const tree = await treeOf(context, run);
  if (kind === 'incremental' && tree !== '' && (await wasGreen(context, run, { tree, commands }))) {
    return { ...green, at: at() };
  }
  const round = await runRounds(context, options, { commands, tree });
  if (round.passed) {
    await unlessRefused(context, () => recordGreen(context, run, { tree: round.tree, commands }));
    return { ...round.result, at: at() };
  }
  const bundle = run.config.persistence
    ? await unlessRefused(context, () => bundleOf(context, options, round.result))
    : undefined;
  return { ...round.result, at: at(), ...(bundle !== undefined && { bundle }) };
}

interface Rounds {
  readonly passed: boolean;
  /** What was checked last; empty outside git. */
  readonly tree: string;
  readonly result: Omit<GateResult, 'at'>;
}

interface Checked {
  readonly tree: string;
  readonly commands: readonly GateCommand[];
}

/** Attempts until one is green or no fixer is left. */
async function runRounds(context: ActionContext, options: GateOptions, first: Checked): Promise<Rounds> {
  const { run, wave, kind } = options;
  const { commands } = first;
  const maxRetries = Math.max(0, Math.min(10, Math.trunc(run.config.gateRetries)));
  const attempts: (readonly GateCommandResult[])[] = [];
  let { tree } = first;
  // The last red may be that of an earlier call: a person had it run again, or the supervisor was gone meanwhile.
  let isUnchanged = tree !== '' && (await readRed(context, run, wave)) === tree;
  for (;;) {
    const { results, tests } = await runAttempt(context, options, { commands, attempt: attempts.length + 1 });
    attempts.push(results);
    const passed = results.every(({ exitCode }) => exitCode === 0);
    const flaky = passed && isUnchanged;
    const result = { wave, kind, passed, attempts, flaky, ...(tests !== undefined && { tests }) };
    if (!passed) await unlessRefused(context, () => recordRed(context, { run, wave, tree }));
    if (passed || attempts.length > maxRetries) return { passed, tree, result };
    await fix(context, options, { attempt: attempts.length, maxRetries, failures: attempts.flatMap(failuresIn) });
    const after = await treeOf(context, run);
    // Commands themselves may write (a formatter): what was there before them counts.
    isUnchanged = tree !== '' && after === tree;
    tree = after;
  }
}

async function fix(context: ActionContext, options: GateOptions, order: Omit<FixerOrder, 'changed'>): Promise<void> {
  const changed = await changedSinceGreen(context, options.changed);
  try {
    await options.dispatchFixer({ ...order, changed });
  } catch (error) {
    if (!BatonError.is(error) || error.code === 'cancelled') throw error;
    context.ports.logger.warn(`gate: the fixer: ${error.message}`);
  }
  assertNotCancelled(context, options);
}

interface Attempt {
  readonly commands: readonly GateCommand[];
  readonly attempt: number;
}

/** Runs the commands up to the first that fails. */
async function runAttempt(
  context: ActionContext,
  options: GateOptions,
  { commands, attempt }: Attempt,
): Promise<{ readonly results: readonly GateCommandResult[]; readonly tests: TestCounts | undefined }> {
  const results: GateCommandResult[] = [];
  let tests: TestCounts | undefined;
  for (const command of commands) {
    assertNotCancelled(context, options);
    options.onCommandStart?.(command, attempt);
    const counter = new TestCounter();
    const result = await runCommand(context, options, { command, attempt, counter });
    if (command.step === 'test') tests = counter.counts;
    results.push(result);
    options.onCommandEnd?.(result, attempt);
    if (result.exitCode !== 0) break;
  }
  return { results, tests };
}

async function runCommand(
  context: ActionContext,
  options: GateOptions,
  {
    command,
    attempt,
    counter,
  }: { readonly command: GateCommand; readonly attempt: number; readonly counter: TestCounter },
): Promise<GateCommandResult> {
  const { run, wave } = options;
  context.report(phrase`Gate of wave ${wave}: ${command.step}`);
  const both = either(context.cancellation, options.cancellation);
  const outcome = await context.ports.commands.run({
    command: command.command,
    folder: '',
    logKey: `waves/${run.id}/gates/w${wave}-${attempt}-${command.step}.log`,
    timeoutMs: run.config.gateTimeoutMinutes * 60_000,
    cancellation: both,
    onOutput: (chunk) => counter.push(chunk),
  });
  if (outcome.cancelled) throw cancelled(wave);
  const lines = outcome.tail.trimEnd().split(/\r?\n/).slice(-tailLines);
  const exitCode = outcome.timedOut ? 124 : outcome.exitCode;
  return {
    step: command.step,
    command: command.command,
    exitCode,
    durationMs: outcome.durationMs,
    tail: maskSecrets(lines.map((line) => line.slice(0, longestLine)).join('\n')),
  };
}

function failuresIn(results: readonly GateCommandResult[]): readonly GateCommandResult[] {
  return results.filter(({ exitCode }) => exitCode !== 0);
}

async function bundleOf(context: ActionContext, options: GateOptions, result: Omit<GateResult, 'at'>): Promise<string> {
  const { run, wave } = options;
  const changed = await changedSinceGreen(context, options.changed);
  const { attempts } = result;
  return await writeFailureBundle(context, { run, wave, attempts, maxRetries: run.config.gateRetries, changed });
}

async function assertApproved(
  context: ActionContext,
  commands: readonly GateCommand[],
  approved: readonly string[] | undefined,
): Promise<void> {
  const lines = commands.map(({ command }) => command);
  if (approved !== undefined && lines.every((line) => approved.includes(line))) return;
  if (await context.ports.approvals.isApproved(lines)) return;
  throw new BatonError('approval-required', phrase`The commands of the gate need approval: ${lines.join('; ')}`, {
    hint: 'Read them; begin the run in a terminal or in VS Code to approve them, or with `--yes`.',
    data: { commands: lines, folder: '' },
  });
}

/** Nothing that is half merged, and nothing that git has begun and not ended. */
async function isTidy(context: ActionContext): Promise<boolean> {
  const git = await context.ports.git('');
  if (git === undefined) return true;
  const [changes, head] = await Promise.all([git.changes(), git.head()]);
  return head.operation === undefined && changes.every(({ kind }) => kind !== 'conflicted');
}

/** Names what a gate checks; without what the run itself writes. Empty outside git. */
async function treeOf(context: ActionContext, run: WaveRun): Promise<string> {
  const git = await context.ports.git('');
  if (git === undefined) return '';
  const own = ['.orchestrator', '.baton', '.worktrees', ...(run.stateFile === undefined ? [] : [run.stateFile])];
  return await git.workingTree(own.map((path) => `${git.prefix}${path}`));
}

function greenKey(run: WaveRun): string {
  return `waves/${run.id}/gates/green.json`;
}

async function wasGreen(context: ActionContext, run: WaveRun, { tree, commands }: Checked): Promise<boolean> {
  const record = await context.ports.localState.read(greenKey(run));
  return JSON.stringify(record) === JSON.stringify(greenRecord({ tree, commands }));
}

function greenRecord({ tree, commands }: Checked): Readonly<Record<string, unknown>> {
  return { tree, commands: commands.map(({ command }) => command) };
}

async function recordGreen(context: ActionContext, run: WaveRun, { tree, commands }: Checked): Promise<void> {
  if (tree !== '') await context.ports.localState.write(greenKey(run), greenRecord({ tree, commands }));
  if (run.config.persistence) await writeLastGreen(context);
}

function redKey(run: WaveRun, wave: number): string {
  return `waves/${run.id}/gates/red-w${wave}.json`;
}

/** The tree over which the gate of a wave was red last. */
async function readRed(context: ActionContext, run: WaveRun, wave: number): Promise<string | undefined> {
  const record = await context.ports.localState.read(redKey(run, wave));
  return isFields(record) ? textField(record, 'tree') : undefined;
}

async function recordRed(
  context: ActionContext,
  { run, wave, tree }: { readonly run: WaveRun; readonly wave: number; readonly tree: string },
): Promise<void> {
  if (tree !== '') await context.ports.localState.write(redKey(run, wave), { tree });
}

function either(one: Cancellation, other: Cancellation | undefined): Cancellation {
  if (other === undefined) return one;
  return {
    get isCancelled() {
      return one.isCancelled || other.isCancelled;
    },
    onCancel(listener) {
      const registered = [one.onCancel(listener), other.onCancel(listener)];
      return {
        dispose() {
          for (const each of registered) each.dispose();
        },
      };
    },
  };
}

function assertNotCancelled(context: ActionContext, { wave, cancellation }: GateOptions): void {
  if (context.cancellation.isCancelled || cancellation?.isCancelled) throw cancelled(wave);
}

function cancelled(wave: number): BatonError {
  return new BatonError('cancelled', phrase`The gate of wave ${wave} was interrupted; nothing was recorded`, {
    data: { wave },
  });
}
