import type { Range } from '../../base/range.ts';

/** A line of a plan document as the readers of wave blocks see it. */
export interface WaveLine {
  /** Where the line stands, without its ending. */
  readonly range: Range;
  readonly indent: number;
  /** Without indentation and the mark of a list. */
  readonly text: string;
  readonly bullet: boolean;
  /** As it stands. */
  readonly raw: string;
}

/** The lines of a part of a text; endings of any kind. */
export function waveLinesIn(text: string, { start, end }: Range): readonly WaveLine[] {
  const lines: WaveLine[] = [];
  let at = start;
  for (const raw of text.slice(start, end).split(/\r\n|\n|\r/)) {
    const stop = at + raw.length;
    const indent = /^[ \t]*/.exec(raw)?.[0].length ?? 0;
    const mark = /^(?:[-*+]|\d{1,4}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?/.exec(raw.slice(indent))?.[0] ?? '';
    lines.push({
      range: { start: at, end: stop },
      indent,
      text: raw.slice(indent + mark.length).trimEnd(),
      bullet: mark !== '',
      raw,
    });
    at = stop + (text.startsWith('\r\n', stop) ? 2 : 1);
  }
  return lines;
}

/** A `key: value` of a line, the key in lower case with single spaces and without bold marks, the value as it stands. */
export function fieldOfLine(text: string): { readonly key: string; readonly value: string } | undefined {
  const match = /^(?:\*\*|__)?([A-Za-z][A-Za-z _-]{0,40}?)(?:\*\*|__)?[ \t]*:(?:\*\*|__)?(?:[ \t]+(.*)|)$/.exec(text);
  const [, key, value = ''] = match ?? [];
  if (key === undefined) return undefined;
  return { key: key.toLowerCase().replace(/[ _-]+/g, ' '), value: value.trim() };
}

/** A value without quotes or the marks of code around the whole of it. */
export function plainValue(value: string): string {
  const trimmed = value.trim();
  return /^"([^"]*)"$|^'([^']*)'$|^`([^`]*)`$/.test(trimmed) ? trimmed.slice(1, -1).trim() : trimmed;
}

/**
 * Reads a block list of mappings below a key, `- id: docs-1` and its like, line by line: a value such as the glob of a docs task is more
 * than YAML takes in as it stands.
 */
export function readListOfMaps(lines: readonly WaveLine[], key: string): readonly ReadonlyMap<string, string>[] {
  const first = lines.findIndex(({ raw }) => new RegExp(`^[ \\t]*${key}:[ \\t]*(?:#.*)?$`).test(raw));
  if (first < 0) return [];
  const maps: Map<string, string>[] = [];
  for (const line of lines.slice(first + 1)) {
    if (line.text === '' || line.raw.trimStart().startsWith('#')) continue;
    if (!line.bullet && line.indent === 0) break;
    const match = /^([A-Za-z][\w-]*):(?:[ \t]+(.*))?$/.exec(line.text);
    if (match === null) break;
    if (line.bullet) maps.push(new Map());
    maps.at(-1)?.set(match[1] ?? '', plainValue(match[2] ?? ''));
  }
  return maps;
}

/** The entries of a list on one line or one a line: `a, b`, `[a, b]`, `- a`, code spans; `none` and its like give none. */
export function entriesOf(value: string): readonly string[] {
  return splitList(value.replace(/^\[(.*)\]$/s, '$1')).flatMap((entry) => {
    const spans = [...entry.matchAll(/`([^`\r\n]+)`/g)].map((match) => match[1]?.trim() ?? '');
    const plain = spans.length > 0 ? spans : [plainValue(entry.replace(/^[ \t]*[-*+][ \t]+/, '')).replace(note, '')];
    return plain.filter((one) => one !== '' && !nothing.test(one));
  });
}

/** What people write behind a path. */
const note = /[ \t]+\((?:new|create[sd]?|edit|read|modify)\b[^)]*\)$/i;
const nothing = /^(?:none|nothing|n\/?a|null|-+|—|–|\[\]|read-?only(?: .*)?|\(none.*\))$/i;

/** Commas within the braces of a glob, or within marks of code, part nothing. */
function splitList(value: string): readonly string[] {
  const parts: string[] = [''];
  let depth = 0;
  let inCode = false;
  for (const letter of value) {
    if (letter === '`') inCode = !inCode;
    else if (letter === '{') depth += 1;
    else if (letter === '}') depth = Math.max(0, depth - 1);
    const isEnd = letter === '\n' || (depth === 0 && !inCode && (letter === ',' || letter === ';'));
    if (isEnd) parts.push('');
    else parts.push((parts.pop() ?? '') + letter);
    if (letter === '\n') {
      depth = 0;
      inCode = false;
    }
  }
  return parts;
}
