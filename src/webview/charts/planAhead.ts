import type { DashboardSession } from '../../core/model/dashboard.ts';
import { usableMinutes, usableTime } from './formatTexts.ts';
import { isAhead, isUnderWay, medianOf } from './sessionSpan.ts';

/** When a session that is still to be done could be worked on, in minutes of work from now. */
export interface PlannedSession {
  readonly session: DashboardSession;
  readonly fromMinutes: number;
  readonly toMinutes: number;
  /** Its plan gives no estimate: the median of the others stands for it. */
  readonly assumed: boolean;
}

/** A session for which neither its plan nor any other says how long it takes. */
const unknownMinutes = 60;

/**
 * Places each session that is still to be done behind those that it waits for, as long as its estimate, all that can be done side by side
 * side by side. In the order of their beginnings; a dependency that goes in a circle counts as met. Linear in sessions and dependencies.
 */
export function planAhead(sessions: readonly DashboardSession[], nowMs: number): readonly PlannedSession[] {
  const ahead = new Map(sessions.filter(isAhead).map((session) => [session.key, session]));
  const underWay = new Map(sessions.filter(isUnderWay).map((session) => [session.key, session]));
  const known = sessions.flatMap(({ estimateMinutes }) => positive(estimateMinutes) ?? []);
  const worked = sessions.flatMap(({ durationMinutes }) => positive(durationMinutes) ?? []);
  const typical = medianOf(known) ?? medianOf(worked) ?? unknownMinutes;
  const endOf = new Map<string, number>();
  for (const [key, session] of underWay) endOf.set(key, remainingMinutes(session, typical, nowMs));
  return inOrder(ahead)
    .map((session) => {
      const ends = session.dependencies.map(({ key }) => (key === undefined ? 0 : (endOf.get(key) ?? 0)));
      const fromMinutes = ends.reduce((latest, end) => Math.max(latest, end), 0);
      const estimate = positive(session.estimateMinutes);
      const toMinutes = fromMinutes + (estimate ?? typical);
      endOf.set(session.key, toMinutes);
      return { session, fromMinutes, toMinutes, assumed: estimate === undefined };
    })
    .sort((a, b) => a.fromMinutes - b.fromMinutes);
}

/** No session is worked on for longer; more is a slip. */
const mostMinutes = 366 * 24 * 60;

function positive(minutes: number | undefined): number | undefined {
  const usable = usableMinutes(minutes);
  return usable !== undefined && usable > 0 ? Math.min(usable, mostMinutes) : undefined;
}

function remainingMinutes(session: DashboardSession, typical: number, nowMs: number): number {
  const started = usableTime(session.startedMs) ?? nowMs;
  return Math.max(0, (positive(session.estimateMinutes) ?? typical) - Math.max(0, nowMs - started) / 60_000);
}

/** Each session behind those that it depends on; what is left over is in a circle and comes last. */
function inOrder(ahead: ReadonlyMap<string, DashboardSession>): readonly DashboardSession[] {
  const waitingFor = new Map<string, number>();
  const successors = new Map<string, DashboardSession[]>();
  for (const session of ahead.values()) {
    const open = new Set(session.dependencies.flatMap(({ key }) => (key !== undefined && ahead.has(key) ? key : [])));
    open.delete(session.key);
    waitingFor.set(session.key, open.size);
    for (const key of open) {
      const others = successors.get(key);
      if (others) others.push(session);
      else successors.set(key, [session]);
    }
  }
  const order = [...ahead.values()].filter(({ key }) => waitingFor.get(key) === 0);
  for (const { key } of order) {
    for (const next of successors.get(key) ?? []) {
      const left = (waitingFor.get(next.key) ?? 0) - 1;
      waitingFor.set(next.key, left);
      if (left === 0) order.push(next);
    }
  }
  const placed = new Set(order);
  return [...order, ...[...ahead.values()].filter((session) => !placed.has(session))];
}
