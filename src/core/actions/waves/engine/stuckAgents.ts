import { phrase } from '../../../base/phrase.ts';
import type { Finding } from '../../../model/waves/finding.ts';
import { endedAgentStatuses, type WaveAgentRun, type WaveRun } from '../../../model/waves/waveRun.ts';
import { rollBackWave } from './rollBackWave.ts';
import { agentsOf, type RunHandle, withDeviation } from './runHandle.ts';
import { askPerson, openQuestions, withoutQuestion } from './waveQuestions.ts';

export const stuckOptions = {
  continueOnce: 'Continue once',
  raiseLimit: 'Raise the limit',
  handOver: 'Hand over to me',
  rollBack: 'Roll the wave back',
} as const;

const prefix = 'stuck ';

/** Asks what becomes of an agent that the circuit breaker stopped; once for each of its dispatches. */
export async function askAboutStuck(handle: RunHandle, agent: WaveAgentRun): Promise<void> {
  const stop = agent.findings.findLast(({ severity }) => severity === 'stop');
  const isLimit = stop?.pattern === 'turn-limit';
  await askPerson(handle, {
    about: `${prefix}${agent.key} ${agent.attempt}`,
    question: isLimit
      ? phrase`${agent.key} has used up its ${agent.maxTurns} turns (attempt ${agent.attempt}). How does it go on?`
      : phrase`${agent.key} goes round in circles again: ${describeStop(stop)} (attempt ${agent.attempt}). How does it go on?`,
    options: Object.values(stuckOptions),
    recommended: isLimit ? stuckOptions.raiseLimit : stuckOptions.handOver,
    context: [
      agent.task,
      ...(stop?.evidence.length ? [`What it did:\n${stop.evidence.map((line) => `- ${line}`).join('\n')}`] : []),
      ...(agent.changed.length > 0 ? [`Changed so far: ${agent.changed.join(', ')}`] : []),
      ...(agent.worktree === undefined ? [] : [`It works in ${agent.worktree}`]),
    ].join('\n\n'),
  });
}

function describeStop(stop: Finding | undefined): string {
  if (stop === undefined) return 'spiral';
  const kind = stop.errorClass === undefined ? stop.pattern : `${stop.pattern} (${stop.errorClass})`;
  return stop.file === undefined ? kind : `${kind}, ${stop.file}`;
}

/** Asks for those that an engine did not come to any more before it was killed. */
export async function askAboutAllStuck(handle: RunHandle): Promise<void> {
  const run = await handle.read();
  for (const agent of agentsOf(run)) if (agent.isStuck === true) await askAboutStuck(handle, agent);
}

/**
 * Does what the person answered about agents that were stopped: any other text than the options is told to the agent, which goes on once. True where
 * the wave was rolled back.
 */
export async function settleStuck(handle: RunHandle): Promise<boolean> {
  for (const { about, item } of await openQuestions(handle)) {
    if (!about.startsWith(prefix) || item.answer === undefined) continue;
    const { answer } = item;
    const key = about.slice(prefix.length).split(' ')[0] ?? '';
    const run = await handle.read();
    if (answer === stuckOptions.rollBack) {
      await rollBackWave(handle, run.wave);
      return true;
    }
    const at = handle.now();
    await handle.update((one) => decide(one, { key, answer, at, item: item.id }));
  }
  return false;
}

function decide(
  run: WaveRun,
  on: { readonly key: string; readonly answer: string; readonly at: string; readonly item: string },
): WaveRun {
  const { key, answer, at } = on;
  const agent = run.agents.find((one) => one.key === key);
  const settled = withoutQuestion(run, on.item);
  if (agent === undefined) return settled;
  const change = (next: WaveAgentRun): WaveRun => ({
    ...settled,
    agents: run.agents.map((one) => (one.key === key ? next : one)),
  });
  const { isStuck: _, endedAt: __, ...rest } = agent;
  if (!endedAgentStatuses.includes(agent.status)) return change(rest);
  if (answer === stuckOptions.handOver) {
    const text = phrase`Wave ${run.wave}: the task of ${key} was handed over to the person`;
    return withDeviation(change({ ...rest, status: 'stopped', endedAt: agent.endedAt ?? at }), at, text);
  }
  const again: WaveAgentRun = { ...rest, status: 'queued', attempt: agent.attempt + 1 };
  if (answer === stuckOptions.raiseLimit) return change({ ...again, maxTurns: agent.maxTurns * 2 });
  return change(answer === stuckOptions.continueOnce ? again : { ...again, told: answer });
}
