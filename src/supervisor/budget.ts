import type { AgentUsage, Budget } from '../core/model/isolated.ts';

/** Says which part of a budget is used up; undefined where none is. A price that the agent does not tell is none. */
export function exceededBudget(
  budget: Budget | undefined,
  usage: AgentUsage,
  startedMs: number,
  nowMs: number,
): string | undefined {
  if (budget === undefined) return undefined;
  const tokens = usage.inputTokens + usage.outputTokens;
  if (budget.tokens !== undefined && tokens >= budget.tokens) return `${tokens} of ${budget.tokens} tokens are used`;
  if (budget.costUsd !== undefined && usage.costUsd !== undefined && usage.costUsd >= budget.costUsd) {
    return `$${usage.costUsd.toFixed(2)} of $${budget.costUsd.toFixed(2)} are used`;
  }
  const minutes = (nowMs - startedMs) / 60_000;
  if (budget.minutes !== undefined && minutes >= budget.minutes) return `${budget.minutes} minutes are over`;
  return undefined;
}
