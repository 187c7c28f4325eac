import { isCollection, isMap, isPair, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { phrase } from '../base/phrase.ts';
import type { Range } from '../base/range.ts';
import type { TextEdit } from '../base/textEdit.ts';
import { BatonError } from '../errors.ts';
import type { FrontmatterBlock } from './blocks.ts';
import { locateFrontmatter } from './frontmatterBlock.ts';
import { lineEndingOf } from './lines.ts';

/** The values of top-level keys that hold one value, as text; undefined where there is no frontmatter or it cannot be read. */
export function readFrontmatterScalars(text: string): Readonly<Record<string, string>> | undefined {
  const block = locateFrontmatter(text);
  if (block === undefined || !block.closed) return undefined;
  try {
    const { map } = parseBlock(text, block);
    const entries = (map?.items ?? []).flatMap((pair): [string, string][] => {
      const key = keyOf(pair);
      return key !== undefined && isScalar(pair.value) ? [[key, scalarText(pair.value.value)]] : [];
    });
    return Object.fromEntries(entries);
  } catch (error) {
    if (BatonError.is(error, 'unreadable-file')) return undefined;
    throw error;
  }
}

/**
 * Sets, adds and removes top-level keys. Every other byte stays: comments, order, quoting of other keys, line endings. `undefined` removes
 * a key with its line; new keys go to the end; a text without frontmatter gets one, behind its BOM. Values are quoted where YAML would
 * read something else into them; a key that has the value already is left alone.
 *
 * @throws BatonError `unreadable-file`, naming the line, where the frontmatter is not closed, not YAML, or not a mapping.
 */
export function planFrontmatterEdits(text: string, values: Readonly<Record<string, string | undefined>>): TextEdit[] {
  const block = locateFrontmatter(text);
  const ending = lineEndingOf(text, block?.contentRange.start);
  if (block === undefined) return createBlock(text, values, ending);
  if (!block.closed)
    throw unreadable(1, phrase`its closing line "---" is missing`, 'Add a line "---" behind the last key.');
  const { map, content } = parseBlock(text, block);
  const edits: TextEdit[] = [];
  const added: string[] = [];
  const indent = map === undefined ? '' : indentOf(content, map);
  for (const [key, value] of Object.entries(values)) {
    const pair = map?.items.find((item) => keyOf(item) === key);
    if (pair === undefined) {
      if (value !== undefined) added.push(`${indent}${encodeKey(key)}: ${encodeScalar(value)}${ending}`);
    } else if (value === undefined) edits.push(removePair(content, pair));
    else edits.push(...setValue(content, pair, value, ending));
  }
  const { start, end } = block.contentRange;
  const shifted = edits.map((edit) => ({ start: edit.start + start, end: edit.end + start, newText: edit.newText }));
  return added.length === 0 ? shifted : [...shifted, { start: end, end, newText: added.join('') }];
}

function createBlock(text: string, values: Readonly<Record<string, string | undefined>>, ending: string): TextEdit[] {
  const lines = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [`${encodeKey(key)}: ${encodeScalar(value)}`],
  );
  if (lines.length === 0) return [];
  const at = text.startsWith('\uFEFF') ? 1 : 0;
  const blank = at === text.length || /^[\r\n]/.test(text.slice(at, at + 1)) ? '' : ending;
  return [{ start: at, end: at, newText: ['---', ...lines, '---', blank].join(ending) }];
}

function unreadable(line: number, cause: string, hint: string): BatonError {
  return new BatonError('unreadable-file', phrase`The frontmatter cannot be read: ${cause} (line ${line}).`, {
    hint,
    data: { line },
  });
}

type FrontmatterMap = YAMLMap<unknown, unknown>;

function parseBlock(text: string, block: FrontmatterBlock): { map: FrontmatterMap | undefined; content: string } {
  const content = text.slice(block.contentRange.start, block.contentRange.end);
  if (block.language !== '' && block.language !== 'yaml') {
    throw unreadable(
      1,
      phrase`it is written in "${block.language}"`,
      'Only YAML frontmatter is read: begin it with a bare "---".',
    );
  }
  const doc = parseDocument(content, {
    schema: 'failsafe',
    keepSourceTokens: true,
    logLevel: 'silent',
    prettyErrors: true,
  });
  const error = doc.errors[0];
  if (error !== undefined) {
    // The block's first line is the file's second; the library's own message goes on with a picture of the place.
    const line = (error.linePos?.[0].line ?? 1) + 1;
    throw unreadable(
      line,
      (error.message.split('\n', 1)[0] ?? '').replace(/ at line \d+.*$/, ''),
      phrase`Mend line ${line}, then try again.`,
    );
  }
  const root: unknown = doc.contents;
  if (root === null || (isScalar(root) && scalarText(root.value) === '')) return { map: undefined, content };
  if (!isMap(root))
    throw unreadable(2, phrase`it is not a list of "key: value" lines`, 'Write one "key: value" per line.');
  if (root.flow) throw unreadable(2, phrase`it is written in braces`, 'Write one "key: value" per line.');
  return { map: root, content };
}

function scalarText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function keyOf(pair: Pair<unknown, unknown>): string | undefined {
  return isScalar(pair.key) ? scalarText(pair.key.value) : undefined;
}

function rangeOf(node: unknown): Range | undefined {
  const range = isScalar(node) || isCollection(node) ? node.range : undefined;
  return range ? { start: range[0], end: range[1] } : undefined;
}

/** The white space before the keys of a mapping that is indented as a whole. */
function indentOf(content: string, map: FrontmatterMap): string {
  const start = rangeOf(map.items[0]?.key)?.start ?? 0;
  const lineStart = startOfLine(content, start);
  const before = content.slice(lineStart, start);
  return /^ *$/.test(before) ? before : '';
}

function startOfLine(content: string, offset: number): number {
  return Math.max(content.lastIndexOf('\n', offset - 1), content.lastIndexOf('\r', offset - 1)) + 1;
}

/** Removes the key's line, and the lines of its value where there are several. */
function removePair(content: string, pair: Pair<unknown, unknown>): TextEdit {
  const key = rangeOf(pair.key) ?? { start: 0, end: 0 };
  const start = startOfLine(content, key.start);
  const end = Math.max(key.end, rangeOf(pair.value)?.end ?? 0);
  if (/[\r\n]/.test(content[end - 1] ?? '')) return { start, end, newText: '' };
  const rest = /^[^\r\n]*(?:\r\n|\n|\r)?/.exec(content.slice(end));
  return { start, end: end + (rest?.[0].length ?? 0), newText: '' };
}

function setValue(content: string, pair: Pair<unknown, unknown>, value: string, ending: string): TextEdit[] {
  const node = pair.value;
  const range = rangeOf(node);
  const encoded = encodeScalar(value);
  const colonEnd = colonOf(pair) + 1;
  const isEmpty = range === undefined || range.end <= range.start;
  if (isScalar(node) && scalarText(node.value) === value && !(isEmpty && value !== '')) return [];
  if (isEmpty) return [{ start: colonEnd, end: colonEnd, newText: ` ${encoded}` }];
  const isOneLine = !/[\r\n]/.test(content.slice(colonEnd, range.end));
  if (isOneLine) return [{ ...range, newText: encoded }];
  // A value of several lines ends with its last line's ending, or before it.
  const tail = /[\r\n]/.test(content[range.end - 1] ?? '') ? ending : '';
  return [{ start: colonEnd, end: range.end, newText: ` ${encoded}${tail}` }];
}

function colonOf(pair: Pair<unknown, unknown>): number {
  const source = pair.srcToken;
  const colon = isPair(pair) ? source?.sep?.find(({ type }) => type === 'map-value-ind') : undefined;
  return colon?.offset ?? rangeOf(pair.key)?.end ?? 0;
}

function encodeKey(key: string): string {
  return /^[A-Za-z_][\w.-]*$/.test(key) ? key : JSON.stringify(key);
}

/**
 * A value as YAML: bare where every reader sees this very text (numbers of a canonical form included, whose text is the same either way),
 * else in double quotes.
 */
function encodeScalar(value: string): string {
  return isSafeBare(value) ? value : JSON.stringify(value);
}

function isSafeBare(value: string): boolean {
  if (value === '' || value !== value.trim() || /[\p{Cc}\p{Cs}\u2028\u2029\uFEFF]/u.test(value)) return false;
  if (/^(?:yes|no|on|off|y|n)$/i.test(value)) return false;
  const read = readBack(`k: ${value}`, 'failsafe');
  if (read !== value) return false;
  return /^-?(?:0|[1-9]\d{0,14})$/.test(value) || readBack(`k: ${value}`, 'core') === value;
}

function readBack(source: string, schema: 'failsafe' | 'core'): unknown {
  const doc = parseDocument(source, { schema, logLevel: 'silent' });
  if (doc.errors.length > 0 || doc.warnings.length > 0 || !isMap(doc.contents) || doc.contents.flow) return undefined;
  const pair = doc.contents.items[0];
  // A comment or a second key would mean that a part of the value was read as something else.
  const isWhole =
    doc.contents.items.length === 1 && isScalar(pair?.value) && doc.contents.comment == null && doc.comment === null;
  return isWhole && isScalar(pair?.value) ? pair.value.value : undefined;
}
