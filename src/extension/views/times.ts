import * as vscode from 'vscode';
import { readTime, resolveTime } from '../../core/model/time.ts';
import type { LocalTime } from '../../core/ports/clock.ts';
import { systemClock } from '../../platform/systemClock.ts';

/**
 * Whole minutes between two times as texts (the second absent: until now); undefined where one
 * cannot be read, says no time of day, or they run backwards. Seconds do not count, because tables have none:
 * what SESSION.md and the progress table say of one session is then the same.
 */
export function minutesBetween(from: string | undefined, to?: string): number | undefined {
  const now = systemClock.now();
  const start = from === undefined ? undefined : momentOf(from, now);
  const end = to === undefined ? now.epochMs : momentOf(to, now);
  if (start === undefined || end === undefined || end < start) return undefined;
  return Math.floor(end / 60_000) - Math.floor(start / 60_000);
}

function momentOf(text: string, now: LocalTime): number | undefined {
  const reading = readTime(text);
  return reading?.hour === undefined ? undefined : resolveTime(reading, now);
}

/** Says a duration: `35 min`, `1 h 05 min`, `3 d 2 h`. */
export function formatMinutes(minutes: number): string {
  if (minutes < 60) return vscode.l10n.t('{0} min', minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return vscode.l10n.t('{0} h {1} min', hours, String(minutes % 60).padStart(2, '0'));
  return vscode.l10n.t('{0} d {1} h', Math.floor(hours / 24), hours % 24);
}

/** Says a duration in milliseconds: `0.4 s`, `12 s`, `3 min`. */
export function formatMs(milliseconds: number): string {
  if (milliseconds < 10_000) return vscode.l10n.t('{0} s', (milliseconds / 1000).toFixed(1));
  if (milliseconds < 120_000) return vscode.l10n.t('{0} s', Math.round(milliseconds / 1000));
  return formatMinutes(Math.round(milliseconds / 60_000));
}
