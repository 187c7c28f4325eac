import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSessionIds, isSessionId, nearestIds } from '../../../src/core/model/sessionId.ts';

describe('session IDs', () => {
  it.each(['BE-04', 'SOL-SKILLS-01', 'G.C.1', '4½', '01', 'ä', 'S/1'])('%s is one', (id) => {
    expect(isSessionId(id)).toBe(true);
  });

  it.each(['', ' ', 'BE 04', 'BE|04', '-x', '--help', 'a\tb', 'a\nb', 'a\u0000', 'a\u00a0b'])('%j is none', (id) => {
    expect(isSessionId(id)).toBe(false);
  });

  it('are ordered as people count', () => {
    expect(['BE-10', 'be-2', 'BE-2', 'AB-1'].sort(compareSessionIds)).toEqual(['AB-1', 'BE-2', 'be-2', 'BE-10']);
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(Math.sign(compareSessionIds(a, b)) + Math.sign(compareSessionIds(b, a))).toBe(0);
        expect(compareSessionIds(a, b) === 0).toBe(a === b);
      }),
    );
  });

  it('suggest what may have been meant', () => {
    const all = ['BE-01', 'BE-02', 'BE-03', 'BE-04', 'FE-04', 'INT-01'];
    expect(nearestIds('be-4', all)[0]).toBe('BE-04');
    expect(nearestIds('BE04', all)[0]).toBe('BE-04');
    expect(nearestIds('EB-04', all)).toContain('BE-04');
    expect(nearestIds('be-01', all)).toEqual(['BE-01']);
    expect(nearestIds('*', ['4½', 'A1'])).toEqual([]);
    expect(nearestIds('INT', all)).toEqual(['INT-01']);
    expect(nearestIds('completely-else', all)).toEqual([]);
    expect(nearestIds('', all)).toEqual([]);
    expect(nearestIds('BE-05', all).length).toBeLessThanOrEqual(3);
  });
});
