import type { FrontmatterBlock } from '../markdown/blocks.ts';

/** What the frontmatter of a file says, every value a text. */
export type FrontmatterData = Readonly<Record<string, string>>;

/**
 * Reads frontmatter that holds nothing but `key: value` lines with bare or quoted values on one line, comments and blank lines: the form
 * that Baton writes, and the same values that YAML reads in it. Undefined for everything else, which a YAML parser has to read.
 */
export function readPlainFrontmatter(text: string, block: FrontmatterBlock): FrontmatterData | undefined {
  if (!block.closed || (block.language !== '' && block.language !== 'yaml')) return undefined;
  const data = new Map<string, string>();
  for (const line of text.slice(block.contentRange.start, block.contentRange.end).split(/\r\n|\n|\r/)) {
    if (/^[ \t]*(?:#.*)?$/.test(line)) continue;
    const parts = /^([A-Za-z_][\w-]*):(?:[ \t]+(.*?))?[ \t]*$/.exec(line);
    const [, key, raw = ''] = parts ?? [];
    const value = readScalar(raw);
    if (key === undefined || value === undefined || data.has(key)) return undefined;
    data.set(key, value);
  }
  return Object.fromEntries(data);
}

function readScalar(raw: string): string | undefined {
  if (raw === '') return '';
  if (/^"(?:[^"\\\p{Cc}]|\\["\\])*"$/u.test(raw)) return raw.slice(1, -1).replace(/\\(["\\])/g, '$1');
  if (/^'(?:[^'\p{Cc}]|'')*'$/u.test(raw)) return raw.slice(1, -1).replaceAll("''", "'");
  // No indicator of YAML at its beginning, no comment or mapping within.
  const isBare = /^[^\s\-?:,[\]{}#&*!|>'"%@`\p{Cc}\uFEFF][^\p{Cc}\uFEFF]*$/u.test(raw);
  return isBare && !/:(?:[ \t]|$)|[ \t]#/.test(raw) ? raw : undefined;
}
