import type { Range } from '../base/range.ts';
import type { TextEdit } from '../base/textEdit.ts';
import type { MarkdownDocument, TableBlock } from './blocks.ts';
import { codeSpansOf, plainText } from './inline.ts';
import { lineEndingOf } from './lines.ts';

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
  const read = (line: number, columns: number | undefined): TableRow =>
    readTableRow(doc, line, columns, block.contentStarts[line - block.line]);
  const header = read(block.line, undefined);
  const rows: TableRow[] = [];
  for (let line = block.line + 2; line < block.endLine; line++) {
    if (search === undefined || mayHold(doc, line, search)) rows.push(read(line, header.cellCount));
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
  const { start: lineStart, end: lineEnd } = doc.lines.rangeOf(line);
  const start = contentStart ?? lineStart;
  const content = doc.text.slice(start, lineEnd).trimEnd();
  let marks = findMarks(content, start);
  let codePipes: readonly number[] = noPipes;
  if (columns !== undefined && marks.length - 1 > columns && content.includes('`')) {
    const spans = codeSpansOf(content);
    const isText = (at: number): boolean =>
      spans.some((span) => start + span.contentStart <= at && at < start + span.contentEnd);
    const outside = marks.filter((at) => !isText(at));
    if (outside.length - 1 === columns) {
      codePipes = marks.filter(isText);
      marks = outside;
    }
  }
  return new SplitRow({ doc, line, marks, codePipes, columns, start, end: start + content.length });
}

const noPipes: readonly number[] = [];
const pipe = 124;
const backslash = 92;
const space = 32;
const tab = 9;

/**
 * The places that separate a line's cells: each cell is what stands between two of them. They are its unescaped pipes and, where it does
 * not begin or end with one, the places before and behind its content.
 */
function findMarks(content: string, start: number): number[] {
  const marks = content.charCodeAt(0) === pipe ? [] : [start - 1];
  for (let at = content.indexOf('|'); at !== -1; at = content.indexOf('|', at + 1)) {
    if (at === 0 || content.charCodeAt(at - 1) !== backslash) marks.push(start + at);
  }
  const end = start + content.length;
  if (marks.at(-1) !== end - 1) marks.push(end);
  return marks;
}

interface SplitLine {
  readonly doc: Pick<MarkdownDocument, 'text' | 'lines'>;
  readonly line: number;
  readonly marks: readonly number[];
  readonly codePipes: readonly number[];
  readonly columns: number | undefined;
  readonly start: number;
  readonly end: number;
}

/** A row that knows where its cells are, and makes them when they are asked for: most of thousands of rows are only looked through. */
class SplitRow implements TableRow {
  readonly line: number;
  readonly codePipes: readonly number[];
  readonly ragged: boolean;
  readonly leadingPipe: boolean;
  readonly trailingPipe: boolean;
  readonly #doc: SplitLine['doc'];
  readonly #marks: readonly number[];

  constructor({ doc, line, marks, codePipes, columns, start, end }: SplitLine) {
    this.line = line;
    this.codePipes = codePipes;
    this.ragged = columns !== undefined && marks.length - 1 !== columns;
    this.leadingPipe = marks[0] === start && start < end;
    this.trailingPipe = marks.at(-1) === end - 1 && start < end;
    this.#doc = doc;
    this.#marks = marks;
  }

  get range(): Range {
    return this.#doc.lines.rangeOf(this.line);
  }

  get cellCount(): number {
    return this.#marks.length - 1;
  }

  get cells(): readonly TableCell[] {
    return Array.from({ length: this.cellCount }, (_, column) => ({
      range: this.rangeAt(column),
      text: this.textAt(column),
    }));
  }

  textAt(column: number): string {
    const { start, end } = this.rangeAt(column);
    return trimmedSlice(this.#doc.text, start, end);
  }

  rangeAt(column: number): Range {
    const mark = this.#marks[column];
    const next = this.#marks[column + 1];
    return mark === undefined || next === undefined ? nowhere : { start: mark + 1, end: next };
  }
}

const nowhere: Range = { start: 0, end: 0 };

function trimmedSlice(text: string, start: number, end: number): string {
  let first = start;
  let last = end;
  while (first < last && isBlankAt(text, first)) first++;
  while (last > first && isBlankAt(text, last - 1)) last--;
  // White space of other kinds is rare, and `trim` knows all of them.
  return text.slice(first, last).trim();
}

function isBlankAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === space || code === tab;
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
  // Most cells begin with a letter or a digit.
  if ((first >= 97 && first <= 122) || (first >= 48 && first <= 57) || (first >= 65 && first <= 90)) return false;
  return /^(?:[-\u2010-\u2015\u2212]*|&nbsp;)$/.test(raw.trim());
}
