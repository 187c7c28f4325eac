import { describe, expect, it } from 'vitest';
import { countOf, displayWidth, formatDuration, formatMinutes, plainText, wrapText } from '../../src/cli/text.ts';

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['Größe', 5],
    ['e\u0301', 1],
    ['数据脱敏', 8],
    ['ＡＢ', 4],
    ['한국', 4],
    ['✅', 2],
    ['⏸️', 2],
    ['👩‍💻', 2],
    ['🇩🇪', 2],
    ['✓', 1],
    ['—', 1],
    ['\u001b[31mred\u001b[0m', 3],
    ['a\u200bb', 2],
  ])('measures %j as %i columns', (text, width) => expect(displayWidth(text)).toBe(width));
});

describe('plainText', () => {
  it('removes escape sequences, control characters and direction overrides', () => {
    expect(plainText('a\u001b[2J\u001b]0;owned\u0007b\u202ec\u0000\nd\u009b1m')).toBe('abc d');
  });

  it('leaves letters, emoji and their joiners alone', () => {
    expect(plainText('Größe 数据 👩‍💻 ⏸️ \\|')).toBe('Größe 数据 👩‍💻 ⏸️ \\|');
  });
});

describe('wrapText', () => {
  it('breaks between words and keeps every one', () => {
    const lines = wrapText('one two three four five', 9);
    expect(lines).toEqual(['one two', 'three', 'four five']);
  });

  it('breaks a word that is wider than the line, by columns', () => {
    expect(wrapText('数据脱敏系统', 5)).toEqual(['数据', '脱敏', '系统']);
    expect(wrapText('ab abcdefgh', 4)).toEqual(['ab', 'abcd', 'efgh']);
  });

  it('gives one empty line for empty text', () => expect(wrapText('', 10)).toEqual(['']));
});

describe('numbers for people', () => {
  it.each([
    [0, '0 min'],
    [59.4, '59 min'],
    [60, '1 h'],
    [125, '2 h 5 min'],
    [24 * 60, '1 d'],
    [27 * 60 + 10, '1 d 3 h'],
    [-3, '0 min'],
  ])('says %d minutes as %s', (minutes, text) => expect(formatMinutes(minutes)).toBe(text));

  it.each([
    [12.4, '12 ms'],
    [1500, '2 s'],
    [59_400, '59 s'],
    [120_000, '2 min'],
    [185_000, '3 min 5 s'],
    [3_600_000, '1 h'],
  ])('says %d milliseconds as %s', (durationMs, text) => expect(formatDuration(durationMs)).toBe(text));

  it('says the plural right', () => {
    expect([countOf(0, 'file'), countOf(1, 'file'), countOf(2, 'entry', 'entries')]).toEqual([
      '0 files',
      '1 file',
      '2 entries',
    ]);
  });
});
