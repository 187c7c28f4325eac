import type { Token } from 'markdown-it';
import { phrase } from '../base/phrase.ts';
import type { Range } from '../base/range.ts';
import type { TextEdit } from '../base/textEdit.ts';
import type { ChecklistItem } from '../model/checklist.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { type FenceMeta, type TableMeta, type TextMeta, tokenizeBlocks } from './blockParser.ts';
import type { Fence, Heading, LineBlock, MarkdownDocument, TableBlock } from './blocks.ts';
import { locateFrontmatter } from './frontmatterBlock.ts';
import { plainText } from './inline.ts';
import { createLineIndex, type LineIndex } from './lines.ts';

/**
 * Finds the structure of a markdown text. Never throws: whatever a text holds, it has some structure.
 *
 * What is inside fences, HTML comments and frontmatter is content; headings inside quotes and lists are not headings of the document.
 */
export function parseMarkdown(text: string): MarkdownDocument {
  const lines = createLineIndex(text);
  const bom = text.startsWith('\uFEFF');
  const frontmatter = locateFrontmatter(text);
  const bodyStart = startOfBody(text, lines, frontmatter?.closed === true ? frontmatter.range.end : undefined);
  const collector = new BlockCollector(text, lines, bodyStart);
  collector.collect(tokenizeBlocks(bodyStart === 0 ? text : text.slice(bodyStart)));
  const mergeMarkers = findMergeMarkers(text, lines, collector.fences);
  return {
    text,
    lines,
    bom,
    ...(frontmatter === undefined ? {} : { frontmatter }),
    headings: collector.headings,
    fences: collector.fences,
    tables: collector.tables,
    checklist: collector.checklist,
    quotes: collector.quotes,
    html: collector.html,
    listItems: collector.listItems,
    mergeMarkers,
    diagnostics: [
      ...collector.fences.flatMap((fence) => describeNesting(text, lines, fence)),
      ...describeMarkers(mergeMarkers),
    ],
  };
}

/** The fence in which `offset` lies, its opening and closing lines included. */
export function fenceAt(doc: MarkdownDocument, offset: number): Fence | undefined {
  return doc.fences.find(({ range }) => range.start <= offset && offset <= range.end);
}

/** What stands in `range`. */
export function textOf(doc: MarkdownDocument, range: Range): string {
  return doc.text.slice(range.start, range.end);
}

function startOfBody(text: string, lines: LineIndex, frontmatterEnd: number | undefined): number {
  if (frontmatterEnd === undefined) return text.startsWith('\uFEFF') ? 1 : 0;
  const next = lines.lineAt(frontmatterEnd) + 1;
  return next < lines.lineCount ? lines.rangeOf(next).start : text.length;
}

class BlockCollector {
  readonly headings: Heading[] = [];
  readonly fences: Fence[] = [];
  readonly tables: TableBlock[] = [];
  readonly checklist: ChecklistItem[] = [];
  readonly quotes: LineBlock[] = [];
  readonly html: LineBlock[] = [];
  readonly listItems: LineBlock[] = [];
  readonly #text: string;
  readonly #lines: LineIndex;
  /** Tokens count from the body's start. */
  readonly #offset: number;
  readonly #firstLine: number;

  constructor(text: string, lines: LineIndex, offset: number) {
    this.#text = text;
    this.#lines = lines;
    this.#offset = offset;
    this.#firstLine = lines.lineAt(offset);
  }

  collect(tokens: readonly Token[]): void {
    for (let index = 0; index < tokens.length; index++) {
      const token = tokens[index];
      if (token === undefined || token.map === null) continue;
      const line = token.map[0] + this.#firstLine;
      const endLine = token.map[1] + this.#firstLine;
      if (token.type === 'table') this.#addTable(line, endLine, token.meta as TableMeta);
      else if (token.type === 'fence') this.#addFence(line, endLine, token);
      else if (token.type === 'heading_open') this.#addHeading(line, endLine, token, tokens[index + 1]);
      else if (token.type === 'html_block') this.html.push(this.#block(line, endLine));
      else if (token.type === 'blockquote_open' && token.level === 0) this.quotes.push(this.#block(line, endLine));
      else if (token.type === 'list_item_open') {
        this.listItems.push(this.#block(line, endLine));
        const first = tokens[index + 1];
        if (first?.type === 'text') this.#addChecklistItem(line, (first.meta as TextMeta).contentStart + this.#offset);
      }
    }
  }

  #block(line: number, endLine: number): LineBlock {
    // Blank lines behind a block belong to nobody.
    let last = endLine;
    while (last > line + 1 && this.#lineText(last - 1).trim() === '') last--;
    return { range: this.#linesRange(line, last), line, endLine: last };
  }

  #linesRange(line: number, endLine: number): Range {
    return { start: this.#lines.rangeOf(line).start, end: this.#lines.rangeOf(Math.max(line, endLine - 1)).end };
  }

  #lineText(line: number): string {
    const { start, end } = this.#lines.rangeOf(line);
    return this.#text.slice(start, end);
  }

  #addTable(line: number, endLine: number, meta: TableMeta): void {
    const contentStarts =
      this.#offset === 0 ? meta.contentStarts : meta.contentStarts.map((start) => start + this.#offset);
    this.tables.push({ range: this.#linesRange(line, endLine), line, endLine, contentStarts });
  }

  #addFence(line: number, endLine: number, token: Token): void {
    const meta = token.meta as FenceMeta;
    const start = line + 1 < this.#lines.lineCount ? this.#lines.rangeOf(line + 1).start : this.#text.length;
    const behind = meta.closed ? endLine - 1 : endLine;
    const end = behind < this.#lines.lineCount ? this.#lines.rangeOf(behind).start : this.#text.length;
    this.fences.push({
      info: token.info,
      language: (token.info.split(/\s/, 1)[0] ?? '').toLowerCase(),
      range: this.#linesRange(line, endLine),
      contentRange: { start, end: Math.max(start, end) },
      markup: token.markup,
      line,
      nestedFencesPaired: meta.nested,
      closed: meta.closed,
    });
  }

  #addHeading(line: number, endLine: number, token: Token, inline: Token | undefined): void {
    if (token.level > 0) return;
    const raw = (inline?.content ?? '').replace(/[ \t]*\n[ \t]*/g, ' ');
    const range = this.#linesRange(line, endLine);
    // Only an underlined heading of several lines is not found word for word.
    const found = this.#text.slice(range.start, range.end).indexOf(raw);
    const start = range.start + found;
    const contentRange = found === -1 ? range : { start, end: start + raw.length };
    this.headings.push({ level: Number(token.tag.slice(1)), text: plainText(raw), raw, range, contentRange, line });
  }

  #addChecklistItem(line: number, open: number): void {
    if (this.#text[open] !== '[' || this.#text[open + 2] !== ']') return;
    const range = this.#lines.rangeOf(line);
    const content = this.#text.slice(open, range.end);
    // The item's text may begin on a line below its mark; a box there is none of the item's line.
    if (open >= range.end || !/^\[[ xX\t]\][ \t]+\S/.test(content)) return;
    const mark = this.#text[open + 1];
    this.checklist.push({
      text: content.slice(3).trim(),
      checked: mark === 'x' || mark === 'X',
      boxRange: { start: open + 1, end: open + 2 },
      range,
      line,
    });
  }
}

const markerPattern = /(?<![^\r\n])(?:<{7}|\|{7}|={7}|>{7})(?=[ \t\r\n]|$)/g;

/** Lines of complete conflicts (`<<<<<<<` … `=======` … `>>>>>>>`). A conflict shown inside one fence is an example, not a conflict. */
function findMergeMarkers(text: string, lines: LineIndex, fences: readonly Fence[]): Range[] {
  if (!text.includes('<<<<<<<') || !text.includes('>>>>>>>')) return [];
  const found: Range[] = [];
  let conflict: Range[] = [];
  for (const match of text.matchAll(markerPattern)) {
    const mark = match[0][0];
    const range = lines.rangeOf(lines.lineAt(match.index));
    if (mark === '<') conflict = [range];
    else if (conflict.length > 0) conflict.push(range);
    if (mark !== '>' || conflict.length < 3) continue;
    const start = conflict[0]?.start ?? 0;
    const inFence = fences.some((fence) => fence.range.start <= start && range.end <= fence.range.end);
    if (!inFence) found.push(...conflict);
    conflict = [];
  }
  return found;
}

function describeMarkers(markers: readonly Range[]): Diagnostic[] {
  return markers.map((range) => ({
    code: 'merge-markers',
    severity: 'error',
    message: 'A merge left its conflict marks here. Choose one of the two sides and remove the marks.',
    range,
  }));
}

function describeNesting(text: string, lines: LineIndex, fence: Fence): Diagnostic[] {
  if (!fence.nestedFencesPaired) return [];
  const opening = lines.rangeOf(fence.line);
  const mark = fence.markup[0] ?? '`';
  const runs = text.slice(fence.contentRange.start, fence.contentRange.end).match(/^\s*(?:`{3,}|~{3,})/gm) ?? [];
  const longer = mark.repeat(Math.max(fence.markup.length, ...runs.map((run) => run.trim().length)) + 1);
  const closing = lines.rangeOf(lines.lineAt(fence.range.end));
  return [
    {
      code: 'nested-fence',
      severity: 'warning',
      message: phrase`This ${fence.language} block holds fences of its own, so other programs end it at the first inner one. Give it a longer fence.`,
      range: opening,
      fix: {
        title: 'Lengthen the outer fence',
        edits: [lengthen(text, opening, mark, longer), lengthen(text, closing, mark, longer)],
        safe: true,
      },
    },
  ];
}

function lengthen(text: string, line: Range, mark: string, newText: string): TextEdit {
  const start = text.indexOf(mark, line.start);
  let end = start;
  while (text[end] === mark) end++;
  return { start, end, newText };
}
