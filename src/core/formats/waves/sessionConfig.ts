import type { Range } from '../../base/range.ts';
import { parseMarkdown } from '../../markdown/document.ts';
import type { MetadataEntry, MetadataValue } from '../metadataYaml.ts';
import { blockKeys, settingKey } from './waveSettings.ts';

/**
 * The entries of a `## Session Config` (formats.md §1; the reference's reading): `- **key:** value`, `key: value` and `- key: value`, in a fence
 * or not, blocks by indentation, comments left out, the last of a key that is there twice. Undefined where there is no such section.
 */
export function readSessionConfig(text: string): readonly MetadataEntry[] | undefined {
  const lines = linesOf(text);
  const start = headingLine(text, lines);
  if (start === undefined) return undefined;
  const next = lines.findIndex(({ raw }, index) => index > start && raw.startsWith('## '));
  const section = entriesIn(withoutComments(lines.slice(start + 1, next < 0 ? undefined : next)));
  const inSection = new Set(section.map(({ key }) => settingKey(key)));
  // The reference finds blocks anywhere in the file where they begin a line.
  const anywhere = entriesIn(withoutComments(lines)).filter(({ key, value }) => {
    const name = settingKey(key);
    return value.kind === 'map' && blockKeys.includes(name) && !inSection.has(name);
  });
  return lastOfEach([...section, ...anywhere]);
}

interface ConfigLine {
  readonly raw: string;
  readonly start: number;
}

function linesOf(text: string): readonly ConfigLine[] {
  let at = 0;
  return text.split('\n').map((line) => {
    const start = at;
    at += line.length + 1;
    const raw = line.replace(/\r$/, '');
    return start === 0 && raw.startsWith('\uFEFF') ? { raw: raw.slice(1), start: 1 } : { raw, start };
  });
}

/** The first heading of that name, rather one that is not in a fence: those are examples. */
function headingLine(text: string, lines: readonly ConfigLine[]): number | undefined {
  const found = lines.flatMap(({ raw, start }, index) =>
    /^## Session Config[ \t]*$/.test(raw) ? [{ index, start }] : [],
  );
  if (found.length <= 1) return found[0]?.index;
  const { fences } = parseMarkdown(text);
  const open = found.find(({ start }) => !fences.some(({ range }) => range.start <= start && start < range.end));
  return (open ?? found[0])?.index;
}

function withoutComments(lines: readonly ConfigLine[]): readonly ConfigLine[] {
  let inComment = false;
  return lines.filter(({ raw }) => {
    if (inComment) {
      if (raw.includes('-->')) inComment = false;
      return false;
    }
    if (/^\s*<!--/.test(raw)) {
      inComment = !raw.includes('-->');
      return false;
    }
    return !/^\s*(?:```|~~~|#|>)/.test(raw) && raw.trim() !== '';
  });
}

interface Open {
  readonly indent: number;
  readonly entries: MetadataEntry[];
}

function entriesIn(lines: readonly ConfigLine[]): readonly MetadataEntry[] {
  const root: MetadataEntry[] = [];
  const blocks: Open[] = [];
  for (const { raw, start } of lines) {
    const match = /^([ \t]*)(?:[-*+][ \t]+)?(?:\*\*([^*:]+)(?::\*\*|\*\*:)|([A-Za-z][\w-]*):(?=\s|$))[ \t]*(.*)$/.exec(
      raw,
    );
    if (match === null) continue;
    const [, space = '', bold, plain, rest = ''] = match;
    const key = (bold ?? plain ?? '').trim();
    const indent = space.length;
    while ((blocks.at(-1)?.indent ?? -1) >= indent) blocks.pop();
    const into = blocks.at(-1)?.entries ?? root;
    const keyStart = start + raw.indexOf(key);
    const keyRange: Range = { start: keyStart, end: keyStart + key.length };
    const text = plainConfigValue(rest);
    if (text === '') {
      const entries: MetadataEntry[] = [];
      into.push({ key, keyRange, value: { kind: 'map', entries } });
      blocks.push({ indent, entries });
    } else {
      const from = start + raw.length - rest.length;
      into.push({
        key,
        keyRange,
        value: { kind: 'scalar', text, range: { start: from, end: from + rest.trimEnd().length } },
      });
    }
  }
  return root.map(withoutEmpty);
}

/** A key with nothing below it has no value. */
function withoutEmpty({ key, keyRange, value }: MetadataEntry): MetadataEntry {
  if (value.kind !== 'map') return { key, keyRange, value };
  const entries = lastOfEach(value.entries.map(withoutEmpty));
  const filled: MetadataValue =
    entries.length > 0 ? { kind: 'map', entries } : { kind: 'scalar', text: '', range: keyRange };
  return { key, keyRange, value: filled };
}

function plainConfigValue(rest: string): string {
  const text = rest.replace(/(?:^|\s+)#.*$/, '').trim();
  return /^"[^"]*"$|^'[^']*'$|^`[^`]*`$/.test(text) ? text.slice(1, -1) : text;
}

function lastOfEach(entries: readonly MetadataEntry[]): readonly MetadataEntry[] {
  return entries.filter(
    ({ key }, index) => !entries.slice(index + 1).some((later) => settingKey(later.key) === settingKey(key)),
  );
}
