import type { Range } from '../base/range.ts';
import type { MarkdownDocument } from './blocks.ts';
import { plainText } from './inline.ts';

/** A line such as `> **Started:** 2026-01-02 09:00`. */
export interface Field {
  /** Plain text without the colon. */
  readonly name: string;
  /** As it stands, without white space around; empty where nothing follows the colon. */
  readonly value: string;
  readonly line: number;
  readonly nameRange: Range;
  /** Where `value` stands; at the line's end where it is empty. */
  readonly valueRange: Range;
}

const fieldLine = /^[ \t]*(?:>[ \t]*)*(?:[-*+][ \t]+)?(\*\*|__)(.+?)(?:[:：]\1|\1[ \t]*[:：])[ \t]*(.*?)[ \t]*$/;

/**
 * The fields of a document, or of a part of it: bold name with a colon (inside or behind the bold), then the value on the same line;
 * plain, quoted or as a list item. Lines in fences, tables, raw HTML and frontmatter are none.
 */
export function readFields(doc: MarkdownDocument, within?: Range): Field[] {
  const bodyStart = doc.frontmatter?.closed === true ? doc.frontmatter.range.end : 0;
  const start = Math.max(within?.start ?? 0, bodyStart);
  const end = within?.end ?? doc.text.length;
  const skipped = createSkipper(doc);
  const fields: Field[] = [];
  const lastLine = doc.lines.lineAt(Math.max(start, end - 1));
  for (let line = doc.lines.lineAt(start); line <= lastLine; line++) {
    const range = doc.lines.rangeOf(line);
    if (range.start < start || range.end > end || skipped(range.start)) continue;
    const field = readField(doc.text.slice(range.start, range.end), range.start, line);
    if (field !== undefined) fields.push(field);
  }
  return fields;
}

function readField(text: string, offset: number, line: number): Field | undefined {
  const match = fieldLine.exec(text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text);
  if (match === null) return undefined;
  const [, marks = '', rawName = '', value = ''] = match;
  const nameStart = offset + text.indexOf(marks) + marks.length;
  const valueStart = offset + text.trimEnd().length - value.length;
  return {
    name: plainText(rawName),
    value,
    line,
    nameRange: { start: nameStart, end: nameStart + rawName.length },
    valueRange: { start: valueStart, end: valueStart + value.length },
  };
}

/** Tells for rising offsets whether they lie in a block whose lines are content. */
function createSkipper(doc: MarkdownDocument): (offset: number) => boolean {
  const blocks = [...doc.fences, ...doc.tables, ...doc.html]
    .map(({ range }) => range)
    .sort((a, b) => a.start - b.start);
  let at = 0;
  return (offset) => {
    while ((blocks[at]?.end ?? Number.POSITIVE_INFINITY) < offset) at++;
    return (blocks[at]?.start ?? Number.POSITIVE_INFINITY) <= offset;
  };
}
