import type { MarkdownDocument } from '../markdown/blocks.ts';
import { parseMarkdown } from '../markdown/document.ts';
import { plainText } from '../markdown/inline.ts';
import { type DraftEntry, readDependencyWords, readDraftId } from './planDraft.ts';

/** What becomes a session: each item at the top of a list, or each heading with nothing but text and lists below it. */
export type DraftUnit = 'items' | 'headings';

/** What a list of things to do gives for a plan. */
export interface MarkdownDraft {
  /** The first heading, without words such as `TODO`. */
  readonly title?: string;
  readonly entries: readonly DraftEntry[];
  /** Titles of what is ticked already, and so left out. */
  readonly done: readonly string[];
}

/** Reads a file of TODOs or issues: check boxes, lists, headings, links to GitHub issues. Fences, comments and frontmatter are content. */
export function readPlanDraft(text: string, unit: DraftUnit, name: string): MarkdownDraft {
  const doc = parseMarkdown(text);
  const title = titleOf(doc);
  const { entries, done } = unit === 'items' ? readItems(doc, name) : readHeadings(doc, name);
  return { entries, done, ...(title !== '' && { title }) };
}

/** Which units the text has, and how many sessions each would give; the most likely first. */
export function draftUnits(text: string): readonly { readonly unit: DraftUnit; readonly count: number }[] {
  return (['items', 'headings'] as const)
    .map((unit) => ({ unit, count: readPlanDraft(text, unit, '').entries.length }))
    .filter(({ count }) => count > 0);
}

function titleOf(doc: MarkdownDocument): string {
  const first = doc.headings[0]?.text ?? '';
  return first
    .replace(/\b(?:to-?dos?|to do|tasks?|issues?|backlog|roadmap|list|plan)\b/gi, '')
    .replace(/^[\s:–—-]+|[\s:–—-]+$/g, '')
    .replace(/\s+/g, ' ');
}

interface Item {
  readonly line: number;
  readonly indent: number;
  readonly text: string;
  /** Undefined without a box. */
  readonly ticked: boolean | undefined;
  readonly children: Item[];
  readonly details: string[];
}

interface Draft {
  readonly entries: readonly DraftEntry[];
  readonly done: readonly string[];
}

/** The document's lines without what is no text of it, by number. */
function textLines(doc: MarkdownDocument): readonly (string | undefined)[] {
  const lines: (string | undefined)[] = doc.text.split(/\r\n|\n|\r/);
  const hide = (from: number, to: number): void => {
    for (let line = from; line < to; line++) lines[line] = undefined;
  };
  const { frontmatter } = doc;
  if (frontmatter?.closed === true) hide(0, doc.lines.lineAt(frontmatter.range.end) + 1);
  for (const { range } of doc.fences) hide(doc.lines.lineAt(range.start), doc.lines.lineAt(range.end) + 1);
  for (const { line, endLine } of [...doc.html, ...doc.tables, ...doc.quotes]) hide(line, endLine);
  for (const { line, range } of doc.headings) hide(line, doc.lines.lineAt(range.end) + 1);
  return lines;
}

const itemPattern = /^([ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[([ xX])\][ \t]+)?(\S.*)$/;
const issueAddress = /https?:\/\/(?:www\.)?github\.com\/([\w.-]+\/[\w.-]+)\/(?:issues|pull)\/(\d+)/;

/** The items at the top of the lists from one line to another, with what is below each. A line that is only a link to an issue is one too. */
function itemsBetween(lines: readonly (string | undefined)[], from: number, to: number): readonly Item[] {
  const tops: Item[] = [];
  const open: Item[] = [];
  for (let line = from; line < to; line++) {
    const text = lines[line];
    if (text === undefined || text.trim() === '') continue;
    const [, space, box, rest] = itemPattern.exec(text) ?? [];
    const isLink =
      space === undefined && /^(?:\[[^\]]*\]\()?https?:\/\/\S+\)?$/.test(text.trim()) && issueAddress.test(text);
    const indent = (space ?? /^[ \t]*/.exec(text)?.[0] ?? '').replace(/\t/g, '    ').length;
    if (rest === undefined && !isLink) {
      // Text that hangs below an item says more about it; text at the margin ends the list.
      if (indent === 0) open.length = 0;
      else open.at(-1)?.details.push(text.trim());
      continue;
    }
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    const ticked = box === undefined ? undefined : box !== ' ';
    const item: Item = { line, indent, text: (rest ?? text).trim(), ticked, children: [], details: [] };
    (open.at(-1)?.children ?? tops).push(item);
    open.push(item);
  }
  return tops;
}

function readItems(doc: MarkdownDocument, name: string): Draft {
  const lines = textLines(doc);
  const bounds = [{ line: 0, phase: undefined as string | undefined }];
  const [first, ...others] = doc.headings;
  // A first heading of its own level is the file's title, every other one a phase.
  const hasTitle = first !== undefined && others.every(({ level }) => level > first.level);
  for (const heading of doc.headings) {
    bounds.push({ line: heading.line, phase: hasTitle && heading === first ? undefined : heading.text });
  }
  const entries: DraftEntry[] = [];
  const done: string[] = [];
  bounds.forEach(({ line, phase }, at) => {
    for (const item of itemsBetween(lines, line, bounds[at + 1]?.line ?? lines.length)) {
      const entry = entryOf(item, { name, ...(phase !== undefined && phase !== '' && { phase }) });
      if (isDone(item)) done.push(entry.title);
      else if (entry.title !== '') entries.push(entry);
    }
  });
  return { entries, done };
}

/** Ticked; an item without a box is done when all below it is ticked. */
function isDone({ ticked, children }: Item): boolean {
  return ticked ?? (children.length > 0 && children.every(isDone));
}

function entryOf(item: Item, place: { readonly name: string; readonly phase?: string }): DraftEntry {
  const named = readNamed(item.text);
  const items = openTexts(item.children);
  const details = item.details.join('\n');
  return {
    ...named,
    items,
    ...(details !== '' && { details }),
    ...(place.phase !== undefined && { phase: place.phase }),
    sources: [...named.sources, ...(place.name === '' ? [] : [`${place.name}:${item.line + 1}`])],
  };
}

/** What a line of text says: ID, title, dependencies, and the issues that it names. */
function readNamed(
  text: string,
): Pick<DraftEntry, 'id' | 'title' | 'after' | 'names'> & { readonly sources: readonly string[] } {
  const address = issueAddress.exec(text);
  const issue = address ?? /(?:^|[\s(])([\w.-]+\/[\w.-]+)?#(\d+)\b/.exec(text);
  const plain = plainText(text).replace(/\s+/g, ' ').trim();
  // An address inside a dependency is meant as the issue's number.
  const short = plain.replace(new RegExp(issueAddress.source, 'g'), '#$2');
  const { id, title: rest } = readDraftId(short);
  const { title, after } = readDependencyWords(rest);
  const isBare = /^#\d+$/.test(title) && address !== null;
  const own = isBare ? `Issue ${address[1]}#${address[2]}` : title.replace(/\s*[([]?#\d+[)\]]?$/, '') || title;
  // The issue of the item itself stands before what it waits for.
  const isOwn =
    issue !== null && (after === undefined || title.includes(`#${issue[2]}`) || address?.index === issue.index);
  return {
    title: own,
    ...(id !== undefined && { id }),
    ...(after && { after }),
    ...(isOwn && { names: [`#${issue[2]}`] }),
    sources: address === null || !isOwn ? [] : [address[0]],
  };
}

/** What is still open below an item, in one list. */
function openTexts(items: readonly Item[]): readonly string[] {
  return items.flatMap((item) => (isDone(item) ? [] : [plainText(item.text), ...openTexts(item.children)]));
}

function readHeadings(doc: MarkdownDocument, name: string): Draft {
  const lines = textLines(doc);
  const all = doc.text.split(/\r\n|\n|\r/);
  const entries: DraftEntry[] = [];
  const done: string[] = [];
  doc.headings.forEach((heading, at) => {
    const next = doc.headings[at + 1];
    const isTitle =
      at === 0 && heading.level === 1 && doc.headings.every(({ level }, other) => other === 0 || level > 1);
    if (isTitle || (next !== undefined && next.level > heading.level) || heading.text === '') return;
    const from = doc.lines.lineAt(heading.range.end) + 1;
    const items = itemsBetween(lines, from, next?.line ?? lines.length);
    // Items become the checklist; what else stands here belongs to the prompt.
    const body = all
      .slice(from, next?.line ?? all.length)
      .filter((line, index) => lines[from + index] === undefined || !itemPattern.test(line))
      .join('\n')
      .trim();
    const parent = doc.headings.slice(0, at).findLast(({ level }) => level < heading.level);
    const isFileTitle = parent === doc.headings[0] && parent?.level === 1;
    const named = readNamed(heading.raw);
    if (items.length > 0 && items.every(isDone)) {
      done.push(named.title);
      return;
    }
    entries.push({
      ...named,
      items: openTexts(items),
      ...(body !== '' && { details: body }),
      ...(parent !== undefined && !isFileTitle && { phase: parent.text }),
      sources: [...named.sources, ...(name === '' ? [] : [`${name}:${heading.line + 1}`])],
    });
  });
  return { entries, done };
}
