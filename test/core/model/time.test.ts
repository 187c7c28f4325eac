import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLike, formatTime, readTime, resolveTime, type TimeForm } from '../../../src/core/model/time.ts';

const time = { year: 2026, month: 2, day: 3, hour: 9, minute: 5 };
const now = { ...time, offsetMinutes: 60 };

describe('times', () => {
  it.each([
    ['2026-02-03 09:05', 'dateTime'],
    ['02-03 09:05', 'shortDateTime'],
    ['2026-02-03', 'date'],
    ['02-03', 'shortDate'],
    ['Feb 3, 2026', 'monthName'],
    ['2026-02-03T09:05', 'iso'],
  ] as const)('reads and writes %s', (text, form) => {
    expect(readTime(text)).toMatchObject({ form, month: 2, day: 3 });
    expect(formatTime(time, form)).toBe(text);
  });

  it('reads zones, seconds and long month names', () => {
    expect(readTime('2026-02-03T09:05:06.789Z')).toMatchObject({ second: 6, offsetMinutes: 0 });
    expect(readTime('2026-02-03T09:05:06-0330')).toMatchObject({ offsetMinutes: -210 });
    expect(readTime('November 17, 2025')).toMatchObject({ form: 'monthName', year: 2025, month: 11, day: 17 });
  });

  it.each(['', '—', 'yesterday', '2026-13-01', '2026-02-30', '02-03 25:00', 'Foo 3, 2026', 'v0.3.1', 'TBD'])(
    'leaves "%s" as it is',
    (text) => {
      expect(readTime(text)).toBeUndefined();
    },
  );

  it('reads back every time in every form', () => {
    const moment = fc.record({
      year: fc.integer({ min: 1, max: 9999 }),
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 28 }),
      hour: fc.integer({ min: 0, max: 23 }),
      minute: fc.integer({ min: 0, max: 59 }),
    });
    const form = fc.constantFrom<TimeForm>('dateTime', 'shortDateTime', 'date', 'shortDate', 'monthName', 'iso');
    fc.assert(
      fc.property(moment, form, (at, as) => {
        const reading = readTime(formatTime(at, as));
        expect(reading).toMatchObject({ form: as, month: at.month, day: at.day });
        if (reading?.year !== undefined) expect(reading.year).toBe(at.year);
        if (reading?.hour !== undefined) expect([reading.hour, reading.minute]).toEqual([at.hour, at.minute]);
      }),
    );
  });

  it('writes a time as the others are written', () => {
    expect(formatLike(time, ['01-02 10:00', '—', '01-03 11:00', '2026-01-04 12:00'])).toBe('02-03 09:05');
    expect(formatLike(time, ['2026-01-01', '01-02 10:00'])).toBe('02-03 09:05');
    expect(formatLike(time, ['soon', ''])).toBe('2026-02-03 09:05');
  });

  it('means the year in which a short time is past', () => {
    const at = (text: string): number => {
      const reading = readTime(text);
      if (reading === undefined) throw new Error(text);
      return resolveTime(reading, now);
    };
    expect(at('02-03 09:05')).toBe(Date.UTC(2026, 1, 3, 8, 5));
    expect(at('12-31 10:00')).toBe(Date.UTC(2025, 11, 31, 9, 0));
    expect(at('2026-02-03T09:05:00+02:00')).toBe(Date.UTC(2026, 1, 3, 7, 5));
  });
});
