import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { MetadataValue } from '../../../src/core/formats/metadataYaml.ts';
import { readSimpleYaml } from '../../../src/core/formats/simpleYaml.ts';

type Plain = string | readonly Plain[] | { readonly [key: string]: Plain };

function plainOf(value: MetadataValue, text: string): Plain {
  if (value.kind === 'list') return value.items.map((item) => plainOf(item, text));
  if (value.kind === 'map')
    return Object.fromEntries(value.entries.map((entry) => [entry.key, plainOf(entry.value, text)]));
  const { start, end } = value.range;
  expect(text.slice(start, end)).toContain(value.text);
  return value.text;
}

function simple(text: string): Plain | undefined {
  const entries = readSimpleYaml(text, { start: 0, end: text.length });
  return entries && plainOf({ kind: 'map', entries }, text);
}

/** What the YAML library reads, with the same reading of an empty value. */
function library(text: string): Plain | undefined {
  const document = parseDocument(text, { schema: 'failsafe', logLevel: 'silent' });
  if (document.errors.length > 0) return undefined;
  const convert = (node: unknown): Plain => {
    if (isMap(node)) {
      return Object.fromEntries(
        node.items.map(({ key, value }) => [isScalar(key) ? String(key.value) : '', convert(value)]),
      );
    }
    if (isSeq(node)) return node.items.map(convert);
    return isScalar(node) ? String(node.value ?? '').trim() : '';
  };
  return document.contents === null ? {} : convert(document.contents);
}

describe('the fast reader of simple YAML', () => {
  it.each([
    'a: b\nc: d e\n',
    'a: 🖥️ CLI | 🏗️ Heavy\n',
    'a:\n  - x\n  - y (z)\n',
    'a:\n- x\n- y\nb: c\n',
    'a:\n  - name: x\n    files:\n      - f\n      - g\n  - name: y\n',
    'a: [x, y z]\nb: []\n',
    'a: "x y"\nb: \'z\'\n',
    '# comment\na: b # why\n\nc:\n',
    'a:\r\n  b: c\r\nd: e\r\n',
    '  a: b\n  c: d\n',
    'url: http://x/y#z\n',
  ])('reads %j as the library does', (text) => {
    expect(simple(text)).toEqual(library(text));
    expect(simple(text)).toBeDefined();
  });

  it.each([
    'a: |\n  x\n',
    'a: &b c\n',
    'a: b\n  continued\n',
    'a: [b\n',
    'a: b: c\n',
    'a: "x\\n"\n',
    '---\na: b\n',
    '\ta: b\n',
    'a: b\na: c\n',
    '- a\n',
    'a: {b: c}\n',
    'text\n',
  ])('leaves %j to the library', (text) => {
    expect(simple(text)).toBeUndefined();
  });

  it('never says anything else than the library', () => {
    const line = fc.constantFrom(
      'a: b',
      'b: c d',
      'c:',
      '  - x',
      '- y',
      '  - n: v',
      '    m: w',
      '  k: v',
      'd: [a, b]',
      'e: "q"',
      "f: 'it''s'",
      'g: x # y',
      'h: x: y',
      '#c',
      '',
      ' ',
      'i: - z',
      'j: [a',
      '    - deep',
      'l: ?',
      'm: @x',
      'n: a, b',
      'o: (x)',
      '  plain',
      'p: -1',
      'q: -',
      'r: ~',
      's:t',
      't: "a" b',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), (lines, eol) => {
        const text = lines.join(eol);
        const read = simple(text);
        if (read !== undefined) expect(read).toEqual(library(text));
      }),
      { numRuns: 4000 },
    );
  });
});
