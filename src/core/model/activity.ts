import type { AgentUsage } from './isolated.ts';

/** What a running agent does now: written often, lost without harm. */
export interface AgentActivity {
  /** ISO 8601 with zone. */
  readonly at: string;
  /** The last thing that it said or did, in a line. */
  readonly line: string;
  readonly usage: AgentUsage;
}

/** Takes an unknown value for what an agent does where it has that shape. */
export function readActivity(value: unknown): AgentActivity | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { at, line, usage } = value as Partial<AgentActivity>;
  const isActivity = typeof at === 'string' && typeof line === 'string' && typeof usage?.inputTokens === 'number';
  return isActivity ? { at, line, usage } : undefined;
}

/** Nothing used yet. */
export const noUsage: AgentUsage = { inputTokens: 0, outputTokens: 0, turns: 0 };
