import type { FrontmatterBlock } from './blocks.ts';

/**
 * Finds the frontmatter: a first line `---` (behind a BOM), with a language name or without, up to the next line `---`. A file that only
 * begins with a rule has none; where the closing line is missing but the next line looks like a key, it has an unclosed one.
 */
export function locateFrontmatter(text: string): FrontmatterBlock | undefined {
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  const opening = /^---(?!-)[ \t]*([\w+-]*)[ \t]*(\r\n|\n|\r|$)/.exec(text.slice(start, start + 200));
  if (opening === null) return undefined;
  const contentStart = start + opening[0].length;
  const language = (opening[1] ?? '').toLowerCase();
  // Not by `^` and `$`: those also see U+2028 as the end of a line.
  const closing = /(?<![^\r\n])---[ \t]*(?![^\r\n])/g;
  closing.lastIndex = contentStart;
  const match = closing.exec(text);
  if (match !== null) {
    const range = { start, end: match.index + match[0].length };
    return { range, contentRange: { start: contentStart, end: match.index }, closed: true, language };
  }
  if (!/^[\w.-]+[ \t]*:(?:\s|$)/.test(text.slice(contentStart, contentStart + 200))) return undefined;
  return {
    range: { start, end: text.length },
    contentRange: { start: contentStart, end: text.length },
    closed: false,
    language,
  };
}
