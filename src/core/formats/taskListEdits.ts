import { editsBetween } from '../base/editsBetween.ts';
import { isoTimeOf } from '../base/localTime.ts';
import { phrase } from '../base/phrase.ts';
import { applyEdits, type TextEdit } from '../base/textEdit.ts';
import { BatonError } from '../errors.ts';
import { lineEndingOf } from '../markdown/lines.ts';
import { formatRow, planCellEdits } from '../markdown/table.ts';
import { nearestIds } from '../model/sessionId.ts';
import type { Task, TaskColumn, TaskStatus, TaskTable } from '../model/taskList.ts';
import { formatTime, readTime } from '../model/time.ts';
import type { LocalTime } from '../ports/clock.ts';
import type { FrontmatterReader } from '../ports/frontmatter.ts';
import { type ReadTaskList, readTaskList } from './taskList.ts';
import { rowAt } from './taskListCells.ts';
import { planConflictUnion, unresolvedIn } from './taskListConflicts.ts';

/** A task that gets a row. */
export interface NewTaskRow {
  readonly id: string;
  readonly title: string;
  readonly status: TaskStatus;
  readonly after: readonly string[];
}

/** What the cells of a task's row say after an edit; an empty text is written as `—`. */
export type TaskCells = Readonly<Partial<Record<TaskColumn, string>>>;

const blank = '—';

/**
 * Plans edits of a task list against its text. Conflicts of a merge in which each side only added rows are resolved on the way; other
 * marks in the table stop the edit, marks elsewhere are left alone.
 *
 * @throws BatonError `merge-in-progress`; whatever `plan` throws
 */
export function planListEdit(
  text: string,
  path: string,
  frontmatter: FrontmatterReader | undefined,
  plan: (read: ReadTaskList) => readonly TextEdit[],
): readonly TextEdit[] {
  const read = readTaskList(text, path, frontmatter);
  if (read.outline.conflicts.length === 0) return plan(read);
  const resolved = applyEdits(text, planConflictUnion(read.outline, read.list.table, read.list.log));
  const clean = resolved === text ? read : readTaskList(resolved, path, frontmatter);
  assertResolved(clean);
  const edits = plan(clean);
  return edits.length === 0 ? [] : editsBetween(text, applyEdits(resolved, edits));
}

function assertResolved({ outline, list }: ReadTaskList): void {
  const [conflict] = list.table === undefined ? outline.conflicts : unresolvedIn(outline, list.table);
  if (conflict === undefined) return;
  throw new BatonError(
    'merge-in-progress',
    phrase`${list.path} has conflict marks in its table (line ${conflict.oursLine + 1})`,
    {
      hint: 'Choose one of the two sides, remove the marks and try again.',
      data: { path: list.path, line: conflict.oursLine + 1 },
    },
  );
}

/**
 * Finds the one row of a task.
 *
 * @throws BatonError `unknown-task` (with the nearest IDs), `ambiguous-task` (with the lines)
 */
export function findTaskRow<T extends Task>(
  list: { readonly id: string; readonly path: string },
  tasks: readonly T[],
  id: string,
): T {
  const found = tasks.filter((task) => task.id === id);
  const [only, second] = found.length > 0 ? found : tasks.filter((task) => task.id.toLowerCase() === id.toLowerCase());
  if (only !== undefined && second === undefined) return only;
  if (only === undefined) {
    const nearest = nearestIds(
      id,
      tasks.map((task) => task.id),
    );
    throw new BatonError('unknown-task', phrase`${list.id} has no task ${id}`, {
      hint:
        nearest.length > 0
          ? phrase`Did you mean ${nearest.join(' or ')}?`
          : phrase`\`baton tasks show ${list.id}\` lists its tasks.`,
      data: { list: list.id, task: id, nearest },
    });
  }
  const lines = found.map(({ line }) => line + 1);
  throw new BatonError(
    'ambiguous-task',
    phrase`${list.path} has ${found.length} rows for ${id}: lines ${lines.join(', ')}`,
    {
      hint: 'Give one of the rows another ID, or remove it.',
      data: { list: list.id, task: id, path: list.path, lines },
    },
  );
}

/** Changes cells of one row; cells whose column the table lacks are left out. */
export function planTaskCells({ outline, list }: ReadTaskList, task: Task, cells: TaskCells): TextEdit[] {
  return list.table === undefined ? [] : planRowCells(outline, list.table, task.line, cells);
}

/** Changes cells of one row of a table, by the names of its columns. */
export function planRowCells<K extends string>(
  outline: ReadTaskList['outline'],
  table: {
    readonly headerLine: number;
    readonly columnCount: number;
    readonly columns: Readonly<Partial<Record<K, number>>>;
  },
  line: number,
  cells: Readonly<Partial<Record<K, string>>>,
): TextEdit[] {
  const changes = new Map<number, string>();
  for (const [name, value] of Object.entries(cells) as [K, string | undefined][]) {
    const index = table.columns[name];
    if (index !== undefined && value !== undefined) changes.set(index, value === '' ? blank : value);
  }
  const header = rowAt(outline, table.headerLine, table.columnCount);
  return planCellEdits({ header }, rowAt(outline, line, table.columnCount), changes);
}

/**
 * Adds rows, one behind the other, so that the first becomes number `index` of the tasks.
 *
 * @throws BatonError `invalid-argument` where the table has no column for what the tasks say
 */
export function planTaskRows(read: ReadTaskList, rows: readonly NewTaskRow[], index: number): TextEdit[] {
  const { outline, list } = read;
  if (rows.length === 0) return [];
  const table = list.table;
  if (table === undefined) return planNewTable(read, rows);
  if (table.columns.after === undefined && rows.some(({ after }) => after.length > 0))
    throw noColumn(list.path, 'After');
  const texts = rows.map((row) => formatRow(cellsOfRow(table, row)));
  const line = index <= 0 ? table.headerLine + 1 : (list.tasks[index - 1]?.line ?? lastRowLine(read, table));
  const { start, end } = outline.lines.rangeOf(line);
  const indent = /^[ \t]*/.exec(outline.text.slice(start, end))?.[0] ?? '';
  const ending = lineEndingOf(outline.text, end);
  return [{ start: end, end, newText: texts.map((text) => `${ending}${indent}${text}`).join('') }];
}

/** The last line of the table, which may hold a row that is no task. */
function lastRowLine({ list }: ReadTaskList, table: TaskTable): number {
  return Math.max(table.headerLine + 1, list.tasks.at(-1)?.line ?? 0, table.endLine - 1);
}

function cellsOfRow(table: TaskTable, { id, title, status, after }: NewTaskRow): string[] {
  const cells = Array.from({ length: table.columnCount }, () => blank);
  const values: TaskCells = { task: id, status, title, after: after.join(', ') };
  for (const [name, value] of Object.entries(values) as [TaskColumn, string][]) {
    const index = table.columns[name];
    if (index !== undefined && value !== '') cells[index] = value;
  }
  return cells;
}

/** The lines of a table of tasks. */
export function taskTableLines(rows: readonly NewTaskRow[]): string[] {
  return [
    '| Task | Status | Title | After | Session | Updated |',
    '|------|--------|-------|-------|---------|---------|',
    ...rows.map(({ id, status, title, after }) =>
      formatRow([id, status, title, after.join(', ') || blank, blank, blank]),
    ),
  ];
}

function planNewTable({ outline }: ReadTaskList, rows: readonly NewTaskRow[]): TextEdit[] {
  const before = outline.headings.find(({ level }) => level >= 2);
  const ending = lineEndingOf(outline.text);
  const lines = taskTableLines(rows).join(ending);
  if (before !== undefined)
    return [{ start: before.range.start, end: before.range.start, newText: `${lines}${ending}${ending}` }];
  const end = outline.text.length;
  const gap = outline.text === '' ? '' : /[\r\n]$/.test(outline.text) ? ending : ending + ending;
  return [{ start: end, end, newText: `${gap}${lines}${ending}` }];
}

/** Takes a row away with its line. */
export function planRowRemove({ outline }: Pick<ReadTaskList, 'outline'>, line: number): TextEdit {
  const { text, lines } = outline;
  const { start, end } = lines.rangeOf(line);
  if (line + 1 < lines.lineCount) return { start, end: lines.rangeOf(line + 1).start, newText: '' };
  return { start: line > 0 ? lines.rangeOf(line - 1).end : start, end: Math.max(end, text.length), newText: '' };
}

/** Moves a row so that it becomes number `index` of the tasks (counted without it). Nothing where it is that already. */
export function planRowMove(read: ReadTaskList, task: Task, index: number): TextEdit[] {
  const { outline, list } = read;
  if (list.table === undefined) return [];
  const others = list.tasks.filter((other) => other !== task);
  if (list.tasks.indexOf(task) === Math.min(Math.max(index, 0), others.length)) return [];
  const anchor = index <= 0 ? list.table.headerLine + 1 : (others[Math.min(index, others.length) - 1]?.line ?? 0);
  const at = outline.lines.rangeOf(anchor).end;
  const row = outline.text.slice(task.range.start, task.range.end);
  const insert = { start: at, end: at, newText: `${lineEndingOf(outline.text, at)}${row}` };
  return [planRowRemove(read, task.line), insert];
}

/** A moment in the form of the list's other times, else ISO 8601 to the minute with zone. */
export function stampLike(now: LocalTime, samples: readonly (string | undefined)[]): string {
  const sample = samples.findLast((text) => text !== undefined && readTime(text) !== undefined);
  const form = sample === undefined ? undefined : readTime(sample)?.form;
  return form === 'dateTime' ? formatTime(now, 'dateTime') : minuteStamp(now);
}

/** `2026-01-02T09:00+01:00` */
export function minuteStamp(now: LocalTime): string {
  return isoTimeOf(now).replace(/:\d{2}(?=[+-]\d{2}:\d{2}$)/, '');
}

/** The refusal of a value for which the table has no column. */
export function noColumn(path: string, name: string): BatonError {
  return new BatonError('invalid-argument', phrase`The table of ${path} has no column "${name}"`, {
    hint: 'Add that column to its header, delimiter row and rows, and try again.',
    data: { path, column: name },
  });
}
