import type { Range } from '../base/range.ts';
import type { TextEdit } from '../base/textEdit.ts';
import type { MarkdownDocument } from './blocks.ts';
import { lineEndingOf } from './lines.ts';

/**
 * Adds lines behind the last content of a section's body (`sectionOf(…).bodyRange`), before blank lines and rules that only separate it
 * from what follows. A blank line goes before them, except where they continue a list, and one is left before the next heading. Lines that
 * the section has already, one after another, are not added again.
 */
export function planSectionAppend(doc: MarkdownDocument, body: Range, lines: readonly string[]): TextEdit[] {
  const existing = doc.text.slice(body.start, body.end).split(/\r\n|\n|\r/);
  if (lines.length === 0 || holdsRun(existing, lines)) return [];
  const last = lastContentLine(doc, body);
  const continuesList =
    last !== undefined && /^\s*[-*+]\s|^\s{2,}\S/.test(lineText(doc, last)) && /^\s*[-*+]\s/.test(lines[0] ?? '');
  return [insertBehind(doc, body, last, continuesList ? lines : ['', ...lines])];
}

function holdsRun(existing: readonly string[], wanted: readonly string[]): boolean {
  return existing.some((_, start) =>
    wanted.every((line, index) => existing[start + index]?.trimEnd() === line.trimEnd()),
  );
}

/** The last line of a body that says something; undefined where none does. */
function lastContentLine(doc: MarkdownDocument, body: Range): number | undefined {
  const first = doc.lines.lineAt(body.start);
  let line = body.end === doc.text.length ? doc.lines.lineCount - 1 : doc.lines.lineAt(body.end) - 1;
  for (; line >= first && doc.lines.rangeOf(line).start >= body.start; line--) {
    const { start } = doc.lines.rangeOf(line);
    const separates = /^\s{0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})?$/.test(lineText(doc, line));
    if (!separates || doc.fences.some(({ range }) => range.start <= start && start <= range.end)) return line;
  }
  return undefined;
}

function insertBehind(
  doc: MarkdownDocument,
  body: Range,
  last: number | undefined,
  lines: readonly string[],
): TextEdit {
  // An empty body's lines go below the line before it (its heading); in an empty text they are the first ones.
  const line = last ?? (body.start === 0 ? undefined : doc.lines.lineAt(body.start - 1));
  if (line === undefined) {
    const ending = lineEndingOf(doc.text);
    const start = doc.bom ? 1 : 0;
    return { start, end: start, newText: lines.slice(lines[0] === '' ? 1 : 0).join(ending) + ending };
  }
  const at = doc.lines.rangeOf(line).end;
  const ending = lineEndingOf(doc.text, at);
  const isFollowed = line + 1 < doc.lines.lineCount && lineText(doc, line + 1).trim() !== '';
  return { start: at, end: at, newText: lines.map((text) => ending + text).join('') + (isFollowed ? ending : '') };
}

function lineText(doc: MarkdownDocument, line: number): string {
  const { start, end } = doc.lines.rangeOf(line);
  return doc.text.slice(start, end);
}
