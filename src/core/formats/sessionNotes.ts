import type { Range } from '../base/range.ts';
import type { TextEdit } from '../base/textEdit.ts';
import type { MarkdownDocument } from '../markdown/blocks.ts';
import { parseMarkdown } from '../markdown/document.ts';
import { lineEndingOf } from '../markdown/lines.ts';
import { sectionOf } from '../markdown/sections.ts';
import { sealNoteLines } from './noteText.ts';
import { trimBody } from './planSections.ts';

/** Stands in `## Session Notes` until there is a note; the reference script writes the same. */
export const notesPlaceholder = '_Add notes during execution here_';

/** The notes of a SESSION.md. */
export interface SessionNotes {
  /** Every line that is not blank, the placeholder left out. */
  readonly lines: readonly string[];
  /** The section's content without blank lines and rule around it; empty, behind the heading, where there is none. */
  readonly range: Range;
  /** Where the heading's line ends. */
  readonly headingEnd: number;
  readonly hasPlaceholder: boolean;
}

/** Finds `## Session Notes`; the last heading of that name, because a plan's section above may have one too. */
export function findNotes(doc: MarkdownDocument): SessionNotes | undefined {
  const heading = doc.headings.findLast(({ text, level }) => level <= 3 && /^session notes$/i.test(text));
  if (!heading) return undefined;
  const { bodyRange } = sectionOf(doc, heading);
  const trimmed = trimBody(doc.text, { start: Math.min(heading.range.end, bodyRange.end), end: bodyRange.end });
  const isEmpty = trimmed.start >= trimmed.end;
  const range = isEmpty ? { start: heading.range.end, end: heading.range.end } : trimmed;
  const all = doc.text.slice(range.start, range.end).split(/\r\n|\n|\r/);
  const isPlaceholder = (line: string) => line.trim() === notesPlaceholder;
  const lines = all.filter((line) => line.trim() !== '' && !isPlaceholder(line)).map((line) => line.trimEnd());
  return { lines, range, headingEnd: heading.range.end, hasPlaceholder: all.some(isPlaceholder) };
}

/**
 * Adds a note at the end of `## Session Notes` of a SESSION.md, in place of the placeholder where it still stands; the section is made where
 * it is missing. Further lines of a note are indented, so that they belong to its list item; what would change the file's structure is
 * made plain text.
 */
export function planSessionNoteAppend(text: string, noteLine: string): TextEdit[] {
  const [first, ...rest] = sealNoteLines([noteLine]);
  if (first === undefined) return [];
  const doc = parseMarkdown(text);
  const ending = lineEndingOf(text);
  const note = [first, ...rest.map((line) => (line === '' ? '' : `  ${line}`))].join(ending);
  const notes = findNotes(doc);
  if (!notes) {
    const gap = text === '' ? '' : /[\r\n]$/.test(text) ? ending : ending + ending;
    const newText = `${gap}## Session Notes${ending}${ending}${note}${ending}`;
    return [{ start: text.length, end: text.length, newText }];
  }
  if (notes.hasPlaceholder) {
    const start = text.indexOf(notesPlaceholder, notes.range.start);
    return [{ start, end: start + notesPlaceholder.length, newText: note }];
  }
  const isEmpty = notes.range.start >= notes.range.end;
  const at = isEmpty ? notes.headingEnd : notes.range.end;
  return [{ start: at, end: at, newText: `${isEmpty ? ending + ending : ending}${note}` }];
}
