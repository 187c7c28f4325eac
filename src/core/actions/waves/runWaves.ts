import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import { endedAgentStatuses, type WaveAgentRun, type WaveRun, type WaveStep } from '../../model/waves/waveRun.ts';
import type { WaveContext } from './context.ts';
import { dispatchWave, settleFailure } from './engine/dispatchWave.ts';
import { gateWave } from './engine/gateWave.ts';
import { keepLock } from './engine/keepLock.ts';
import { mergeWave } from './engine/mergeWave.ts';
import { prepareWave } from './engine/prepareWave.ts';
import { recordWave } from './engine/recordWave.ts';
import { RequestWatch } from './engine/requestWatch.ts';
import { RunHandle } from './engine/runHandle.ts';
import { settleStuck } from './engine/stuckAgents.ts';
import { comeToRest, syncState } from './engine/syncState.ts';
import { verifyWave } from './engine/verifyWave.ts';
import { openQuestions, withdrawQuestions, withoutQuestions } from './engine/waveQuestions.ts';
import { removeScopes } from './scopeFiles.ts';
import { releaseSessionLock } from './sessionLock.ts';

const steps: Readonly<Record<WaveStep, (handle: RunHandle) => Promise<void>>> = {
  prepare: prepareWave,
  dispatch: dispatchStep,
  verify: verifyWave,
  merge: mergeWave,
  gate: gateWave,
  record: recordWave,
};

/**
 * Takes a run as far as it goes: to its end, or to where a person has to decide or has asked it to pause. Each step is recorded before and after,
 * and doing one again does no harm: called again after a kill it goes to the same end. Returns the record then; also where the supervisor ends
 * (`context.cancellation`), with the agents stopped and to be taken up again.
 *
 * @throws BatonError `unknown-wave-run`
 */
export async function runWaves(context: WaveContext, id: string): Promise<WaveRun> {
  const handle = new RunHandle(context, id);
  const { status } = await handle.read();
  const began = await begin(handle);
  if (began.status !== 'active') return began;
  const watch = new RequestWatch(handle);
  const ending = context.cancellation.onCancel(() => {
    handle.halt();
    for (const agent of handle.running.values()) void agent.stop();
  });
  try {
    if (status !== 'queued' && began.request?.kind !== 'abort') await keepLock(handle, began);
    await endStopped(handle);
    await syncState(handle);
    await goOn(handle, watch);
  } catch (error) {
    await fail(handle, error);
  } finally {
    ending.dispose();
    await watch.dispose();
  }
  return await handle.read();
}

async function goOn(handle: RunHandle, watch: RequestWatch): Promise<void> {
  for (;;) {
    await watch.look();
    if (handle.isAborting) return await abort(handle);
    const run = await handle.read();
    if (run.status !== 'active' || handle.isEnding) return;
    if (handle.isPausing) return await pause(handle, run.request?.text ?? 'by the person');
    if (await waitsForPerson(handle)) return await pause(handle, 'it waits for an answer');
    await steps[run.step](handle);
    const after = await handle.read();
    const isOver = run.step === 'record' && run.wave === run.plan.waves.length;
    if (isOver && after.status === 'active' && !handle.isAborting && !handle.isEnding) return await complete(handle);
    assertProgress(handle, run, after);
  }
}

/** A step that neither did nor asked anything would be done for ever. */
function assertProgress(handle: RunHandle, before: WaveRun, after: WaveRun): void {
  if (handle.isAborting || handle.isEnding || handle.isPausing) return;
  if (JSON.stringify({ ...before, updatedAt: '' }) !== JSON.stringify({ ...after, updatedAt: '' })) return;
  throw new BatonError(
    'wrong-state',
    phrase`Wave ${before.wave} of ${before.label} does not go on from "${before.step}"`,
    {
      hint: 'Look at its agents with `baton wave status`, then resume or abort it.',
      data: { run: before.id, wave: before.wave, step: before.step },
    },
  );
}

/** What was answered about agents comes before those that have not ended are dispatched. */
async function dispatchStep(handle: RunHandle): Promise<void> {
  if (await settleStuck(handle)) return;
  await settleFailure(handle);
  const { request } = await handle.read();
  if (request?.kind !== 'abort') await dispatchWave(handle);
}

/** There are questions, and none of them has an answer. One whose item somebody removed is asked again where it still matters. */
async function waitsForPerson(handle: RunHandle): Promise<boolean> {
  const found = await openQuestions(handle);
  const items = found.map(({ item }) => item.id);
  const run = await handle.update((one) =>
    one.questions.every(({ item }) => items.includes(item))
      ? undefined
      : { ...one, questions: one.questions.filter(({ item }) => items.includes(item)) },
  );
  return run.questions.length > 0 && found.every(({ item }) => item.answer === undefined);
}

/** A run that was asked to go on, has an answer, or was interrupted is active; one that keeps nothing cannot be taken up again. */
async function begin(handle: RunHandle): Promise<WaveRun> {
  const at = handle.now();
  return await handle.update((run) => {
    const { request, why: _, ...rest } = run;
    const kept = request?.kind === 'resume' ? rest : { ...rest, ...(request !== undefined && { request }) };
    if (run.status === 'queued') return { ...kept, status: 'active', wave: 1, step: 'prepare' };
    if (run.status === 'paused' || (run.status === 'failed' && request?.kind === 'resume'))
      return { ...kept, status: 'active' };
    if (run.status === 'failed' && request?.kind === 'abort') return { ...kept, status: 'active' };
    if (run.status !== 'active') return undefined;
    if (run.config.persistence) return kept;
    return {
      ...kept,
      status: 'failed',
      endedAt: at,
      agents: run.agents.map((agent) => ended(agent, at)),
      why: phrase`it was interrupted in wave ${run.wave}, and persistence is off: it cannot be resumed`,
    };
  });
}

/** An agent that a person stopped may live on where the engine was killed before it could end it. */
async function endStopped(handle: RunHandle): Promise<void> {
  for (const { key, mark, process, status } of (await handle.read()).agents) {
    if (process === undefined || mark === undefined || !endedAgentStatuses.includes(status)) continue;
    await handle.context.waveAgents.endLeftovers(mark);
    await handle.updateAgent(key, ({ process: _, ...agent }) => agent);
  }
}

function ended(agent: WaveAgentRun, at: string): WaveAgentRun {
  if (endedAgentStatuses.includes(agent.status)) return agent;
  const { waitsFor: _, process: __, ...rest } = agent;
  return { ...rest, status: 'stopped', endedAt: at };
}

async function pause(handle: RunHandle, why: string): Promise<void> {
  await comeToRest(handle, ({ request, ...run }) => ({
    ...run,
    status: 'paused',
    why,
    ...(request !== undefined && request.kind !== 'pause' && { request }),
  }));
}

/** Everything stays as it is: the tree, the worktrees, the snapshots. Only what bounds agents is taken away. */
async function abort(handle: RunHandle): Promise<void> {
  const at = handle.now();
  for (const { status, mark } of (await handle.read()).agents) {
    if (mark !== undefined && !endedAgentStatuses.includes(status)) await handle.context.waveAgents.endLeftovers(mark);
  }
  await withdrawQuestions(handle);
  await comeToRest(
    handle,
    ({ request, ...run }) => ({
      ...withoutQuestions(run),
      status: 'aborted',
      why: request?.text ?? 'by the person',
      endedAt: at,
      agents: run.agents.map((agent) => ended(agent, at)),
    }),
    async (run) => {
      await handle.attempt(() => removeScopes(handle.context, run));
      if (run.config.persistence) await handle.attempt(() => releaseSessionLock(handle.context, run.id));
    },
  );
}

/** A run that keeps nothing has nothing that closing could see to. */
async function complete(handle: RunHandle): Promise<void> {
  const at = handle.now();
  const { config, label } = await handle.read();
  await comeToRest(
    handle,
    (run) => ({ ...run, status: config.persistence ? 'completed' : 'closed', endedAt: run.endedAt ?? at }),
    (run) => handle.attempt(() => removeScopes(handle.context, run)),
  );
  handle.context.report(
    config.persistence ? phrase`All waves of ${label} are done: close the run` : phrase`All waves of ${label} are done`,
  );
}

async function fail(handle: RunHandle, error: unknown): Promise<void> {
  // A program that ends, or a bug, leaves the record as it is: the run is taken up again from there.
  if (!BatonError.is(error)) throw error;
  if (handle.isEnding) return;
  handle.context.ports.logger.warn(`${handle.id}: ${error.message}`);
  const change = (run: WaveRun): WaveRun => ({ ...run, status: 'failed', why: error.message });
  try {
    await comeToRest(handle, change);
  } catch (second) {
    // STATE.md itself may be what cannot be written.
    if (!BatonError.is(second)) throw second;
    await handle.update(change);
  }
}
