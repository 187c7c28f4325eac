import { phrase } from '../../base/phrase.ts';
import type { Range } from '../../base/range.ts';
import { applyEdits, type TextEdit } from '../../base/textEdit.ts';
import { BatonError } from '../../errors.ts';
import type { MarkdownDocument } from '../../markdown/blocks.ts';
import { parseMarkdown } from '../../markdown/document.ts';
import { lineEndingOf } from '../../markdown/lines.ts';
import { planSectionAppend } from '../../markdown/sectionEdits.ts';
import { findHeading, headingsIn, type Section, sectionOf } from '../../markdown/sections.ts';

/** The sections of STATE.md that Baton writes, by the headings that they have (formats.md §1.2). */
export const stateSections = {
  currentWave: 'Current Wave',
  history: 'Wave History',
  deviations: 'Deviations',
  missions: 'Mission Status',
  notToRetry: 'What Not To Retry',
  questions: 'Open Questions',
  previous: 'Previous Session',
} as const;

export type StateSectionTitle = (typeof stateSections)[keyof typeof stateSections];

/** The first section with that title; words behind the title are people's own (`## Deviations (plan)`). */
export function findStateSection(doc: MarkdownDocument, title: StateSectionTitle): Section | undefined {
  const name = title.toLowerCase();
  const isMeant = (text: string): boolean =>
    text.toLowerCase().startsWith(name) && !/^\w/.test(text.slice(name.length));
  const heading = findHeading(doc, ({ level, text }) => level === 2 && isMeant(text));
  return heading && sectionOf(doc, heading);
}

/** A line of a section, without its ending. */
export interface SectionLine {
  readonly number: number;
  readonly range: Range;
  readonly text: string;
}

/** The lines of a range that are no part of a fence or a comment: what looks like an entry in one is an example. */
export function openLines(doc: MarkdownDocument, { start, end }: Range): readonly SectionLine[] {
  const found: SectionLine[] = [];
  if (start >= end) return found;
  const closed = [...doc.fences, ...doc.html].map(({ range }) => range);
  for (let number = doc.lines.lineAt(start); number < doc.lines.lineCount; number++) {
    const range = doc.lines.rangeOf(number);
    if (range.start >= end) break;
    if (range.start < start || closed.some((block) => block.start <= range.end && range.start <= block.end)) continue;
    found.push({ number, range, text: doc.text.slice(range.start, range.end) });
  }
  return found;
}

/** What a new section says before it says anything. */
const placeholder = /^[ \t]*([_*]?)\(none yet\)\1[ \t]*$/i;

/** The line `(none yet)` of a section, in any of its forms. */
export function findPlaceholder(lines: readonly SectionLine[]): SectionLine | undefined {
  return lines.findLast(({ text }) => placeholder.test(text));
}

/** Replaces a line in place; its ending stays. Nothing where it says that already. */
export function replaceLine({ range, text }: SectionLine, newLines: readonly string[], ending: string): TextEdit[] {
  const newText = newLines.join(ending);
  return newText === text ? [] : [{ ...range, newText }];
}

/** Adds lines directly below the line that ends at `at`; a text without final newline keeps having none. */
export function insertBelow(doc: MarkdownDocument, at: number, newLines: readonly string[]): TextEdit {
  const ending = lineEndingOf(doc.text, at);
  return seenAfter(doc, { start: at, end: at, newText: newLines.map((line) => ending + line).join('') });
}

/**
 * Adds an entry to a section: in place of `(none yet)`, else behind the last list item that stands before a heading of its own (behind the
 * section's last one where none does), else behind what the section says. A section that is missing is added at the end.
 *
 * @throws BatonError `unreadable-file` where a fence or comment that is not closed would swallow a new section
 */
export function planEntry(doc: MarkdownDocument, title: StateSectionTitle, entry: readonly string[]): TextEdit[] {
  const section = findStateSection(doc, title);
  if (section === undefined) return [planSection(doc, title, entry)];
  const lines = openLines(doc, section.bodyRange);
  const free = findPlaceholder(lines);
  if (free !== undefined) return replaceLine(free, entry, lineEndingOf(doc.text, free.range.start));
  const last = lastItemEnd(doc, ownRange(doc, section)) ?? lastItemEnd(doc, section.bodyRange);
  return last === undefined ? planAppend(doc, ownRange(doc, section), entry) : [insertBelow(doc, last, entry)];
}

/**
 * Adds lines behind what a section says, with a blank line before them; nothing where they stand there word for word.
 *
 * @throws BatonError `unreadable-file`
 */
export function planAppend(doc: MarkdownDocument, body: Range, lines: readonly string[]): TextEdit[] {
  return planSectionAppend(doc, body, lines).map((edit) => seenAfter(doc, edit));
}

/** A section's body up to its first heading of its own. */
export function ownRange(doc: MarkdownDocument, { bodyRange }: Section): Range {
  return { start: bodyRange.start, end: headingsIn(doc, bodyRange)[0]?.range.start ?? bodyRange.end };
}

/** Where the last list item of a range ends, with the lines that belong to it. */
function lastItemEnd(doc: MarkdownDocument, { start, end }: Range): number | undefined {
  let last: number | undefined;
  for (const { range } of doc.listItems) {
    if (range.start >= start && range.start < end) last = Math.max(last ?? 0, range.end);
  }
  return last;
}

/** A new section at the end of the text, which then ends with a newline. */
export function planSection(doc: MarkdownDocument, title: StateSectionTitle, content: readonly string[]): TextEdit {
  const { text } = doc;
  const ending = lineEndingOf(text, text.length);
  const isEmpty = text.length === (doc.bom ? 1 : 0);
  const lead = isEmpty ? '' : /[\r\n]$/.test(text) ? ending : ending + ending;
  const newText = `${lead}${[`## ${title}`, '', ...content].join(ending)}${ending}`;
  return seenAfter(doc, { start: text.length, end: text.length, newText });
}

/**
 * Sees that what an edit adds is read as what it is.
 *
 * @throws BatonError `unreadable-file` where it would be swallowed by a fence or a comment that is not closed
 */
export function seenAfter(doc: MarkdownDocument, edit: TextEdit): TextEdit {
  if (doc.fences.every(({ closed }) => closed) && doc.html.length === 0) return edit;
  const after = parseMarkdown(applyEdits(doc.text, [edit]));
  const at = edit.start + Math.max(0, edit.newText.search(/\S/));
  const around = [...after.fences, ...after.html].find(({ range }) => range.start <= at && at <= range.end);
  if (around === undefined) return edit;
  const line = after.lines.lineAt(around.range.start) + 1;
  throw new BatonError(
    'unreadable-file',
    phrase`What begins on line ${line} is not closed, so that nothing can be added behind it`,
    { hint: phrase`Close the fence or the comment that begins on line ${line}.`, data: { line } },
  );
}

/** One line of any text: what would end the line becomes a space. */
export function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, ' ').trim();
}
