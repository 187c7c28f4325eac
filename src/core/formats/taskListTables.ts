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
  type TaskRows,
  type TaskStatus,
  type TaskTable,
  taskStatuses,
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
export function rowAt(
  outline: Pick<Outline, 'text' | 'lines'>,
  line: number,
  columnCount: number | undefined,
): TableRow {
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
  const cells = cellTexts(outline, table.line, outline.lines.rangeOf(table.line), undefined) ?? [];
  const columns: Partial<Record<K, number>> = {};
  for (const [index, cell] of cells.entries()) {
    const name = names.get((/^[A-Za-z0-9 #]*$/.test(cell) ? cell : plainCellText(cell)).toLowerCase());
    // Of several columns with one meaning the first has it.
    if (name !== undefined) columns[name] ??= index;
  }
  return { columns, count: cells.length };
}

function rangeOfLines({ lines }: Outline, line: number, endLine: number): Range {
  return { start: lines.rangeOf(line).start, end: lines.rangeOf(Math.max(line, endLine - 1)).end };
}

/** Reads the rows of the table of tasks. */
export function readTaskRows(outline: Outline, table: TaskTable, diagnostics: Diagnostic[]): TaskRows {
  const rows = new TableRows(outline, table);
  rows.readAll(diagnostics);
  return rows;
}

/** What a list without a table has. */
export const noRows: TaskRows = {
  length: 0,
  idAt: outOfRange,
  statusAt: outOfRange,
  isStatusUnknownAt: outOfRange,
  afterAt: outOfRange,
  dependenciesAt: outOfRange,
  indexOf: () => undefined,
  taskAt: outOfRange,
};

function outOfRange(index: number): never {
  throw new RangeError(`task ${index} of none`);
}

/** As `isBlankCell`, decided by the first character where that is a letter or digit of ASCII. */
function saysNothing(cell: string): boolean {
  const first = cell.charCodeAt(0);
  if ((first >= 48 && first <= 57) || (first >= 65 && first <= 90) || (first >= 97 && first <= 122)) return false;
  return isBlankCell(cell);
}

const plainName = '[a-zA-Z0-9][\\w.-]*';
/** Cells as Baton writes them, one space each side; what stands in brackets is taken from them. */
const plainCells: Readonly<Partial<Record<TaskColumn, string>>> = {
  task: ` (${plainName}) `,
  status: ` (${taskStatuses.join('|')}) `,
  after: ` (?:[—-]|(${plainName}(?:, ${plainName})*)) `,
};

/** Recognises a row whose cells are as Baton writes them, and takes them from it. */
interface PlainRow {
  readonly pattern: RegExp;
  /** Which of the pattern's groups has which cell. */
  readonly groups: Readonly<Partial<Record<TaskColumn, number>>>;
}

function createPlainRow({ columns, columnCount }: TaskTable): PlainRow {
  const groups: Partial<Record<TaskColumn, number>> = {};
  const cells: string[] = new Array(columnCount).fill('[^|\\r\\n]*');
  const known = Object.entries(columns) as [TaskColumn, number][];
  let group = 0;
  for (const [column, index] of known.sort(([, a], [, b]) => a - b)) {
    const cell = plainCells[column];
    if (cell === undefined) continue;
    cells[index] = cell;
    groups[column] = ++group;
  }
  return { pattern: new RegExp(`\\|${cells.join('\\|')}\\|[ \\t]*$`, 'my'), groups };
}

/**
 * Reads IDs, states and dependencies at once, the rest of a row when it is asked for: a command over ten thousand tasks spends most of its
 * time here. Where the table has neither escapes nor code nor conflict marks, a row as Baton writes it is recognised by one pattern.
 */
class TableRows implements TaskRows {
  readonly #outline: Outline;
  readonly #table: TaskTable;
  readonly #isPlain: boolean;
  readonly #ids: string[] = [];
  readonly #statuses: (TaskStatus | undefined)[] = [];
  /** The text of the `After` cell; empty where it says nothing. */
  readonly #afters: string[] = [];
  readonly #lines: number[] = [];
  readonly #indexOf = new Map<string, number>();
  #updated = '';

  constructor(outline: Outline, table: TaskTable) {
    this.#outline = outline;
    this.#table = table;
    const isWithin = (mark: string): boolean => {
      const at = outline.text.indexOf(mark, table.range.start);
      return at >= 0 && at < table.range.end;
    };
    this.#isPlain = !isWithin('\\') && !isWithin('`') && outline.conflicts.length === 0;
  }

  get length(): number {
    return this.#ids.length;
  }

  idAt(index: number): string {
    return this.#ids[index] ?? outOfRange(index);
  }

  statusAt(index: number): TaskStatus {
    return this.#statuses[index] ?? 'PENDING';
  }

  isStatusUnknownAt(index: number): boolean {
    return this.#statuses[index] === undefined;
  }

  afterAt(index: number): readonly string[] {
    const cell = this.#afters[index] ?? '';
    if (cell === '') return noNames;
    return this.#indexOf.has(cell) ? [cell] : readAfter(cell);
  }

  dependenciesAt(index: number): readonly (number | undefined)[] {
    const cell = this.#afters[index] ?? '';
    if (cell === '') return noIndexes;
    const only = this.#indexOf.get(cell);
    return only === undefined ? readAfter(cell).map((name) => this.#indexOf.get(name)) : [only];
  }

  indexOf(id: string): number | undefined {
    return this.#indexOf.get(id);
  }

  taskAt(index: number): Task {
    const line = this.#lines[index] ?? outOfRange(index);
    const range = this.#outline.lines.rangeOf(line);
    const { columns } = this.#table;
    const cells = this.#cellsOf(line, range);
    const textOf = (column: number | undefined): string => {
      const cell = column === undefined ? undefined : cells[column];
      // What Baton writes for "nothing".
      if (cell === undefined || cell === ' — ' || cell === '—') return '';
      const text = cell.trim();
      return saysNothing(text) ? '' : text;
    };
    const id = this.idAt(index);
    const title = textOf(columns.title);
    const session = textOf(columns.session);
    const updated = textOf(columns.updated);
    // Neighbouring rows mostly have one time.
    if (updated !== this.#updated) this.#updated = updated;
    return {
      id,
      title: title === '' ? id : unescapePipes(title),
      status: this.statusAt(index),
      statusUnknown: this.isStatusUnknownAt(index),
      after: this.afterAt(index),
      session: session === '' ? undefined : plainId(session),
      updated: updated === '' ? undefined : this.#updated,
      range,
      line,
    };
  }

  /** Texts of the row's cells, white space around them perhaps still there. */
  #cellsOf(line: number, range: Range): readonly string[] {
    const { columnCount } = this.#table;
    if (this.#isPlain && this.#outline.text.charCodeAt(range.start) === 124) {
      const parts = this.#outline.text.slice(range.start + 1, range.end).split('|');
      if (parts.length === columnCount + 1) return parts;
    }
    return cellTexts(this.#outline, line, range, columnCount) ?? [];
  }

  readAll(diagnostics: Diagnostic[]): void {
    const { headerLine, endLine } = this.#table;
    const plain = this.#isPlain ? createPlainRow(this.#table) : undefined;
    for (let line = headerLine + 2; line < endLine; line++) {
      if (plain === undefined || !this.#readPlain(line, plain)) this.#readAny(line, diagnostics);
    }
  }

  /** False where the row is to be looked at more closely: what is not plain, and what is wrong, is found in one place. */
  #readPlain(line: number, { pattern, groups }: PlainRow): boolean {
    pattern.lastIndex = this.#outline.lines.startOf(line);
    const found = pattern.exec(this.#outline.text);
    const id = found?.[groups.task ?? 0];
    if (found === null || id === undefined || this.#indexOf.has(id)) return false;
    const status = found[groups.status ?? 0] as TaskStatus;
    const after = groups.after === undefined ? undefined : found[groups.after];
    this.#indexOf.set(id, this.#ids.push(id) - 1);
    this.#statuses.push(status);
    this.#afters.push(after ?? '');
    this.#lines.push(line);
    return true;
  }

  #readAny(line: number, diagnostics: Diagnostic[]): void {
    const { columns, columnCount } = this.#table;
    const range = this.#outline.lines.rangeOf(line);
    const cells = cellTexts(this.#outline, line, range, columnCount);
    if (cells === undefined) return;
    const textOf = (column: TaskColumn): string => cells[columns[column] ?? columnCount] ?? '';
    if (cells.length !== columnCount) diagnostics.push(ragged(range, cells.length, columnCount));
    const id = plainId(textOf('task'));
    if (isBlankCell(id) || !isTaskId(id)) {
      if (cells.some((cell) => !isBlankCell(cell))) diagnostics.push(badId(range, id));
      return;
    }
    const known = this.#indexOf.get(id);
    if (known !== undefined) {
      const first = this.#lines[known] ?? 0;
      diagnostics.push(duplicate(range, id, { line: first, range: this.#outline.lines.rangeOf(first) }));
    }
    const status = readTaskStatus(textOf('status'));
    if (status === undefined) diagnostics.push(unknownStatus(range, id, textOf('status')));
    const index = this.#ids.push(id) - 1;
    this.#statuses.push(status);
    this.#afters.push(textOf('after'));
    this.#lines.push(line);
    if (known === undefined) this.#indexOf.set(id, index);
  }
}

/** The names in an `After` cell. */
export function readAfter(cell: string): readonly string[] {
  if (cell === '' || isBlankCell(cell) || /^none$/i.test(cell)) return noNames;
  if (!/[\s,;&`*[<]/.test(cell)) return [cell];
  const names = plainId(cell)
    .split(/[\s,;&]+/)
    .filter((name) => name !== '' && !isBlankCell(name));
  return [...new Set(names)];
}

const noNames: readonly string[] = [];
const noIndexes: readonly number[] = [];

/** Texts of a row's cells; undefined for a conflict mark. Rows without escapes and code are split without asking for more. */
function cellTexts(
  outline: Outline,
  line: number,
  range: Range,
  columnCount: number | undefined,
): readonly string[] | undefined {
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

function duplicate(range: Range, id: string, first: { readonly line: number; readonly range: Range }): Diagnostic {
  const message = `${id} has a row in line ${first.line + 1} already. Give one of them another ID, or remove it.`;
  const related = [{ range: first.range, message: `${id} stands here too` }];
  return { code: 'duplicate-id', severity: 'error', message, range, related };
}

function unknownStatus(range: Range, id: string, text: string): Diagnostic {
  const said = text === '' ? 'has no state' : `has the state "${text}", which is not known`;
  const message = `${id} ${said}. Write PENDING, IN_PROGRESS or COMPLETE.`;
  return { code: 'unknown-status', severity: 'error', message, range };
}
