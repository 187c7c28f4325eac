import { phrase } from '../base/phrase.ts';
import type { TextEdit } from '../base/textEdit.ts';
import { BatonError } from '../errors.ts';
import type { MarkdownDocument } from '../markdown/blocks.ts';
import {
  escapeCell,
  isBlankCell,
  plainCellText,
  planCellEdits,
  planRowInsert,
  readTableRow,
} from '../markdown/table.ts';
import type { ColumnRole, ProgressColumn, ProgressRow } from '../model/progress.ts';
import { isSessionId, nearestIds } from '../model/sessionId.ts';
import { writeStatus } from '../model/sessionStatus.ts';
import { type CivilTime, formatLike, readTime } from '../model/time.ts';
import { type ReadProgress, readProgress, readRowsOf } from './progress.ts';
import type { ReadTable } from './progressTables.ts';

/** Which row is meant; repository and section narrow it where the ID alone does not. */
export interface RowAddress {
  readonly id: string;
  readonly repository?: string;
  readonly section?: string;
}

/** What cells say after an edit. An empty text is written as `—`; a time as `YYYY-MM-DD HH:MM` takes the form that the table uses. */
export type RowCells = Partial<Readonly<Record<ColumnRole, string>>>;

const timeRoles: readonly ColumnRole[] = ['started', 'completed', 'date'];
const blank = '—';

/**
 * Changes cells of one row; cells whose column the table lacks are left out. `started` is never emptied. A table with a mere `Date` column
 * gets the completed, else the started time there.
 *
 * @throws BatonError `unknown-session` (with the nearest IDs), `ambiguous-session` (with the lines)
 */
export function planRowUpdate(text: string, path: string, address: RowAddress, cells: RowCells): TextEdit[] {
  const { doc, read, row } = findRow(text, path, address);
  const source = read.rows.get(row);
  return source === undefined ? [] : planCellEdits(read.table, source, changesOf({ doc, read, row }, cells));
}

/** What one cell is to say. */
export interface CellEdit {
  /** The column's header as plain text; of columns with one name the first is meant. */
  readonly column: string;
  /** An empty text is written as `—`, unless the cell is blank already. Line breaks become spaces, pipes are escaped. */
  readonly text: string;
  /** Plain text that the cell must still have, `''` for a blank one. */
  readonly was?: string;
}

/**
 * Writes one cell of a row, whatever its column means. A cell that says it already is left alone.
 *
 * @throws BatonError `unknown-session`, `ambiguous-session`, `unknown-item` for a column that the row's table lacks, `conflict` (with the
 *   current text) where the cell is not what it was
 */
export function planCellSet(text: string, path: string, address: RowAddress, edit: CellEdit): TextEdit[] {
  const { read, row } = findRow(text, path, address);
  const column = read.model.columns.find(({ name }) => name === edit.column);
  const source = read.rows.get(row);
  if (column === undefined || source === undefined) {
    const names = read.model.columns.map(({ name }) => name);
    throw new BatonError('unknown-item', phrase`The table of ${address.id} in ${path} has no column ${edit.column}.`, {
      hint: phrase`Its columns: ${names.join(', ')}.`,
      data: { id: address.id, columns: names },
    });
  }
  const raw = source.textAt(column.index);
  const wanted = escapeCell(edit.text);
  if (raw === wanted || (isBlankCell(raw) && isBlankCell(wanted))) return [];
  const current = isBlankCell(raw) ? '' : plainCellText(raw);
  if (edit.was !== undefined && current !== (isBlankCell(edit.was) ? '' : edit.was)) {
    throw new BatonError('conflict', phrase`${column.name} of ${address.id} says "${current}" by now.`, {
      hint: 'Look at it, and change it again.',
      data: { id: address.id, column: column.name, current },
    });
  }
  return planCellEdits(read.table, source, new Map([[column.index, isBlankCell(wanted) ? blank : wanted]]));
}

/**
 * Adds a row for a session to the table of its repository and section: to the last table that fits. What is not given is `—`, the status
 * Pending. Where the repository's tables have the session already, nothing changes.
 *
 * @throws BatonError `no-progress` where no table fits, `invalid-argument` for an ID that none can be
 */
export function planRowAdd(text: string, path: string, address: RowAddress, cells: RowCells = {}): TextEdit[] {
  if (!isSessionId(address.id)) {
    const hint = 'An ID has no spaces and no pipe, and does not begin with "-", e.g. BE-04.';
    throw new BatonError('invalid-argument', phrase`"${address.id}" cannot be the ID of a session.`, { hint });
  }
  const { doc, tables } = readRowsOf(text, address.id);
  const target = chooseTable(path, tables, address);
  const siblings = tables.filter(({ model }) => model.repository === target.model.repository);
  if (siblings.some(({ model }) => model.rows.some(({ id }) => id === address.id))) return [];
  const given: RowCells = { status: writeStatus('pending'), ...cells, id: address.id };
  const changes = changesOf({ doc, read: target }, given);
  const texts = target.model.columns.map((column) => changes.get(column.index) ?? defaultCell(doc, target, column));
  return planRowInsert(doc, target.table, 'end', texts);
}

function chooseTable(path: string, tables: readonly ReadTable[], { repository, section }: RowAddress): ReadTable {
  const inRepository = tables.filter(({ model }) => repository === undefined || sameName(model.repository, repository));
  const fitting = inRepository.filter(({ model }) => section === undefined || sameName(model.section, section));
  const target = fitting.at(-1) ?? inRepository.at(-1);
  if (target !== undefined) return target;
  const names = [...new Set(tables.flatMap(({ model }) => model.repository ?? []))];
  const hint =
    tables.length === 0
      ? 'Create one with "baton init", or add a table with the columns "Session" and "Status".'
      : phrase`Its tables are for: ${names.join(', ') || phrase`no repository`}.`;
  const what =
    repository === undefined ? phrase`no progress table` : phrase`no progress table for repository ${repository}`;
  throw new BatonError('no-progress', phrase`${path} has ${what}.`, { hint, data: { path, repositories: names } });
}

function sameName(name: string | undefined, wanted: string): boolean {
  return name?.toLowerCase() === wanted.toLowerCase();
}

/** @throws BatonError `unknown-session`, `ambiguous-session` */
function findRow(text: string, path: string, address: RowAddress): Required<Target> {
  const { doc, tables } = readRowsOf(text, address.id);
  const [only, second] = rowsOf(tables, address).filter(({ row }) => row.id === address.id);
  if (only === undefined || second !== undefined) throw noSuchRow(readProgress(text, path), address);
  return { doc, ...only };
}

interface FoundRow {
  readonly read: ReadTable;
  readonly row: ProgressRow;
}

/** The rows that an address may mean. Another repository's or section's row never counts where those are given. */
function rowsOf(tables: readonly ReadTable[], address: RowAddress): FoundRow[] {
  return tables
    .filter(({ model }) => address.repository === undefined || sameName(model.repository, address.repository))
    .filter(({ model }) => address.section === undefined || sameName(model.section, address.section))
    .flatMap((read) => read.model.rows.map((row) => ({ read, row })));
}

/** Says that a session has no row, or more than one. */
function noSuchRow({ progress, tables }: ReadProgress, address: RowAddress): BatonError {
  const all = rowsOf(tables, address);
  const found = all.filter(({ row }) => row.id === address.id);
  if (found.length === 0) {
    const ids = nearestIds(
      address.id,
      all.map(({ row }) => row.id),
    );
    const hint = ids.length === 0 ? `"baton sessions" lists those that it has.` : `Did you mean ${ids.join(' or ')}?`;
    const where = address.repository === undefined ? '' : ` for repository ${address.repository}`;
    const message = `${progress.path} has no row for session ${address.id}${where}.`;
    return new BatonError('unknown-session', message, { hint, data: { id: address.id, nearest: ids } });
  }
  const lines = found.map(({ row }) => row.line + 1);
  const message = phrase`${progress.path} has ${found.length} rows for session ${address.id}: lines ${lines.join(', ')}.`;
  const hint = 'Name the repository, or give one of the rows another ID.';
  return new BatonError('ambiguous-session', message, { hint, data: { id: address.id, lines } });
}

/** Where cells are written: into a row, or into one that is to be added to the table. */
interface Target {
  readonly doc: MarkdownDocument;
  readonly read: ReadTable;
  readonly row?: ProgressRow;
}

function changesOf(target: Target, cells: RowCells): Map<number, string> {
  const { row } = target;
  const { columns } = target.read.model;
  const changes = new Map<number, string>();
  const has = (role: ColumnRole): boolean => columns.some((column) => column.role === role);
  const hasTimes = has('started') || has('completed');
  const given: RowCells = hasTimes || cells.date !== undefined ? cells : withDate(columns, row, cells);
  for (const column of columns) {
    const value = column.role === 'other' ? undefined : given[column.role];
    if (value === undefined) continue;
    const old = row?.cells[column.index]?.text ?? '';
    if (isBlankCell(value)) {
      if (column.role === 'started' && !isBlankCell(old)) continue;
      // Whatever people put for "nothing" stays theirs.
      if (row === undefined || !isBlankCell(old) || old === '') changes.set(column.index, blank);
    } else changes.set(column.index, timeRoles.includes(column.role) ? likeOthers(target, column.index, value) : value);
  }
  return changes;
}

/** The day of completion, or of the start where the row has no date yet. */
function withDate(columns: readonly ProgressColumn[], row: ProgressRow | undefined, cells: RowCells): RowCells {
  const index = columns.find(({ role }) => role === 'date')?.index ?? -1;
  const isDated = !isBlankCell(row?.cells[index]?.text ?? '');
  const date = [cells.completed, isDated ? undefined : cells.started].find(
    (value) => value !== undefined && !isBlankCell(value),
  );
  return date === undefined ? cells : { ...cells, date };
}

/** A time in the form of the column's other rows, else of the table's other times, else of the row's own. What is no full time is written as it is. */
function likeOthers(target: Target, column: number, value: string): string {
  const reading = readTime(value);
  if (reading?.form !== 'dateTime' || reading.year === undefined) return value;
  const time: CivilTime = {
    year: reading.year,
    month: reading.month,
    day: reading.day,
    hour: reading.hour ?? 0,
    minute: reading.minute ?? 0,
  };
  const own = samplesNear(target, [column]);
  if (own.length > 0) return formatLike(time, own);
  const { columns } = target.read.model;
  const times = columns.filter(({ role }) => timeRoles.includes(role)).map(({ index }) => index);
  const others = samplesNear(target, times);
  // The first row with a time sets the form of its second one.
  return formatLike(time, others.length > 0 ? others : times.map((index) => target.row?.cells[index]?.text ?? ''));
}

/** So many times show which form people use, and so many rows are looked at for them: a table of thousands need not be read. */
const enoughSamples = 25;
const farthestSample = 200;

/** The times of the nearest rows above, and where those are few of the rows below, in the table's order. */
function samplesNear({ doc, read, row }: Target, columns: readonly number[]): string[] {
  const { block, header } = read.table;
  const above: string[][] = [];
  const below: string[][] = [];
  let count = 0;
  const timesAt = (line: number): string[] => {
    const source = readTableRow(doc, line, header.cellCount, block.contentStarts[line - block.line]);
    const times = columns.map((index) => source.textAt(index)).filter((text) => readTime(text) !== undefined);
    count += times.length;
    return times;
  };
  const from = row?.line ?? block.endLine;
  const first = Math.max(block.line + 2, from - farthestSample);
  const behind = Math.min(block.endLine, from + 1 + farthestSample);
  for (let line = from - 1; line >= first && count < enoughSamples; line--) above.unshift(timesAt(line));
  for (let line = from + 1; line < behind && count < enoughSamples; line++) below.push(timesAt(line));
  return [...above, ...below].flat();
}

/** A number column beside the IDs goes on counting; every other column says nothing yet. */
function defaultCell(doc: MarkdownDocument, { table }: ReadTable, { role, index }: ProgressColumn): string {
  if (role !== 'order') return blank;
  const { block, header } = table;
  const line = block.endLine - 1;
  if (line < block.line + 2) return '1';
  const last = readTableRow(doc, line, header.cellCount, block.contentStarts[line - block.line]).textAt(index);
  return /^\d+$/.test(last) ? String(Number(last) + 1).padStart(last.length, '0') : blank;
}
