import { applyEdits as applyJsonEdits, type JSONPath, modify, type ParseError, parse } from 'jsonc-parser';
import { BatonError } from '../../errors.ts';

const byteOrderMark = '\ufeff';

/** A JSON file (comments and trailing commas are borne with) that is changed by ranges: everything else stays byte for byte. */
export class JsonText {
  readonly #mark: string;
  #text: string;

  /**
   * @param text the file; a blank one counts as `{}`
   * @throws BatonError `unreadable-file` where it is no JSON object: such a file is never rewritten
   */
  constructor(text: string, path: string) {
    this.#mark = text.startsWith(byteOrderMark) ? byteOrderMark : '';
    this.#text = text.slice(this.#mark.length);
    if (this.#text.trim() === '') this.#text = '{}\n';
    const errors: ParseError[] = [];
    const value: unknown = parse(this.#text, errors, { allowTrailingComma: true });
    const [error] = errors;
    if (error === undefined && typeof value === 'object' && value !== null && !Array.isArray(value)) return;
    const line = this.#text.slice(0, error?.offset ?? 0).split('\n').length;
    throw new BatonError('unreadable-file', `${path} is no JSON object (line ${line})`, {
      hint: 'Mend the file first; nothing was changed.',
      data: { path, line },
    });
  }

  get text(): string {
    return this.#mark + this.#text;
  }

  /** The value at a path; undefined where there is none. */
  get(path: JSONPath): unknown {
    let value: unknown = parse(this.#text, [], { allowTrailingComma: true });
    for (const key of path) {
      if (typeof value !== 'object' || value === null) return undefined;
      value = (value as Record<string | number, unknown>)[key];
    }
    return value;
  }

  /** Sets the value at a path; undefined removes it. */
  set(path: JSONPath, value: unknown): void {
    this.#modify(path, value, false);
  }

  /** Adds an element behind the others of an array, which is made where there is none. */
  append(path: JSONPath, value: unknown): void {
    const list = this.get(path);
    if (Array.isArray(list) && list.length > 0) this.#modify([...path, list.length], value, true);
    else this.#modify(path, [value], false);
  }

  #modify(path: JSONPath, value: unknown, isArrayInsertion: boolean): void {
    const eol = this.#text.includes('\r\n') ? '\r\n' : '\n';
    const indent = /\n([ \t]+)\S/.exec(this.#text)?.[1] ?? '  ';
    const formattingOptions = { eol, insertSpaces: !indent.startsWith('\t'), tabSize: indent.length };
    this.#text = applyJsonEdits(this.#text, modify(this.#text, path, value, { formattingOptions, isArrayInsertion }));
  }
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
