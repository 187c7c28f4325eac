import type { DashboardSession } from '../../core/model/dashboard.ts';
import { usableTime } from './formatTexts.ts';
import { dayMs } from './timeScale.ts';

/** How many sessions were done at a moment. */
export interface BurnUpPoint {
  readonly ms: number;
  readonly done: number;
}

/** When all would be done, were it to go on as it went. */
export interface Projection {
  readonly ms: number;
  /** Days that the pace was taken from. */
  readonly days: number;
  /** Sessions done in them. */
  readonly done: number;
}

/** What was done over time, against all that is planned. */
export interface BurnUpSeries {
  /** Sessions known today; how many there were earlier is in no file. */
  readonly planned: number;
  readonly done: number;
  /** Done without a time: counted from the beginning. */
  readonly doneWithoutTime: number;
  /** Each moment at which something was done, the first last known zero before it; at most `mostPoints` of them. */
  readonly points: readonly BurnUpPoint[];
  readonly fromMs: number;
  readonly projection?: Projection;
}

/** More cannot be told apart. */
const mostPoints = 600;

/** The pace is that of the last four weeks, since older ones say little of the next. */
const paceDays = 28;
/** So few tell no pace. */
const leastDone = 3;
/** What lies further ahead is no forecast. */
const mostDaysAhead = 2 * 365;

/** Counts what was done; undefined where no session was done at a known time. */
export function burnUpOf(sessions: readonly DashboardSession[], nowMs: number): BurnUpSeries | undefined {
  const done = sessions.filter(({ state }) => state === 'done');
  const ends = done.flatMap(({ endedMs }) => usableTime(endedMs) ?? []).sort((a, b) => a - b);
  const [first] = ends;
  if (first === undefined) return undefined;
  const starts = sessions.flatMap(({ startedMs }) => usableTime(startedMs) ?? []);
  const fromMs = Math.min(
    starts.reduce((least, ms) => Math.min(least, ms), first),
    first,
    nowMs,
  );
  const doneWithoutTime = done.length - ends.length;
  const projection = projectEnd(ends, fromMs, sessions.length - done.length, nowMs);
  return {
    planned: sessions.length,
    done: done.length,
    doneWithoutTime,
    points: thinOut(ends.map((ms, index) => ({ ms, done: doneWithoutTime + index + 1 }))),
    fromMs,
    ...(projection && { projection }),
  };
}

function projectEnd(ends: readonly number[], fromMs: number, left: number, nowMs: number): Projection | undefined {
  const paceFromMs = Math.max(fromMs, nowMs - paceDays * dayMs);
  const days = (nowMs - paceFromMs) / dayMs;
  const done = ends.filter((ms) => ms >= paceFromMs && ms <= nowMs + dayMs).length;
  if (left === 0 || days < 1 || done < leastDone) return undefined;
  const daysAhead = (left / done) * days;
  return daysAhead > mostDaysAhead ? undefined : { ms: nowMs + daysAhead * dayMs, days: Math.round(days), done };
}

/** Of moments that fall on one place only the last, which has the count of all. */
function thinOut(points: readonly BurnUpPoint[]): readonly BurnUpPoint[] {
  const [first, last] = [points[0], points.at(-1)];
  if (points.length <= mostPoints || first === undefined || last === undefined) return points;
  const placeOf = (ms: number): number => Math.floor(((ms - first.ms) / Math.max(1, last.ms - first.ms)) * mostPoints);
  return points.filter(({ ms }, index) => {
    const next = points[index + 1];
    return next === undefined || placeOf(next.ms) !== placeOf(ms);
  });
}

/** What was done in a day or a week. */
export interface BurnUpRow {
  readonly fromMs: number;
  readonly done: number;
  readonly total: number;
}

/** A row per day on which something was done, or per week where that are more than `mostDays`. */
export function burnUpRows(
  sessions: readonly DashboardSession[],
  mostDays = 60,
): { readonly unit: 'day' | 'week'; readonly rows: readonly BurnUpRow[] } {
  const done = sessions.filter(({ state }) => state === 'done');
  const ends = done.flatMap(({ endedMs }) => usableTime(endedMs) ?? []).sort((a, b) => a - b);
  const days = countBy(ends, startOfDay);
  const unit = days.size > mostDays ? 'week' : 'day';
  let total = done.length - ends.length;
  const rows = [...(unit === 'day' ? days : countBy(ends, startOfWeek))].map(([fromMs, count]) => {
    total += count;
    return { fromMs, done: count, total };
  });
  return { unit, rows };
}

function countBy(times: readonly number[], placeOf: (ms: number) => number): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const ms of times) counts.set(placeOf(ms), (counts.get(placeOf(ms)) ?? 0) + 1);
  return counts;
}

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

function startOfWeek(ms: number): number {
  const at = new Date(startOfDay(ms));
  return at.setDate(at.getDate() - ((at.getDay() + 6) % 7));
}
