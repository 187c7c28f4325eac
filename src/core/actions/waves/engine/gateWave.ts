import { phrase } from '../../../base/phrase.ts';
import { BatonError } from '../../../errors.ts';
import { guardFor } from '../../../formats/waves/frontmatterGuard.ts';
import { fixerPrompt } from '../../../formats/waves/wavePrompt.ts';
import { gateKindOf } from '../../../formats/waves/waveRules.ts';
import type { GateCommandResult, GateResult } from '../../../model/waves/gate.ts';
import { endedAgentStatuses, type WaveAgentRun, type WaveRun } from '../../../model/waves/waveRun.ts';
import { requestApproval } from '../../inbox/requestApproval.ts';
import { appendEvent } from '../metrics.ts';
import { type FixerOrder, type GateOptions, runGate } from '../runGate.ts';
import { writeScopes } from '../scopeFiles.ts';
import { advance } from './advance.ts';
import { readNotToRetry } from './dispatchWave.ts';
import { rollBackWave } from './rollBackWave.ts';
import { agentsOf, progressOf, type RunHandle, waveOf, withDeviation } from './runHandle.ts';
import { runWaveAgent } from './runWaveAgent.ts';
import { syncState } from './syncState.ts';
import { checkVaultAfterWave } from './vaultCheckpoint.ts';
import { verifyFixer } from './verifyWave.ts';
import { newFixer } from './waveAgents.ts';
import { askPerson, openQuestions, withoutQuestion } from './waveQuestions.ts';

export const gateOptions = {
  retry: 'Run the gate again',
  goOn: 'Go on with a Deviation',
  rollBack: 'Roll the wave back',
  abort: 'Abort the run',
} as const;

const prefix = 'gate ';

/** Runs the gate of a wave, with fixers where that is allowed. One that stays red waits for a person. */
export async function gateWave(handle: RunHandle): Promise<void> {
  if (await settleGate(handle)) return;
  const run = await handle.read();
  if (run.request?.kind === 'abort') return;
  const last = run.gates.findLast(({ wave }) => wave === run.wave);
  if (last !== undefined && (last.passed || isWaived(run))) {
    await advance(handle, 'record');
    return;
  }
  await syncState(handle);
  const result = await runOnce(handle, run);
  if (result === undefined) return;
  const at = handle.now();
  const after = await handle.update((one) =>
    deviationsOf(one, result).reduce<WaveRun>((now, text) => withDeviation(now, at, text), {
      ...one,
      gates: [...one.gates, result],
    }),
  );
  await report(handle, after, result);
  if (result.passed) {
    await handle.attempt(() => checkVaultAfterWave(handle, after));
    await advance(handle, 'record');
  } else await askAboutRed(handle, after, result);
}

/** Undefined where the run was asked to end, or its supervisor ends, meanwhile: that is no result. */
async function runOnce(handle: RunHandle, run: WaveRun): Promise<GateResult | undefined> {
  const { trees } = handle.context;
  const changed = await trees.changed(run.root, progressOf(run)?.commit ?? run.startRef);
  const wave = waveOf(run);
  await resumeFixers(handle);
  if (handle.isAborting || handle.isEnding) return undefined;
  const result = await runUnlessEnded(handle, {
    run,
    wave: wave.number,
    kind: gateKindOf(wave.role, changed),
    changed,
    cancellation: handle.untilAborted,
    ...(run.approved !== undefined && { approved: run.approved }),
    dispatchFixer: (order) => dispatchFixer(handle, order),
  });
  return handle.isAborting || handle.isEnding ? undefined : result;
}

async function runUnlessEnded(handle: RunHandle, options: GateOptions): Promise<GateResult | undefined> {
  try {
    return await runGate(handle.context, options);
  } catch (error) {
    if (BatonError.is(error, 'cancelled') && (handle.isAborting || handle.isEnding)) return undefined;
    if (BatonError.is(error, 'approval-required')) {
      const { lint, typecheck, test } = options.run.config.gate;
      const commands = [lint, typecheck, test].filter((command) => command !== undefined);
      await requestApproval(handle.context, { commands, purpose: phrase`the gate of wave ${options.wave}` });
    }
    throw error;
  }
}

/** Fixers that were at work when an engine was killed go on before the gate is run again. */
async function resumeFixers(handle: RunHandle): Promise<void> {
  for (const agent of agentsOf(await handle.read())) {
    if (agent.isFixer !== true) continue;
    if (endedAgentStatuses.includes(agent.status)) await verifyFixer(handle, agent.key);
    else await runFixer(handle, agent.key);
  }
}

async function dispatchFixer(handle: RunHandle, { failures, changed }: FixerOrder): Promise<void> {
  if (handle.isAborting || handle.isEnding) return;
  const run = await handle.read();
  const key = `w${run.wave}-fixer-${fixersOf(run).length + 1}`;
  const files = [...new Set([...changed, ...agentsOf(run).flatMap((agent) => agent.files)])];
  const task = phrase`Mend what the gate found: ${[...new Set(failures.map(({ command }) => command))].join(', ')}`;
  const base = await handle.context.trees.snapshot(run.root, key);
  const fixer = newFixer(run, { key, task, files, failures, base });
  await handle.update((one) => ({ ...one, agents: [...one.agents, fixer] }));
  await runFixer(handle, key);
}

async function runFixer(handle: RunHandle, key: string): Promise<void> {
  const run = await handle.read();
  if (run.plan.sessionType !== 'housekeeping') await writeScopes(handle.context, run, waveOf(run));
  const notToRetry = await readNotToRetry(handle);
  await runWaveAgent(handle, key, async (now, agent) => {
    const changed = await handle.context.trees.changed(now.root, progressOf(now)?.commit ?? now.startRef);
    const attempt = fixersOf(now).findIndex((one) => one.key === key) + 1;
    const failures = agent.failures ?? [];
    return fixerPrompt({ run: now, agent, failures, changed, attempt, notToRetry, ...guardFor(now, agent) });
  });
  if (!handle.isEnding) await verifyFixer(handle, key);
}

function fixersOf(run: WaveRun): readonly WaveAgentRun[] {
  return agentsOf(run).filter(({ isFixer }) => isFixer === true);
}

function deviationsOf(run: WaveRun, result: GateResult): readonly string[] {
  // Of a gate that an engine was killed in too: each retry is a fixer.
  const isFirst = !run.gates.some(({ wave }) => wave === run.wave);
  // A red that was put to a person was mended by that person, unless a fixer was at it again.
  const retries = isFirst ? fixersOf(run).length : result.attempts.length - 1;
  return [
    ...(result.flaky ? [phrase`Wave ${run.wave}: the gate turned green without a change; it is flaky`] : []),
    ...(result.passed && retries > 0 && !result.flaky ? [usedRetries(run.wave, retries)] : []),
    ...(result.passed ? [] : [stayedRed(run.wave, result.attempts.length)]),
  ];
}

function stayedRed(wave: number, attempts: number): string {
  return attempts === 1
    ? phrase`Wave ${wave}: the gate stayed red after its only attempt`
    : phrase`Wave ${wave}: the gate stayed red after ${attempts} attempts`;
}

function usedRetries(wave: number, retries: number): string {
  return retries === 1
    ? phrase`Wave ${wave}: auto-fix used 1 retry until the gate was green`
    : phrase`Wave ${wave}: auto-fix used ${retries} retries until the gate was green`;
}

async function report(handle: RunHandle, run: WaveRun, result: GateResult): Promise<void> {
  await syncState(handle);
  if (!run.config.persistence || result.kind === 'none') return;
  const outcome = result.passed ? 'passed' : 'failed';
  const event = `quality_gate.${result.isUnset === true ? 'skipped' : outcome}`;
  await handle.once(`gate ${run.wave} ${run.gates.length}`, () =>
    appendEvent(handle.context, event, {
      session: run.label,
      wave: run.wave,
      gate: result.kind,
      attempts: result.attempts.length,
      flaky: result.flaky,
      ...(result.bundle !== undefined && { bundle: result.bundle }),
    }),
  );
}

async function askAboutRed(handle: RunHandle, run: WaveRun, result: GateResult): Promise<void> {
  const count = run.gates.filter(({ wave }) => wave === run.wave).length;
  const failed = (result.attempts.at(-1) ?? []).filter(({ exitCode }) => exitCode !== 0);
  const names = failed.map(({ step }) => step).join(', ');
  await askPerson(handle, {
    about: `${prefix}${run.wave} ${count}`,
    question: phrase`The gate of wave ${run.wave} stays red: ${names} (time ${count}). How does the run go on?`,
    options: Object.values(gateOptions),
    recommended: gateOptions.retry,
    context: [
      ...failed.map(describe),
      ...(result.bundle === undefined ? [] : [`Diagnostics: ${result.bundle}`]),
      'Mend it in the tree first, then run the gate again.',
    ].join('\n\n'),
  });
}

function describe({ command, exitCode, tail }: GateCommandResult): string {
  const how = exitCode === 124 ? 'ended by the time limit (exit code 124)' : `exit code ${exitCode ?? 'none'}`;
  return [`${command}: ${how}`, ...tail.trimEnd().split('\n').slice(-15)].join('\n');
}

function waiver(run: WaveRun): string {
  return phrase`Wave ${run.wave}: went on with a red gate`;
}

function isWaived(run: WaveRun): boolean {
  return run.deviations.some(({ text }) => text === waiver(run));
}

/** True where the wave was rolled back. */
async function settleGate(handle: RunHandle): Promise<boolean> {
  for (const { about, item } of await openQuestions(handle)) {
    if (!about.startsWith(prefix) || item.answer === undefined) continue;
    const { answer } = item;
    const run = await handle.read();
    if (answer === gateOptions.rollBack) {
      await rollBackWave(handle, run.wave);
      return true;
    }
    const at = handle.now();
    await handle.update((one) => {
      const settled = withoutQuestion(one, item.id);
      if (answer === gateOptions.goOn) return withDeviation(settled, at, waiver(one));
      if (answer === gateOptions.abort) return { ...settled, request: { kind: 'abort', at, text: answer } };
      return settled;
    });
  }
  return false;
}
