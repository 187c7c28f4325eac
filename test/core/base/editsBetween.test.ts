import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editsBetween } from '../../../src/core/base/editsBetween.ts';
import { clockOf, fileTimeOf, isoTimeOf } from '../../../src/core/base/localTime.ts';
import { applyEdits } from '../../../src/core/base/textEdit.ts';

test('edits between two texts make the one of the other', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '😀', 'ü', '\n', '\r\n', '|'), maxLength: 40 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const edits = editsBetween(before, after);
      expect(applyEdits(before, edits)).toBe(after);
      for (const { start, end } of edits) {
        expect(/[\uDC00-\uDFFF]/.test(before[start] ?? '')).toBe(false);
        expect(/[\uDC00-\uDFFF]/.test(before[end] ?? '')).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
});

test('only what differs in a line is replaced', () => {
  expect(editsBetween('a\n| x | 1 |\nb\n', 'a\n| x | 22 |\nb\n')).toEqual([{ start: 8, end: 9, newText: '22' }]);
});

test('local times', () => {
  const time = { year: 2026, month: 1, day: 2, hour: 3, minute: 4, second: 5, offsetMinutes: -90 };
  expect(isoTimeOf(time)).toBe('2026-01-02T03:04:05-01:30');
  expect(isoTimeOf({ ...time, offsetMinutes: 330 })).toBe('2026-01-02T03:04:05+05:30');
  expect(clockOf(time)).toBe('03:04');
  expect(fileTimeOf(time)).toBe('20260102-030405');
});
