import { phrase } from '../base/phrase.ts';
import type { Range } from '../base/range.ts';
import type { Outline } from '../markdown/outline.ts';
import { isBlankCell } from '../markdown/table.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import {
  isTaskId,
  readTaskStatus,
  type Task,
  type TaskColumn,
  type TaskRows,
  type TaskStatus,
  type TaskTable,
  taskStatuses,
} from '../model/taskList.ts';
import { cellTexts, plainId, readAfter, unescapePipes } from './taskListCells.ts';

/** Rows of a table of tasks, and what is wrong with them. */
export interface ReadTaskRows extends TaskRows {
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the rows of the table of tasks. */
export function readTaskRows(outline: Outline, table: TaskTable): ReadTaskRows {
  return new TableRows(outline, table);
}

/** What a list without a table has. */
export const noRows: ReadTaskRows = {
  length: 0,
  diagnostics: [],
  countOf: () => 0,
  idAt: outOfRange,
  statusAt: outOfRange,
  isStatusUnknownAt: outOfRange,
  afterAt: outOfRange,
  dependenciesAt: outOfRange,
  onlyDependencies: () => new Int32Array(),
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
/** Cells as Baton writes them, one space each side. */
const plainCells: Readonly<Partial<Record<TaskColumn, string>>> = {
  task: ` ${plainName} `,
  status: ` (?:${taskStatuses.join('|')}) `,
  after: ` (?:[—-]|${plainName}(?:, ${plainName})*) `,
};

/** Patterns of rows by their source: hundreds of lists have tables of one form. */
const plainRows = new Map<string, RegExp>();

/** Recognises a row whose cells are as Baton writes them. */
function plainRowOf({ columns, columnCount }: TaskTable): RegExp {
  const cells: string[] = new Array(columnCount).fill('[^|\\r\\n]*');
  for (const [column, cell] of Object.entries(plainCells) as [TaskColumn, string][]) {
    const index = columns[column];
    if (index !== undefined) cells[index] = cell;
  }
  const source = `\\|${cells.join('\\|')}\\|[ \\t]*$`;
  const known = plainRows.get(source) ?? new RegExp(source, 'my');
  plainRows.set(source, known);
  return known;
}

/** The states of rows by a number; 0 stands for one that could not be understood. */
const codedStatuses: readonly TaskStatus[] = ['PENDING', 'PENDING', 'IN_PROGRESS', 'COMPLETE'];

/** The code of a plain row's state by the first letter of its cell's text. */
function codeOfLetter(letter: number): number {
  return letter === 80 ? 1 : letter === 73 ? 2 : 3;
}

/**
 * Reads states at once, and IDs, dependencies and the rest of a row when they are asked for: a command over ten thousand tasks spends most
 * of its time here. Where the table has neither escapes nor code nor conflict marks, a row as Baton writes it is recognised by one pattern.
 */
class TableRows implements ReadTaskRows {
  readonly #outline: Outline;
  readonly #table: TaskTable;
  readonly #isPlain: boolean;
  #length = 0;
  readonly #lines: Int32Array;
  /** Where each row begins. */
  readonly #starts: Int32Array;
  /** Where the status cell of each plain row begins. */
  readonly #places: Int32Array;
  /** See `codedStatuses`. */
  readonly #statuses: Uint8Array;
  /** How many rows have each code. */
  readonly #counts = new Int32Array(codedStatuses.length);
  /** Of rows that are not plain, and of the others once they are asked for. */
  readonly #ids: (string | undefined)[];
  /** Of rows that are not plain: the text of the `After` cell. */
  readonly #afters: (string | undefined)[];
  readonly #indexOf = new Map<string, number>();
  /** So many rows are in `#indexOf`. */
  #indexed = 0;
  readonly #diagnostics: Diagnostic[] = [];
  #updated = '';

  constructor(outline: Outline, table: TaskTable) {
    this.#outline = outline;
    this.#table = table;
    const isWithin = (mark: string): boolean => {
      const at = outline.text.indexOf(mark, table.range.start);
      return at >= 0 && at < table.range.end;
    };
    this.#isPlain = !isWithin('\\') && !isWithin('`') && outline.conflicts.length === 0;
    const most = table.endLine - table.headerLine;
    this.#lines = new Int32Array(most);
    this.#starts = new Int32Array(most);
    this.#places = new Int32Array(most);
    this.#statuses = new Uint8Array(most);
    this.#ids = new Array(most);
    this.#afters = new Array(most);
    this.#readAll();
  }

  get length(): number {
    return this.#length;
  }

  get diagnostics(): readonly Diagnostic[] {
    // Duplicates are found while the IDs are taken up.
    this.#takeUpIds();
    return this.#diagnostics;
  }

  countOf(status: TaskStatus): number {
    return codedStatuses.reduce((sum, one, code) => (one === status ? sum + (this.#counts[code] ?? 0) : sum), 0);
  }

  idAt(index: number): string {
    const known = this.#ids[index];
    if (known !== undefined) return known;
    const id = this.#plainCell(index, this.#table.columns.task);
    this.#ids[index] = id;
    return id;
  }

  statusAt(index: number): TaskStatus {
    return codedStatuses[this.#statuses[index] ?? 0] ?? 'PENDING';
  }

  isStatusUnknownAt(index: number): boolean {
    return this.#statuses[index] === 0;
  }

  afterAt(index: number): readonly string[] {
    const cell = this.#afterCell(index);
    if (cell === '') return noNames;
    return this.#known.has(cell) ? [cell] : readAfter(cell);
  }

  dependenciesAt(index: number): readonly (number | undefined)[] {
    const cell = this.#afterCell(index);
    if (cell === '') return noIndexes;
    const known = this.#known;
    const only = known.get(cell);
    return only === undefined ? readAfter(cell).map((name) => known.get(name)) : [only];
  }

  onlyDependencies(): Int32Array {
    const known = this.#known;
    const only = new Int32Array(this.#length).fill(-1);
    const { text } = this.#outline;
    const { status = 0, after } = this.#table.columns;
    // From the status on it is not so far.
    const skipped = after === undefined || after < status ? 0 : status;
    for (let index = 0; index < only.length; index++) {
      let cell = this.#afters[index];
      if (cell === undefined && after !== undefined) {
        let at = (skipped === 0 ? this.#starts[index] : this.#places[index]) ?? 0;
        for (let passed = skipped; passed < after; passed++) at = text.indexOf('|', at + 1);
        cell = text.slice(at + 2, text.indexOf('|', at + 1) - 1);
        if (cell === '—' || cell === '-') continue;
      }
      if (cell) only[index] = known.get(cell) ?? -2;
    }
    return only;
  }

  indexOf(id: string): number | undefined {
    return this.#known.get(id);
  }

  taskAt(index: number): Task {
    const line = index < this.#length ? (this.#lines[index] ?? 0) : outOfRange(index);
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

  #plainCell(index: number, column: number | undefined): string {
    if (index >= this.#length) outOfRange(index);
    if (column === undefined) return '';
    const { text } = this.#outline;
    let at = this.#starts[index] ?? 0;
    for (let passed = 0; passed < column; passed++) at = text.indexOf('|', at + 1);
    return text.slice(at + 2, text.indexOf('|', at + 1) - 1);
  }

  /** The text of the `After` cell; empty where it says nothing. */
  #afterCell(index: number): string {
    const known = this.#afters[index];
    if (known !== undefined) return known;
    const cell = this.#plainCell(index, this.#table.columns.after);
    return cell === '—' || cell === '-' ? '' : cell;
  }

  /** The first row of each ID. */
  get #known(): ReadonlyMap<string, number> {
    this.#takeUpIds();
    return this.#indexOf;
  }

  #takeUpIds(): void {
    if (this.#indexed === this.#length) return;
    const known = this.#indexOf;
    for (let index = this.#indexed; index < this.#length; index++) {
      const id = this.idAt(index);
      const first = known.get(id);
      if (first === undefined) known.set(id, index);
      else this.#reportDuplicate(this.#rangeAt(index), id, first);
    }
    this.#indexed = this.#length;
  }

  #rangeAt(index: number): Range {
    return this.#outline.lines.rangeOf(this.#lines[index] ?? 0);
  }

  #reportDuplicate(range: Range, id: string, first: number): void {
    const line = this.#lines[first] ?? 0;
    this.#diagnostics.push(duplicate(range, id, { line, range: this.#rangeAt(first) }));
  }

  #readAll(): void {
    const { headerLine, endLine, columns } = this.#table;
    const { text, lines } = this.#outline;
    const plain = this.#isPlain ? plainRowOf(this.#table) : undefined;
    const statusColumn = columns.status ?? 0;
    for (let line = headerLine + 2; line < endLine; line++) {
      const start = lines.startOf(line);
      if (plain !== undefined) plain.lastIndex = start;
      // What is not plain, and what is wrong, is found in one place.
      if (plain?.test(text) !== true) {
        this.#readAny(line);
        continue;
      }
      let at = start;
      for (let passed = 0; passed < statusColumn; passed++) at = text.indexOf('|', at + 1);
      this.#places[this.#length] = at;
      this.#add(line, start, codeOfLetter(text.charCodeAt(at + 2)));
    }
  }

  #add(line: number, start: number, code: number): void {
    const index = this.#length++;
    this.#statuses[index] = code;
    this.#counts[code] = (this.#counts[code] ?? 0) + 1;
    this.#lines[index] = line;
    this.#starts[index] = start;
  }

  #readAny(line: number): void {
    const { columns, columnCount } = this.#table;
    const range = this.#outline.lines.rangeOf(line);
    const cells = cellTexts(this.#outline, line, range, columnCount);
    if (cells === undefined) return;
    const textOf = (column: TaskColumn): string => cells[columns[column] ?? columnCount] ?? '';
    if (cells.length !== columnCount) this.#diagnostics.push(ragged(range, cells.length, columnCount));
    const id = plainId(textOf('task'));
    if (isBlankCell(id) || !isTaskId(id)) {
      if (cells.some((cell) => !isBlankCell(cell))) this.#diagnostics.push(badId(range, id));
      return;
    }
    const first = this.#known.get(id);
    if (first !== undefined) this.#reportDuplicate(range, id, first);
    const status = readTaskStatus(textOf('status'));
    if (status === undefined) this.#diagnostics.push(unknownStatus(range, id, textOf('status')));
    const index = this.#length;
    this.#add(line, range.start, status === undefined ? 0 : codedStatuses.lastIndexOf(status));
    this.#ids[index] = id;
    this.#afters[index] = textOf('after');
    if (first === undefined) this.#indexOf.set(id, index);
    this.#indexed = this.#length;
  }
}

const noNames: readonly string[] = [];
const noIndexes: readonly number[] = [];

function ragged(range: Range, cells: number, columns: number): Diagnostic {
  const message = phrase`This row has ${cells} cells, the table has ${columns} columns. Add what is missing, or escape pipes in text as \\|.`;
  return { code: 'malformed-row', severity: 'warning', message, range };
}

function badId(range: Range, id: string): Diagnostic {
  const what =
    id === '' || isBlankCell(id) ? phrase`This row has no task ID` : phrase`"${id}" cannot be the ID of a task`;
  const message = phrase`${what}, so it is passed over. An ID is one word, e.g. database-migration.`;
  return { code: 'malformed-row', severity: 'warning', message, range };
}

function duplicate(range: Range, id: string, first: { readonly line: number; readonly range: Range }): Diagnostic {
  const message = phrase`${id} has a row in line ${first.line + 1} already. Give one of them another ID, or remove it.`;
  const related = [{ range: first.range, message: phrase`${id} stands here too` }];
  return { code: 'duplicate-id', severity: 'error', message, range, related };
}

function unknownStatus(range: Range, id: string, text: string): Diagnostic {
  const said = text === '' ? phrase`has no state` : phrase`has the state "${text}", which is not known`;
  const message = phrase`${id} ${said}. Write PENDING, IN_PROGRESS or COMPLETE.`;
  return { code: 'unknown-status', severity: 'error', message, range };
}
