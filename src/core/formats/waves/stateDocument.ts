import type { Range } from '../../base/range.ts';
import type { MarkdownDocument } from '../../markdown/blocks.ts';
import { parseMarkdown } from '../../markdown/document.ts';
import { createLineIndex } from '../../markdown/lines.ts';

/** A history as long as this is worth passing over. Characters. */
const longHistory = 8_192;

/**
 * Finds the structure of a STATE.md for an edit. What a long `## Wave History` says is passed over, which is most of such a file: its
 * subheadings and list items are not in the result. The text and all places in it are those of the whole file.
 */
export function parseStateDocument(text: string, minimum = longHistory): MarkdownDocument {
  const history = text.length < minimum ? undefined : findPlainHistory(text);
  if (history === undefined || history.end - history.start < minimum) return parseMarkdown(text);
  const lines = createLineIndex(text);
  const short = parseMarkdown(text.slice(0, history.start) + text.slice(history.end));
  const from = { offset: history.start, line: lines.lineAt(history.start) };
  const by = { offset: history.end - history.start, line: lines.lineAt(history.end) - from.line };
  const { lines: _, text: __, ...blocks } = short;
  return { ...moveBlocks(blocks, from, by), lines, text };
}

interface Place {
  readonly offset: number;
  readonly line: number;
}

/** Moves whatever begins or ends behind a place: offsets (`start`, `end`, `contentStarts`) and lines (`line`, `endLine`). */
function moveBlocks<T>(value: T, from: Place, by: Place, key = ''): T {
  if (Array.isArray(value)) return value.map((item) => moveBlocks(item, from, by, key)) as T;
  if (typeof value === 'object' && value !== null) {
    const moved = Object.entries(value).map(([name, part]) => [name, moveBlocks(part, from, by, name)]);
    return Object.fromEntries(moved) as T;
  }
  if (typeof value !== 'number') return value;
  const isOffset = key === 'start' || key === 'contentStarts' || key === 'end';
  const isLine = key === 'line' || key === 'endLine';
  // What ends where the history begins stays; what begins there is behind it.
  const isBehind = isOffset ? value > from.offset || (key !== 'end' && value === from.offset) : value > from.line;
  const isMoved = isBehind || (key === 'line' && value === from.line);
  if (!isMoved || !(isOffset || isLine)) return value;
  return (value + (isOffset ? by.offset : by.line)) as T;
}

/**
 * The body of the history where nothing in the file can reach across its borders: no fence and no HTML anywhere, no heading in it that only
 * a parser can tell, and another section behind it.
 */
function findPlainHistory(text: string): Range | undefined {
  if (text.includes('```') || text.includes('~~~') || /(?:^|[\r\n])[ \t>*+-]*</.test(text)) return undefined;
  const heading = /(?<![^\r\n])## Wave History[ \t]*(?:\r\n|\n|\r)/.exec(text);
  if (heading === null) return undefined;
  const start = heading.index + heading[0].length;
  const next = /[\r\n](?=#{1,2}[ \t])/g;
  next.lastIndex = start - 1;
  const end = (next.exec(text)?.index ?? text.length) + 1;
  const isDoubtful = /[\r\n](?: {1,3}#{1,2}[ \t]|#{1,2}(?![^\r\n])|[ \t>*+-]*(?:-+|=+)[ \t]*(?![^\r\n]))/;
  return end > text.length || isDoubtful.test(text.slice(start - 1, end)) ? undefined : { start, end };
}
