import markdownIt, { type StateBlock, type Token } from 'markdown-it';
import {
  type CondensedRows,
  condenseRows,
  hasGap,
  restoreLine,
  restoreOffset,
  restoreOffsets,
} from './condenseRows.ts';

/** What the table rule leaves on its token. */
export type TableMeta = { readonly contentStarts: readonly number[] };

/** What the fence rule leaves on its token. */
export type FenceMeta = { readonly closed: boolean; readonly nested: boolean };

/** What the text rule leaves on its `text` tokens: where the text begins. */
export type TextMeta = { readonly contentStart: number };

const parser = createParser();

/**
 * Splits `text` into block tokens. Offsets in tokens' metadata are those of `text` itself, whatever its line endings.
 *
 * markdown-it in block mode: inline content is never looked into. Some of its rules are replaced: a table is one token (its own rule makes
 * seven per cell, and a progress table may have 10,000 rows), a fence pairs the fences inside a `markdown` fence, and paragraphs and
 * underlined headings are read in one pass that copies no text.
 */
export function tokenizeBlocks(text: string): Token[] {
  const plain = keepOffsets(text);
  const condensed = condenseRows(plain);
  if (condensed === undefined) return tokenizeWhole(plain);
  const tokens = parser.parse(condensed.text, {});
  // The text of an underlined heading is all of its lines.
  const isCut = tokens.some(({ type, map }) => type === 'heading_open' && map !== null && hasGap(condensed, ...map));
  return isCut ? tokenizeWhole(plain) : tokens.map((token) => restorePlaces(token, condensed));
}

/** As `tokenizeBlocks`, with every row looked at, for a text with no other line endings than `\n`: the measure of what that leaves out. */
export function tokenizeWhole(text: string): Token[] {
  return parser.parse(text, {});
}

/** Makes the places of a token those of the whole text. */
function restorePlaces(token: Token, condensed: CondensedRows): Token {
  if (token.map === null) return token;
  const [line, endLine] = token.map;
  token.map = [restoreLine(condensed, line), restoreLine(condensed, endLine - 1) + 1];
  if (token.type === 'table') {
    const { contentStarts } = token.meta as TableMeta;
    token.meta = { contentStarts: restoreOffsets(condensed, line, contentStarts) } satisfies TableMeta;
  } else if (token.type === 'text') {
    const { contentStart } = token.meta as TextMeta;
    token.meta = { contentStart: restoreOffset(condensed, line, contentStart) } satisfies TextMeta;
  }
  return token;
}

/** Brings line endings to `\n` without moving anything: trailing white space never matters to a block's structure. */
function keepOffsets(text: string): string {
  const plain = text.includes('\r') ? text.replace(/\r\n/g, ' \n').replace(/\r/g, '\n') : text;
  return plain.includes('\0') ? plain.replace(/\0/g, '\uFFFD') : plain;
}

function createParser(): ReturnType<typeof markdownIt> {
  const md = markdownIt({ html: true });
  md.core.ruler.disable([
    'normalize',
    'inline',
    'linkify',
    'replacements',
    'smartquotes',
    'text_join',
    'strip_references',
  ]);
  // `at` forgets in which other blocks a rule may interrupt, so those are named again.
  md.block.ruler.at('table', tableRule, { alt: ['paragraph', 'reference'] });
  md.block.ruler.at('fence', fenceRule, { alt: ['paragraph', 'reference', 'blockquote', 'list'] });
  // Link definitions are inline matters, and the rule copies whole paragraphs to look for them.
  md.block.ruler.disable(['reference', 'paragraph']);
  md.block.ruler.at('lheading', textRule);
  return md;
}

const pipe = 124;
const dash = 45;
const colon = 58;
const equals = 61;
const backslash = 92;
const backtick = 96;
const tilde = 126;

function isIndentedCode(state: StateBlock, line: number): boolean {
  return (state.sCount[line] ?? 0) - state.blkIndent >= 4;
}

function contentStart(state: StateBlock, line: number): number {
  return (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
}

function lineEnd(state: StateBlock, line: number): number {
  return state.eMarks[line] ?? 0;
}

/** A table after GFM: a header line with a pipe, a delimiter row with as many cells, then rows until a blank line or another block. */
function tableRule(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if (startLine + 2 > endLine || (state.sCount[startLine + 1] ?? 0) < state.blkIndent) return false;
  if (isIndentedCode(state, startLine + 1) || isIndentedCode(state, startLine)) return false;
  const columns = countDelimiters(state.src, contentStart(state, startLine + 1), lineEnd(state, startLine + 1));
  if (columns === 0) return false;
  if (countHeaderCells(state.src.slice(contentStart(state, startLine), lineEnd(state, startLine))) !== columns)
    return false;
  if (silent) return true;

  const contentStarts = [contentStart(state, startLine), contentStart(state, startLine + 1)];
  const outerType = state.parentType;
  // The type tells the rules that are asked below what they would interrupt.
  state.parentType = 'table';
  const terminators = state.md.block.ruler.getRules('blockquote');
  let line = startLine + 2;
  for (; line < endLine; line++) {
    if ((state.sCount[line] ?? 0) < state.blkIndent || state.isEmpty(line) || isIndentedCode(state, line)) break;
    const start = contentStart(state, line);
    // No block begins with a pipe, so that the rules need not be asked for most rows.
    if (state.src.charCodeAt(start) !== pipe) {
      // A no-break space alone is a row to GFM's letter; markdown-it and people see a blank line.
      if (state.src.slice(start, lineEnd(state, line)).trim() === '') break;
      if (interrupts(terminators, state, line, endLine)) break;
    }
    contentStarts.push(start);
  }
  state.parentType = outerType;
  state.line = line;
  const token = state.push('table', 'table', 0);
  token.map = [startLine, line];
  token.meta = { contentStarts } satisfies TableMeta;
  return true;
}

type BlockRule = (state: StateBlock, line: number, endLine: number, silent: boolean) => boolean;

function interrupts(rules: readonly BlockRule[], state: StateBlock, line: number, endLine: number): boolean {
  return rules.some((rule) => rule(state, line, endLine, true));
}

/** The number of cells of a delimiter row; 0 where the line is none. */
function countDelimiters(source: string, start: number, end: number): number {
  const first = source.charCodeAt(start);
  if (start >= end || (first !== pipe && first !== dash && first !== colon)) return 0;
  const text = source.slice(start, end).trim();
  // `- |` begins a list.
  if (text.length < 2 || /^-\s/.test(text) || /[^\s|:-]/.test(text)) return 0;
  const cells = text.split('|');
  let count = 0;
  for (const [index, cell] of cells.entries()) {
    const mark = cell.trim();
    if (mark === '') {
      if (index === 0 || index === cells.length - 1) continue;
      return 0;
    }
    if (!/^:?-+:?$/.test(mark)) return 0;
    count++;
  }
  return count;
}

function countHeaderCells(line: string): number {
  const text = line.trim();
  if (!text.includes('|')) return 0;
  let pipes = 0;
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) === pipe && text.charCodeAt(at - 1) !== backslash) pipes++;
  }
  const leading = text.charCodeAt(0) === pipe ? 1 : 0;
  const trailing = text.length > 1 && text.endsWith('|') && text.charCodeAt(text.length - 2) !== backslash ? 1 : 0;
  return Math.max(0, pipes + 1 - leading - trailing);
}

interface FenceLine {
  readonly mark: number;
  readonly length: number;
  readonly info: string;
}

function fenceLineAt(state: StateBlock, line: number): FenceLine | undefined {
  if (isIndentedCode(state, line)) return undefined;
  const start = contentStart(state, line);
  const mark = state.src.charCodeAt(start);
  if (mark !== backtick && mark !== tilde) return undefined;
  const end = lineEnd(state, line);
  const infoStart = Math.min(state.skipChars(start, mark), end);
  if (infoStart - start < 3) return undefined;
  const info = state.src.slice(infoStart, end).trim();
  if (mark === backtick && info.includes('`')) return undefined;
  return { mark, length: infoStart - start, info };
}

function fenceRule(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const opening = fenceLineAt(state, startLine);
  if (opening === undefined) return false;
  if (silent) return true;
  const first = findFirstClosing(state, opening, startLine, endLine);
  let closing = first;
  if (first.closed && /^(?:markdown|md)(?:\s|$)/i.test(opening.info)) {
    const paired = findPairedClosing(state, opening, startLine, endLine);
    // Where pairing finds no end, the inner fences are not pairs but broken text: then CommonMark's end is the only one there is.
    if (paired !== undefined) closing = { line: paired, closed: true };
  }
  state.line = closing.line + (closing.closed ? 1 : 0);
  const token = state.push('fence', 'code', 0);
  token.info = opening.info;
  const start = contentStart(state, startLine);
  token.markup = state.src.slice(start, start + opening.length);
  token.map = [startLine, state.line];
  token.meta = { closed: closing.closed, nested: closing.line !== first.line } satisfies FenceMeta;
  return true;
}

/** CommonMark's end: the first bare fence of the same mark that is long enough, or the end of the block around it. */
function findFirstClosing(
  state: StateBlock,
  opening: FenceLine,
  startLine: number,
  endLine: number,
): { line: number; closed: boolean } {
  let line = startLine + 1;
  for (; line < endLine; line++) {
    if (leavesContainer(state, line)) return { line, closed: false };
    const fence = fenceLineAt(state, line);
    if (fence !== undefined && closes(fence, opening)) return { line, closed: true };
  }
  return { line, closed: false };
}

/** The end with inner fences paired: one with an info string opens, a bare one closes the innermost, and only then the outer. */
function findPairedClosing(
  state: StateBlock,
  opening: FenceLine,
  startLine: number,
  endLine: number,
): number | undefined {
  const open: FenceLine[] = [opening];
  for (let line = startLine + 1; line < endLine; line++) {
    if (leavesContainer(state, line)) return undefined;
    const fence = fenceLineAt(state, line);
    const innermost = open.at(-1);
    if (fence === undefined || innermost === undefined) continue;
    if (closes(fence, innermost)) {
      open.pop();
      if (open.length === 0) return line;
    } else if (
      fence.info !== '' &&
      (fence.mark !== innermost.mark ? open.length === 1 : fence.length >= innermost.length)
    ) {
      // Shorter ones cannot be mistaken for the innermost's end, so they need no pairing; another mark is text inside an inner fence.
      open.push(fence);
    }
  }
  return undefined;
}

function closes(fence: FenceLine, opening: FenceLine): boolean {
  return fence.info === '' && fence.mark === opening.mark && fence.length >= opening.length;
}

function leavesContainer(state: StateBlock, line: number): boolean {
  return !state.isEmpty(line) && (state.sCount[line] ?? 0) < state.blkIndent;
}

/** A paragraph (one `text` token), or a heading that is underlined with `===` or `---`: both go on until another block begins. */
function textRule(state: StateBlock, startLine: number, endLine: number): boolean {
  const terminators = state.md.block.ruler.getRules('paragraph');
  const outerType = state.parentType;
  state.parentType = 'paragraph';
  let level = 0;
  let line = startLine + 1;
  for (; line < endLine && !state.isEmpty(line); line++) {
    const indent = state.sCount[line] ?? 0;
    if (indent - state.blkIndent > 3) continue;
    level = indent >= state.blkIndent && !isIndentedCode(state, startLine) ? underlineLevel(state, line) : 0;
    // A negative indentation is a line that only the paragraph's laziness keeps in its quote.
    if (level > 0 || (indent >= 0 && interrupts(terminators, state, line, endLine))) break;
  }
  state.parentType = outerType;
  if (level > 0) {
    state.line = line + 1;
    const heading = state.push('heading_open', `h${level}`, 1);
    heading.map = [startLine, line + 1];
    const inline = state.push('inline', '', 0);
    inline.content = state.getLines(startLine, line, state.blkIndent, false).replace(/^[ \t\n]+|[ \t\n]+$/g, '');
    state.push('heading_close', `h${level}`, -1);
    return true;
  }
  state.line = line;
  const token = state.push('text', '', 0);
  token.map = [startLine, line];
  token.meta = { contentStart: contentStart(state, startLine) } satisfies TextMeta;
  return true;
}

/** 1 for a line of `=` only, 2 for one of `-`; 0 for any other. */
function underlineLevel(state: StateBlock, line: number): 0 | 1 | 2 {
  const start = contentStart(state, line);
  const mark = state.src.charCodeAt(start);
  if (mark !== equals && mark !== dash) return 0;
  const end = state.skipSpaces(state.skipChars(start, mark));
  if (end < lineEnd(state, line)) return 0;
  return mark === equals ? 1 : 2;
}
