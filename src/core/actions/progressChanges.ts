import { clockOf } from '../base/localTime.ts';
import type { Effect, EffectText, StateEdit } from '../effects/effect.ts';
import type { ColumnRole } from '../model/progress.ts';
import type { SessionFile } from '../model/sessionFile.ts';
import { type CivilTime, formatTime, readTime } from '../model/time.ts';
import type { SessionEntry, Workspace } from '../model/workspace.ts';
import type { LocalTime } from '../ports/clock.ts';

/** What is to change of a session in its progress file. */
export interface ProgressChange {
  readonly now: LocalTime;
  /** Cells of its row; a row that is missing is added. */
  readonly cells?: Readonly<Partial<Record<ColumnRole, EffectText>>>;
  /** Its SESSION.md, whose notes move to its Session Notes, in the order of their times. */
  readonly notesOf?: Pick<SessionFile, 'notes' | 'startedAt'>;
  /** Lines for the end of its Session Notes. */
  readonly notes?: readonly string[];
}

/** A session as its progress file knows it. */
export interface TrackedSession {
  readonly id: string;
  readonly entry?: SessionEntry;
  readonly progressPath?: string;
}

/** Plans the edit of a session's progress file; none where there is no such file, or nothing to change. */
export function progressEffects(workspace: Workspace, session: TrackedSession, change: ProgressChange): Effect[] {
  if (session.progressPath === undefined) return [];
  const edits: StateEdit[] = [];
  if (change.cells) {
    const edit = session.entry
      ? rowEdit(workspace, session.entry, change.cells)
      : strayRowEdit(workspace, session, change.cells);
    if (edit) edits.push(edit, { kind: 'refresh-metrics', now: change.now });
  }
  if (change.notesOf && change.notesOf.notes.length > 0) {
    const since = clockIn(change.notesOf.startedAt);
    edits.push({ kind: 'merge-notes', ...noteAddress(session), lines: change.notesOf.notes, ...(since && { since }) });
  }
  if (change.notes && change.notes.length > 0) {
    edits.push({ kind: 'append-notes', ...noteAddress(session), lines: change.notes });
  }
  return edits.length === 0 ? [] : [{ kind: 'edit', path: session.progressPath, edits }];
}

/** The time of day, `HH:MM`, of a written time. */
function clockIn(written: string | undefined): string | undefined {
  const reading = written === undefined ? undefined : readTime(written);
  if (reading?.hour === undefined || reading.minute === undefined) return undefined;
  return `${String(reading.hour).padStart(2, '0')}:${String(reading.minute).padStart(2, '0')}`;
}

/** The time as cells get it; the write path gives it the form of the table. */
export function cellTime(now: CivilTime): string {
  return formatTime(now, 'dateTime');
}

/** The start of a session for a row that does not say it. */
export function startedCell(startedAt: string | undefined): { started?: { whereBlank: string } } {
  const reading = startedAt === undefined ? undefined : readTime(startedAt);
  if (reading?.year === undefined || reading.hour === undefined || reading.minute === undefined) return {};
  const { year, month, day, hour, minute } = reading;
  return { started: { whereBlank: formatTime({ year, month, day, hour, minute }, 'dateTime') } };
}

/** One line of a session's notes, with the time of day. */
export function timedNote(now: LocalTime, text: string): string {
  return `- [${clockOf(now)}] ${text.replace(/\s+/g, ' ').trim()}`;
}

function noteAddress({ id, entry }: TrackedSession): { id: string; title?: string; repository?: string } {
  const repository = entry?.table?.repository ?? entry?.repository;
  return {
    id,
    ...(entry && entry.title !== id && { title: entry.title }),
    ...(repository !== undefined && { repository }),
  };
}

/** For a session that no entry stands for, because its ID is there twice: then the edit says so, and nothing is guessed. */
function strayRowEdit(
  workspace: Workspace,
  { id, progressPath }: TrackedSession,
  cells: NonNullable<ProgressChange['cells']>,
): StateEdit | undefined {
  const tables = workspace.progress.find(({ path }) => path === progressPath)?.tables ?? [];
  const hasRow = tables.some(({ rows }) => rows.some((row) => row.id === id));
  return hasRow ? { kind: 'update-row', id, cells } : undefined;
}

function rowEdit(
  workspace: Workspace,
  entry: SessionEntry,
  cells: Readonly<Partial<Record<ColumnRole, EffectText>>>,
): StateEdit {
  if (entry.row && entry.table) {
    const { repository, section } = entry.table;
    return {
      kind: 'update-row',
      id: entry.id,
      ...(repository !== undefined && { repository }),
      ...(section !== undefined && { section }),
      cells,
    };
  }
  const tables = workspace.progress.find(({ path }) => path === entry.progressPath)?.tables ?? [];
  const named = tables.filter(({ repository }) => repository?.toLowerCase() === entry.repository?.toLowerCase());
  const repository =
    named.length > 0 ? named[0]?.repository : tables.every((table) => !table.repository) ? undefined : entry.repository;
  const week = entry.plan?.week;
  const section = week === undefined ? undefined : named.find((table) => isWeek(table.section, week))?.section;
  return {
    kind: 'add-row',
    id: entry.id,
    ...(repository !== undefined && { repository }),
    ...(section !== undefined && { section }),
    cells: { ...(entry.title !== entry.id && { title: entry.title }), ...cells },
  };
}

function isWeek(section: string | undefined, week: string): boolean {
  const [wanted, given] = [week, section].map((text) => /\d+/.exec(text ?? '')?.[0]);
  return wanted !== undefined && wanted === given && /^week/i.test(section ?? '');
}
