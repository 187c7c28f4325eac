import { phrase } from '../../../base/phrase.ts';
import { guardFor } from '../../../formats/waves/frontmatterGuard.ts';
import { readStateSections } from '../../../formats/waves/stateSections.ts';
import { wavePrompt } from '../../../formats/waves/wavePrompt.ts';
import { endedAgentStatuses, type WaveAgentRun, type WaveRun } from '../../../model/waves/waveRun.ts';
import { type PoolItem, runPool } from '../pool.ts';
import { readStateFile } from '../stateFile.ts';
import { advance } from './advance.ts';
import { agentOf, agentsOf, progressOf, type RunHandle, waveOf, withDeviation } from './runHandle.ts';
import { type PromptMaker, runWaveAgent } from './runWaveAgent.ts';
import { askAboutAllStuck } from './stuckAgents.ts';
import { syncState } from './syncState.ts';
import { agentKey, lastFor, plannedOf } from './waveAgents.ts';
import { askPerson, openQuestions, withoutQuestion } from './waveQuestions.ts';

export const failedOptions = {
  again: 'Dispatch them again',
  goOn: 'Go on with a Deviation',
  abort: 'Abort the run',
} as const;

/** What a question about a wave of which nothing came is about. */
export const failedPrefix = 'failed wave ';

/** Runs the agents of a wave that have not ended, so many at a time, and goes on where nothing is open. */
export async function dispatchWave(handle: RunHandle): Promise<void> {
  await syncState(handle);
  const run = await handle.read();
  const wave = waveOf(run);
  const open = agentsOf(run).filter(({ status, isFixer }) => isFixer !== true && !endedAgentStatuses.includes(status));
  const { config } = run;
  const limit = Math.min(config.maxParallel ?? config.agentsPerWave, progressOf(run)?.parallel ?? config.agentsPerWave);
  const makePrompt = await promptMaker(handle);
  await runPool({
    items: open.map((agent) => poolItem(run, agent)),
    maxParallel: wave.sequential ? 1 : limit,
    run: (key) => runWaveAgent(handle, key, makePrompt),
    isDone: (key) => isDoneBefore(run, key),
    onBlocked: (key, by) => block(handle, key, by),
    mayBegin: () => handle.mayBegin,
    onAbort: (abort) => void handle.onAbort(abort),
    drainTimeoutMs: config.drainTimeoutMs,
    timer: handle.context.timer,
  }).then((outcomes) => {
    for (const outcome of outcomes.values())
      if (outcome.kind === 'failed' && outcome.error !== undefined) throw outcome.error;
  });
  await askAboutAllStuck(handle);
  await finish(handle);
}

/** The next step begins where every agent has ended and nothing has to be decided. */
async function finish(handle: RunHandle): Promise<void> {
  if (handle.isEnding || handle.isAborting) return;
  const run = await handle.read();
  const agents = agentsOf(run).filter(({ isFixer }) => isFixer !== true);
  if (agents.some(({ status }) => !endedAgentStatuses.includes(status))) return;
  if (run.questions.length > 0) return;
  const cameToNothing = agents.every(({ status }) => status === 'failed' || status === 'blocked');
  if (cameToNothing && !isSettledFailure(run)) await askAboutFailure(handle, run, agents);
  else await advance(handle, 'verify');
}

function failureText(run: WaveRun): string {
  return phrase`Wave ${run.wave}: went on though every agent failed`;
}

function isSettledFailure(run: WaveRun): boolean {
  return run.deviations.some(({ text }) => text === failureText(run));
}

async function askAboutFailure(handle: RunHandle, run: WaveRun, agents: readonly WaveAgentRun[]): Promise<void> {
  const attempts = agents.reduce((sum, { attempt }) => sum + attempt, 0);
  await askPerson(handle, {
    about: `${failedPrefix}${run.wave} ${attempts}`,
    question: phrase`Every agent of wave ${run.wave} failed (${attempts} attempts). How does the run go on?`,
    options: Object.values(failedOptions),
    recommended: failedOptions.again,
    context: agents.map(({ key, error, report, status }) => `${key}: ${report?.note ?? error ?? status}`).join('\n'),
  });
}

/** Does what the person answered where nothing came of a wave. */
export async function settleFailure(handle: RunHandle): Promise<void> {
  for (const { about, item } of await openQuestions(handle)) {
    if (!about.startsWith(failedPrefix) || item.answer === undefined) continue;
    const { answer } = item;
    const at = handle.now();
    await handle.update((run) => {
      const settled = withoutQuestion(run, item.id);
      if (answer === failedOptions.goOn) return withDeviation(settled, at, failureText(run));
      if (answer === failedOptions.abort) return { ...settled, request: { kind: 'abort', at, text: answer } };
      const told = answer === failedOptions.again ? {} : { told: answer };
      return {
        ...settled,
        agents: settled.agents.map((agent) => (agent.wave === run.wave ? again(agent, told) : agent)),
      };
    });
  }
}

function again(agent: WaveAgentRun, told: { readonly told?: string }): WaveAgentRun {
  const { endedAt: _, error: __, report: ___, ...rest } = agent;
  const attempt = agent.startedAt === undefined ? agent.attempt : agent.attempt + 1;
  return { ...rest, ...told, status: 'queued', attempt };
}

/** Dependencies by the key of whoever has the item in this wave: one that is carried over counts for the item. */
function poolItem(run: WaveRun, agent: WaveAgentRun): PoolItem {
  const dependencies = plannedOf(run, agent)?.dependencies ?? [];
  return {
    id: agent.key,
    dependencies: dependencies.map((id) => {
      const last = lastFor(run, id);
      return last?.wave === agent.wave ? last.key : agentKey(id);
    }),
  };
}

function isDoneBefore(run: WaveRun, key: string): boolean {
  const last = run.agents.findLast((agent) => agent.key === key || agent.carries === key);
  return last?.status === 'done';
}

async function block(handle: RunHandle, key: string, by: string): Promise<void> {
  const at = handle.now();
  await handle.update((run) => {
    const agents = run.agents.map((agent): WaveAgentRun => {
      if (agent.key !== key) return agent;
      const { waitsFor: _, ...rest } = agent;
      return { ...rest, status: 'blocked', endedAt: at, error: phrase`it depends on ${by}, which is not done` };
    });
    return withDeviation(
      { ...run, agents },
      at,
      phrase`Wave ${run.wave}: ${key} was not begun, because ${by} is not done`,
    );
  });
}

/** What agents are told: their task as planned, and what is known of what failed before. */
async function promptMaker(handle: RunHandle): Promise<PromptMaker> {
  const notToRetry = await readNotToRetry(handle);
  return async (run, agent) => {
    const planned = plannedOf(run, agent);
    const isAgain = agent.attempt > 1;
    return wavePrompt({
      run,
      agent: agentOf(run, agent.key),
      notToRetry,
      ...(planned !== undefined && { planned }),
      ...(isAgain && agent.findings.length > 0 && { findings: agent.findings }),
      ...(agent.isRescoped === true && { rescoped: narrowed(agent) }),
      ...(agent.told !== undefined && { told: agent.told }),
      ...guardFor(run, agent),
    });
  };
}

function narrowed({ findings, agentSession }: WaveAgentRun): string {
  const stop = findings.findLast(({ severity }) => severity === 'stop');
  const undone = agentSession === undefined ? ' What it changed was undone.' : '';
  return `An earlier attempt was stopped because it went round in circles: ${stop?.pattern ?? 'spiral'}.${undone} Do the smallest part of the task that stands on its own, say what is left in the STATUS line (partial), and do not do again what is listed.`;
}

/** Lines of "What Not To Retry" in STATE.md. */
export async function readNotToRetry(handle: RunHandle): Promise<readonly string[]> {
  const { stateFile } = await handle.read();
  if (stateFile === undefined) return [];
  const reading = await readStateFile(handle.context, stateFile);
  return (reading === undefined ? [] : readStateSections(reading.text).notToRetry).map(({ approach, why }) =>
    why === '' ? approach : `${approach} — ${why}`,
  );
}
