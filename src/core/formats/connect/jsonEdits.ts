import { findNodeAtLocation, type Node, type ParseError, parse, parseTree } from 'jsonc-parser';
import { phrase } from '../../base/phrase.ts';
import { applyEdits, type TextEdit } from '../../base/textEdit.ts';
import { BatonError } from '../../errors.ts';

/** Keys and indexes that lead to a value. */
export type JsonPath = readonly (string | number)[];

const byteOrderMark = '\ufeff';
const options = { allowTrailingComma: true };
/** Comments that stand on the same line behind something belong to it. */
const trailingComments = /^(?:[ \t]*(?:\/\/[^\r\n]*|\/\*[\s\S]*?\*\/))+/;

/**
 * A JSON file (comments and trailing commas are borne with) to which something is added, or from which it is taken. Everything else
 * stays byte for byte: the package's own edits would lay whole lines out anew.
 */
export class JsonText {
  readonly #mark: string;
  readonly #path: string;
  #text: string;

  /**
   * @param text the file; a blank one counts as `{}`
   * @throws BatonError `unreadable-file` where it is no JSON object: such a file is never rewritten
   */
  constructor(text: string, path: string) {
    this.#path = path;
    this.#mark = text.startsWith(byteOrderMark) ? byteOrderMark : '';
    this.#text = text.slice(this.#mark.length);
    if (this.#text.trim() === '') this.#text = '{}\n';
    const errors: ParseError[] = [];
    const value: unknown = parse(this.#text, errors, options);
    const [error] = errors;
    if (error !== undefined || typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.#unusable('no JSON object', error?.offset ?? 0);
    }
  }

  get text(): string {
    return this.#mark + this.#text;
  }

  /** The value at a path; undefined where there is none. */
  get(path: JsonPath): unknown {
    let value: unknown = parse(this.#text, [], options);
    for (const key of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
      value = (value as Record<string | number, unknown>)[key];
    }
    return value;
  }

  /**
   * Adds a property where there is none yet, with the objects that lead to it.
   *
   * @throws BatonError `unreadable-file` where something else than an object stands on the way
   */
  insert(path: readonly string[], value: unknown): void {
    const key = path.at(-1) ?? '';
    const above = path.slice(0, -1);
    const parent = this.#node(above);
    if (parent === undefined) {
      this.insert(above, { [key]: value });
      return;
    }
    if (parent.type !== 'object') throw this.#unusable(`no object at ${above.join('.')}`, parent.offset);
    this.#addChild(parent, value, key);
  }

  /** Adds an element behind the others of an array, which is made where there is none. */
  append(path: readonly string[], value: unknown): void {
    const list = this.#node(path);
    if (list === undefined) {
      this.insert(path, [value]);
      return;
    }
    if (list.type !== 'array') throw this.#unusable(`no array at ${path.join('.')}`, list.offset);
    this.#addChild(list, value);
  }

  /** Takes the property or element at a path away. */
  remove(path: JsonPath): void {
    const value = this.#node(path);
    const child = value?.parent?.type === 'property' ? value.parent : value;
    const parent = child?.parent;
    const siblings = parent?.children ?? [];
    const at = child === undefined ? -1 : siblings.indexOf(child);
    if (child === undefined || parent === undefined || at < 0) return;
    const before = siblings[at - 1];
    const behind = siblings[at + 1];
    if (before !== undefined) {
      const gap = this.#text.slice(endOf(before), child.offset);
      const comma = endOf(before) + gap.indexOf(',');
      const blank = child.offset - (gap.length - gap.trimEnd().length);
      // A comment between them is the one before's, and stays.
      const isPlain = blank <= comma + 1;
      const start = isPlain ? comma : blank;
      this.#apply([
        ...(isPlain ? [] : [{ start: comma, end: comma + 1, newText: '' }]),
        { start, end: endOf(child), newText: '' },
      ]);
    } else if (behind !== undefined) {
      this.#apply([{ start: child.offset, end: behind.offset, newText: '' }]);
    } else {
      this.#apply([{ start: parent.offset + 1, end: endOf(parent) - 1, newText: '' }]);
    }
  }

  #addChild(parent: Node, value: unknown, key?: string): void {
    const text = this.#text;
    const eol = this.#eol;
    const unit = this.#unit;
    const name = key === undefined ? '' : JSON.stringify(key);
    const last = parent.children?.at(-1);
    const inside = text.slice(parent.offset, endOf(parent));
    const isOneLine = last === undefined ? /^\s*\{.*\S.*\}\s*$/.test(text) : !inside.includes('\n');
    const indent = last === undefined || isOneLine ? this.#indentAt(parent.offset) + unit : this.#indentAt(last.offset);
    const compact = `${name}${key === undefined ? '' : ':'}${JSON.stringify(value)}`;
    const laidOut = `${name}${key === undefined ? '' : ': '}${JSON.stringify(value, null, unit)}`.replaceAll(
      '\n',
      eol + indent,
    );
    if (last === undefined) {
      const wrapped = isOneLine ? compact : `${eol}${indent}${laidOut}${eol}${this.#indentAt(parent.offset)}`;
      const isBlank = inside.slice(1, -1).trim() === '';
      const end = isBlank ? endOf(parent) - 1 : parent.offset + 1;
      this.#apply([{ start: parent.offset + 1, end, newText: wrapped }]);
      return;
    }
    const at = endOf(last);
    const rest = text.slice(at);
    const comma = /^\s*,/.exec(rest)?.[0].length;
    if (comma !== undefined) {
      // The comma behind the last one is there already; ours gets none.
      const newText = isOneLine ? compact : `${eol}${indent}${laidOut}`;
      this.#apply([{ start: at + comma, end: at + comma, newText }]);
      return;
    }
    const comments = isOneLine ? 0 : (trailingComments.exec(rest)?.[0].length ?? 0);
    const fresh = isOneLine ? compact : `${eol}${indent}${laidOut}`;
    if (comments === 0) this.#apply([{ start: at, end: at, newText: `,${fresh}` }]);
    else {
      this.#apply([
        { start: at, end: at, newText: ',' },
        { start: at + comments, end: at + comments, newText: fresh },
      ]);
    }
  }

  get #eol(): string {
    return this.#text.includes('\r\n') ? '\r\n' : '\n';
  }

  /** One level of indentation, as the file has it. */
  get #unit(): string {
    return /\n([ \t]+)\S/.exec(this.#text)?.[1] ?? '  ';
  }

  /** The white space at the beginning of the line of an offset. */
  #indentAt(offset: number): string {
    const start = this.#text.lastIndexOf('\n', offset - 1) + 1;
    return /^[ \t]*/.exec(this.#text.slice(start))?.[0] ?? '';
  }

  #node(path: JsonPath): Node | undefined {
    const root = parseTree(this.#text, [], options);
    return root === undefined || path.length === 0 ? root : findNodeAtLocation(root, [...path]);
  }

  #apply(edits: readonly TextEdit[]): void {
    this.#text = applyEdits(this.#text, edits);
  }

  #unusable(what: string, offset: number): BatonError {
    const line = this.#text.slice(0, offset).split('\n').length;
    return new BatonError('unreadable-file', phrase`${this.#path} has ${what} (line ${line})`, {
      hint: 'Mend the file first; nothing was changed.',
      data: { path: this.#path, line },
    });
  }
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}

/** Tells whether two JSON values say the same, whatever the order of their keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(sortKeys(a)) === JSON.stringify(sortKeys(b));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  );
}
