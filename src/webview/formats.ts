import type { Translate } from './texts.ts';

/** A length of time in words: `2 h 5 min`, `3 d 4 h` from two days on. Not known minutes give an empty text. */
export function durationText(t: Translate, minutes: number | undefined): string {
  if (minutes === undefined) return '';
  const whole = Math.max(0, Math.round(minutes));
  if (whole < 60) return t('{0} min', whole);
  const hours = Math.floor(whole / 60);
  if (hours < 48) return whole % 60 === 0 ? t('{0} h', hours) : t('{0} h {1} min', hours, whole % 60);
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? t('{0} d', days) : t('{0} d {1} h', days, hours % 24);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** A moment as the locale writes it, with the time of day unless it `isDate`. */
export function momentText(locale: string, moment: number | undefined, isDate = false): string {
  if (moment === undefined) return '';
  const key = `${locale} ${isDate}`;
  const found = formatters.get(key) ?? createFormatter(locale, isDate);
  formatters.set(key, found);
  return found.format(moment);
}

function createFormatter(locale: string, isDate: boolean): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', ...(isDate ? {} : { timeStyle: 'short' }) });
}

const numbers = new Map<string, Intl.NumberFormat>();

/** A number as the locale writes it. */
export function numberText(locale: string, value: number): string {
  const found = numbers.get(locale) ?? new Intl.NumberFormat(locale);
  numbers.set(locale, found);
  return found.format(value);
}

/** How much of `total` is done, 0–100; the last percent is for the last one. */
export function percentOf(done: number, total: number): number {
  return total === 0 ? 0 : Math.floor((done / total) * 100);
}
