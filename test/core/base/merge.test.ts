import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffLines, splitLines } from '../../../src/core/base/lineDiff.ts';
import { mergeTexts } from '../../../src/core/base/merge.ts';

const table = ['| A | ⬜ Pending | — |\n', '| B | ⬜ Pending | — |\n', '| C | ⬜ Pending | — |\n'];
const head = '# P\n\n| Session | Status | Commit |\n|---|---|---|\n';
const base = head + table.join('');

function merged(ours: string, theirs: string, from = base): string {
  const result = mergeTexts(from, ours, theirs);
  if (!result.ok) throw new Error(JSON.stringify(result.conflicts));
  return result.text;
}

describe('diffLines', () => {
  test('applied to the old lines gives the new ones', () => {
    const lines = fc.array(fc.constantFrom('a\n', 'b\n', 'c\n', 'd\n', 'e\r\n'), { maxLength: 14 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const out: string[] = [];
        let at = 0;
        for (const change of diffLines(before, after)) {
          out.push(...before.slice(at, change.start), ...change.lines);
          at = change.end;
        }
        expect([...out, ...before.slice(at)]).toEqual(after);
      }),
    );
  });

  test('splitting loses nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\r', '\n', ' ') }), (text) => {
        expect(splitLines(text).join('')).toBe(text);
      }),
    );
  });

  test('texts that differ in more lines than are searched are one change', () => {
    const before = Array.from({ length: 3_000 }, (_, at) => `old ${at}\n`);
    const after = Array.from({ length: 3_000 }, (_, at) => `new ${at}\n`);
    expect(diffLines(before, after)).toEqual([{ start: 0, end: 3_000, lines: after }]);
  });
});

describe('mergeTexts', () => {
  test('keeps changes of neighbouring rows', () => {
    const ours = base.replace('| A | ⬜ Pending', '| A | 🔄 Active');
    const theirs = base.replace('| B | ⬜ Pending', '| B | ✅ Done');
    expect(merged(ours, theirs)).toBe(
      base.replace('| A | ⬜ Pending', '| A | 🔄 Active').replace('| B | ⬜ Pending', '| B | ✅ Done'),
    );
  });

  test('keeps changes of different cells of one row', () => {
    const ours = base.replace('| B | ⬜ Pending', '| B | 🔄 Active');
    const theirs = base.replace('| B | ⬜ Pending | — |', '| B | ⬜ Pending | abc |');
    expect(merged(ours, theirs)).toContain('| B | 🔄 Active | abc |');
  });

  test('reports one cell that both changed', () => {
    const ours = base.replace('| B | ⬜ Pending', '| B | 🔄 Active');
    const theirs = base.replace('| B | ⬜ Pending', '| B | ✅ Done');
    const result = mergeTexts(base, ours, theirs);
    expect(result).toEqual({
      ok: false,
      conflicts: [{ line: 5, base: table[1], ours: '| B | 🔄 Active | — |\n', theirs: '| B | ✅ Done | — |\n' }],
    });
  });

  test('keeps rows that both added at one place, and a row changed beside an added one', () => {
    const ours = `${base}| D | x | y |\n`;
    const theirs = `${base}| E | x | y |\n`;
    expect(merged(ours, theirs)).toBe(`${base}| D | x | y |\n| E | x | y |\n`);
    const changed = base.replace('| C | ⬜ Pending', '| C | ✅ Done');
    expect(merged(`${changed}| D | x | y |\n`, base.replace('| B | ⬜', '| B | 🔁'))).toContain('| B | 🔁');
  });

  test('does not add two rows of one key, nor prose, at one place', () => {
    expect(mergeTexts(base, `${base}| D | x | y |\n`, `${base}| D | z | y |\n`).ok).toBe(false);
    expect(mergeTexts(base, `${base}one\n`, `${base}two\n`).ok).toBe(false);
  });

  test('takes back an addition beside which others were added', () => {
    const after = `${base}| D | x | y |\n`;
    const now = `${after}| E | x | y |\n`;
    expect(merged(now, base, after)).toBe(`${base}| E | x | y |\n`);
  });

  test('an edit of a line that the other side removed is a conflict', () => {
    const ours = head + [table[0], table[2]].join('');
    const theirs = base.replace('| B | ⬜ Pending', '| B | ✅ Done');
    expect(mergeTexts(base, ours, theirs).ok).toBe(false);
  });

  test('one side alone is taken whole, whatever it is; both sides agree however they are ordered', () => {
    const lines = fc
      .array(fc.constantFrom('| a | 1 |\n', '| a | 2 |\n', '| b | 1 |\n', 'text\r\n', '- item\n', '\n'), {
        maxLength: 8,
      })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(lines, lines, lines, (from, ours, theirs) => {
        expect(mergeTexts(from, from, theirs)).toEqual({ ok: true, text: theirs });
        expect(mergeTexts(from, ours, from)).toEqual({ ok: true, text: ours });
        expect(mergeTexts(from, ours, ours)).toEqual({ ok: true, text: ours });
        expect(mergeTexts(from, ours, theirs).ok).toBe(mergeTexts(from, theirs, ours).ok);
      }),
      { numRuns: 500 },
    );
  });
});
