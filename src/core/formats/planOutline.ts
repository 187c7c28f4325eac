import type { Range } from '../base/range.ts';
import type { Heading, MarkdownDocument } from '../markdown/blocks.ts';
import { blocksWithin, firstAt } from './blocksWithin.ts';
import { isMetadataKey } from './planMetadata.ts';
import { readSessionHeading, type SessionHeading } from './sessionHeading.ts';
import { parseXml, type XmlAttribute, type XmlElement } from './xml.ts';

/** The phase and week that the headings above a session name. */
export interface PhaseMark {
  readonly phase?: string;
  readonly phaseName?: string;
  readonly week?: string;
}

/** A session's place in the plan, before its content is read. */
export interface OutlineEntry extends PhaseMark {
  readonly id: string;
  readonly title: string;
  readonly idRange: Range;
  readonly headingRange: Range;
  readonly range: Range;
  /** Level of the heading; undefined for an XML session without one. */
  readonly level?: number;
  readonly xml?: XmlElement;
}

/** Where the sessions of a plan stand. An XML session under a heading with its ID is the heading's. */
export function readPlanOutline(doc: MarkdownDocument): OutlineEntry[] {
  const elements = findXmlSessions(doc);
  const bare = elements.filter(({ isBare }) => isBare).map(({ element }) => element);
  const headings = doc.headings.filter(({ range }) => !isInside(range, bare));
  const found = sessionHeadings(doc, headings);
  const byHeading = headings.map((heading) => found.get(heading));
  const marks = phaseMarks(headings, byHeading);
  const ends = sectionEnds(headings, byHeading, doc.text.length);
  const entries: OutlineEntry[] = headings.flatMap((heading, index): OutlineEntry[] => {
    const session = byHeading[index];
    if (!session) return [];
    const range = { start: heading.range.start, end: ends[index] ?? doc.text.length };
    return [{ ...session, ...marks[index], headingRange: heading.range, range, level: heading.level }];
  });
  const unowned: OutlineEntry[] = [];
  for (const { element } of elements) {
    const at = firstAt(entries, element.range.start + 1) - 1;
    const owner = entries[at];
    const id = element.attributes.get('id');
    if (!id) continue;
    if (owner && owner.id === id.value && owner.xml === undefined && element.range.end <= owner.range.end) {
      entries[at] = { ...owner, xml: element };
    } else {
      unowned.push(withoutHeading(element, id, marks[firstAt(headings, element.range.start) - 1]));
    }
  }
  return unowned.length === 0 ? entries : [...entries, ...unowned].sort((a, b) => a.range.start - b.range.start);
}

function withoutHeading(element: XmlElement, id: XmlAttribute, mark: PhaseMark | undefined): OutlineEntry {
  const title = element.attributes.get('title')?.value ?? element.attributes.get('name')?.value ?? '';
  const { range, openTagRange } = element;
  return { ...mark, id: id.value, title, idRange: id.range, headingRange: openTagRange, range, xml: element };
}

function isInside(range: Range, elements: readonly XmlElement[]): boolean {
  const element = elements[firstAt(elements, range.start + 1) - 1];
  return element !== undefined && range.end <= element.range.end;
}

interface FoundElement {
  readonly element: XmlElement;
  /** True where it stands in the document itself and not in a fence. */
  readonly isBare: boolean;
}

const closingTag = '</session>';

/** Every `<session id="…">` at the beginning of a line, in an XML fence or bare; without its closing tag it ends before the next one. */
function findXmlSessions(doc: MarkdownDocument): FoundElement[] {
  if (!doc.text.includes('<session')) return [];
  const starts = [...doc.text.matchAll(/^[ \t]*<session(?=\s)/gm)].map(
    (match) => match.index + match[0].length - '<session'.length,
  );
  const found: FoundElement[] = [];
  let close = doc.text.indexOf(closingTag);
  let at = 0;
  for (const [index, start] of starts.entries()) {
    const fence = doc.fences[firstAt(doc.fences, start + 1) - 1];
    const isFenced = fence !== undefined && start < fence.range.end;
    if (start < at || (isFenced && fence.language !== 'xml')) continue;
    const limit = Math.min(starts[index + 1] ?? doc.text.length, isFenced ? fence.contentRange.end : doc.text.length);
    if (close >= 0 && close < start) close = doc.text.indexOf(closingTag, start);
    const end = close >= 0 && close < limit ? close + closingTag.length : limit;
    const element = parseXml(doc.text, { start, end })[0];
    const id = element?.attributes.get('id')?.value ?? '';
    if (element?.name !== 'session' || element.range.start !== start || !/^[^\s|]+$/.test(id)) continue;
    found.push({ element, isBare: !isFenced });
    at = end;
  }
  return found;
}

/** Those headings that begin a session. A session does not begin inside another one, unless its heading says `Session`. */
function sessionHeadings(doc: MarkdownDocument, headings: readonly Heading[]): Map<Heading, SessionHeading> {
  const found = new Map<Heading, SessionHeading>();
  let openLevel: number | undefined;
  for (const [index, heading] of headings.entries()) {
    if (openLevel !== undefined && heading.level <= openLevel) openLevel = undefined;
    const read = readSessionHeading(heading, () => looksLikeSession(doc, headings, index));
    if (!read) continue;
    if (openLevel !== undefined && !read.isExplicit) continue;
    found.set(heading, read);
    openLevel = Math.min(heading.level, openLevel ?? heading.level);
  }
  return found;
}

const sessionSections =
  /^(?:metadata|system configuration|prompt|verification checklist|verification commands|skills registry|sub-?agents|git commit)$/i;

/** Whether what stands below a heading is what sessions have: a section of that name, or metadata. */
function looksLikeSession(doc: MarkdownDocument, headings: readonly Heading[], index: number): boolean {
  const heading = headings[index];
  if (!heading) return false;
  const next = headings[index + 1];
  if (next && next.level > heading.level && sessionSections.test(next.text)) return true;
  const preamble = { start: heading.range.end, end: next?.range.start ?? doc.text.length };
  const isMetadata = blocksWithin(doc.fences, preamble).some(
    ({ language, contentRange }) =>
      /^ya?ml$/.test(language) &&
      hasMetadataKey(doc.text.slice(contentRange.start, contentRange.end), /^([A-Za-z_]\w*):/gm),
  );
  if (isMetadata) return true;
  return hasMetadataKey(
    doc.text.slice(preamble.start, preamble.end),
    /^(?:[-*+]\s+)?\*\*([^*\n:]+?)(?::\*\*|\*\*\s*:)/gm,
  );
}

function hasMetadataKey(text: string, pattern: RegExp): boolean {
  return [...text.matchAll(pattern)].some((match) => isMetadataKey(match[1] ?? ''));
}

/** For each heading where its section ends: before the next session, or the next heading that is not below it. */
function sectionEnds(
  headings: readonly Heading[],
  sessions: readonly (SessionHeading | undefined)[],
  textEnd: number,
): number[] {
  const ends: number[] = [];
  // Per level, where the nearest following heading of that level or a higher one begins.
  const nearest = new Array<number>(8).fill(textEnd);
  for (let index = headings.length - 1; index >= 0; index -= 1) {
    const heading = headings[index];
    if (!heading) continue;
    ends[index] = nearest[heading.level] ?? textEnd;
    const reach = sessions[index] ? 0 : heading.level;
    for (let level = reach; level < nearest.length; level += 1) nearest[level] = heading.range.start;
  }
  return ends;
}

/** A longer heading names no phase. */
const maxTitleLength = 300;

const phasePattern = /^phase\s+([\p{L}\p{N}][\p{L}\p{N}.½]*)\s*(?:[:—–-]\s*(.*))?$/iu;
const weekPattern = /\(?\bweeks?\s+(\d[\d\s–-]*\d|\d+)(?:[^()]*\))?/i;

/** What phase and week hold at each heading. A heading ends the phases of its own and lower levels. */
function phaseMarks(headings: readonly Heading[], sessions: readonly (SessionHeading | undefined)[]): PhaseMark[] {
  const stack: { level: number; mark: PhaseMark }[] = [];
  const nothing: PhaseMark = {};
  return headings.map((heading, index) => {
    if (sessions[index]) return stack.filter(({ level }) => level < heading.level).at(-1)?.mark ?? {};
    while ((stack.at(-1)?.level ?? 0) >= heading.level) stack.pop();
    const above = stack.at(-1)?.mark ?? nothing;
    if (heading.text.length > maxTitleLength || !/phase|week/i.test(heading.text)) {
      stack.push({ level: heading.level, mark: above });
      return above;
    }
    const week = weekPattern.exec(heading.text)?.[1];
    const match = phasePattern.exec(heading.text.replace(/\s*\([^()]*\bweeks?\b[^()]*\)/i, '').trim());
    const isWeek = /^weeks?\s+\d/i.test(heading.text);
    if (match) {
      const name = match[2]?.trim();
      const mark = { phase: match[1] ?? '', ...(name && { phaseName: name }), ...(week && { week }) };
      stack.push({ level: heading.level, mark });
    } else stack.push({ level: heading.level, mark: isWeek && week ? { ...above, week } : above });
    return stack.at(-1)?.mark ?? {};
  });
}
