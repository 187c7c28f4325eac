import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neutralizeFormula, toCsv } from '../../../src/core/base/csv.ts';

/** Reads CSV as RFC 4180 says, character by character. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text.charAt(at + 1) === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ',') {
      row.push(cell);
      cell = '';
    } else if (character === '\r' && text.charAt(at + 1) === '\n') {
      rows.push([...row, cell]);
      row = [];
      cell = '';
      at += 1;
    } else cell += character;
  }
  expect([quoted, row, cell]).toEqual([false, [], '']);
  return rows;
}

const hostileText = fc.oneof(
  fc.string(),
  fc.string({
    unit: fc.constantFrom('"', ',', '\r', '\n', ';', ' ', '\t', '=', '+', '-', '@', "'", 'a', '1', 'ü', '|'),
  }),
);

describe('CSV', () => {
  it('is read back as it was written, but for formulas', () => {
    fc.assert(
      fc.property(fc.array(fc.array(hostileText, { minLength: 1 })), (rows) => {
        expect(readCsv(toCsv(rows))).toEqual(rows.map((cells) => cells.map(neutralizeFormula)));
      }),
    );
  });

  it('has no cell that a spreadsheet takes for a formula', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'),
        hostileText,
        (start, rest) => {
          const [[cell = ''] = []] = readCsv(toCsv([[start + rest]]));
          expect(/^[=+\-@\t\r＝＋－＠]/.test(cell) && !/^[+-]?\d+([.,]\d+)?$/.test(cell)).toBe(false);
        },
      ),
    );
  });

  it.each([
    ['=HYPERLINK("http://x")', '"\'=HYPERLINK(""http://x"")"'],
    ['-12.5', '-12.5'],
    ['+49 30', "'+49 30"],
    ['-2+3', "'-2+3"],
    ['a, b', '"a, b"'],
    ['two\nlines', '"two\nlines"'],
    [' spaced ', '" spaced "'],
    ['plain', 'plain'],
  ])('writes %j as %s', (text, written) => {
    expect(toCsv([[text, 'x']])).toBe(`${written},x\r\n`);
  });

  it('keeps a row of one empty cell a row', () => {
    expect(toCsv([[''], ['', '']])).toBe('""\r\n,\r\n');
  });
});
