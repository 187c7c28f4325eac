import type { Range } from '../base/range.ts';
import type { FrontmatterBlock } from './blocks.ts';
import { locateFrontmatter } from './frontmatterBlock.ts';
import { createLineIndex, type LineIndex } from './lines.ts';

/** An ATX heading. */
export interface OutlineHeading {
  readonly level: number;
  readonly text: string;
  /** The line without its ending. */
  readonly range: Range;
  readonly line: number;
}

/** A table at the top level; conflict marks in it do not end it. */
export interface OutlineTable {
  /** Of the header; the delimiter row is the line below. */
  readonly line: number;
  /** Line behind the last row. */
  readonly endLine: number;
}

/** A conflict that a merge left behind, by the lines of its marks. */
export interface ConflictBlock {
  readonly oursLine: number;
  /** Of the base's mark, where git wrote one. */
  readonly baseLine?: number;
  readonly middleLine: number;
  readonly theirsLine: number;
}

/** The coarse structure of a text: what a task list is made of. */
export interface Outline {
  readonly text: string;
  readonly lines: LineIndex;
  readonly frontmatter?: FrontmatterBlock;
  readonly headings: readonly OutlineHeading[];
  readonly tables: readonly OutlineTable[];
  readonly conflicts: readonly ConflictBlock[];
}

/**
 * Finds frontmatter, headings, tables and conflicts of a text in one pass over its lines. Fences, HTML comments and blocks, quotes and
 * indented code are passed over. For files of a known simple form with very many rows: a full markdown parser takes several times as long,
 * and it loses the rows behind a conflict mark (`>>>>>>>` begins a quote).
 */
export function scanOutline(text: string): Outline {
  const lines = createLineIndex(text);
  const frontmatter = locateFrontmatter(text);
  const scanner = new OutlineScanner(text, lines);
  scanner.scan(frontmatter?.closed === true ? lines.lineAt(frontmatter.range.end) + 1 : 0);
  return {
    text,
    lines,
    ...(frontmatter && { frontmatter }),
    headings: scanner.headings,
    tables: scanner.tables,
    conflicts: findConflicts(text, lines, scanner.fenced),
  };
}

/** The body below a heading up to the next one of the same or a higher level, or the text's end. */
export function outlineSection(outline: Outline, heading: OutlineHeading): Range {
  const next = outline.headings.find(({ level, line }) => line > heading.line && level <= heading.level);
  const below = heading.line + 1;
  const start = below < outline.lines.lineCount ? outline.lines.rangeOf(below).start : outline.text.length;
  return { start, end: next?.range.start ?? outline.text.length };
}

const pipe = 124;
/** The end of a line that no line with one pipe at its beginning follows. */
const lastPlainRow = /[\r\n](?!\|[^|\r\n])/g;
const markPattern = /^(?:<{7}|\|{7}|={7}|>{7})(?:[ \t]|$)/;
/** What every line has that begins a fence, HTML, a heading or a table. */
const mayBeginBlock = /[|#<]|^ {0,3}[`~]/;
/** What ends a table although no blank line stands before it. */
const blockStart =
  /^ {0,3}(?:#{1,6}(?:[ \t]|$)|`{3,}|~{3,}|>|<[!/?A-Za-z]|[-*+][ \t]|\d{1,9}[.)][ \t]|(?:[-*_][ \t]*){3,}$)/;

class OutlineScanner {
  readonly headings: OutlineHeading[] = [];
  readonly tables: OutlineTable[] = [];
  /** Lines within fences, as `[from, to)`. */
  readonly fenced: { readonly from: number; readonly to: number }[] = [];
  readonly #text: string;
  readonly #lines: LineIndex;

  constructor(text: string, lines: LineIndex) {
    this.#text = text;
    this.#lines = lines;
  }

  scan(from: number): void {
    const count = this.#lines.lineCount;
    for (let line = from; line < count; ) line = this.#scanBlock(line, count);
  }

  /** Takes the block that begins at `line`; answers the line behind it. */
  #scanBlock(line: number, count: number): number {
    const text = this.#lineText(line);
    // A paragraph, as most lines are that are no rows.
    if (!mayBeginBlock.test(text)) return line + 1;
    const fence = /^ {0,3}(`{3,}|~{3,})([^\r\n]*)$/.exec(text);
    if (fence?.[1] !== undefined && !(fence[1].startsWith('`') && fence[2]?.includes('`'))) {
      const end = this.#endOfFence(line, count, fence[1]);
      this.fenced.push({ from: line, to: end });
      return end;
    }
    if (/^ {0,3}<!--/.test(text)) return this.#endWhere(line, count, (one) => one.includes('-->'));
    if (/^ {0,3}<[/?A-Za-z!]/.test(text)) return this.#endWhere(line, count, (one) => one.trim() === '');
    const heading = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))??(?:[ \t]+#+)?[ \t]*$/.exec(text);
    if (heading?.[1] !== undefined) {
      const range = this.#lines.rangeOf(line);
      this.headings.push({ level: heading[1].length, text: heading[2]?.trim() ?? '', range, line });
      return line + 1;
    }
    const cells = this.#isTableLine(text) && line + 1 < count ? countCells(text) : 0;
    if (cells === 0 || countDelimiters(this.#lineText(line + 1)) !== cells) return line + 1;
    const endLine = this.#endOfTable(line + 2, count);
    this.tables.push({ line, endLine });
    return endLine;
  }

  #isTableLine(text: string): boolean {
    return text.includes('|') && !/^(?: {4}| {0,3}\t| {0,3}>)/.test(text);
  }

  #endOfFence(line: number, count: number, mark: string): number {
    const closing = new RegExp(`^ {0,3}${mark[0] === '~' ? '~' : '`'}{${mark.length},}[ \\t]*$`);
    for (let at = line + 1; at < count; at++) if (closing.test(this.#lineText(at))) return at + 1;
    return count;
  }

  #endWhere(line: number, count: number, isEnd: (text: string) => boolean): number {
    for (let at = line; at < count; at++) if (isEnd(this.#lineText(at))) return at + 1;
    return count;
  }

  #endOfTable(from: number, count: number): number {
    let end = this.#passPlainRows(from, count);
    for (let line = end; line < count; line++) {
      const start = this.#lines.startOf(line);
      // Most rows begin with a pipe, and then nothing else need be asked.
      if (this.#text.charCodeAt(start) !== pipe) {
        const text = this.#lineText(line);
        if (markPattern.test(text)) continue;
        if (text.trim() === '' || /^(?: {4}| {0,3}\t)/.test(text) || blockStart.test(text)) break;
      } else if (this.#text.charCodeAt(start + 1) === pipe && markPattern.test(this.#lineText(line))) continue;
      end = line + 1;
    }
    return this.#withMarks(end, count);
  }

  /** Passes over lines that begin with one pipe: mostly all that there are. */
  #passPlainRows(from: number, count: number): number {
    if (from >= count) return from;
    // The end of the delimiter row is the first one looked at.
    lastPlainRow.lastIndex = this.#lines.startOf(from) - 1;
    const found = lastPlainRow.exec(this.#text);
    return found === null ? from : Math.min(this.#lines.lineAt(found.index) + 1, count);
  }

  /** Conflict marks right behind the last row belong to the table. */
  #withMarks(end: number, count: number): number {
    let at = end;
    while (at < count && markPattern.test(this.#lineText(at))) at++;
    return at;
  }

  #lineText(line: number): string {
    const { start, end } = this.#lines.rangeOf(line);
    return this.#text.slice(start, end);
  }
}

/** The number of cells of a line, as GitHub counts them: escaped pipes separate nothing. */
function countCells(line: string): number {
  const text = line.trim();
  let pipes = 0;
  for (let at = text.indexOf('|'); at !== -1; at = text.indexOf('|', at + 1)) if (text[at - 1] !== '\\') pipes++;
  const leading = text.startsWith('|') ? 1 : 0;
  const trailing = text.length > 1 && text.endsWith('|') && text[text.length - 2] !== '\\' ? 1 : 0;
  return Math.max(0, pipes + 1 - leading - trailing);
}

/** The number of cells of a delimiter row; -1 where the line is none. */
function countDelimiters(line: string): number {
  const text = line.trim();
  if (!/^[|:-][-|: \t]*$/.test(text) || text.length < 2 || /^(?: {4}| {0,3}\t)/.test(line)) return -1;
  const marks = text.replace(/^\||\|$/g, '').split('|');
  return marks.every((mark) => /^\s*:?-+:?\s*$/.test(mark)) ? marks.length : -1;
}

function findConflicts(
  text: string,
  lines: LineIndex,
  fenced: readonly { readonly from: number; readonly to: number }[],
): ConflictBlock[] {
  const found: ConflictBlock[] = [];
  for (let at = text.indexOf('<<<<<<<'); at !== -1; at = text.indexOf('<<<<<<<', at + 7)) {
    const oursLine = lines.lineAt(at);
    if (lines.rangeOf(oursLine).start !== at || fenced.some(({ from, to }) => from <= oursLine && oursLine < to))
      continue;
    const conflict = readConflict(text, lines, oursLine);
    if (conflict) found.push(conflict);
  }
  return found;
}

function readConflict(text: string, lines: LineIndex, oursLine: number): ConflictBlock | undefined {
  let baseLine: number | undefined;
  let middleLine: number | undefined;
  for (let line = oursLine; line < lines.lineCount; line++) {
    const { start, end } = lines.rangeOf(line);
    const mark = markPattern.exec(text.slice(start, Math.min(end, start + 8)))?.[0][0];
    if (line === oursLine ? mark !== '<' : mark === '<') return undefined;
    if (mark === '|') baseLine ??= line;
    else if (mark === '=') middleLine ??= line;
    else if (mark === '>' && middleLine !== undefined) {
      return { oursLine, middleLine, theirsLine: line, ...(baseLine !== undefined && { baseLine }) };
    }
  }
  return undefined;
}
