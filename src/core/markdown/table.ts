import type { Range } from '../base/range.ts';
import type { TextEdit } from '../base/textEdit.ts';
import type { MarkdownDocument, TableBlock } from './blocks.ts';
import { codeSpansOf, plainText } from './inline.ts';
import { type LineIndex, lineEndingOf } from './lines.ts';

/** One cell of a row. */
export interface TableCell {
  /** What is between its pipes, white space included; the cell that is written is this range. */
  readonly range: Range;
  /** That without white space around, as it stands: escapes and formatting still in. */
  readonly text: string;
}

/** A line of a table. */
export interface TableRow {
  readonly line: number;
  /** The line without its ending. */
  readonly range: Range;
  readonly cells: readonly TableCell[];
  readonly cellCount: number;
  /** True where it has more or fewer cells than the header. */
  readonly ragged: boolean;
  /** Pipes inside code spans that were read as text though GFM splits there; see `parseTable`. */
  readonly codePipes: readonly number[];
  /** True where the content begins, or ends, with a pipe. */
  readonly leadingPipe: boolean;
  readonly trailingPipe: boolean;
  /** `text` and `range` of one cell, without making all of `cells`; of a column that the row lacks: empty. */
  textAt(column: number): string;
  rangeAt(column: number): Range;
}

/** A table with the places of its cells. */
export interface Table {
  readonly block: TableBlock;
  readonly header: TableRow;
  /** The line below the header. */
  readonly delimiterLine: number;
  readonly rows: readonly TableRow[];
}

/**
 * Reads the cells of a table as GitHub does: an unescaped pipe separates cells, also inside a code span.
 *
 * One exception: a row that has more cells than the header that way, and exactly as many when pipes inside code spans are text, is read
 * the second way. GitHub drops the surplus of such a row, so the writer can only have meant the second, and writing "the fourth cell" of
 * the first reading would cut the code span apart. `codePipes` says where; `check` offers to escape them.
 *
 * @param search leaves out rows in which no cell can hold this text
 */
export function parseTable(doc: MarkdownDocument, block: TableBlock, search?: string): Table {
  const source = new RowSource(doc);
  const header = source.read(block.line, block.contentStarts[0]);
  source.columns = header.cellCount;
  const rows: TableRow[] = [];
  for (let line = block.line + 2; line < block.endLine; line++) {
    if (search === undefined || mayHold(doc, line, search))
      rows.push(source.read(line, block.contentStarts[line - block.line]));
  }
  return { block, header, delimiterLine: block.line + 1, rows };
}

/** Whether the plain text of a line's cells can hold `text`: it stands there, or marks that plain text leaves out may divide it. */
function mayHold(doc: MarkdownDocument, line: number, text: string): boolean {
  const { start, end } = doc.lines.rangeOf(line);
  const content = doc.text.slice(start, end);
  return content.includes(text) || /[\\*_~`[<]/.test(content);
}

/**
 * Reads the cells of one line of a table.
 *
 * @param columns how many cells the header has; undefined for the header itself
 * @param contentStart where the content begins, behind the marks of quotes and lists
 */
export function readTableRow(
  doc: Pick<MarkdownDocument, 'text' | 'lines'>,
  line: number,
  columns: number | undefined,
  contentStart?: number,
): TableRow {
  const source = new RowSource(doc);
  source.columns = columns;
  return source.read(line, contentStart);
}

const pipe = 124;
const backslash = 92;
const space = 32;
const tab = 9;
const firstBeyondAscii = 128;

/** Reads rows of one table, the places of whose pipes are in one list: a list for each of thousands of rows takes several times as long. */
class RowSource {
  readonly text: string;
  readonly lines: LineIndex;
  /** See `#addMarks`; those of a row follow each other. */
  readonly marks: number[] = [];
  /** How many cells the header has; undefined as long as it is not read. */
  columns: number | undefined;
  /** Behind this place the next pipe is the following one. */
  #searchedFrom = 0;
  #nextPipe = -1;

  constructor({ text, lines }: Pick<MarkdownDocument, 'text' | 'lines'>) {
    this.text = text;
    this.lines = lines;
  }

  read(line: number, contentStart: number | undefined): TableRow {
    const range = this.lines.rangeOf(line);
    const start = contentStart ?? range.start;
    const end = trimmedEnd(this.text, start, range.end);
    const first = this.marks.length;
    this.#addMarks(start, end);
    const hasMore = this.columns !== undefined && this.marks.length - first - 1 > this.columns;
    return new SplitRow(this, line, first, hasMore ? this.#takeCodePipes(first, start, end) : noPipes);
  }

  /**
   * Adds the places that separate a line's cells: each cell is what stands between two of them. They are its unescaped pipes and, where it
   * does not begin or end with one, the places before and behind its content.
   */
  #addMarks(start: number, end: number): void {
    const { text, marks } = this;
    if (start >= end || text.charCodeAt(start) !== pipe) marks.push(start - 1);
    // What was found behind the row before is mostly this one's first; without it, lines without pipes would each be searched to the end.
    let from = this.#searchedFrom <= start && start <= this.#nextPipe ? this.#searchedFrom : start;
    let at = from === start ? this.#pipeFrom(start) : this.#nextPipe;
    for (; at < end; at = this.#pipeFrom(from)) {
      if (at === start || text.charCodeAt(at - 1) !== backslash) marks.push(at);
      from = at + 1;
    }
    this.#searchedFrom = from;
    this.#nextPipe = at;
    if (marks.at(-1) !== end - 1) marks.push(end);
  }

  #pipeFrom(from: number): number {
    const at = this.text.indexOf('|', from);
    return at === -1 ? Number.POSITIVE_INFINITY : at;
  }

  /** Takes the pipes inside code spans out again where the row has as many cells as the header then, and answers them. */
  #takeCodePipes(first: number, start: number, end: number): readonly number[] {
    const content = this.text.slice(start, end);
    if (!content.includes('`')) return noPipes;
    const spans = codeSpansOf(content);
    const isText = (at: number): boolean =>
      spans.some((span) => start + span.contentStart <= at && at < start + span.contentEnd);
    const all = this.marks.slice(first);
    const outside = all.filter((at) => !isText(at));
    if (outside.length - 1 !== this.columns) return noPipes;
    this.marks.length = first;
    this.marks.push(...outside);
    return all.filter(isText);
  }
}

const noPipes: readonly number[] = [];

/** Where the content ends, white space behind it left out. */
function trimmedEnd(text: string, start: number, end: number): number {
  let last = end;
  while (last > start && isBlankAt(text, last - 1)) last--;
  if (last === start || isVisibleAt(text, last - 1)) return last;
  return start + text.slice(start, last).trimEnd().length;
}

/** A row that knows where its cells are, and makes them when they are asked for: most of thousands of rows are only looked through. */
class SplitRow implements TableRow {
  readonly line: number;
  readonly codePipes: readonly number[];
  readonly cellCount: number;
  readonly #source: RowSource;
  /** Where its marks are among those of its source. */
  readonly #first: number;

  /** Its marks are those of the source from `first` on. */
  constructor(source: RowSource, line: number, first: number, codePipes: readonly number[]) {
    this.line = line;
    this.codePipes = codePipes;
    this.cellCount = source.marks.length - first - 1;
    this.#source = source;
    this.#first = first;
  }

  get ragged(): boolean {
    const { columns } = this.#source;
    return columns !== undefined && this.cellCount !== columns;
  }

  get leadingPipe(): boolean {
    return this.#isPipe(this.#first);
  }

  get trailingPipe(): boolean {
    return this.#isPipe(this.#first + this.cellCount);
  }

  get range(): Range {
    return this.#source.lines.rangeOf(this.line);
  }

  get cells(): readonly TableCell[] {
    return Array.from({ length: this.cellCount }, (_, column) => ({
      range: this.rangeAt(column),
      text: this.textAt(column),
    }));
  }

  textAt(column: number): string {
    if (!this.#has(column)) return '';
    const { marks, text } = this.#source;
    const mark = this.#first + column;
    const start = (marks[mark] ?? 0) + 1;
    const end = marks[mark + 1] ?? 0;
    // As Baton writes it.
    if (end - start > 2 && isSpaceBeside(text, start, 1) && isSpaceBeside(text, end - 1, -1)) {
      return text.slice(start + 1, end - 1);
    }
    return trimmedSlice(text, start, end);
  }

  rangeAt(column: number): Range {
    if (!this.#has(column)) return nowhere;
    const { marks } = this.#source;
    const mark = this.#first + column;
    return { start: (marks[mark] ?? 0) + 1, end: marks[mark + 1] ?? 0 };
  }

  #has(column: number): boolean {
    return column >= 0 && column < this.cellCount;
  }

  /** A mark is a pipe, or stands beside the content, where none can be. */
  #isPipe(mark: number): boolean {
    const { marks, text } = this.#source;
    return text.charCodeAt(marks[mark] ?? -1) === pipe;
  }
}

const nowhere: Range = { start: 0, end: 0 };

function trimmedSlice(text: string, start: number, end: number): string {
  let first = start;
  let last = end;
  while (first < last && isBlankAt(text, first)) first++;
  while (last > first && isBlankAt(text, last - 1)) last--;
  const cell = text.slice(first, last);
  // White space of other kinds is rare, and `trim` knows all of them.
  return first === last || (isVisibleAt(text, first) && isVisibleAt(text, last - 1)) ? cell : cell.trim();
}

function isBlankAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === space || code === tab;
}

/** Tells whether a space stands there, and a visible character on that side of it. */
function isSpaceBeside(text: string, at: number, side: 1 | -1): boolean {
  return text.charCodeAt(at) === space && isVisibleAt(text, at + side);
}

/** Tells whether what stands there is certainly no white space: a visible character of ASCII, or a dash. */
function isVisibleAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code > space && (code < firstBeyondAscii || isDash(code));
}

function isDash(code: number): boolean {
  return code === 0x2d || (code >= 0x2010 && code <= 0x2015) || code === 0x2212;
}

/**
 * Writes cells of one row. What is written gets exactly one space on each side; nothing else of the row changes, except that cells which
 * a short row lacks are added (blank ones up to those written) and that a row's missing outer pipe is added where its place is written.
 * A cell that reads so already is left alone.
 *
 * @param changes column index → the cell's new text; pipes and line breaks in it are escaped.
 * @throws RangeError for a column that the table does not have.
 */
export function planCellEdits(
  table: Pick<Table, 'header'>,
  row: TableRow,
  changes: ReadonlyMap<number, string>,
): TextEdit[] {
  const edits: TextEdit[] = [];
  const missing: string[] = [];
  const isAppended = [...changes.keys()].some((column) => column >= row.cells.length);
  for (const [column, value] of changes) {
    if (column < 0 || column >= table.header.cells.length) throw new RangeError(`column ${column} of a table`);
    const text = escapeCell(value);
    const cell = row.cells[column];
    if (cell === undefined) missing[column - row.cells.length] = text;
    else if (cell.text !== text) edits.push(replaceCell(row, column, cell, text, isAppended));
  }
  const added = Array.from(missing, (text) => text ?? '');
  return isAppended ? [...edits, planCellsAppend(row, added)] : edits;
}

function replaceCell(row: TableRow, column: number, cell: TableCell, text: string, isAppended: boolean): TextEdit {
  const first = column === 0 && !row.leadingPipe;
  const before = first ? '| ' : ' ';
  const last = column === row.cells.length - 1 && !row.trailingPipe;
  // A blank cell at an open end would not be there any more, so that the row gets its pipe. Appended cells begin with theirs.
  const atOpenEnd = text === '' && !isAppended ? ' |' : '';
  const after = last ? atOpenEnd : ' ';
  return { ...cell.range, newText: before + text + after };
}

/** Adds cells behind the last one of a row; `texts` are escaped already. */
export function planCellsAppend(row: TableRow, texts: readonly string[]): TextEdit {
  const last = row.cells.at(-1);
  const end = last === undefined || row.trailingPipe ? contentEnd(row) : last.range.end;
  const added = texts.map((text) => ` ${text} |`).join('');
  return { start: end, end, newText: row.trailingPipe ? added : ` |${added}` };
}

/** Behind the row's last pipe, before white space at the line's end. */
function contentEnd(row: TableRow): number {
  const last = row.cells.at(-1);
  return last === undefined ? row.range.end : last.range.end + (row.trailingPipe ? 1 : 0);
}

/**
 * Adds a row behind `after`, or as the last one. The line takes the ending of its neighbour and, in a quote or list, its prefix; a file
 * without final newline stays one.
 */
export function planRowInsert(
  doc: MarkdownDocument,
  table: Table,
  after: TableRow | 'end',
  cells: readonly string[],
): TextEdit[] {
  const line = after === 'end' ? Math.max(table.delimiterLine, table.block.endLine - 1) : after.line;
  const { start, end } = doc.lines.rangeOf(line);
  const prefix = doc.text.slice(start, table.block.contentStarts[line - table.block.line] ?? start);
  return [{ start: end, end, newText: lineEndingOf(doc.text, end) + prefix + formatRow(cells) }];
}

/** A row's text: each cell with one space on each side, pipes and line breaks escaped. */
export function formatRow(cells: readonly string[]): string {
  return `|${cells.map((cell) => ` ${escapeCell(cell)} |`).join('')}`;
}

/** Makes any text fit into one cell: line breaks become spaces, pipes are escaped (once), white space around goes. */
export function escapeCell(text: string): string {
  return text
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .trim()
    .replace(/(?<!\\)\|/g, '\\|');
}

/** The plain text of a cell: escaped pipes are pipes, formatting is gone. */
export function plainCellText(raw: string): string {
  return plainText(raw.includes('|') ? raw.replaceAll('\\|', '|') : raw);
}

/** Tells whether a cell says nothing: it is empty, or one of the dashes that people put for "none". */
export function isBlankCell(raw: string): boolean {
  const first = raw.charCodeAt(0);
  // Most cells begin with a letter or a digit, or are one dash.
  if ((first >= 97 && first <= 122) || (first >= 48 && first <= 57) || (first >= 65 && first <= 90)) return false;
  if (raw.length === 1 && isDash(first)) return true;
  return /^(?:[-\u2010-\u2015\u2212]*|&nbsp;)$/.test(raw.trim());
}
