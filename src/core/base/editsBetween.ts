import { diffLines, splitLines } from './lineDiff.ts';
import type { TextEdit } from './textEdit.ts';

/** Plans the smallest edits, line by line and within lines, that make `after` of `before`. */
export function editsBetween(before: string, after: string): TextEdit[] {
  if (before === after) return [];
  const lines = splitLines(before);
  const edits: TextEdit[] = [];
  let offset = 0;
  let at = 0;
  for (const change of diffLines(lines, splitLines(after))) {
    for (; at < change.start; at++) offset += lines[at]?.length ?? 0;
    const old = lines.slice(change.start, change.end).join('');
    edits.push(trimEdit(old, change.lines.join(''), offset));
    offset += old.length;
    at = change.end;
  }
  return edits;
}

/** Leaves out of an edit what is the same at its beginning and its end, never cutting a surrogate pair or a CRLF in two. */
function trimEdit(old: string, fresh: string, offset: number): TextEdit {
  const shorter = Math.min(old.length, fresh.length);
  let prefix = 0;
  while (prefix < shorter && old[prefix] === fresh[prefix]) prefix++;
  if (prefix > 0 && /[\uD800-\uDBFF\r]/.test(old[prefix - 1] ?? '')) prefix--;
  let suffix = 0;
  while (suffix < shorter - prefix && old[old.length - 1 - suffix] === fresh[fresh.length - 1 - suffix]) suffix++;
  if (suffix > 0 && /[\uDC00-\uDFFF\n]/.test(old[old.length - suffix] ?? '')) suffix--;
  return {
    start: offset + prefix,
    end: offset + old.length - suffix,
    newText: fresh.slice(prefix, fresh.length - suffix),
  };
}
