import type { Range } from './range.ts';

/** Replaces `[start, end)` of a text by `newText`. */
export interface TextEdit extends Range {
  readonly newText: string;
}

/**
 * Applies edits that were all planned against `text`; every unit outside them stays as it was.
 *
 * @throws RangeError if two edits overlap or one lies outside the text: a plan like that is a bug.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let at = 0;
  for (const edit of ordered) {
    if (edit.start < at || edit.end < edit.start || edit.end > text.length) {
      throw new RangeError(`edit ${edit.start}-${edit.end} overlaps or lies outside a text of ${text.length} units`);
    }
    result += text.slice(at, edit.start) + edit.newText;
    at = edit.end;
  }
  return result + text.slice(at);
}
