import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as tables from '../../src/cli/table.ts';
import { displayWidth } from '../../src/cli/text.ts';

const formatTable = (...args: Parameters<typeof tables.formatTable>) => tables.formatTable(...args).flat();

const cells = (...texts: readonly string[]) => texts.map((text) => ({ text }));

describe('formatTable', () => {
  it('puts columns two apart and leaves no white space at the end', () => {
    const lines = formatTable([{}, { grows: true }], [cells('A-1', 'one'), cells('AB-10', '')], { width: 80 });
    expect(lines).toEqual(['A-1    one', 'AB-10']);
  });

  it('wraps the column that grows, and cuts nothing off', () => {
    const lines = formatTable([{}, { grows: true }], [cells('A-1', 'a long title that needs two lines')], {
      width: 28,
    });
    expect(lines).toEqual(['A-1  a long title that needs', '     two lines']);
  });

  it('aligns wide characters', () => {
    const lines = formatTable([{}, {}], [cells('数据', 'x'), cells('abcd', 'y')], { width: 80, indent: 2 });
    expect(lines).toEqual(['  数据  x', '  abcd  y']);
  });

  it('leaves out a column that is empty in every row', () => {
    expect(formatTable([{}, {}, {}], [cells('a', '', 'b')], { width: 80 })).toEqual(['a  b']);
  });

  it('paints text and not the space around it', () => {
    const paint = (text: string) => `<${text}>`;
    const rows = [[{ text: 'ab', paint }, { text: 'c' }], cells('abcd', 'd')];
    expect(formatTable([{}, {}], rows, { width: 80 })).toEqual(['<ab>    c', 'abcd  d']);
  });

  it('never exceeds the width and never loses a character, whatever the texts', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'ü', '数', '✅', '-', ' '), maxLength: 60 });
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 6 }), (rows) => {
        const lines = formatTable(
          [{}, { grows: true }, { grows: true }],
          rows.map(([a, b]) => cells('ID-1', a, b)),
          { width: 60 },
        );
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(60);
        const count = (text: string) => [...text.replaceAll(/\s/gu, '')].length;
        expect(count(lines.join(''))).toBe(count(rows.map(([a, b]) => `ID-1${a}${b}`).join('')));
      }),
    );
  });
});
