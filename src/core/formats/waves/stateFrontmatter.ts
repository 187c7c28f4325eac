import { phrase } from '../../base/phrase.ts';
import type { Range } from '../../base/range.ts';
import type { TextEdit } from '../../base/textEdit.ts';
import { BatonError } from '../../errors.ts';
import { locateFrontmatter } from '../../markdown/frontmatterBlock.ts';
import { createLineIndex, type LineIndex, lineEndingOf } from '../../markdown/lines.ts';
import { isCanonicalScalar, readStateScalar, type StateScalar, writeStateScalar } from './stateScalar.ts';

/** A top-level key of STATE.md's frontmatter with all lines that belong to it. */
export interface FrontmatterEntry {
  readonly key: string;
  /** What stands behind the colon, trimmed; empty where the value is a block below. */
  readonly raw: string;
  /** The line of the key, without its ending. */
  readonly line: Range;
  /** The lines below that belong to the value, without endings; comments and blank lines among them too. */
  readonly below: readonly Range[];
}

/** The frontmatter of a STATE.md, line by line: what a YAML parser or the reference would refuse is seen too. */
export interface StateFrontmatter {
  readonly entries: readonly FrontmatterEntry[];
  /** What is between the two `---` lines. */
  readonly content: Range;
  readonly lines: LineIndex;
}

/**
 * Finds the keys of the frontmatter; undefined where there is none.
 *
 * @throws BatonError `unreadable-file` where it is not closed: nothing can be written into it then
 */
export function readStateFrontmatter(text: string): StateFrontmatter | undefined {
  const block = locateFrontmatter(text);
  if (block === undefined) return undefined;
  if (!block.closed) {
    throw new BatonError('unreadable-file', 'The frontmatter is not closed: its last line, `---`, is missing.', {
      hint: phrase`Add a line "---" behind the last key.`,
      data: { line: 1 },
    });
  }
  const lines = createLineIndex(text);
  return { entries: readEntries(text, lines, block.contentRange), content: block.contentRange, lines };
}

function readEntries(text: string, lines: LineIndex, { start, end }: Range): readonly FrontmatterEntry[] {
  const entries: { key: string; raw: string; line: Range; below: Range[] }[] = [];
  let loose: Range[] = [];
  for (let number = lines.lineAt(start); number < lines.lineCount && lines.startOf(number) < end; number++) {
    const line = lines.rangeOf(number);
    const content = text.slice(line.start, line.end);
    const [, key, raw = ''] = /^([^\s#:-][^:]*?)[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(content) ?? [];
    if (key !== undefined) {
      entries.push({ key, raw, line, below: [] });
      loose = [];
    } else if (/^[ \t]*(?:#.*)?$/.test(content)) loose.push(line);
    else {
      // Comments and blank lines belong to a value only where more of it follows.
      entries.at(-1)?.below.push(...loose, line);
      loose = [];
    }
  }
  return entries;
}

/** The entry that counts for a key: of several the last one. */
export function findEntry({ entries }: StateFrontmatter, key: string): FrontmatterEntry | undefined {
  return entries.findLast((entry) => entry.key === key);
}

const keyPattern = /^[A-Za-z_][\w-]*$/;

/**
 * Sets keys and removes those whose value is null, with the lines of their value. A line that is written has the reference's form; a key
 * that has the value already is left as it is written; new keys go to the end; a text without frontmatter gets one.
 *
 * @throws BatonError `unreadable-file` where the frontmatter is not closed, `invalid-argument` for a key that none can be
 */
export function planStateFields(text: string, fields: Readonly<Record<string, StateScalar>>): TextEdit[] {
  const wanted = Object.entries(fields);
  for (const [key] of wanted) assertKey(key);
  const frontmatter = readStateFrontmatter(text);
  if (frontmatter === undefined) return createFrontmatter(text, wanted);
  const ending = lineEndingOf(text, frontmatter.content.start);
  const edits: TextEdit[] = [];
  const added: string[] = [];
  for (const [key, value] of wanted) {
    const entry = findEntry(frontmatter, key);
    if (entry === undefined) {
      if (value !== null) added.push(`${key}: ${writeStateScalar(value)}${ending}`);
    } else if (value === null) edits.push(...removeAll(frontmatter, key));
    else edits.push(...setEntry(entry, value));
  }
  const at = frontmatter.content.end;
  return added.length === 0 ? edits : [...edits, { start: at, end: at, newText: added.join('') }];
}

function assertKey(key: string): void {
  if (keyPattern.test(key)) return;
  throw new BatonError('invalid-argument', phrase`"${key}" cannot be a key of the frontmatter`, {
    hint: 'A key has letters, digits, `-` and `_`, and begins with a letter: `current-wave`.',
    data: { key },
  });
}

function createFrontmatter(text: string, wanted: readonly (readonly [string, StateScalar])[]): TextEdit[] {
  const lines = wanted.flatMap(([key, value]) => (value === null ? [] : [`${key}: ${writeStateScalar(value)}`]));
  if (lines.length === 0) return [];
  const at = text.startsWith('\uFEFF') ? 1 : 0;
  const ending = lineEndingOf(text);
  const blank = at === text.length || /^[\r\n]/.test(text.slice(at, at + 1)) ? '' : ending;
  return [{ start: at, end: at, newText: ['---', ...lines, '---', blank].join(ending) }];
}

function setEntry({ key, raw, line, below }: FrontmatterEntry, value: StateScalar): TextEdit[] {
  const written = writeStateScalar(value);
  if (below.length === 0 && raw !== '' && writeStateScalar(readStateScalar(raw)) === written) return [];
  return [{ start: line.start, end: below.at(-1)?.end ?? line.end, newText: `${key}: ${written}` }];
}

/** All lines of a key, of duplicates too: else the one before would count again. */
function removeAll({ entries, lines }: StateFrontmatter, key: string): TextEdit[] {
  return entries
    .filter((entry) => entry.key === key)
    .map(({ line, below }) => {
      const last = lines.lineAt(below.at(-1)?.start ?? line.start);
      return { start: line.start, end: lines.startOf(last + 1), newText: '' };
    });
}

/** One mapping of a block list, `- id: …` with the lines below it. */
export interface ListItem {
  readonly fields: readonly {
    readonly key: string;
    readonly raw: string;
    /** Where `raw` stands. */
    readonly range: Range;
  }[];
  /** Its last line, without ending. */
  readonly lastLine: Range;
  /** White space before its keys, the `- ` of the first counted as such. */
  readonly indent: string;
  /** It stands in braces on one line. */
  readonly isFlow: boolean;
}

/** The mappings of a block list below a key: of one level, in block form or each in braces. Other items are left out. */
export function readListItems(text: string, { below }: FrontmatterEntry): readonly ListItem[] {
  const items: { fields: ListItem['fields'][number][]; lastLine: Range; indent: string; isFlow: boolean }[] = [];
  let mark: string | undefined;
  for (const line of below) {
    const content = text.slice(line.start, line.end);
    const [, indent = '', gap = ''] = /^([ \t]*)-([ \t]+)/.exec(content) ?? [];
    const isItem = gap !== '' && (mark === undefined || indent === mark);
    if (isItem) {
      mark = indent;
      const lead = `${indent}-${gap}`;
      const isFlow = content[lead.length] === '{';
      const fields = isFlow ? readFlow(content, line.start, lead.length) : readPair(content, line.start, lead.length);
      items.push({ fields: [...fields], lastLine: line, indent: ' '.repeat(lead.length), isFlow });
      continue;
    }
    const item = items.at(-1);
    if (item === undefined || !content.startsWith(item.indent)) continue;
    item.lastLine = line;
    if (/^\S/.test(content.slice(item.indent.length)))
      item.fields.push(...readPair(content, line.start, item.indent.length));
  }
  return items;
}

function readPair(content: string, start: number, from: number): ListItem['fields'] {
  const [, key, gap = '', raw = ''] = /^([^\s:#][^:]*?)[ \t]*:([ \t]*)(.*?)[ \t]*$/.exec(content.slice(from)) ?? [];
  if (key === undefined) return [];
  const colon = content.indexOf(':', from);
  const at = start + colon + 1 + gap.length;
  return [{ key, raw, range: { start: at, end: at + raw.length } }];
}

/** The pairs of `{ key: value, … }`, split at the commas that are in no quotes and no brackets. */
function readFlow(content: string, start: number, from: number): ListItem['fields'] {
  const close = content.lastIndexOf('}');
  if (close < 0) return [];
  const found: ListItem['fields'][number][] = [];
  let [depth, quote, segment] = [0, '', from + 1];
  for (let at = from + 1; at <= close; at++) {
    const char = content[at] ?? '';
    if (quote !== '') {
      if (char === '\\' && quote === '"') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '[' || char === '{') depth++;
    else if (depth > 0 && (char === ']' || char === '}')) depth--;
    else if (depth === 0 && (char === ',' || at === close)) {
      const lead = /^[ \t]*/.exec(content.slice(segment, at))?.[0].length ?? 0;
      found.push(...readPair(content.slice(0, at), start, segment + lead));
      segment = at + 1;
    }
  }
  return found;
}

/**
 * Sets a field of the list item with that `id`, of the first one where there are several. Nothing where the list or the item is not there:
 * what STATE.md mirrors is only updated, never made up.
 *
 * @throws BatonError `unreadable-file` where the frontmatter is not closed
 */
export function planListField(text: string, list: string, id: string, field: string, value: string): TextEdit[] {
  const frontmatter = readStateFrontmatter(text);
  const entry = frontmatter && findEntry(frontmatter, list);
  const item = entry && findItem(text, entry, id);
  if (item === undefined) return [];
  const written = writeStateScalar(value);
  const found = item.fields.findLast(({ key }) => key === field);
  if (found !== undefined) {
    return readStateScalar(found.raw) === value
      ? []
      : [{ ...found.range, newText: spaced(text, found.range, written) }];
  }
  const { end } = item.lastLine;
  if (!item.isFlow)
    return [{ start: end, end, newText: `${lineEndingOf(text, end)}${item.indent}${field}: ${written}` }];
  const last = item.fields.at(-1)?.range.end ?? end;
  return [{ start: last, end: last, newText: `, ${field}: ${written}` }];
}

function findItem(text: string, entry: FrontmatterEntry, id: string): ListItem | undefined {
  const isMeant = ({ key, raw }: ListItem['fields'][number]): boolean =>
    key === 'id' && String(readStateScalar(raw)) === id;
  return readListItems(text, entry).find(({ fields }) => fields.some(isMeant));
}

/** `status:` without a value has no space behind its colon. */
function spaced(text: string, { start }: Range, written: string): string {
  return text[start - 1] === ':' ? ` ${written}` : written;
}

/**
 * Tells whether the reference would write the frontmatter as it stands after reading it: no comment or blank line, each key once, each
 * value in its serialised form, lists of mappings of one level, `\n` at every line's end. What it cannot read is none either; a text
 * without frontmatter has nothing that could change.
 */
export function isFixPoint(text: string): boolean {
  const [, block] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text) ?? [];
  if (block === undefined || block === '') return true;
  const keys = new Set<string>();
  let fields: Set<string> | undefined;
  const lines = block.split('\n');
  return lines.every((line, index) => {
    const [, lead = '', key = '', raw = ''] = /^( {2}- | {4}|)([^\s:][^:]*): (.*)$/.exec(line) ?? [];
    if (lead === '' && fields !== undefined && fields.size === 0) return false;
    if (lead === '') {
      const listKey = /^([^\s:#][^:]*):$/.exec(line)?.[1];
      const name = listKey ?? key;
      fields = listKey === undefined ? undefined : new Set();
      if (!isOwnKey(name, keys) || name.startsWith('#')) return false;
      return listKey === undefined ? isCanonicalScalar(raw) : /^ {2}- /.test(lines[index + 1] ?? '');
    }
    if (fields === undefined || (lead !== '  - ' && fields.size === 0)) return false;
    if (lead === '  - ') {
      fields = new Set();
      if (key.startsWith('{') || key.startsWith('[')) return false;
    }
    return isOwnKey(key, fields) && isCanonicalScalar(raw);
  });
}

/** Keys that are numbers change their place in the reference's objects, `__proto__` is lost. */
function isOwnKey(key: string, seen: Set<string>): boolean {
  if (key === '' || key !== key.trim() || /^\d+$/.test(key) || key === '__proto__' || seen.has(key)) return false;
  seen.add(key);
  return true;
}
