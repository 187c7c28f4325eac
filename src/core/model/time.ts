/** A moment as the calendar and the clock on the wall show it. The ports' `LocalTime` is one. */
export interface CivilTime {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

/** The forms in which progress files and SESSION.md give times (formats.md §2.4, §5). */
export type TimeForm = 'dateTime' | 'shortDateTime' | 'date' | 'shortDate' | 'monthName' | 'iso';

/** A time that was read. What the text does not say is undefined. */
export interface TimeReading {
  readonly form: TimeForm;
  readonly year?: number;
  readonly month: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  /** Minutes east of UTC. */
  readonly offsetMinutes?: number;
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-01-02 09:00` */
const dateTime = /^(\d{4})-(\d{2})-(\d{2})[ \t]+(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
/** `01-02 09:00` */
const shortDateTime = /^(\d{2})-(\d{2})[ \t]+(\d{1,2}):(\d{2})$/;
const date = /^(\d{4})-(\d{2})-(\d{2})$/;
const shortDate = /^(\d{2})-(\d{2})$/;
/** `Nov 17, 2025`, the month in full too. */
const monthName = /^([A-Za-z]{3})[a-z]*\.?[ \t]+(\d{1,2}),?[ \t]+(\d{4})$/;
/** ISO 8601; real files also leave the colon of the offset out. */
const iso = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:(Z)|([+-])(\d{2}):?(\d{2}))?$/i;

/** Reads a time in one of the known forms; undefined for anything else, which is to be kept and shown as it is. */
export function readTime(text: string): TimeReading | undefined {
  const reading = matchTime(text.trim());
  return reading !== undefined && isPossible(reading) ? reading : undefined;
}

function matchTime(text: string): TimeReading | undefined {
  let match = dateTime.exec(text);
  if (match !== null) return { form: 'dateTime', ...dateParts(match, 1), ...clockParts(match, 4) };
  match = shortDateTime.exec(text);
  if (match !== null)
    return { form: 'shortDateTime', month: Number(match[1]), day: Number(match[2]), ...clockParts(match, 3) };
  match = date.exec(text);
  if (match !== null) return { form: 'date', ...dateParts(match, 1) };
  match = shortDate.exec(text);
  if (match !== null) return { form: 'shortDate', month: Number(match[1]), day: Number(match[2]) };
  match = iso.exec(text);
  if (match !== null) return { form: 'iso', ...dateParts(match, 1), ...clockParts(match, 4), ...offsetOf(match) };
  match = monthName.exec(text);
  if (match === null) return undefined;
  const month = monthNames.findIndex((name) => name.toLowerCase() === match?.[1]?.toLowerCase()) + 1;
  return { form: 'monthName', year: Number(match[3]), month, day: Number(match[2]) };
}

function dateParts(match: RegExpExecArray, at: number): { year: number; month: number; day: number } {
  return { year: Number(match[at]), month: Number(match[at + 1]), day: Number(match[at + 2]) };
}

function clockParts(match: RegExpExecArray, at: number): { hour: number; minute: number; second?: number } {
  const second = match[at + 2];
  const parts = { hour: Number(match[at]), minute: Number(match[at + 1]) };
  return second === undefined ? parts : { ...parts, second: Number(second) };
}

function offsetOf(match: RegExpExecArray): { offsetMinutes?: number } {
  if (match[7] !== undefined) return { offsetMinutes: 0 };
  if (match[8] === undefined) return {};
  const minutes = Number(match[9]) * 60 + Number(match[10]);
  return { offsetMinutes: match[8] === '-' ? -minutes : minutes };
}

function isPossible({ month, day, year, hour = 0, minute = 0, second = 0 }: TimeReading): boolean {
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 60) return false;
  // A year that is not said may be a leap year.
  return day >= 1 && day <= new Date(Date.UTC(year ?? 2000, month, 0)).getUTCDate();
}

/** Writes a time in a form. An ISO time is written without zone: a civil time does not know one. */
export function formatTime(time: CivilTime, form: TimeForm): string {
  const monthAndDay = `${pad(time.month)}-${pad(time.day)}`;
  const clock = `${pad(time.hour)}:${pad(time.minute)}`;
  const year = String(time.year).padStart(4, '0');
  switch (form) {
    case 'dateTime':
      return `${year}-${monthAndDay} ${clock}`;
    case 'shortDateTime':
      return `${monthAndDay} ${clock}`;
    case 'date':
      return `${year}-${monthAndDay}`;
    case 'shortDate':
      return monthAndDay;
    case 'monthName':
      return `${monthNames[time.month - 1] ?? ''} ${time.day}, ${year}`;
    case 'iso':
      return `${year}-${monthAndDay}T${clock}`;
  }
}

/** Writes a time in the form that most of `samples` have (among equals the last one's), else as `YYYY-MM-DD HH:MM`. */
export function formatLike(time: CivilTime, samples: readonly string[]): string {
  const counts = new Map<TimeForm, number>();
  let best: TimeForm = 'dateTime';
  for (const sample of samples) {
    const form = readTime(sample)?.form;
    if (form === undefined) continue;
    counts.set(form, (counts.get(form) ?? 0) + 1);
    if ((counts.get(form) ?? 0) >= (counts.get(best) ?? 0)) best = form;
  }
  return formatTime(time, best);
}

/**
 * The moment that a reading means, in milliseconds since the epoch. What it does not say is taken from `now`: the zone, and the year,
 * which is last year's where the date would else lie more than a day ahead.
 */
export function resolveTime(reading: TimeReading, now: CivilTime & { readonly offsetMinutes: number }): number {
  const offsetMs = (reading.offsetMinutes ?? now.offsetMinutes) * 60_000;
  const at = (year: number): number =>
    Date.UTC(year, reading.month - 1, reading.day, reading.hour ?? 0, reading.minute ?? 0, reading.second ?? 0) -
    offsetMs;
  if (reading.year !== undefined) return at(reading.year);
  const dayAheadMs = Date.UTC(now.year, now.month - 1, now.day + 1, now.hour, now.minute) - now.offsetMinutes * 60_000;
  return at(now.year) > dayAheadMs ? at(now.year - 1) : at(now.year);
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
