import type { DashboardSession } from '../../core/model/dashboard.ts';
import { usableMinutes } from './formatTexts.ts';
import { isAhead, isUnderWay, medianOf } from './sessionSpan.ts';

/** A session with the time that it took. */
export interface TimedSession {
  readonly session: DashboardSession;
  readonly minutes: number;
  readonly estimateMinutes?: number;
}

/** What the sessions of a model or repository took. */
export interface DurationGroup {
  /** Undefined: the files do not say. */
  readonly name: string | undefined;
  readonly count: number;
  readonly sumMinutes: number;
  readonly medianMinutes: number;
  /** Time taken over time estimated, of those that have both; 1 is as estimated. */
  readonly toEstimate?: number;
}

/** The sessions that are over and whose time is known, those that ended last first. */
export function timedSessions(sessions: readonly DashboardSession[]): readonly TimedSession[] {
  return sessions
    .flatMap((session) => {
      const minutes = usableMinutes(session.durationMinutes);
      if (minutes === undefined || isUnderWay(session) || isAhead(session)) return [];
      const estimate = usableMinutes(session.estimateMinutes);
      return [{ session, minutes, ...(estimate !== undefined && estimate > 0 && { estimateMinutes: estimate }) }];
    })
    .sort((a, b) => (b.session.endedMs ?? 0) - (a.session.endedMs ?? 0));
}

/** Groups by a name, the one with the most time first. */
export function groupDurations(
  timed: readonly TimedSession[],
  nameOf: (session: DashboardSession) => string | undefined,
): readonly DurationGroup[] {
  const byName = new Map<string | undefined, TimedSession[]>();
  for (const each of timed) {
    const name = nameOf(each.session);
    const same = byName.get(name);
    if (same) same.push(each);
    else byName.set(name, [each]);
  }
  return [...byName].map(([name, members]) => summarize(name, members)).sort((a, b) => b.sumMinutes - a.sumMinutes);
}

function summarize(name: string | undefined, members: readonly TimedSession[]): DurationGroup {
  const sumMinutes = members.reduce((sum, { minutes }) => sum + minutes, 0);
  const toEstimate = ratioOf(members);
  return {
    name,
    count: members.length,
    sumMinutes,
    medianMinutes: medianOf(members.map(({ minutes }) => minutes)) ?? 0,
    ...(toEstimate !== undefined && { toEstimate }),
  };
}

/** Time taken over time estimated, of those that have both. */
export function ratioOf(timed: readonly TimedSession[]): number | undefined {
  let [taken, estimated] = [0, 0];
  for (const { minutes, estimateMinutes } of timed) {
    if (estimateMinutes === undefined) continue;
    taken += minutes;
    estimated += estimateMinutes;
  }
  return estimated > 0 ? taken / estimated : undefined;
}

/** The end of the axis: one session that was left open over a weekend must not make all others dots. */
export function axisEnd(timed: readonly TimedSession[]): number {
  const values = timed.flatMap(({ minutes, estimateMinutes }) => [minutes, estimateMinutes ?? 0]).sort((a, b) => a - b);
  const most = values.at(-1) ?? 0;
  const usual = values[Math.floor((values.length - 1) * 0.9)] ?? 0;
  return Math.max(1, Math.min(most, usual * 1.6 || most));
}
