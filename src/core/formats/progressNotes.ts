import type { Range } from '../base/range.ts';
import type { TextEdit } from '../base/textEdit.ts';
import type { Heading, MarkdownDocument } from '../markdown/blocks.ts';
import { lineEndingOf } from '../markdown/lines.ts';
import { planSectionAppend } from '../markdown/sectionEdits.ts';
import { findHeading, headingsIn, sectionOf, within } from '../markdown/sections.ts';
import { placeNotes } from './noteOrder.ts';
import { sealNoteLines } from './noteText.ts';
import { type ReadProgress, readRowsOf } from './progress.ts';
import { headingsAbove, repositoryOf } from './progressTables.ts';

/** Whose note it is. */
export interface NoteAddress {
  readonly id: string;
  readonly title?: string;
  readonly repository?: string;
}

const notesHeading = /^(?:session )?notes$/i;

/**
 * Appends lines to the notes on a session: under `#### ID: Title` in the `Session Notes` (or `Notes`) section of its repository, both made
 * where they are missing; in a section that has bullets such as `- BE-01: text` as such bullets. Lines that stand there already in this
 * order are not added again. Text that would change the file's structure (headings, open fences, raw HTML) is made plain text.
 */
export function planNoteAppend(text: string, address: NoteAddress, lines: readonly string[]): TextEdit[] {
  const note = sealNoteLines(lines);
  if (note.length === 0) return [];
  const read = readRowsOf(text, address.id);
  const home = homeOf(read, address);
  const notes = findNotes(read.doc, home);
  if (notes === undefined) return createNotes(read.doc, home, address, note);
  const section = sectionOf(read.doc, notes);
  const own = headingsIn(read.doc, section.bodyRange).find((heading) => names(heading, address.id));
  if (own !== undefined) return planSectionAppend(read.doc, sectionOf(read.doc, own).bodyRange, note);
  if (hasBulletNotes(read.doc, section.bodyRange)) {
    const bullets = bulletsOf(address.id, note);
    return planSectionAppend(read.doc, section.bodyRange, bullets);
  }
  return planSectionAppend(read.doc, section.bodyRange, [headingFor(notes.level + 1, address), '', ...note]);
}

/**
 * Moves notes of a SESSION.md to those on the session, in the order of their times (`since`: `HH:MM`, when the session started). Where the
 * session has no heading of its own yet, they are appended.
 */
export function planNoteMerge(
  text: string,
  address: NoteAddress,
  { lines, since }: { readonly lines: readonly string[]; readonly since?: string },
): TextEdit[] {
  const note = sealNoteLines(lines);
  const read = readRowsOf(text, address.id);
  const notes = findNotes(read.doc, homeOf(read, address));
  const own =
    notes && headingsIn(read.doc, sectionOf(read.doc, notes).bodyRange).find((heading) => names(heading, address.id));
  if (note.length === 0 || own === undefined) return planNoteAppend(text, address, lines);
  const { doc } = read;
  const { bodyRange } = sectionOf(doc, own);
  const first = doc.lines.lineAt(bodyRange.start);
  const end = bodyRange.end === text.length ? doc.lines.lineCount : doc.lines.lineAt(bodyRange.end);
  const existing = Array.from({ length: Math.max(0, end - first) }, (_, index) => {
    const range = doc.lines.rangeOf(first + index);
    return text.slice(range.start, range.end);
  });
  // The rule and the blank lines before the next section are nobody's note.
  while (/^\s*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})?$/.test(existing.at(-1) ?? 'none')) existing.pop();
  return placeNotes(existing, note, since).flatMap((placement) => {
    if (placement.before === undefined) return planSectionAppend(doc, bodyRange, placement.lines);
    const { start, end: lineEnd } = doc.lines.rangeOf(first + placement.before);
    const ending = lineEndingOf(text, lineEnd);
    return [{ start, end: start, newText: placement.lines.map((line) => line + ending).join('') }];
  });
}

/** Where a session's notes belong: its repository's section, else the section that has its row, else the whole document. */
interface Home {
  readonly heading?: Heading;
  readonly range: Range;
}

function homeOf({ doc, tables }: Pick<ReadProgress, 'doc' | 'tables'>, { id, repository }: NoteAddress): Home {
  const tableOfRow = tables.find(
    ({ model }) =>
      (repository === undefined || model.repository === repository) && model.rows.some((row) => row.id === id),
  );
  const name = repository ?? tableOfRow?.model.repository;
  const heading =
    name === undefined
      ? undefined
      : doc.headings.find((candidate) => repositoryOf(candidate)?.toLowerCase() === name.toLowerCase());
  if (heading !== undefined) return { heading, range: sectionOf(doc, heading).bodyRange };
  const around = tableOfRow === undefined ? [] : headingsAbove(doc, tableOfRow.model.range.start);
  const section = around.find(({ level }) => level >= 2);
  if (section !== undefined) return { heading: section, range: sectionOf(doc, section).bodyRange };
  return { range: { start: 0, end: doc.text.length } };
}

/** The notes section of the session's repository, else one that belongs to no repository. */
function findNotes(doc: MarkdownDocument, home: Home): Heading | undefined {
  const inside = findHeading(doc, notesHeading, home.range);
  if (inside !== undefined) return inside;
  return doc.headings.find(
    (heading) =>
      notesHeading.test(heading.text) &&
      headingsAbove(doc, heading.range.start).every((above) => repositoryOf(above) === undefined),
  );
}

/** Tells whether a heading is the session's: `BE-01: Title`, `BE-01`, `Session 01 - Title`. */
function names(heading: Heading, id: string): boolean {
  const text = heading.text.replace(/^session\s+/i, '');
  return text.startsWith(id) && /^(?:[:：]|\s|$)/.test(text.slice(id.length));
}

function hasBulletNotes(doc: MarkdownDocument, range: Range): boolean {
  if (headingsIn(doc, range).length > 0) return false;
  return within(doc.listItems, range).some(({ range: item }) =>
    /^[-*+]\s+(?:\*\*)?\S*\p{N}\S*?(?:\*\*)?:/u.test(doc.text.slice(item.start, item.end)),
  );
}

/** A note as bullets that begin with the ID; what belongs to a bullet is indented below it. */
function bulletsOf(id: string, note: readonly string[]): string[] {
  const isBullet = (line: string): boolean => /^[-*+]\s/.test(line);
  return note.map((line, index) =>
    index === 0 || isBullet(line)
      ? `- ${id}: ${line.replace(/^\s*[-*+]\s+/, '').trim()}`
      : line === ''
        ? ''
        : `  ${line}`,
  );
}

function headingFor(level: number, { id, title }: NoteAddress): string {
  return `${'#'.repeat(Math.min(6, level))} ${id}${title === undefined || title === '' ? '' : `: ${title.replace(/\s+/g, ' ').trim()}`}`;
}

function createNotes(doc: MarkdownDocument, home: Home, address: NoteAddress, note: readonly string[]): TextEdit[] {
  const isRepository = home.heading !== undefined && repositoryOf(home.heading) !== undefined;
  const level = isRepository ? (home.heading?.level ?? 2) + 1 : 2;
  const block = [`${'#'.repeat(level)} Session Notes`, '', headingFor(level + 1, address), '', ...note];
  return planSectionAppend(doc, home.range, block);
}
