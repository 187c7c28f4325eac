import fc from 'fast-check';
import type { Token } from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { tokenizeBlocks, tokenizeWhole } from '../../../src/core/markdown/blockParser.ts';
import { condenseRows } from '../../../src/core/markdown/condenseRows.ts';

const lines = [
  '',
  '  ',
  'text',
  '# Heading',
  '===',
  '---',
  '- item',
  '  - inner',
  '1. one',
  '- [ ] box',
  '> quote',
  '```',
  '````markdown',
  '~~~',
  '<!-- comment',
  '-->',
  '<div>',
  '<script>',
  '</script>',
  '    code',
  '| a | b |',
  '|---|---|',
  '  |---|---|',
  '> | a | b |\n> |---|---|',
  '- | a | b |\n  |---|---|',
  'a | b\n--|--',
  '\u00a0',
];

const rows = ['| x | y |', '| x', '||', '| :x', '|\u00a0|', '| \\| `|` |', '|🔄|'];

const run = fc
  .record({
    row: fc.constantFrom(...rows),
    count: fc.integer({ min: 64, max: 160 }),
    odd: fc.constantFrom('', '|---|---|', '| --> |', '|', '  | in |', '</div>'),
    at: fc.nat(160),
  })
  .map(({ row, count, odd, at }) =>
    Array.from({ length: count }, (_, index) => (index === at && odd !== '' ? odd : row)).join('\n'),
  );

const text = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...lines) }, { weight: 1, arbitrary: run }), {
    maxLength: 14,
  })
  .map((pieces) => pieces.join('\n'));

/** What the structure of a document is made of. */
function factsOf(tokens: readonly Token[]): unknown {
  return tokens.map(({ type, tag, level, map, meta, info, markup, content }, index) => {
    const isHeading = tokens[index - 1]?.type === 'heading_open';
    return { type, tag, level, map, meta, info, markup, content: isHeading ? content : '' };
  });
}

describe('rows that the parser need not see', () => {
  it('change nothing of the structure, wherever they stand', () => {
    let left = 0;
    fc.assert(
      fc.property(text, (whole) => {
        if (condenseRows(whole) !== undefined) left++;
        expect(factsOf(tokenizeBlocks(whole))).toEqual(factsOf(tokenizeWhole(whole)));
      }),
      { numRuns: 1500 },
    );
    expect(left).toBeGreaterThan(300);
  });

  it('are most of a long table, and none of a short one', () => {
    const table = (count: number): string => `| a | b |\n|---|---|\n${'| x | y |\n'.repeat(count)}\nEnd\n`;
    expect(condenseRows(table(40))).toBeUndefined();
    expect(condenseRows(table(10_000))?.text.length).toBeLessThan(200);
  });

  it('keep their places in a text with other line endings', () => {
    const whole = `\r\n| a | b |\r\n|---|---|\r\n${'| x | y |\r\n'.repeat(90)}\r\n# H\r\n`;
    const [table] = tokenizeBlocks(whole);
    const contentStarts = (table?.meta?.contentStarts ?? []) as readonly number[];
    expect(contentStarts).toHaveLength(92);
    expect(new Set(contentStarts.map((at) => whole.slice(at - 2, at + 1)))).toEqual(new Set(['\r\n|']));
  });
});
