import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import { phrase } from '../base/phrase.ts';
import type { Range } from '../base/range.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { readSimpleYaml } from './simpleYaml.ts';

/** A value of a session's metadata, from YAML, a bold line or XML. All scalars are texts; `range` is where it stands in the plan. */
export type MetadataValue =
  | { readonly kind: 'scalar'; readonly text: string; readonly range: Range }
  | { readonly kind: 'list'; readonly items: readonly MetadataValue[] }
  | { readonly kind: 'map'; readonly entries: readonly MetadataEntry[] };

/** A key as it is written, with its value. */
export interface MetadataEntry {
  readonly key: string;
  readonly keyRange: Range;
  readonly value: MetadataValue;
}

/** Lists and maps nested deeper than this are left out. */
const maxDepth = 20;

/**
 * Reads the YAML in `range` of `text` as entries, all scalars as strings. What YAML cannot read gives `unreadable-metadata` diagnostics;
 * the entries that are plain `key: value` lines are read all the same.
 */
export function readMetadataYaml(text: string, range: Range): { entries: MetadataEntry[]; diagnostics: Diagnostic[] } {
  const simple = readSimpleYaml(text, range);
  if (simple) return { entries: simple, diagnostics: [] };
  const document = parseDocument(text.slice(range.start, range.end), {
    schema: 'failsafe',
    prettyErrors: false,
    logLevel: 'silent',
    uniqueKeys: false,
  });
  const diagnostics = document.errors.map((error): Diagnostic => {
    const at = Math.min(range.start + error.pos[0], range.end);
    return {
      code: 'unreadable-metadata',
      severity: 'warning',
      message: phrase`This metadata is not valid YAML: ${error.message}`,
      range: lineAround(text, at, range),
    };
  });
  const converted = convert(document.contents, range.start, text, 0);
  const entries = converted?.kind === 'map' ? [...converted.entries] : [];
  if (diagnostics.length > 0) {
    const known = new Set(entries.map(({ key }) => key));
    entries.push(...readPlainLines(text, range).filter(({ key }) => !known.has(key)));
  }
  return { entries, diagnostics };
}

function convert(node: unknown, offset: number, text: string, depth: number): MetadataValue | undefined {
  if (depth > maxDepth || isAlias(node)) return undefined;
  if (isMap(node)) {
    const entries = node.items.flatMap((pair): MetadataEntry[] => {
      if (!isScalar(pair.key)) return [];
      const value = convert(pair.value, offset, text, depth + 1);
      return value ? [{ key: String(pair.key.value ?? ''), keyRange: rangeOf(pair.key, offset, text), value }] : [];
    });
    return { kind: 'map', entries };
  }
  if (isSeq(node)) {
    return { kind: 'list', items: node.items.flatMap((item) => convert(item, offset, text, depth + 1) ?? []) };
  }
  if (!isScalar(node)) return undefined;
  return { kind: 'scalar', text: String(node.value ?? '').trim(), range: rangeOf(node, offset, text) };
}

function rangeOf(node: Node, offset: number, text: string): Range {
  const [start, end] = node.range ?? [0, 0];
  return { start: Math.min(offset + start, text.length), end: Math.min(offset + end, text.length) };
}

function lineAround(text: string, at: number, limits: Range): Range {
  const start = Math.max(text.lastIndexOf('\n', at - 1) + 1, limits.start);
  const newline = text.indexOf('\n', start);
  const end = newline < 0 ? limits.end : Math.min(newline, limits.end);
  return { start: Math.min(start, end), end: text[end - 1] === '\r' && end - 1 > start ? end - 1 : end };
}

function readPlainLines(text: string, range: Range): MetadataEntry[] {
  const pattern = /^([A-Za-z_][\w -]*):[ \t]+([^\r\n]*\S)/gm;
  return [...text.slice(range.start, range.end).matchAll(pattern)].map((match) => {
    const start = range.start + match.index;
    const key = match[1] ?? '';
    const value = match[2] ?? '';
    const end = start + match[0].length;
    return {
      key,
      keyRange: { start, end: start + key.length },
      value: {
        kind: 'scalar',
        text: value.replace(/^(["'])(.*)\1$/, '$2'),
        range: { start: end - value.length, end },
      },
    };
  });
}
