import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { everyMinute } from '../../src/extension/everyMinute.ts';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-01-02T08:00:59.500Z') }));
afterEach(() => void vi.useRealTimers());

it('is called when the clock is at a full minute, until it is disposed', () => {
  const seconds: number[] = [];
  const ticks = everyMinute(() => seconds.push(new Date().getSeconds()));
  vi.advanceTimersByTime(700);
  expect(seconds).toEqual([0]);
  vi.advanceTimersByTime(120_000);
  expect(seconds).toEqual([0, 0, 0]);
  ticks.dispose();
  vi.advanceTimersByTime(120_000);
  expect(seconds).toEqual([0, 0, 0]);
});
