import type { Range } from '../base/range.ts';
import type { MetadataEntry, MetadataValue } from './metadataYaml.ts';

interface Line {
  /** Offset of the first character that is not a space. */
  readonly start: number;
  /** Behind the last character that is not white space. */
  readonly end: number;
  readonly indent: number;
}

/** Thrown within this file only, where the text is more than the subset. */
class NotSimple extends Error {}

const keyPattern = /([A-Za-z_][\w-]*):(?:[ ]+|$)/y;
/** One line of text that YAML reads as it stands: no indicator at its beginning, no `: ` or ` #` in it. */
const plainPattern = /^[^\s\-?:,[\]{}#&*!|>'"%@`~=](?:(?!: | #|:$)[^\t])*$|^-[^\s-](?:(?!: | #|:$)[^\t])*$/u;

/**
 * Reads the YAML that metadata is nearly always written in: block maps and lists, one-line plain scalars, simple quoted ones and flow
 * lists of plain scalars. Undefined for anything else, which a whole YAML parser then reads: that is fifty times slower, too slow
 * for a plan with thousands of fences.
 */
export function readSimpleYaml(text: string, range: Range): MetadataEntry[] | undefined {
  try {
    const reader = new SimpleReader(text, linesOf(text, range));
    return reader.readAll();
  } catch (error) {
    if (error instanceof NotSimple) return undefined;
    throw error;
  }
}

function linesOf(text: string, range: Range): Line[] {
  const lines: Line[] = [];
  let at = range.start;
  while (at < range.end) {
    const newline = text.indexOf('\n', at);
    const stop = newline < 0 || newline > range.end ? range.end : newline;
    let start = at;
    while (start < stop && text[start] === ' ') start += 1;
    let end = stop;
    while (end > start && (text[end - 1] === ' ' || text[end - 1] === '\r')) end -= 1;
    const isMarker = start === at && (text.startsWith('---', start) || text.startsWith('...', start));
    if (isMarker || text[start] === '\t' || text[end - 1] === '\t') throw new NotSimple();
    if (end > start && text[start] !== '#') lines.push({ start, end, indent: start - at });
    at = stop + 1;
  }
  return lines;
}

class SimpleReader {
  readonly #text: string;
  readonly #lines: Line[];
  #at = 0;

  constructor(text: string, lines: Line[]) {
    this.#text = text;
    this.#lines = lines;
  }

  readAll(): MetadataEntry[] {
    const first = this.#lines[0];
    if (!first) return [];
    const entries = this.#map(first.indent, 0);
    if (this.#at < this.#lines.length) throw new NotSimple();
    return entries;
  }

  #map(indent: number, depth: number): MetadataEntry[] {
    if (depth > 10) throw new NotSimple();
    const entries: MetadataEntry[] = [];
    for (let line = this.#lines[this.#at]; line && line.indent === indent; line = this.#lines[this.#at]) {
      keyPattern.lastIndex = line.start;
      const match = keyPattern.exec(this.#text);
      const keyEnd = line.start + (match?.[1]?.length ?? 0);
      // `$` of the pattern means the text's end; the end of the line is compared by hand.
      if (!match && !(this.#keyOnly(line) > 0)) throw new NotSimple();
      const end = match ? keyEnd : this.#keyOnly(line);
      const key = this.#text.slice(line.start, end);
      const keyRange = { start: line.start, end };
      if (entries.some((entry) => entry.key === key)) throw new NotSimple();
      const valueStart = match ? line.start + match[0].length : line.end;
      this.#at += 1;
      const value = valueStart < line.end ? this.#inline(valueStart, line.end) : this.#nested(indent, line.end, depth);
      if (valueStart < line.end) this.#mustNotContinue(indent);
      entries.push({ key, keyRange, value });
    }
    return entries;
  }

  /** The end of a key that stands alone on its line, else -1. */
  #keyOnly(line: Line): number {
    const word = this.#text.slice(line.start, line.end);
    return /^[A-Za-z_][\w-]*:$/.test(word) ? line.end - 1 : -1;
  }

  /** What stands below a key without a value of its own. A list may stand at the key's own indentation. */
  #nested(indent: number, emptyAt: number, depth: number): MetadataValue {
    const line = this.#lines[this.#at];
    if (line && line.indent >= indent && this.#isItem(line)) return this.#list(line.indent, depth + 1);
    if (line && line.indent > indent) return { kind: 'map', entries: this.#map(line.indent, depth + 1) };
    return { kind: 'scalar', text: '', range: { start: emptyAt, end: emptyAt } };
  }

  #isItem(line: Line): boolean {
    return this.#text[line.start] === '-' && (line.end === line.start + 1 || this.#text[line.start + 1] === ' ');
  }

  #list(indent: number, depth: number): MetadataValue {
    if (depth > 10) throw new NotSimple();
    const items: MetadataValue[] = [];
    for (let line = this.#lines[this.#at]; line && line.indent === indent; line = this.#lines[this.#at]) {
      if (!this.#isItem(line)) break;
      let start = line.start + 1;
      while (start < line.end && this.#text[start] === ' ') start += 1;
      if (start >= line.end) throw new NotSimple();
      const inner = { start, end: line.end, indent: indent + start - line.start };
      keyPattern.lastIndex = start;
      if (keyPattern.test(this.#text) || this.#keyOnly(inner) > 0) {
        // The map of `- key: value` goes on in the lines below, indented as the key is.
        this.#lines[this.#at] = inner;
        items.push({ kind: 'map', entries: this.#map(inner.indent, depth + 1) });
      } else {
        this.#at += 1;
        items.push(this.#inline(start, line.end));
        this.#mustNotContinue(indent);
      }
    }
    return { kind: 'list', items };
  }

  /** A deeper line below a scalar continues it, which is more than the subset. */
  #mustNotContinue(indent: number): void {
    if ((this.#lines[this.#at]?.indent ?? 0) > indent) throw new NotSimple();
  }

  #inline(start: number, end: number): MetadataValue {
    const text = this.#text.slice(start, end);
    const first = text[0];
    if (first === '[') return this.#flowList(start, text);
    if (first === '"' || first === "'") {
      if (!/^"[^"\\\r\n\t]*"$|^'[^'\r\n\t]*'$/.test(text)) throw new NotSimple();
      return { kind: 'scalar', text: text.slice(1, -1).trim(), range: { start, end } };
    }
    const comment = text.indexOf(' #');
    if (comment > 0) return this.#inline(start, start + text.slice(0, comment).trimEnd().length);
    if (!plainPattern.test(text)) throw new NotSimple();
    return { kind: 'scalar', text, range: { start, end } };
  }

  #flowList(start: number, text: string): MetadataValue {
    if (!/^\[[^[\]{}"'#]*\]$/.test(text)) throw new NotSimple();
    const items: MetadataValue[] = [];
    let at = start + 1;
    for (const piece of text.slice(1, -1).split(',')) {
      const word = piece.trim();
      const from = at + piece.indexOf(word);
      at += piece.length + 1;
      if (word === '' && text.includes(',')) throw new NotSimple();
      if (word !== '') items.push(this.#inline(from, from + word.length));
    }
    return { kind: 'list', items };
  }
}
