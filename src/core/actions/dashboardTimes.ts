import { estimateMinutes } from '../formats/planMetadata.ts';
import { isBlankCell, plainCellText } from '../markdown/table.ts';
import type { DashboardSession } from '../model/dashboard.ts';
import type { ColumnRole } from '../model/progress.ts';
import { readTime, resolveTime } from '../model/time.ts';
import type { SessionEntry } from '../model/workspace.ts';
import type { LocalTime } from '../ports/clock.ts';

/** The parts of a session that are about time. */
export type SessionTimes = Pick<
  DashboardSession,
  'startedMs' | 'startIsDate' | 'endedMs' | 'endIsDate' | 'durationMinutes' | 'estimateMinutes'
>;

const minuteMs = 60_000;
/** From a day's first minute to its last. */
const lastMinuteMs = (24 * 60 - 1) * minuteMs;

/**
 * Reads when a session began and ended, and how long it took. A table with a mere `Date` column says the end of a done or failed session
 * there, else its start. What cannot be read as a time is left out.
 */
export function readSessionTimes(entry: SessionEntry, cells: RowTexts, now: LocalTime): SessionTimes {
  const hasEnded = entry.status === 'done' || entry.status === 'failed';
  const hasTimes = cells.byRole.has('started') || cells.byRole.has('completed');
  const date = cells.byRole.get('date');
  const start = momentOf(entry.started ?? (hasEnded || hasTimes ? undefined : date), now);
  const end = hasEnded ? momentOf(entry.completed ?? (hasTimes ? undefined : date), now) : undefined;
  const endMs = end === undefined ? undefined : end.ms + (end.isDate ? lastMinuteMs : 0);
  const estimate = readSessionEstimate(entry);
  const duration = readMinutes(cells.byRole.get('duration')) ?? minutesBetween(start, end);
  return {
    ...(start && { startedMs: start.ms, ...(start.isDate && { startIsDate: true }) }),
    ...(end && endMs !== undefined && { endedMs: endMs, ...(end.isDate && { endIsDate: true }) }),
    ...(duration !== undefined && { durationMinutes: duration }),
    ...(estimate !== undefined && { estimateMinutes: estimate }),
  };
}

/** The planned minutes of a session: the plan's, else the row's. */
export function readSessionEstimate({ plan, row }: SessionEntry): number | undefined {
  return plan?.estimateMinutes ?? readMinutes(row?.estimate);
}

/** The plain texts of a row's cells, `''` for one that says nothing (`—`). Of columns with one name the first counts. */
export interface RowTexts {
  readonly byName: ReadonlyMap<string, string>;
  readonly byRole: ReadonlyMap<ColumnRole, string>;
}

const noTexts: RowTexts = { byName: new Map(), byRole: new Map() };

/** Reads the cells of a session's row, all at once: a row makes them anew each time it is asked. */
export function readRowTexts({ row, table }: SessionEntry): RowTexts {
  if (row === undefined || table === undefined) return noTexts;
  const { cells } = row;
  const byName = new Map<string, string>();
  const byRole = new Map<ColumnRole, string>();
  for (const { name, role, index } of table.columns) {
    const raw = cells[index]?.text ?? '';
    const text = isBlankCell(raw) ? '' : plainCellText(raw);
    if (!byName.has(name)) byName.set(name, text);
    if (role !== 'other') byRole.set(role, text);
  }
  return { byName, byRole };
}

interface Moment {
  readonly ms: number;
  /** The text gives a day alone; `ms` is its beginning. */
  readonly isDate: boolean;
}

function momentOf(text: string | undefined, now: LocalTime): Moment | undefined {
  const reading = text === undefined ? undefined : readTime(text);
  if (reading === undefined) return undefined;
  return { ms: resolveTime(reading, now), isDate: reading.hour === undefined };
}

/** Whole minutes, where both ends are known to the minute and in their order. */
function minutesBetween(start: Moment | undefined, end: Moment | undefined): number | undefined {
  if (start === undefined || end === undefined || start.isDate || end.isDate || end.ms < start.ms) return undefined;
  return Math.round((end.ms - start.ms) / minuteMs);
}

/** `1h 30m` and other forms of an estimate, `1:30` (hours and minutes), and a mere number, which is minutes. */
function readMinutes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const clock = /^~?(\d{1,4}):([0-5]\d)(?:\s*h)?$/.exec(text.trim());
  if (clock !== null) return Number(clock[1]) * 60 + Number(clock[2]);
  const mere = /^~?(\d{1,5})$/.exec(text.trim());
  return mere === null ? estimateMinutes(text) : Number(mere[1]);
}
