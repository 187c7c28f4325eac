import type { Range } from '../base/range.ts';
import type { Heading, MarkdownDocument } from './blocks.ts';

/** A heading with what belongs to it. */
export interface Section {
  readonly heading: Heading;
  /** The heading's line or lines, without the last ending. */
  readonly headingRange: Range;
  /** From behind the heading's line to before the next heading of the same or a higher level, or the text's end. */
  readonly bodyRange: Range;
}

/** What belongs to `heading`, its subsections included. */
export function sectionOf(doc: MarkdownDocument, heading: Heading): Section {
  const start = startOfNextLine(doc, heading.range.end);
  const next = doc.headings.find(({ level, range }) => range.start > heading.range.start && level <= heading.level);
  return { heading, headingRange: heading.range, bodyRange: { start, end: next?.range.start ?? doc.text.length } };
}

/** The first heading for which `test` holds (a pattern is tried on the plain text), within `range` where one is given. */
export function findHeading(
  doc: MarkdownDocument,
  test: RegExp | ((heading: Heading) => boolean),
  range?: Range,
): Heading | undefined {
  const holds = typeof test === 'function' ? test : (heading: Heading) => heading.text.search(test) !== -1;
  return headingsIn(doc, range).find(holds);
}

/** The headings that begin within `range`, or all. */
export function headingsIn(doc: MarkdownDocument, range?: Range): readonly Heading[] {
  return range === undefined ? doc.headings : within(doc.headings, range);
}

/** Those of `blocks` that lie wholly within `range`. */
export function within<T extends { readonly range: Range }>(blocks: readonly T[], range: Range): readonly T[] {
  return blocks.filter((block) => block.range.start >= range.start && block.range.end <= range.end);
}

function startOfNextLine(doc: MarkdownDocument, offset: number): number {
  const next = doc.lines.lineAt(offset) + 1;
  return next < doc.lines.lineCount ? doc.lines.rangeOf(next).start : doc.text.length;
}
