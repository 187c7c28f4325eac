import type { DashboardSession } from '../../core/model/dashboard.ts';
import type { Translate } from '../texts.ts';

/** The last moment of the year 9999: what lies beyond is a slip, and calendars of browsers refuse it. */
const lastMs = 253_402_300_799_999;

/** The time, where it is one that a calendar can show; anything else is as unknown as one that is absent. */
export function usableTime(ms: number | undefined): number | undefined {
  return ms !== undefined && ms >= 0 && ms <= lastMs ? ms : undefined;
}

/** Minutes, where they are a length that can be drawn. */
export function usableMinutes(minutes: number | undefined): number | undefined {
  return minutes !== undefined && minutes >= 0 && minutes <= lastMs / 60_000 ? minutes : undefined;
}

/** Writes moments in the way of a locale and in the zone of this machine. */
export interface DateTexts {
  /** `20 Nov 2026, 14:10` */
  moment(ms: number): string;
  /** `20 Nov 2026` */
  date(ms: number): string;
  /** `20 Nov` */
  day(ms: number): string;
  /** `14:10` */
  clock(ms: number): string;
  /** `Nov 2026` */
  month(ms: number): string;
  /** `2026` */
  year(ms: number): string;
  /** `1,234.5`, with so many decimal places at most. */
  number(value: number, places?: number): string;
}

const made = new Map<string, DateTexts>();

/** The texts of a locale (BCP 47); English where it is none. Kept, since making them costs milliseconds. */
export function dateTexts(locale: string): DateTexts {
  let texts = made.get(locale);
  if (texts === undefined) {
    texts = createDateTexts(isLocale(locale) ? locale : 'en');
    made.set(locale, texts);
  }
  return texts;
}

function isLocale(locale: string): boolean {
  try {
    return Intl.getCanonicalLocales(locale).length > 0;
  } catch {
    return false;
  }
}

function createDateTexts(locale: string): DateTexts {
  const formatter = (options: Intl.DateTimeFormatOptions): ((ms: number) => string) => {
    const format = new Intl.DateTimeFormat(locale, options);
    return (ms) => format.format(ms);
  };
  const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  return {
    moment: formatter({ year: 'numeric', month: 'short', day: 'numeric', ...clock }),
    date: formatter({ year: 'numeric', month: 'short', day: 'numeric' }),
    day: formatter({ month: 'short', day: 'numeric' }),
    clock: formatter(clock),
    month: formatter({ month: 'short', year: 'numeric' }),
    year: formatter({ year: 'numeric' }),
    number: (value, places = 0) => value.toLocaleString(locale, { maximumFractionDigits: places }),
  };
}

/** Minutes as people say them: `5 min`, `2 h 5 min`, `3 d 4 h` from two days on; `—` where they are not known. */
export function minutesText(t: Translate, minutes: number | undefined): string {
  const usable = usableMinutes(minutes);
  if (usable === undefined) return '—';
  const whole = Math.round(usable);
  if (whole < 60) return t('{0} min', whole);
  const hours = Math.floor(whole / 60);
  if (hours < 48) return whole % 60 === 0 ? t('{0} h', hours) : t('{0} h {1} min', hours, whole % 60);
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? t('{0} d', days) : t('{0} d {1} h', days, hours % 24);
}

/** A sum of work: from two days on in hours, since a day of work has no 24 of them. */
export function workText(t: Translate, dates: DateTexts, minutes: number): string {
  return minutes < 48 * 60 ? minutesText(t, minutes) : t('{0} h', dates.number(minutes / 60));
}

/** When a session started: a date alone where its file gives no more. */
export function startText(dates: DateTexts, { startedMs, startIsDate }: DashboardSession): string {
  return momentText(dates, startedMs, startIsDate);
}

/** When a session ended: a date alone where its file gives no more. */
export function endText(dates: DateTexts, { endedMs, endIsDate }: DashboardSession): string {
  return momentText(dates, endedMs, endIsDate);
}

function momentText(dates: DateTexts, ms: number | undefined, isDate = false): string {
  const usable = usableTime(ms);
  if (usable === undefined) return '—';
  return isDate ? dates.date(usable) : dates.moment(usable);
}

/** ID and title; tables without titles give the ID for one. */
export function nameOf({ id, title }: DashboardSession): string {
  return title === '' || title === id ? id : `${id} ${title}`;
}

/** A text of at most `most` characters, the end of a longer one given by an ellipsis. */
export function shorten(text: string, most: number): string {
  const characters = Array.from(text.slice(0, most * 4));
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
