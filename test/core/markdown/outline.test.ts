import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMarkdown } from '../../../src/core/markdown/document.ts';
import { outlineSection, scanOutline } from '../../../src/core/markdown/outline.ts';

const table = '| Task | Status |\n|------|--------|\n| a | PENDING |\n| b | COMPLETE |\n';

/** Lines of tables, by their text, so that both readings can be compared. */
function tablesOf(text: string): string[] {
  const { lines, tables } = scanOutline(text);
  return tables.map(({ line, endLine }) => text.slice(lines.rangeOf(line).start, lines.rangeOf(endLine - 1).end));
}

describe('the outline', () => {
  it('finds headings, tables and sections', () => {
    const text = `# List\n\n${table}\n## Sessions\n\ntext\n\n### Sub\n\n## Handoff\n\nlast`;
    const outline = scanOutline(text);
    expect(outline.headings.map(({ level, text: said }) => `${level} ${said}`)).toEqual([
      '1 List',
      '2 Sessions',
      '3 Sub',
      '2 Handoff',
    ]);
    expect(tablesOf(text)).toEqual([table.trimEnd()]);
    const [, sessions, , handoff] = outline.headings;
    if (!sessions || !handoff) throw new Error('headings are missing');
    const body = outlineSection(outline, sessions);
    expect(text.slice(body.start, body.end)).toBe('\ntext\n\n### Sub\n\n');
    expect(outlineSection(outline, handoff).end).toBe(text.length);
  });

  it.each([
    ['a fence', `\`\`\`\n${table}\`\`\`\n`],
    ['a tilde fence that holds backticks', `~~~md\n\`\`\`\n${table}~~~\n`],
    ['a comment', `<!--\n${table}-->\n`],
    ['a block of HTML', `<div>\n${table}\n`],
    ['indented code', table.replace(/^/gm, '    ')],
    ['a quote', table.replace(/^(?=.)/gm, '> ')],
    ['a delimiter row of another width', '| a | b |\n|---|\n| c | d |\n'],
    ['frontmatter', `---\n${table}---\n`],
  ])('finds no table in %s', (_name, text) => {
    expect(tablesOf(text)).toEqual([]);
  });

  it('ends a table at a blank line and at another block', () => {
    expect(tablesOf(`${table}\n| c | d |\n`)).toEqual([table.trimEnd()]);
    expect(tablesOf(`${table}# Heading\n`)).toEqual([table.trimEnd()]);
    expect(tablesOf(`${table}- item | x\n`)).toEqual([table.trimEnd()]);
  });

  it('keeps a table whole that a merge left its marks in', () => {
    const text = `${table}<<<<<<< ours\n| c | PENDING |\n||||||| base\n=======\n| d | PENDING |\n>>>>>>> theirs\n| e | PENDING |\n\nend\n`;
    expect(tablesOf(text)[0]).toContain('| e | PENDING |');
    expect(scanOutline(text).conflicts).toEqual([{ oursLine: 4, baseLine: 6, middleLine: 7, theirsLine: 9 }]);
  });

  it.each(['<<<<<<< ours\n| c |\n', '=======\n>>>>>>> theirs\n', '```\n<<<<<<< a\n=======\n>>>>>>> b\n```\n'])(
    'takes %j for no conflict',
    (text) => {
      expect(scanOutline(text).conflicts).toEqual([]);
    },
  );

  it('reads the same tables and headings as the markdown parser, for texts of plain blocks', () => {
    const block = fc.constantFrom(
      '# One',
      '## Two ##',
      '#nothing',
      'text',
      'text | with a pipe',
      '| a | b |\n|---|---|\n| c | d |\n| \\| | `|` |',
      'a | b\n-|-\nc | d\ne',
      '| a |\n|---|',
      '```\n# no\n| a |\n|---|\n```',
      '<!-- | a |\n|---| -->',
      '- item\n- item',
      '***',
    );
    const texts = fc
      .array(fc.tuple(block, fc.constantFrom('\n\n', '\r\n\r\n')), { maxLength: 8 })
      .map((blocks) => blocks.map(([text, gap]) => text.replaceAll('\n', gap.slice(0, gap.length / 2)) + gap).join(''));
    fc.assert(
      fc.property(texts, (text) => {
        const outline = scanOutline(text);
        const doc = parseMarkdown(text);
        expect(outline.headings.map(({ level, line }) => [level, line])).toEqual(
          doc.headings.map(({ level, line }) => [level, line]),
        );
        expect(outline.tables.map(({ line, endLine }) => [line, endLine])).toEqual(
          doc.tables.map(({ line, endLine }) => [line, endLine]),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('comes to an end on any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('|', '-', '#', '`', '<', '!', '>', '=', '\n', '\r', ' ', 'a', '\\', '~') }),
        (text) => {
          scanOutline(text);
        },
      ),
      { numRuns: 500 },
    );
  });
});
