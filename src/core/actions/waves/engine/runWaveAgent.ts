import { phrase } from '../../../base/phrase.ts';
import { BatonError } from '../../../errors.ts';
import { readReport } from '../../../formats/waves/agentReport.ts';
import { claimedPaths } from '../../../formats/waves/claimedPaths.ts';
import { isInScope } from '../../../formats/waves/scopes.ts';
import { noUsage } from '../../../model/activity.ts';
import type { AgentUsage } from '../../../model/isolated.ts';
import type { Finding } from '../../../model/waves/finding.ts';
import { endedAgentStatuses, type WaveAgentRun, type WaveRun } from '../../../model/waves/waveRun.ts';
import type { WaveAgentEnd, WaveAgentOrder } from '../../../ports/waveAgents.ts';
import { judgeAgent, recoveryOf } from '../judgeAgent.ts';
import { pushAgentStatus } from '../metrics.ts';
import { readBlockedCommands } from '../scopeFiles.ts';
import { AgentWatch, mostFindings } from './agentWatch.ts';
import { holdResources } from './holdResources.ts';
import { agentOf, progressOf, type RunHandle } from './runHandle.ts';
import { askAboutStuck } from './stuckAgents.ts';
import { trySyncState } from './syncState.ts';
import { enforcementOf, plannedOf, scopeOf } from './waveAgents.ts';

/** Makes the prompt of one dispatch of an agent. */
export type PromptMaker = (run: WaveRun, agent: WaveAgentRun) => Promise<string>;

/**
 * Runs one agent of a wave to its end: once more with a narrower task where the circuit breaker stopped it for the first time. One that was at
 * work when an earlier supervisor died goes on in its own session. Tells whether it is done; false too where the supervisor ends meanwhile.
 */
export async function runWaveAgent(handle: RunHandle, key: string, makePrompt: PromptMaker): Promise<boolean> {
  let release: (() => Promise<void>) | undefined;
  try {
    release = await holdResources(handle, key);
    for (;;) {
      const next = await dispatchOnce(handle, key, makePrompt);
      if (next !== 'again') return next === 'done';
      if (!handle.mayBegin) return false;
    }
  } catch (error) {
    if (!BatonError.is(error)) throw error;
    await giveUp(handle, key, error);
    return false;
  } finally {
    await release?.();
  }
}

/** An agent that could not be started failed; one whose wait was ended is as it was. */
async function giveUp(handle: RunHandle, key: string, error: BatonError): Promise<void> {
  const at = handle.now();
  await handle.updateAgent(key, (agent) => {
    if (endedAgentStatuses.includes(agent.status)) return agent;
    const { waitsFor: _, ...rest } = agent;
    if (error.code === 'cancelled') return agent.status === 'waiting' ? { ...rest, status: 'queued' } : agent;
    return { ...rest, status: 'failed', endedAt: at, error: error.message };
  });
}

async function dispatchOnce(
  handle: RunHandle,
  key: string,
  makePrompt: PromptMaker,
): Promise<'done' | 'not-done' | 'again'> {
  const { waveAgents } = handle.context;
  const { run, agent, folder } = await getReady(handle, key);
  if (endedAgentStatuses.includes(agent.status)) return agent.status === 'done' ? 'done' : 'not-done';
  const order = await orderOf(handle, { run, agent, folder, prompt: await makePrompt(run, agent) });
  const watch = new AgentWatch(handle, run, { agent, folder });
  const running = await waveAgents.start(order, (event) => watch.note(event));
  handle.running.set(key, running);
  try {
    watch.setStop(() => running.stop());
    // Asked to end while it was being started, when there was nothing to stop yet.
    if (handle.isAborting || handle.isEnding) void running.stop();
    const { process } = running;
    const isWanted = await noteStart(handle, key, process);
    if (!isWanted) void running.stop();
    const end = await running.ended;
    await watch.settled();
    if (handle.isEnding && end.stopped) return 'not-done';
    return await settle(handle, { before: agent, end, folder, findings: watch.findings });
  } finally {
    handle.running.delete(key);
  }
}

/** What is left of an earlier attempt ends; the worktree is there; the record says that the agent is being started. */
async function getReady(
  handle: RunHandle,
  key: string,
): Promise<{ readonly run: WaveRun; readonly agent: WaveAgentRun; readonly folder: string }> {
  const { waveAgents, trees } = handle.context;
  const before = await handle.read();
  const agent = agentOf(before, key);
  const folder = agent.worktree ?? before.root;
  if (endedAgentStatuses.includes(agent.status)) return { run: before, agent, folder };
  const wasAtWork = agent.status === 'preparing' || agent.status === 'running';
  const mark = agent.mark ?? `wave.${handle.id}.${key}`;
  if (wasAtWork) await waveAgents.endLeftovers(mark);
  const base = agent.base ?? progressOf(before, agent.wave)?.commit ?? before.startRef;
  if (agent.worktree !== undefined && agent.branch !== undefined) {
    await trees.add({ path: agent.worktree, branch: agent.branch, commit: base });
  }
  if (agent.undo === true) await trees.restore(folder, base, agent.changed);
  const run = await handle.updateAgent(key, (one) => {
    if (endedAgentStatuses.includes(one.status)) return one;
    const { waitsFor: _, undo: __, ...rest } = one;
    const attempt = wasAtWork ? one.attempt + 1 : one.attempt;
    return { ...rest, status: 'preparing', attempt, mark, startedAt: one.startedAt ?? handle.now() };
  });
  return { run, agent: agentOf(run, key), folder };
}

async function orderOf(
  handle: RunHandle,
  {
    run,
    agent,
    folder,
    prompt,
  }: { readonly run: WaveRun; readonly agent: WaveAgentRun; readonly folder: string; readonly prompt: string },
): Promise<WaveAgentOrder> {
  const model = plannedOf(run, agent)?.model ?? run.model;
  return {
    run: handle.id,
    key: agent.key,
    agent: run.agent,
    ...(model !== undefined && { model }),
    prompt,
    folder,
    scope: scopeOf(run, agent),
    enforcement: enforcementOf(run, agent),
    blockedCommands: await readBlockedCommands(handle.context),
    mark: agent.mark ?? '',
    ...(agent.agentSession !== undefined && { resume: agent.agentSession }),
  };
}

/** False where a person ended the agent while it was being started. */
async function noteStart(handle: RunHandle, key: string, process: WaveAgentRun['process']): Promise<boolean> {
  const run = await handle.updateAgent(key, (agent) =>
    agent.status === 'preparing' ? { ...agent, status: 'running', ...(process !== undefined && { process }) } : agent,
  );
  await trySyncState(handle);
  if (run.config.persistence) {
    await handle.attempt(() => pushAgentStatus(handle.context, { agentId: key, text: `wave ${run.wave}: dispatched` }));
  }
  return agentOf(run, key).status === 'running';
}

interface Ending {
  /** As it was when it was dispatched. */
  readonly before: WaveAgentRun;
  readonly end: WaveAgentEnd;
  readonly folder: string;
  readonly findings: readonly Finding[];
}

/** Records what became of a dispatch, and sees what follows from it. */
async function settle(
  handle: RunHandle,
  { before, end, folder, findings }: Ending,
): Promise<'done' | 'not-done' | 'again'> {
  const { key } = before;
  const run = await handle.read();
  const agent = agentOf(run, key);
  const base = agent.base ?? progressOf(run, agent.wave)?.commit ?? run.startRef;
  const everything = await handle.context.trees.changed(folder, base);
  // In a shared tree only what is in its scope is surely its own; the rest is looked at when the wave is over.
  const changed =
    agent.isolation === 'worktree' ? everything : everything.filter((path) => isInScope(path, scopeOf(run, agent)));
  const report = readReport(end.text);
  const judged = judgeAgent({ report, end, changed, findings });
  const stop = findings.findLast(({ severity }) => severity === 'stop');
  const isSpiral = judged === 'spiral' || (stop !== undefined && stop.pattern !== 'turn-limit');
  const isFirst = recoveryOf('spiral', agent.isRescoped === true ? ['spiral'] : []).kind === 'narrow';
  const isNarrowed = isSpiral && isFirst && agent.isFixer !== true && !handle.isAborting;
  const at = handle.now();
  const after = await handle.updateAgent(key, (one) => {
    const { process: _, agentSession: own, ...rest } = one;
    const seen = {
      ...rest,
      changed,
      notVerified: claimedPaths(end.text, [folder, run.root]).filter((path) => !everything.includes(path)),
      usage: addUsage(one.usage, end.usage),
      findings: [...before.findings, ...findings].slice(-mostFindings),
      ...(report !== undefined && { report }),
    };
    const agentSession = end.agentSession ?? own;
    const known = agentSession === undefined ? {} : { agentSession };
    if (one.status === 'stopped') return { ...seen, ...known };
    // A fresh session: what it said so far is what led it astray.
    if (isNarrowed) return { ...seen, status: 'queued', isRescoped: true, undo: true, attempt: one.attempt + 1 };
    const failed = judged === 'failed' || judged === 'partial';
    const why = failed && report === undefined && end.tail.trim() !== '' ? { error: end.tail.trim().slice(-500) } : {};
    if (handle.isAborting && end.stopped) return { ...seen, ...known, status: 'stopped', endedAt: at };
    const stuck = stop !== undefined && one.isFixer !== true ? { isStuck: true } : {};
    return { ...seen, ...known, ...why, ...stuck, status: judged, endedAt: at };
  });
  const now = agentOf(after, key);
  if (isNarrowed && now.status === 'queued') return 'again';
  if (now.isStuck === true) await askAboutStuck(handle, now);
  if (run.config.persistence) {
    await handle.attempt(() =>
      pushAgentStatus(handle.context, { agentId: key, text: `wave ${run.wave}: ${now.status}` }),
    );
  }
  await trySyncState(handle);
  handle.context.report(phrase`${key}: ${now.status}`);
  return now.status === 'done' ? 'done' : 'not-done';
}

function addUsage(before: AgentUsage | undefined, more: AgentUsage): AgentUsage {
  const one = before ?? noUsage;
  const costUsd =
    one.costUsd === undefined && more.costUsd === undefined ? undefined : (one.costUsd ?? 0) + (more.costUsd ?? 0);
  return {
    inputTokens: one.inputTokens + more.inputTokens,
    outputTokens: one.outputTokens + more.outputTokens,
    turns: one.turns + more.turns,
    ...(costUsd !== undefined && { costUsd }),
  };
}
