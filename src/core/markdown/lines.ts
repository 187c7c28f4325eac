import type { Position, Range } from '../base/range.ts';

/** What ends a line; empty for the last line of a text without final newline. */
export type LineEnding = '' | '\n' | '\r\n' | '\r';

/**
 * The lines of a text. `\n`, `\r\n` and a lone `\r` end a line, as in CommonMark. A text that ends with a line ending has an empty last
 * line behind it, so that every offset from 0 to the text's length lies on exactly one line.
 */
export interface LineIndex {
  readonly lineCount: number;
  /** The line without its ending. */
  rangeOf(line: number): Range;
  /** Where the line begins; cheaper than its range for who walks over very many. */
  startOf(line: number): number;
  endingOf(line: number): LineEnding;
  positionAt(offset: number): Position;
  /** A column behind the end of its line gives the line's end; a line behind the last one the text's end. */
  offsetAt(position: Position): number;
  /** The line on which `offset` lies; a line ending belongs to the line that it ends. */
  lineAt(offset: number): number;
}

/** Finds the lines of `text` once; every question after that is answered without reading it again. */
export function createLineIndex(text: string): LineIndex {
  return text.includes('\r') ? indexMixedEndings(text) : indexNewlines(text);
}

function indexNewlines(text: string): LineIndex {
  const starts: number[] = [0];
  for (let at = text.indexOf('\n') + 1; at !== 0; at = text.indexOf('\n', at) + 1) starts.push(at);
  return new ArrayLineIndex(text, starts);
}

function indexMixedEndings(text: string): LineIndex {
  const starts: number[] = [0];
  const ends: number[] = [];
  const pattern = /\r\n?|\n/g;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    ends.push(match.index);
    starts.push(pattern.lastIndex);
  }
  ends.push(text.length);
  return new ArrayLineIndex(text, starts, ends);
}

class ArrayLineIndex implements LineIndex {
  readonly lineCount: number;
  readonly #text: string;
  readonly #starts: readonly number[];
  /** Undefined where each line ends one character before the next begins. */
  readonly #ends: readonly number[] | undefined;

  constructor(text: string, starts: readonly number[], ends?: readonly number[]) {
    this.#text = text;
    this.#starts = starts;
    this.#ends = ends;
    this.lineCount = starts.length;
  }

  rangeOf(line: number): Range {
    const start = this.#starts[line];
    if (start === undefined) throw new RangeError(`line ${line} of a text of ${this.lineCount} lines`);
    return { start, end: this.#endOf(line) };
  }

  #endOf(line: number): number {
    if (this.#ends !== undefined) return this.#ends[line] ?? this.#text.length;
    const next = this.#starts[line + 1];
    return next === undefined ? this.#text.length : next - 1;
  }

  startOf(line: number): number {
    return this.#starts[line] ?? this.#text.length;
  }

  endingOf(line: number): LineEnding {
    const { end } = this.rangeOf(line);
    return this.#text.slice(end, this.#starts[line + 1] ?? end) as LineEnding;
  }

  positionAt(offset: number): Position {
    const line = this.lineAt(offset);
    return { line, column: Math.max(0, Math.min(offset, this.#text.length)) - this.rangeOf(line).start };
  }

  offsetAt(position: Position): number {
    if (position.line >= this.lineCount) return this.#text.length;
    const { start, end } = this.rangeOf(Math.max(0, position.line));
    return Math.min(start + Math.max(0, position.column), end);
  }

  lineAt(offset: number): number {
    let low = 0;
    let high = this.lineCount - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/**
 * The line ending to write into `text`: that of the line at `near` or of the nearest one above it that has one, else the text's first
 * one, else `\n`.
 */
export function lineEndingOf(text: string, near?: number): Exclude<LineEnding, ''> {
  if (near !== undefined) {
    const from = text.slice(near).search(/\r|\n/);
    // A range's end lies before its own ending, so that ending is the nearest; at the text's end look back.
    const at = from === -1 ? Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) : near + from;
    if (at !== -1) return endingAt(text, at);
  }
  const first = text.search(/\r|\n/);
  return first === -1 ? '\n' : endingAt(text, first);
}

function endingAt(text: string, at: number): Exclude<LineEnding, ''> {
  if (text[at] === '\n') return text[at - 1] === '\r' ? '\r\n' : '\n';
  return text[at + 1] === '\n' ? '\r\n' : '\r';
}
