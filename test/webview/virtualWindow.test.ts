import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moveInGrid } from '../../src/webview/table/gridKeys.ts';
import { mostRows, windowAt, windowParts } from '../../src/webview/table/virtualWindow.ts';

const places = fc.record({
  top: fc.integer({ min: -50, max: 400_000 }),
  height: fc.integer({ min: 0, max: 1400 }),
  rowHeight: fc.constantFrom(22, 24, 24.8, 40),
});

describe('windowAt', () => {
  it('holds every row that is seen, and never more than the most', () => {
    fc.assert(
      fc.property(places, fc.integer({ min: 0, max: 12_000 }), (place, count) => {
        const { first, end } = windowAt(place, count);
        expect(end - first).toBeLessThanOrEqual(mostRows);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(count);
        const bottom = count * place.rowHeight;
        // Browsers scroll no further than this.
        const top = Math.max(0, Math.min(place.top, bottom - place.height));
        expect(first * place.rowHeight).toBeLessThanOrEqual(top);
        expect(end * place.rowHeight).toBeGreaterThanOrEqual(Math.min(bottom, top + place.height));
      }),
    );
  });
});

describe('windowParts', () => {
  it('gives each row its room once, with the focused one wherever it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 300 }),
        fc.option(fc.integer({ min: 0, max: 320 }), { nil: undefined }),
        (first, size, count, kept) => {
          const window = { first: Math.min(first, count), end: Math.min(count, first + size) };
          const parts = windowParts(window, count, kept);
          let next = 0;
          for (const part of parts) {
            if (part.kind === 'gap') next += part.rows;
            else {
              expect(part.index).toBe(next);
              next++;
            }
          }
          expect(next).toBe(count);
          const rows = parts.filter(({ kind }) => kind === 'row').length;
          expect(rows).toBeLessThanOrEqual(window.end - window.first + 1);
          if (kept !== undefined && kept < count) {
            expect(parts).toContainEqual({ kind: 'row', index: kept });
          }
        },
      ),
    );
  });
});

describe('moveInGrid', () => {
  const size = { rows: 100, firstCell: 0, lastCell: 9, page: 20 };
  const move = (key: string, row: number, cell: number, ctrlKey = false) =>
    moveInGrid({ row, cell }, { key, ctrlKey, metaKey: false }, size);

  it.each([
    ['ArrowDown', 99, 3, false, { row: 99, cell: 3 }],
    ['ArrowUp', 0, 3, false, { row: -1, cell: 3 }],
    ['ArrowLeft', 5, 0, false, { row: 5, cell: 0 }],
    ['Home', 5, 4, false, { row: 5, cell: 0 }],
    ['End', 5, 4, true, { row: 99, cell: 9 }],
    ['Home', 5, 4, true, { row: 0, cell: 0 }],
    ['PageDown', 90, 2, false, { row: 99, cell: 2 }],
    ['PageUp', 5, 2, false, { row: 0, cell: 2 }],
  ] as const)('takes %s at %i, %i', (key, row, cell, ctrl, expected) => {
    expect(move(key, row, cell, ctrl)).toEqual(expected);
  });

  it('leaves other keys alone', () => {
    expect(move('x', 1, 1)).toBeUndefined();
  });
});
