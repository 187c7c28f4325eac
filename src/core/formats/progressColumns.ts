import { plainCellText, type Table, type TableRow } from '../markdown/table.ts';
import type { ColumnRole, ProgressColumn } from '../model/progress.ts';
import { isSessionId } from '../model/sessionId.ts';

/** Header names, in lower case, by what they mean (formats.md §2.4, §5). */
const names: Readonly<Record<Exclude<ColumnRole, 'other'>, readonly string[]>> = {
  id: ['session id', 'id', 'sid', 'session'],
  order: ['#', 'no', 'no.', 'nr', 'nr.', 'order', 'step'],
  title: ['title', 'session title', 'session name', 'name', 'task', 'description'],
  status: ['status', 'state'],
  started: ['started', 'start', 'started at', 'start time', 'start date', 'started on'],
  completed: [
    'completed',
    'complete',
    'done',
    'finished',
    'finish',
    'ended',
    'end',
    'completed at',
    'finished at',
    'end time',
    'end date',
  ],
  date: ['date', 'updated', 'last updated'],
  duration: ['duration', 'elapsed', 'time'],
  commit: ['commit', 'commits', 'hash', 'commit hash', 'sha'],
  branch: ['branch'],
  model: ['model'],
  dependencies: ['dependencies', 'dependency', 'depends on', 'depends', 'after', 'deps', 'requires', 'can run after'],
  estimate: ['estimate', 'estimated', 'est', 'est.', 'estimated time'],
  notes: ['notes', 'note', 'comment', 'comments', 'remarks'],
};

const roles: ReadonlyMap<string, ColumnRole> = new Map(
  (Object.keys(names) as (keyof typeof names)[]).flatMap((role) =>
    names[role].map((name): [string, ColumnRole] => [name, role]),
  ),
);

/** The columns of a table with what they mean; `readRows` gives its rows where only they tell. Of several columns with one meaning the first has it; the others are `other`. */
export function readColumns(table: Pick<Table, 'header'>, readRows: () => readonly TableRow[]): ProgressColumn[] {
  const headers = table.header.cells.map((cell) => plainCellText(cell.text));
  const columns = headers.map((name, index) => ({ index, name, role: roles.get(name.toLowerCase()) ?? 'other' }));
  const idIndex = chooseIdColumn(columns, readRows);
  const taken = new Set<ColumnRole>();
  return columns.map((column) => {
    let role = column.index === idIndex ? 'id' : column.role;
    if (role === 'id' && column.index !== idIndex) role = titleIsFree(columns) ? 'title' : 'other';
    if (role !== 'other' && taken.has(role)) role = 'other';
    taken.add(role);
    return { ...column, role };
  });
}

function titleIsFree(columns: readonly ProgressColumn[]): boolean {
  return !columns.some(({ role }) => role === 'title');
}

/**
 * The column that holds the IDs: one that is called so; else `Session`; but where a number column stands beside `Session` and the cells of
 * `Session` are mostly titles, the number is the ID.
 */
function chooseIdColumn(columns: readonly ProgressColumn[], readRows: () => readonly TableRow[]): number | undefined {
  const candidates = columns.filter(({ role }) => role === 'id');
  const named = candidates.find(({ name }) => name.toLowerCase() !== 'session');
  if (named !== undefined) return named.index;
  const session = candidates[0];
  const order = columns.find(({ role }) => role === 'order');
  if (session === undefined || order === undefined) return session?.index;
  return holdsMostlyIds(readRows(), session.index) ? session.index : order.index;
}

function holdsMostlyIds(rows: readonly TableRow[], column: number): boolean {
  const cells = rows.map((row) => readIdCell(row.textAt(column))).filter((reading) => reading !== 'blank');
  const ids = cells.filter((reading) => reading !== 'unreadable' && (reading.title === undefined || reading.marked));
  return ids.length * 2 > cells.length || cells.length === 0;
}

/** What an ID cell says. */
export interface IdReading {
  readonly id: string;
  /** A title behind the ID: `BE-01: Scaffold`. */
  readonly title?: string;
  /** True where punctuation shows that the first word is an ID and the rest a title. */
  readonly marked: boolean;
}

/**
 * Reads an ID cell: one word, with formatting, a link, marks around it (`S.C.2 ◆`) or `Session ` before it (`Session 4½`) left out; or an
 * ID with a digit and a title behind it. `blank` for an empty cell and for placeholders such as `_(none)_`.
 */
export function readIdCell(cell: string): IdReading | 'blank' | 'unreadable' {
  // Most IDs are one plain word.
  if (/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(cell) && cell.toLowerCase() !== 'none') return { id: cell, marked: true };
  const words = plainCellText(cell)
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const text = words.join(' ');
  if (text === '' || /^&nbsp;$|^\(.*\)$|^(?:none|n\/a|no sessions?\b.*)$/i.test(text)) return 'blank';
  if (words.length > 1 && /^session:?$/i.test(words[0] ?? '')) words.shift();
  const [first = '', ...rest] = words;
  if (rest.length === 0 || (rest.length > 0 && /^\(.*\)$/.test(rest.join(' ')))) {
    const id = first.replace(/:$/, '');
    return isSessionId(id) ? { id, marked: true } : 'unreadable';
  }
  const id = first.replace(/:$/, '');
  if (!/\p{N}/u.test(id) || !isSessionId(id)) return 'unreadable';
  return { id, title: rest.join(' '), marked: first.endsWith(':') || /^\S+\s+[—–-]\s/.test(plainCellText(cell)) };
}
