import type { Range } from '../base/range.ts';
import { type Outline, type OutlineTable, outlineSection } from '../markdown/outline.ts';
import { isBlankCell, plainCellText, readTableRow, type TableRow } from '../markdown/table.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import {
  isTaskId,
  type ListSession,
  readTaskStatus,
  type SessionLog,
  type Task,
  type TaskColumn,
  type TaskTable,
} from '../model/taskList.ts';

/** Header names, in lower case, by what they mean. */
const taskHeaders: ReadonlyMap<string, TaskColumn> = new Map([
  ['task', 'task'],
  ['task id', 'task'],
  ['id', 'task'],
  ['status', 'status'],
  ['state', 'status'],
  ['title', 'title'],
  ['name', 'title'],
  ['subject', 'title'],
  ['description', 'title'],
  ['after', 'after'],
  ['depends on', 'after'],
  ['dependencies', 'after'],
  ['blocked by', 'after'],
  ['session', 'session'],
  ['updated', 'updated'],
  ['last updated', 'updated'],
]);

const sessionHeaders: ReadonlyMap<string, keyof SessionLog['columns']> = new Map([
  ['session', 'number'],
  ['#', 'number'],
  ['no', 'number'],
  ['started', 'started'],
  ['start', 'started'],
  ['ended', 'ended'],
  ['end', 'ended'],
  ['who', 'who'],
  ['by', 'who'],
  ['completed', 'completed'],
]);

/** Finds the table of tasks: the first one with an ID column and a status column. */
export function findTaskTable(outline: Outline): TaskTable | undefined {
  for (const table of outline.tables) {
    const { columns, count } = readHeader(outline, table, taskHeaders);
    if (columns.task === undefined || columns.status === undefined) continue;
    return {
      range: rangeOfLines(outline, table.line, table.endLine),
      headerLine: table.line,
      endLine: table.endLine,
      columns,
      columnCount: count,
    };
  }
  return undefined;
}

/** Finds the log of working sessions: a table with a number and a start, under a heading `Sessions`. */
export function findSessionLog(outline: Outline, tasks: TaskTable | undefined): SessionLog | undefined {
  const heading = outline.headings.findLast(({ level, text }) => level >= 2 && level <= 3 && /^sessions$/i.test(text));
  if (heading === undefined) return undefined;
  const body = outlineSection(outline, heading);
  for (const table of outline.tables) {
    const { start } = outline.lines.rangeOf(table.line);
    if (start < body.start || start >= body.end || table.line === tasks?.headerLine) continue;
    const { columns, count } = readHeader(outline, table, sessionHeaders);
    if (columns.number === undefined || columns.started === undefined) continue;
    return { headerLine: table.line, endLine: table.endLine, columns, columnCount: count };
  }
  return undefined;
}

/** The row on a line, with the places of its cells. */
export function rowAt(outline: Pick<Outline, 'text' | 'lines'>, line: number, columnCount: number): TableRow {
  return readTableRow(outline, line, columnCount, contentStart(outline, line));
}

function contentStart({ text, lines }: Pick<Outline, 'text' | 'lines'>, line: number): number {
  const { start, end } = lines.rangeOf(line);
  let at = start;
  while (at < end && (text[at] === ' ' || text[at] === '\t')) at++;
  return at;
}

function readHeader<K extends string>(
  outline: Outline,
  table: OutlineTable,
  names: ReadonlyMap<string, K>,
): { readonly columns: Partial<Record<K, number>>; readonly count: number } {
  const header = readTableRow(outline, table.line, undefined, contentStart(outline, table.line));
  const columns: Partial<Record<K, number>> = {};
  for (const [index, cell] of header.cells.entries()) {
    const name = names.get(plainCellText(cell.text).toLowerCase());
    // Of several columns with one meaning the first has it.
    if (name !== undefined) columns[name] ??= index;
  }
  return { columns, count: header.cells.length };
}

function rangeOfLines({ lines }: Outline, line: number, endLine: number): Range {
  return { start: lines.rangeOf(line).start, end: lines.rangeOf(Math.max(line, endLine - 1)).end };
}

/** Reads the rows of the table of tasks. Written for tables of very many rows: nothing is asked of a cell whose answer is plain. */
export function readTasks(outline: Outline, table: TaskTable, diagnostics: Diagnostic[]): Task[] {
  const tasks: Task[] = [];
  const lineOf = new Map<string, number>();
  const { columns, columnCount } = table;
  const columnOf = (column: TaskColumn): number => columns[column] ?? columnCount;
  const [idAt, statusAt, titleAt] = [columnOf('task'), columnOf('status'), columnOf('title')];
  const [afterAt, sessionAt, updatedAt] = [columnOf('after'), columnOf('session'), columnOf('updated')];
  const split = createSplitter(outline, table.range, columnCount);
  for (let line = table.headerLine + 2; line < table.endLine; line++) {
    const range = outline.lines.rangeOf(line);
    const cells = split(line, range);
    if (cells === undefined) continue;
    if (cells.length !== columnCount) diagnostics.push(ragged(range, cells.length, columnCount));
    const id = plainId(cells[idAt] ?? '');
    if (isBlank(id) || !isTaskId(id)) {
      if (cells.some((cell) => !isBlank(cell))) diagnostics.push(badId(range, id));
      continue;
    }
    const known = lineOf.get(id);
    if (known !== undefined) diagnostics.push(duplicate(range, id, known));
    else lineOf.set(id, line);
    const statusText = cells[statusAt] ?? '';
    const status = readTaskStatus(statusText);
    if (status === undefined) diagnostics.push(unknownStatus(range, id, statusText));
    const title = cells[titleAt] ?? '';
    const session = cells[sessionAt] ?? '';
    const updated = cells[updatedAt] ?? '';
    tasks.push({
      id,
      title: isBlank(title) ? id : unescapePipes(title),
      status: status ?? 'PENDING',
      statusUnknown: status === undefined,
      after: readAfter(cells[afterAt] ?? ''),
      session: isBlank(session) ? undefined : plainId(session),
      updated: isBlank(updated) ? undefined : updated,
      range,
      line,
    });
  }
  return tasks;
}

/** As `isBlankCell`, decided by the first character where that is a letter or digit of ASCII. */
function isBlank(cell: string): boolean {
  if (cell === '' || cell === '—') return true;
  const first = cell.charCodeAt(0);
  if ((first >= 48 && first <= 57) || (first >= 65 && first <= 90) || (first >= 97 && first <= 122)) return false;
  return isBlankCell(cell);
}

/** Splits rows into the texts of their cells; undefined for a conflict mark. */
function createSplitter(
  outline: Outline,
  table: Range,
  columnCount: number,
): (line: number, range: Range) => readonly string[] | undefined {
  const { text } = outline;
  const isWithin = (mark: string): boolean => {
    const at = text.indexOf(mark, table.start);
    return at >= 0 && at < table.end;
  };
  const isPlain = !isWithin('\\') && !isWithin('`') && outline.conflicts.length === 0;
  if (!isPlain) return (line, range) => cellTexts(outline, line, range, columnCount);
  return (line, range) =>
    text.charCodeAt(range.start) === 124 ? splitPlain(text, range) : cellTexts(outline, line, range, columnCount);
}

/** The cells of a row that begins with a pipe and has neither escapes nor code in it. */
function splitPlain(text: string, { start, end }: Range): readonly string[] {
  const cells: string[] = [];
  for (let from = start + 1; from <= end; ) {
    let pipe = text.indexOf('|', from);
    if (pipe < 0 || pipe > end) pipe = end;
    let [first, last] = [from, pipe];
    while (first < last && isSpace(text.charCodeAt(first))) first++;
    while (last > first && isSpace(text.charCodeAt(last - 1))) last--;
    // Behind the row's last pipe there is no cell.
    if (pipe < end || first < last) cells.push(text.slice(first, last));
    from = pipe + 1;
  }
  return cells;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9;
}

/** The names in an `After` cell. */
export function readAfter(cell: string): readonly string[] {
  if (isBlank(cell) || /^none$/i.test(cell)) return noNames;
  if (!/[\s,;&`*[<]/.test(cell)) return [cell];
  const names = plainId(cell)
    .split(/[\s,;&]+/)
    .filter((name) => name !== '' && !isBlankCell(name));
  return [...new Set(names)];
}

const noNames: readonly string[] = [];

/** Texts of a row's cells; undefined for a conflict mark. Rows without escapes and code are split without asking for more. */
function cellTexts(outline: Outline, line: number, range: Range, columnCount: number): readonly string[] | undefined {
  const text = outline.text.slice(range.start, range.end);
  if (text.startsWith('|') && !/[\\`]/.test(text)) {
    const cells = text.trimEnd().split('|');
    const last = cells.length - 1;
    const trimmed: string[] = [];
    for (let index = 1; index < (cells[last] === '' ? last : last + 1); index++)
      trimmed.push((cells[index] ?? '').trim());
    if (!/^\|{7}(?:[ \t]|$)/.test(text)) return trimmed;
  }
  if (/^(?:<{7}|\|{7}|={7}|>{7})(?:[ \t]|$)/.test(text)) return undefined;
  return rowAt(outline, line, columnCount).cells.map((cell) => cell.text);
}

function plainId(cell: string): string {
  return /[`*[<\\]/.test(cell) ? plainCellText(cell) : cell;
}

function unescapePipes(cell: string): string {
  return cell.includes('\\') ? cell.replaceAll('\\|', '|') : cell;
}

/** Reads the rows of the session log; what has no number is passed over. */
export function readListSessions(outline: Outline, log: SessionLog): ListSession[] {
  const sessions: ListSession[] = [];
  for (let line = log.headerLine + 2; line < log.endLine; line++) {
    const range = outline.lines.rangeOf(line);
    const cells = cellTexts(outline, line, range, log.columnCount);
    const textOf = (name: keyof SessionLog['columns']): string => {
      const index = log.columns[name];
      return index === undefined ? '' : (cells?.[index] ?? '');
    };
    const number = /^\d{1,6}$/.exec(plainId(textOf('number')))?.[0];
    if (number === undefined) continue;
    const ended = textOf('ended');
    sessions.push({
      number: Number(number),
      started: textOf('started'),
      ...(!isBlankCell(ended) && { ended }),
      who: isBlankCell(textOf('who')) ? '' : unescapePipes(textOf('who')),
      completed: readAfter(textOf('completed')),
      range,
      line,
    });
  }
  return sessions;
}

function ragged(range: Range, cells: number, columns: number): Diagnostic {
  const message = `This row has ${cells} cells, the table has ${columns} columns. Add what is missing, or escape pipes in text as \\|.`;
  return { code: 'malformed-row', severity: 'warning', message, range };
}

function badId(range: Range, id: string): Diagnostic {
  const what = id === '' || isBlankCell(id) ? 'This row has no task ID' : `"${id}" cannot be the ID of a task`;
  const message = `${what}, so it is passed over. An ID is one word, e.g. database-migration.`;
  return { code: 'malformed-row', severity: 'warning', message, range };
}

function duplicate(range: Range, id: string, line: number): Diagnostic {
  const message = `${id} has a row in line ${line + 1} already. Give one of them another ID, or remove it.`;
  return { code: 'duplicate-id', severity: 'error', message, range };
}

function unknownStatus(range: Range, id: string, text: string): Diagnostic {
  const said = text === '' ? 'has no state' : `has the state "${text}", which is not known`;
  const message = `${id} ${said}. Write PENDING, IN_PROGRESS or COMPLETE.`;
  return { code: 'unknown-status', severity: 'error', message, range };
}
