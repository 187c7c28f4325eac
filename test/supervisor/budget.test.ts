import { describe, expect, it } from 'vitest';
import type { IsolatedMove } from '../../src/core/model/isolated.ts';
import { exceededBudget } from '../../src/supervisor/budget.ts';

const usage = { inputTokens: 900, outputTokens: 100, turns: 3 };
const nowMs = Date.parse('2026-11-20T12:00:00Z');
const move = (status: IsolatedMove['status'], time: string): IsolatedMove => ({ status, at: `2026-11-20T${time}:00Z` });
const history = [move('queued', '08:00'), move('running', '09:00'), move('waiting', '09:10'), move('running', '11:55')];

describe('a budget', () => {
  it('is used up by tokens, by what the agent says that it cost, and by time at work alone', () => {
    expect(exceededBudget({ history }, usage, nowMs)).toBeUndefined();
    expect(exceededBudget({ history, budget: { tokens: 1_001 } }, usage, nowMs)).toBeUndefined();
    expect(exceededBudget({ history, budget: { tokens: 1_000 } }, usage, nowMs)).toBe('1000 of 1000 tokens are used');
    expect(exceededBudget({ history, budget: { costUsd: 0.01 } }, usage, nowMs)).toBeUndefined();
    expect(exceededBudget({ history, budget: { costUsd: 1 } }, { ...usage, costUsd: 1.2 }, nowMs)).toContain(
      '$1.20 of $1.00',
    );
    expect(exceededBudget({ history, budget: { minutes: 16 } }, usage, nowMs)).toBeUndefined();
    expect(exceededBudget({ history, budget: { minutes: 15 } }, usage, nowMs)).toBe('15 minutes are over');
  });

  it('counts anew when a person has resumed the session', () => {
    const budgetFrom = { usage: { ...usage, inputTokens: 400, costUsd: 1 }, at: '2026-11-20T11:58:00Z' };
    const budget = { tokens: 501, costUsd: 1, minutes: 3 };
    expect(exceededBudget({ history, budget, budgetFrom }, { ...usage, costUsd: 1.9 }, nowMs)).toBeUndefined();
    expect(exceededBudget({ history, budget: { minutes: 2 }, budgetFrom }, usage, nowMs)).toBe('2 minutes are over');
    expect(exceededBudget({ history, budget: { tokens: 500 }, budgetFrom }, usage, nowMs)).toContain('500 of 500');
  });
});
