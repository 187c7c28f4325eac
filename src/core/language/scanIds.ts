import type { Range } from '../base/range.ts';
import type { Fence, MarkdownDocument, TableBlock } from '../markdown/blocks.ts';
import { readTableRow, type TableRow } from '../markdown/table.ts';

/** An ID that stands in a text word for word. */
export interface ScannedId {
  readonly id: string;
  readonly range: Range;
  /** True where the place says nothing but which session or task is meant (a key, a cell, a heading, a list item); false in prose. */
  readonly isNamed: boolean;
}

const word = /[\p{L}\p{N}][\p{L}\p{M}\p{N}_.-]*/gu;
/** Keys whose values name sessions or tasks. */
const namingKey = /session|depend|parallel|after|requires|block|next|previous|follow/i;
const keyLine =
  /^[\s>]*(?:[-*+][ \t]+)?[*_"'`]*([\p{L}][\p{L}\p{N} _-]{0,40})["'`]?(?::[*_]{2}|[*_]{2}[ \t]*:|:)(?:[ \t]+|$)/u;
const headingStart =
  /^[\s>]*#{1,6}[ \t]+(?:(?:(?:current|last|next|active|previous)[ \t]+)?session(?:[ \t]+id)?[ \t]*:?[ \t]+)?[*_`~[]*$/iu;
const itemStart = /^[\s>]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(?:session[ \t]+)?[*_`~[]*$/iu;
const relation = /(?:blocked[ \t]+by|waiting[ \t]+(?:for|on)|depends[ \t]+on|requires|needs)[ \t]+[*_`~[]*$/iu;
/** Longer lines are prose, or made to be slow. */
const longestLine = 2_000;
/** A longer cell is no list of IDs. */
const longestCell = 300;

/**
 * Finds the IDs of a text, word by word; those whose places are known already (`covered`, in the text's order) are left out. IDs that hold
 * other characters than letters, digits, `.`, `-` and `_` are found only where they are read as such.
 */
export function scanIds(
  doc: MarkdownDocument,
  isKnown: (id: string) => boolean,
  covered: readonly Range[],
): readonly ScannedId[] {
  const scanner = new Scanner(doc, isKnown);
  const found: ScannedId[] = [];
  let next = 0;
  for (const match of doc.text.matchAll(word)) {
    const id = knownWord(match[0], isKnown);
    if (id === undefined) continue;
    const range = { start: match.index, end: match.index + id.length };
    while ((covered[next]?.end ?? Number.POSITIVE_INFINITY) <= range.start) next++;
    if ((covered[next]?.start ?? Number.POSITIVE_INFINITY) < range.end) continue;
    const isNamed = scanner.isNamed(range);
    // A number or an ordinary word in prose says nothing; a part of a path is a file.
    const isPath = /[/\\@]/.test(doc.text[range.start - 1] ?? '');
    if (isNamed || (!isPath && isTelling(id))) found.push({ id, range, isNamed });
  }
  return found;
}

function knownWord(text: string, isKnown: (id: string) => boolean): string | undefined {
  if (isKnown(text)) return text;
  const bare = text.replace(/[._-]+$/, '');
  return bare !== text && isKnown(bare) ? bare : undefined;
}

/** Whether a word can only be an ID: letters with digits or marks in them. */
function isTelling(id: string): boolean {
  return id.length >= 3 && /\p{L}/u.test(id) && /[\p{N}_-]/u.test(id);
}

class Scanner {
  readonly #doc: MarkdownDocument;
  readonly #isKnown: (id: string) => boolean;
  #fence = 0;
  #row: TableRow | undefined;
  #table = 0;

  constructor(doc: MarkdownDocument, isKnown: (id: string) => boolean) {
    this.#doc = doc;
    this.#isKnown = isKnown;
  }

  /** Asked for rising ranges only. */
  isNamed(range: Range): boolean {
    const { text, lines, frontmatter } = this.#doc;
    const line = lines.lineAt(range.start);
    const whole = lines.rangeOf(line);
    if (whole.end - whole.start > longestLine) return false;
    const before = text.slice(whole.start, range.start);
    if (frontmatter !== undefined && range.start < frontmatter.range.end) return this.#isValue(before, line, true);
    const fence = this.#fenceAt(range.start);
    if (fence !== undefined) {
      if (/^ya?ml$/.test(fence.language)) return this.#isValue(before, line, true);
      return fence.language === 'xml' && isXmlValue(before);
    }
    const table = this.#tableAt(range.start);
    if (table !== undefined) return this.#isCellOfIds(table, line, range);
    if (headingStart.test(before) || relation.test(before)) return true;
    if (itemStart.test(before)) return /^[\]*_`~]*(?::|[ \t]|$)/.test(text.slice(range.end, whole.end));
    return isXmlValue(before) || this.#isValue(before, line, false);
  }

  /** Whether the text before it on its line is a key that names IDs, or the mark of an item below such a key, and nothing but IDs. */
  #isValue(before: string, line: number, isYaml: boolean): boolean {
    const key = keyLine.exec(before);
    if (key !== null) {
      const isField = isYaml || /[*_]{2}/.test(key[0]) || /^[\s>]*(?:session(?: id)?|next session)/i.test(key[0]);
      return isField && namingKey.test(key[1] ?? '') && this.#isOnlyIds(before.slice(key[0].length));
    }
    if (!isYaml) return false;
    const item = /^[\s>]*-[ \t]+/.exec(before);
    return item !== null && this.#isOnlyIds(before.slice(item[0].length)) && namingKey.test(this.#keyAbove(line));
  }

  /** The key below which a YAML item stands. */
  #keyAbove(line: number): string {
    const { text, lines } = this.#doc;
    const textOf = (at: number): string => text.slice(lines.rangeOf(at).start, lines.rangeOf(at).end);
    const indentOf = (one: string): number => one.length - one.trimStart().length;
    const own = indentOf(textOf(line));
    for (let at = line - 1; at >= Math.max(0, line - 200); at--) {
      const one = textOf(at);
      if (one.trim() === '' || (/^\s*-\s/.test(one) && indentOf(one) >= own)) continue;
      if (indentOf(one) <= own) return /^\s*(?:-\s+)?["']?([^:"']+)["']?\s*:/.exec(one)?.[1] ?? '';
    }
    return '';
  }

  #isOnlyIds(text: string): boolean {
    const rest = text.replace(/\([^()]*\)/g, ' ').replace(word, (one) => (this.#isKnownWord(one) ? ' ' : one));
    return /^[\s,;&+"'`*_~[\]‖|→—–-]*$/.test(rest);
  }

  #isKnownWord(text: string): boolean {
    return knownWord(text, this.#isKnown) !== undefined || /^(?:and|or)$/i.test(text);
  }

  #isCellOfIds(table: TableBlock, line: number, range: Range): boolean {
    if (line <= table.line + 1) return false;
    if (this.#row?.line !== line) {
      this.#row = readTableRow(this.#doc, line, undefined, table.contentStarts[line - table.line]);
    }
    const row = this.#row;
    for (let column = 0; column < row.cellCount; column++) {
      const cell = row.rangeAt(column);
      if (cell.start > range.start || range.end > cell.end) continue;
      // Most cells with an ID in them are that ID, or prose.
      const text = row.textAt(column);
      return text.length === range.end - range.start || (text.length < longestCell && this.#isOnlyIds(text));
    }
    return false;
  }

  #fenceAt(offset: number): Fence | undefined {
    const { fences } = this.#doc;
    while ((fences[this.#fence]?.range.end ?? Number.POSITIVE_INFINITY) < offset) this.#fence++;
    const fence = fences[this.#fence];
    return fence !== undefined && fence.range.start <= offset ? fence : undefined;
  }

  #tableAt(offset: number): TableBlock | undefined {
    const { tables } = this.#doc;
    while ((tables[this.#table]?.range.end ?? Number.POSITIVE_INFINITY) < offset) this.#table++;
    const table = tables[this.#table];
    return table !== undefined && table.range.start <= offset ? table : undefined;
  }
}

/** An attribute `session="…"` or `id="…"`, or the beginning of an element's text. */
function isXmlValue(before: string): boolean {
  return (
    /<(?:session|requires|dependency|depends_on|parallel_with)\b[^<>]*\b(?:id|session)=["']?$/i.test(before) ||
    /<(?:session|session_id|requires|dependency|id|parallel_with|depends_on)(?:\s[^<>]*)?>\s*$/i.test(before)
  );
}
