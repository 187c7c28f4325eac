import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlainFrontmatter } from '../../../src/core/formats/plainFrontmatter.ts';
import { locateFrontmatter } from '../../../src/core/markdown/frontmatterBlock.ts';
import { grayMatterFrontmatter } from '../../../src/platform/grayMatterFrontmatter.ts';

function read(text: string) {
  const block = locateFrontmatter(text);
  return block && readPlainFrontmatter(text, block);
}

describe('plain frontmatter', () => {
  it('is read without a YAML parser', () => {
    const text =
      '---\r\nbaton: tasks/1\r\n# a comment\r\n\r\ntitle: "Say \\"hi\\""\r\nother: \'it\'\'s\'\r\ncreated_at: 2026-01-02T09:00:00+01:00\r\nempty:\r\n---\r\n';
    expect(read(text)).toEqual({
      baton: 'tasks/1',
      title: 'Say "hi"',
      other: "it's",
      created_at: '2026-01-02T09:00:00+01:00',
      empty: '',
    });
  });

  it.each([
    'list:\n  - a',
    'a: [1, 2]',
    'a: {b: c}',
    'a: b: c',
    'a: &x b',
    'a: *x',
    'a: |\n  text',
    'a: !!str x',
    'a: "\\u0041"',
    'a: "open',
    'a: x\na: y',
    '? a',
    'a: b\n  continued',
    "a: 'x' y",
    '- a',
  ])('leaves %j to the YAML parser', (content) => {
    expect(read(`---\n${content}\n---\n`)).toBeUndefined();
  });

  it('says what YAML says, wherever it says something', () => {
    const value = fc.string({
      unit: fc.constantFrom(
        'a',
        'Z',
        '0',
        ' ',
        ':',
        '#',
        '-',
        '"',
        "'",
        '\\',
        ',',
        '[',
        '{',
        '&',
        '*',
        '!',
        '|',
        '>',
        '%',
        '@',
        '`',
        '?',
        'ü',
        '\t',
        '.',
        '~',
      ),
      maxLength: 12,
    });
    fc.assert(
      fc.property(value, (text) => {
        const source = `---\nkey: ${text}\nnext: 1\n---\n`;
        const plain = read(source);
        if (plain === undefined) return;
        const full = grayMatterFrontmatter.read(source);
        expect(full.kind).toBe('read');
        if (full.kind === 'read') expect({ ...full.data, key: full.data['key'] ?? '' }).toEqual(plain);
      }),
      { numRuns: 3000 },
    );
  });
});
