import type { DashboardSession } from '../../core/model/dashboard.ts';
import { usableMinutes, usableTime } from './formatTexts.ts';

/** What is odd about a session's times, so that its bar is not quite what its file says. */
export type SpanNote = 'noStart' | 'noEnd' | 'endBeforeStart';

/** The time that a session took, as it is drawn. */
export interface SessionSpan {
  readonly startMs: number;
  /** At least `startMs`. */
  readonly endMs: number;
  /** It goes on: `endMs` is now. */
  readonly open: boolean;
  readonly note?: SpanNote;
}

/** The time that a session took; undefined where its file gives none that can be understood. */
export function spanOf(session: DashboardSession, nowMs: number): SessionSpan | undefined {
  const start = usableTime(session.startedMs);
  const end = usableTime(session.endedMs);
  const lengthMs = (usableMinutes(session.durationMinutes) ?? 0) * 60_000;
  if (start === undefined) {
    if (end === undefined) return undefined;
    return { startMs: usableTime(end - lengthMs) ?? end, endMs: end, open: false, note: 'noStart' };
  }
  if (isUnderWay(session)) return { startMs: start, endMs: Math.max(start, nowMs), open: true };
  if (end === undefined)
    return { startMs: start, endMs: usableTime(start + lengthMs) ?? start, open: false, note: 'noEnd' };
  if (end < start) return { startMs: start, endMs: start, open: false, note: 'endBeforeStart' };
  return { startMs: start, endMs: end, open: false };
}

/** It was begun and is not over: its bar reaches to now. */
export function isUnderWay({ state, startedMs }: DashboardSession): boolean {
  return state === 'active' || state === 'paused' || (state === 'blocked' && startedMs !== undefined);
}

/** It is still to be done, from its beginning. */
export function isAhead({ state, startedMs }: DashboardSession): boolean {
  return (
    state === 'ready' || state === 'waiting' || state === 'retry' || (state === 'blocked' && startedMs === undefined)
  );
}

/** The middle one of numbers, the mean of both where there are two; undefined of none. */
export function medianOf(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  if (upper === undefined || sorted.length % 2 === 1) return upper;
  return (upper + (sorted[sorted.length / 2 - 1] ?? upper)) / 2;
}
