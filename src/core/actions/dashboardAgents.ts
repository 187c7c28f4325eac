import type { DashboardAgent, DashboardAgentVerb } from '../model/dashboard.ts';
import type { IsolatedEntry } from './isolated/listIsolated.ts';

/** Describes an isolated session for the dashboard; `can` tells what its host lets be done with it. */
export function describeAgent(
  { session, activity, interrupted }: IsolatedEntry,
  can: readonly DashboardAgentVerb[],
): DashboardAgent {
  const { id, item, agent, phase } = session;
  const usage = activity?.usage ?? session.usage;
  const startedMs = toMs(session.startedAt);
  const endedMs = toMs(session.completedAt);
  return {
    id,
    item: item.id,
    title: item.title,
    agent,
    status: interrupted ? 'interrupted' : session.status,
    ...(phase !== undefined && { phase }),
    ...(startedMs !== undefined && { startedMs }),
    ...(endedMs !== undefined && { endedMs }),
    ...(usage !== undefined && { tokens: usage.inputTokens + usage.outputTokens }),
    ...(usage?.costUsd !== undefined && { costUsd: usage.costUsd }),
    can,
  };
}

function toMs(time: string | undefined): number | undefined {
  const ms = Date.parse(time ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
