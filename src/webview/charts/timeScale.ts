import type { DateTexts } from './formatTexts.ts';

/** A place on a time axis. */
export interface Tick {
  readonly ms: number;
  readonly label: string;
}

type Unit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

const unitMs: Readonly<Record<Unit, number>> = {
  minute: minuteMs,
  hour: hourMs,
  day: dayMs,
  week: 7 * dayMs,
  month: 30.4 * dayMs,
  year: 365.25 * dayMs,
};

/** What may lie between two ticks, the shortest first. */
const steps: readonly (readonly [count: number, unit: Unit])[] = [
  ...[5, 15, 30].map((count) => [count, 'minute'] as const),
  ...[1, 3, 6, 12].map((count) => [count, 'hour'] as const),
  ...[1, 2].map((count) => [count, 'day'] as const),
  ...[1, 2].map((count) => [count, 'week'] as const),
  ...[1, 3, 6].map((count) => [count, 'month'] as const),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].map((count) => [count, 'year'] as const),
];

/** Ticks at round moments of the local calendar between two moments, at most about `most` of them. */
export function ticksBetween(fromMs: number, toMs: number, most: number, dates: DateTexts): readonly Tick[] {
  const span = toMs - fromMs;
  const [count, unit] = steps.find(([each, of]) => span / (each * unitMs[of]) <= most) ?? [2000, 'year'];
  const ticks: Tick[] = [];
  const at = firstTick(fromMs, count, unit);
  while (at.getTime() <= toMs && ticks.length <= most + 1) {
    const ms = at.getTime();
    if (ms >= fromMs) ticks.push({ ms, label: labelOf(at, unit, ticks.length === 0, dates) });
    advance(at, count, unit);
    if (!(at.getTime() > ms)) break;
  }
  return ticks;
}

function firstTick(fromMs: number, count: number, unit: Unit): Date {
  const at = new Date(fromMs);
  at.setSeconds(0, 0);
  if (unit === 'minute') at.setMinutes(at.getMinutes() - (at.getMinutes() % count));
  else at.setMinutes(0);
  if (unit === 'hour') at.setHours(at.getHours() - (at.getHours() % count));
  else if (unit !== 'minute') at.setHours(0);
  if (unit === 'week') at.setDate(at.getDate() - ((at.getDay() + 6) % 7));
  if (unit === 'month' || unit === 'year') at.setDate(1);
  if (unit === 'month') at.setMonth(at.getMonth() - (at.getMonth() % count));
  if (unit === 'year') at.setFullYear(at.getFullYear() - (at.getFullYear() % count), 0);
  return at;
}

function advance(at: Date, count: number, unit: Unit): void {
  if (unit === 'minute') at.setMinutes(at.getMinutes() + count);
  else if (unit === 'hour') at.setHours(at.getHours() + count);
  else if (unit === 'day') at.setDate(at.getDate() + count);
  else if (unit === 'week') at.setDate(at.getDate() + 7 * count);
  else if (unit === 'month') at.setMonth(at.getMonth() + count);
  else at.setFullYear(at.getFullYear() + count);
}

function labelOf(at: Date, unit: Unit, isFirst: boolean, dates: DateTexts): string {
  const ms = at.getTime();
  if (unit === 'year') return dates.year(ms);
  if (unit === 'month') return dates.month(ms);
  if (unit === 'day' || unit === 'week') return dates.day(ms);
  if (at.getHours() === 0 && at.getMinutes() === 0) return dates.day(ms);
  return isFirst ? `${dates.day(ms)} ${dates.clock(ms)}` : dates.clock(ms);
}

/** Round numbers from 0 up to at least `greatest`, about `most` of them; whole numbers alone. */
export function roundNumbers(greatest: number, most: number): readonly number[] {
  const rough = Math.max(1, greatest / most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power);
  return Array.from({ length: Math.ceil(greatest / step - 1e-9) + 1 }, (_, index) => index * step);
}
