import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/textEdit.ts';
import { placeNotes } from '../../../src/core/formats/noteOrder.ts';
import { planNoteMerge } from '../../../src/core/formats/progressNotes.ts';

function fileOf(notes: readonly string[], ending = '\n'): string {
  return [
    '# X Progress',
    '',
    '| Session | Status |',
    '|---|---|',
    '| BE-01 | 🔄 Active |',
    '',
    '## Session Notes',
    '',
    '### BE-01: One',
    '',
    ...notes,
    '',
    '---',
    '',
    '## Metrics',
    '',
  ].join(ending);
}

function merge(text: string, lines: readonly string[], since?: string): string {
  const edits = planNoteMerge(text, { id: 'BE-01' }, { lines, ...(since !== undefined && { since }) });
  return applyEdits(text, edits);
}

describe('moved notes', () => {
  it('stand in the order of their times among those that are there, byte for byte', () => {
    for (const ending of ['\n', '\r\n']) {
      const text = fileOf(['- [11:00] Checkpoint 1: a', '- [11:40] Checkpoint 2: b'], ending);
      const moved = ['- [10:55] early', '  - with a part', '- [11:20] between', '- [11:50] late'];
      expect(merge(text, moved, '10:50')).toBe(
        fileOf(
          [
            '- [10:55] early',
            '  - with a part',
            '- [11:00] Checkpoint 1: a',
            '- [11:20] between',
            '- [11:40] Checkpoint 2: b',
            '- [11:50] late',
          ],
          ending,
        ),
      );
    }
  });

  it('a time before the one above it, or before the start, is of the next day', () => {
    const there = ['- [23:50] Checkpoint 1: a', '- [00:20] Checkpoint 2: b'];
    expect(placeNotes(there, ['- [23:55] x', '- [00:10] y', '- [00:30] z'], '23:00')).toEqual([
      { before: 1, lines: ['- [23:55] x', '- [00:10] y'] },
      { lines: ['- [00:30] z'] },
    ]);
    expect(placeNotes(['- [10:00] Checkpoint 1: a'], ['- [09:00] next day'], '09:45')).toEqual([
      { lines: ['- [09:00] next day'] },
    ]);
  });

  it('those of an earlier attempt stay above, and what stands there already is not added again', () => {
    const there = ['- [15:00] Failed: no', '- [11:00] Checkpoint 1: a', '- [11:10] Paused: lunch'];
    expect(placeNotes(there, ['- [10:00] x', '- [11:10] Paused: lunch'], '09:00')).toEqual([
      { before: 1, lines: ['- [10:00] x'] },
    ]);
    const text = fileOf(there);
    const once = merge(text, ['- [10:00] x'], '09:00');
    expect(merge(once, ['- [10:00] x'], '09:00')).toBe(once);
  });

  it('without times they keep their own order, and without a heading they get one', () => {
    expect(placeNotes(['- [11:00] c'], ['by hand', '- more'], '09:00')).toEqual([
      { before: 0, lines: ['by hand', '- more'] },
    ]);
    const text = fileOf([]).replace('### BE-01: One\n\n', '');
    expect(merge(text, ['- [10:00] x'])).toContain('### BE-01\n\n- [10:00] x\n');
  });
});
