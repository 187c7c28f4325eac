import { noUsage } from '../core/model/activity.ts';
import type { AgentUsage, IsolatedSession } from '../core/model/isolated.ts';

/** Says which part of a session's budget is used up; undefined where none is. A price that the agent does not tell is none. */
export function exceededBudget(
  { budget, budgetFrom, history }: Pick<IsolatedSession, 'budget' | 'budgetFrom' | 'history'>,
  usage: AgentUsage,
  nowMs: number,
): string | undefined {
  if (budget === undefined) return undefined;
  const before = budgetFrom?.usage ?? noUsage;
  const tokens = usage.inputTokens + usage.outputTokens - before.inputTokens - before.outputTokens;
  if (budget.tokens !== undefined && tokens >= budget.tokens) return `${tokens} of ${budget.tokens} tokens are used`;
  const costUsd = usage.costUsd === undefined ? undefined : usage.costUsd - (before.costUsd ?? 0);
  if (budget.costUsd !== undefined && costUsd !== undefined && costUsd >= budget.costUsd) {
    return `$${costUsd.toFixed(2)} of $${budget.costUsd.toFixed(2)} are used`;
  }
  const sinceMs = budgetFrom === undefined ? 0 : Date.parse(budgetFrom.at);
  if (budget.minutes !== undefined && workedMs(history, sinceMs, nowMs) >= budget.minutes * 60_000) {
    return `${budget.minutes} minutes are over`;
  }
  return undefined;
}

/** How long the agent has been at work; waiting for a person costs nothing. */
function workedMs(history: IsolatedSession['history'], sinceMs: number, nowMs: number): number {
  return history.reduce((sum, { status, at }, index) => {
    if (status !== 'running' && status !== 'stale') return sum;
    const next = history[index + 1];
    const endMs = next === undefined ? nowMs : Date.parse(next.at);
    return sum + Math.max(0, endMs - Math.max(Date.parse(at), sinceMs));
  }, 0);
}
