import { maskValue } from '../../base/maskSecrets.ts';
import { BatonError } from '../../errors.ts';
import { isFields, listField, readFields, textField } from '../../formats/agents/fields.ts';
import { isRunRecord } from '../../formats/waves/runRecords.ts';
import type { GateCommandResult } from '../../model/waves/gate.ts';
import type { WaveRun } from '../../model/waves/waveRun.ts';
import type { ProjectPath } from '../../ports/fileSystem.ts';
import type { ActionContext } from '../context.ts';
import { gateCommands } from './gateSteps.ts';

const lastGreenPath = '.orchestrator/runtime/last-green-sha.txt';
const currentSessionPath = '.orchestrator/current-session.json';

/** So many of the latest hints of the run's own session are handed on. */
const mostHints = 5;

/** Writes down HEAD as the last commit at which a gate was green, where the reference implementation keeps it. */
export async function writeLastGreen(context: ActionContext): Promise<void> {
  const git = await context.ports.git('');
  const head = await git?.head();
  if (git === undefined || head?.hash === undefined) return;
  await git.exclude([`/${git.prefix}.orchestrator/runtime/`]);
  await replaceText(context, lastGreenPath, `${head.hash}\n`);
}

/**
 * What was changed since the last green gate (without one, what is not committed), with what the caller knows to be changed; sorted,
 * without what the run writes itself. Paths relative to the project's root.
 */
export async function changedSinceGreen(context: ActionContext, known: readonly string[]): Promise<readonly string[]> {
  const git = await context.ports.git('');
  if (git === undefined) return [...known].sort();
  const green = (await context.ports.files.readText(lastGreenPath))?.trim() ?? '';
  const from = /^[0-9a-f]{40,64}$/.test(green) ? await git.resolve(green) : undefined;
  const [committed, open] = await Promise.all([
    from === undefined ? [] : git.changedFiles(from, 'HEAD'),
    git.changes().then((changes) => changes.map(({ path }) => path)),
  ]);
  const inside = [...committed, ...open]
    .filter((path) => path.startsWith(git.prefix))
    .map((path) => path.slice(git.prefix.length));
  return [...new Set([...inside, ...known])].filter((path) => !isRunRecord(path)).sort();
}

/** What the reference's hooks noted of tools that failed in this run's session; nothing of another session's. */
export async function readCorrectiveContext(context: ActionContext, run: WaveRun): Promise<readonly unknown[]> {
  const fields = readFields((await context.ports.files.readText(currentSessionPath)) ?? '');
  const own = [run.id, run.label];
  const names = ['session_id', 'semantic_session_id'].map((key) => textField(fields, key));
  if (!names.some((name) => name !== undefined && own.includes(name))) return [];
  return listField(fields, 'corrective_context').filter(isFields).slice(-mostHints);
}

/** What is known of a gate that stayed red. */
export interface FailedGate {
  readonly run: WaveRun;
  readonly wave: number;
  readonly attempts: readonly (readonly GateCommandResult[])[];
  readonly maxRetries: number;
  readonly changed: readonly string[];
}

/**
 * Writes the diagnostics bundle of a final failure, secrets and names of home folders masked (formats.md §1.9). Returns its path.
 *
 * @throws BatonError as writing a state file does
 */
export async function writeFailureBundle(context: ActionContext, failed: FailedGate): Promise<ProjectPath> {
  const { run, wave, attempts, maxRetries, changed } = failed;
  const timestamp = new Date(context.ports.clock.now().epochMs).toISOString();
  const failures = attempts.flatMap((results, index) =>
    results
      .filter(({ exitCode }) => exitCode !== 0)
      .map(({ step, exitCode, tail, command }) => ({
        gate: step,
        exitCode: exitCode ?? null,
        output: tail,
        timedOut: exitCode === 124,
        command,
        attempt: index + 1,
      })),
  );
  const bundle = {
    timestamp,
    wave,
    gate: failures.at(-1)?.gate ?? null,
    retryAttempts: attempts.length,
    maxRetries,
    failures,
    finalError: failures.at(-1) ?? null,
    changedFiles: changed,
    correctiveContext: await readCorrectiveContext(context, run),
    commands: Object.fromEntries(gateCommands(run.config).map(({ step, command }) => [step, command])),
    repoRoot: run.root,
  };
  const path = `.orchestrator/metrics/verification-failures/${timestamp.replaceAll(':', '-')}.json`;
  await replaceText(context, path, `${JSON.stringify(maskValue(bundle), null, 2)}\n`);
  return path;
}

async function replaceText({ ports }: ActionContext, path: ProjectPath, text: string): Promise<void> {
  await ports.stateFiles.update(path, (before) =>
    before === text ? [] : [{ start: 0, end: before?.length ?? 0, newText: text }],
  );
}

/** Does something that a gate's verdict does not depend on: a full disk must not turn green into red. */
export async function unlessRefused<T>(context: ActionContext, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (!BatonError.is(error)) throw error;
    context.ports.logger.warn(`gate: ${error.message}`);
    return undefined;
  }
}
