import fc from 'fast-check';
import markdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/textEdit.ts';
import { planSetChecked } from '../../../src/core/markdown/checklist.ts';
import { fenceAt, parseMarkdown, textOf } from '../../../src/core/markdown/document.ts';
import { readFields } from '../../../src/core/markdown/fields.ts';
import { plainText } from '../../../src/core/markdown/inline.ts';
import { createLineIndex, lineEndingOf } from '../../../src/core/markdown/lines.ts';
import { planSectionAppend } from '../../../src/core/markdown/sectionEdits.ts';
import { findHeading, sectionOf } from '../../../src/core/markdown/sections.ts';
import { dedent, documentText } from './support.ts';

describe('the line index', () => {
  it('knows each kind of line ending', () => {
    const text = 'a\nb\r\nc\rd';
    const lines = createLineIndex(text);
    expect([0, 1, 2, 3].map((line) => lines.endingOf(line))).toEqual(['\n', '\r\n', '\r', '']);
    expect(lines.positionAt(5)).toEqual({ line: 2, column: 0 });
    expect(lines.offsetAt({ line: 1, column: 99 })).toBe(3);
    expect(lines.offsetAt({ line: 9, column: 0 })).toBe(text.length);
    expect(lines.lineAt(4)).toBe(1);
    expect(() => lines.rangeOf(4)).toThrow(RangeError);
  });

  it('puts the lines and their endings together to the text', () => {
    fc.assert(
      fc.property(documentText, (text) => {
        const lines = createLineIndex(text);
        let joined = '';
        for (let line = 0; line < lines.lineCount; line++) {
          const { start, end } = lines.rangeOf(line);
          joined += text.slice(start, end) + lines.endingOf(line);
          expect(lines.positionAt(end)).toEqual({ line, column: end - start });
        }
        expect(joined).toBe(text);
      }),
    );
  });

  it('takes the ending of the place that is written to', () => {
    const mixed = 'a\r\nb\nc';
    expect(lineEndingOf(mixed)).toBe('\r\n');
    expect(lineEndingOf(mixed, 1)).toBe('\r\n');
    expect(lineEndingOf(mixed, 4)).toBe('\n');
    expect(lineEndingOf(mixed, 6)).toBe('\n');
    expect(lineEndingOf('a')).toBe('\n');
    expect(lineEndingOf('a\rb', 3)).toBe('\r');
  });
});

describe('the structure of a document', () => {
  it('finds headings with their plain text and places', () => {
    const text = '## A **b** [c](d) ##\r\n\r\nTitle\r\n=====\r\n\r\n####### no\r\n';
    const doc = parseMarkdown(text);
    expect(doc.headings.map(({ level, text: plain, line }) => [level, plain, line])).toEqual([
      [2, 'A b c', 0],
      [1, 'Title', 2],
    ]);
    expect(doc.headings.map(({ contentRange }) => textOf(doc, contentRange))).toEqual(['A **b** [c](d)', 'Title']);
    expect(doc.headings.map(({ range }) => textOf(doc, range))).toEqual(['## A **b** [c](d) ##', 'Title\r\n=====']);
  });

  it('takes nothing in fences, comments, frontmatter and quotes for structure', () => {
    const doc = parseMarkdown(
      dedent(`
      ---
      title: x
      # a: comment
      ---
      <!--
      ## comment

      | a | b |
      |---|---|
      -->

      ~~~
      ## fence
      | a | b |
      |---|---|
      - [ ] box
      ~~~

      > ## quote

      - ## item

      ## real
    `),
    );
    expect(doc.headings.map(({ text }) => text)).toEqual(['real']);
    expect(doc.tables).toEqual([]);
    expect(doc.checklist).toEqual([]);
    expect(doc.quotes).toHaveLength(1);
    expect(doc.frontmatter?.closed).toBe(true);
    expect(doc.headings[0]?.line).toBe(22);
  });

  it('gives offsets behind a BOM and frontmatter with CRLF', () => {
    const text = '\uFEFF---\r\na: 1\r\n---\r\n# H\r\n\r\n- [X] ticked\r\n\r\n```yaml\r\nk: v\r\n```\r\n';
    const doc = parseMarkdown(text);
    expect(doc.bom).toBe(true);
    expect(textOf(doc, doc.frontmatter?.contentRange ?? { start: 0, end: 0 })).toBe('a: 1\r\n');
    expect(doc.headings.map(({ range }) => textOf(doc, range))).toEqual(['# H']);
    expect(doc.checklist.map((item) => [item.checked, item.text, textOf(doc, item.boxRange)])).toEqual([
      [true, 'ticked', 'X'],
    ]);
    expect(doc.fences.map((fence) => [fence.language, textOf(doc, fence.contentRange), fence.closed])).toEqual([
      ['yaml', 'k: v\r\n', true],
    ]);
  });

  it('reads lone carriage returns as line endings', () => {
    const doc = parseMarkdown('# A\r\r| x | y |\r|---|---|\r| 1 | 2 |\r');
    expect(doc.headings[0]?.text).toBe('A');
    expect(doc.tables.map(({ line, endLine }) => [line, endLine])).toEqual([[2, 5]]);
  });

  it('sees no line break in U+2028', () => {
    expect(parseMarkdown('---\na: x\u2028---\n---\n# H\n').headings.map(({ text }) => text)).toEqual(['H']);
  });

  it('keeps a file whose first line is a rule', () => {
    const doc = parseMarkdown('---\n\ntext\n\n# H\n');
    expect(doc.frontmatter).toBeUndefined();
    expect(doc.headings).toHaveLength(1);
    expect(parseMarkdown('---\nkey: v\n\n# H\n').frontmatter?.closed).toBe(false);
  });

  it('finds the boxes of nested and ordered lists, and no others', () => {
    const doc = parseMarkdown('- [ ] a\n  - [x] b\n1. [ ] c\n- [] d\n- [ ]\n- x [ ] e\n[ ] f\n\n- [ ](link) g\n');
    expect(doc.checklist.map(({ text, checked }) => [text, checked])).toEqual([
      ['a', false],
      ['b', true],
      ['c', false],
    ]);
  });

  it('changes one character to tick a box', () => {
    const text = '- [ ] a\r\n- [X] b';
    const [a, b] = parseMarkdown(text).checklist;
    if (a === undefined || b === undefined) throw new Error('no boxes');
    expect(applyEdits(text, [...planSetChecked(a, true), ...planSetChecked(b, false)])).toBe('- [x] a\r\n- [ ] b');
    expect(planSetChecked(b, true)).toEqual([]);
  });

  it('never throws, and its ranges lie in order within the text', () => {
    fc.assert(
      fc.property(documentText, (text) => {
        const doc = parseMarkdown(text);
        const blocks = [
          ...doc.headings,
          ...doc.fences,
          ...doc.tables,
          ...doc.checklist,
          ...doc.quotes,
          ...doc.html,
          ...doc.listItems,
        ];
        for (const { range } of blocks) {
          expect(range.start).toBeGreaterThanOrEqual(0);
          expect(range.end).toBeGreaterThanOrEqual(range.start);
          expect(range.end).toBeLessThanOrEqual(text.length);
        }
        for (const fence of doc.fences) {
          expect(fence.contentRange.start).toBeGreaterThanOrEqual(fence.range.start);
          expect(fence.contentRange.end).toBeGreaterThanOrEqual(fence.contentRange.start);
        }
        for (const item of doc.checklist) expect([' ', '\t', 'x', 'X']).toContain(textOf(doc, item.boxRange));
      }),
      { numRuns: 500 },
    );
  });
});

describe('compared with markdown-it itself', () => {
  const stock = markdownIt({ html: true });
  stock.core.ruler.disable(['inline', 'linkify', 'replacements', 'smartquotes', 'text_join']);
  // A link definition is a paragraph here.
  stock.block.ruler.disable(['reference']);

  it('the same blocks begin and end on the same lines', () => {
    const lineOf = (doc: ReturnType<typeof parseMarkdown>, offset: number): number => doc.lines.lineAt(offset);
    fc.assert(
      fc.property(documentText, (text) => {
        // Frontmatter, the BOM and fences of markdown are read differently on purpose.
        const body = text
          .replace(/^\uFEFF/, '')
          .replace(/^---/, '')
          .replace(/(`{3,}|~{3,})(?:md|markdown)/g, '$1text');
        const doc = parseMarkdown(body);
        const tokens = stock.parse(body, {});
        const mapsOf = (type: string, level?: number): unknown =>
          tokens
            .filter((token) => token.type === type && (level === undefined || token.level === level))
            .map(({ map }) => map);
        expect(doc.headings.map(({ line, range }) => [line, lineOf(doc, range.end) + 1])).toEqual(
          mapsOf('heading_open', 0),
        );
        expect(doc.headings.map(({ raw }) => raw)).toEqual(
          tokens
            .filter((_, index) => tokens[index - 1]?.type === 'heading_open' && tokens[index - 1]?.level === 0)
            .map(({ content }) => content.replace(/[ \t]*\n[ \t]*/g, ' ')),
        );
        expect(doc.tables.map(({ line, endLine }) => [line, endLine])).toEqual(mapsOf('table_open'));
        expect(
          doc.fences.map(({ line, range, contentRange }) => [
            line,
            lineOf(doc, range.end) + 1,
            contentRange.end >= contentRange.start,
          ]),
        ).toEqual((mapsOf('fence') as [number, number][]).map(([start, end]) => [start, end, true]));
        expect(doc.html.map(({ line }) => line)).toEqual(
          (mapsOf('html_block') as [number, number][]).map(([start]) => start),
        );
        expect(doc.listItems.map(({ line }) => line)).toEqual(
          (mapsOf('list_item_open') as [number, number][]).map(([start]) => start),
        );
        expect(doc.quotes.map(({ line }) => line)).toEqual(
          (mapsOf('blockquote_open', 0) as [number, number][]).map(([start]) => start),
        );
      }),
      { numRuns: Number(process.env.FC_RUNS ?? 2000) },
    );
  });
});

describe('fences', () => {
  const prompt = dedent(`
    ## One

    \`\`\`markdown
    # Session BE-01
    \`\`\`bash
    # run
    \`\`\`
    ## Inner heading
    \`\`\`ts
    x
    \`\`\`
    \`\`\`

    ## Two
  `);

  it('pairs the inner fences of a markdown fence', () => {
    const doc = parseMarkdown(prompt);
    expect(doc.headings.map(({ text }) => text)).toEqual(['One', 'Two']);
    expect(doc.fences).toHaveLength(1);
    expect(doc.fences[0]?.nestedFencesPaired).toBe(true);
    expect(textOf(doc, doc.fences[0]?.contentRange ?? { start: 0, end: 0 })).toContain('## Inner heading');
  });

  it('warns about it, and the offered fix makes it right for everyone', () => {
    const [problem] = parseMarkdown(prompt).diagnostics;
    expect(problem).toMatchObject({ code: 'nested-fence', severity: 'warning', fix: { safe: true } });
    const mended = applyEdits(prompt, problem?.fix?.edits ?? []);
    const doc = parseMarkdown(mended);
    expect(doc.diagnostics).toEqual([]);
    expect(doc.headings.map(({ text }) => text)).toEqual(['One', 'Two']);
    expect(mended).toContain('````markdown\n');
  });

  it('leaves other fences, and longer ones, to CommonMark', () => {
    const text = prompt.replace('```markdown', '```text');
    expect(parseMarkdown(text).headings.map(({ text: plain }) => plain)).toContain('Inner heading');
    const longer = dedent(`
      \`\`\`\`md
      \`\`\`js
      \`\`\`\`

      # After
    `);
    expect(parseMarkdown(longer).headings.map(({ text: plain }) => plain)).toEqual(['After']);
    expect(parseMarkdown(longer).diagnostics).toEqual([]);
  });

  it('ends a markdown fence where CommonMark does when its inner fences are no pairs', () => {
    const doc = parseMarkdown('```md\n```js\n```\n\n# After\n');
    expect(doc.headings.map(({ text }) => text)).toEqual(['After']);
    expect(doc.fences[0]?.nestedFencesPaired).toBe(false);
  });

  it('knows an open fence, and in which one an offset lies', () => {
    const text = '# A\n\n```js\nx\n';
    const doc = parseMarkdown(text);
    expect(doc.fences[0]).toMatchObject({ closed: false, language: 'js', info: 'js' });
    expect(fenceAt(doc, text.indexOf('x'))?.line).toBe(2);
    expect(fenceAt(doc, 0)).toBeUndefined();
  });
});

describe('merge markers', () => {
  it('are reported line by line', () => {
    const doc = parseMarkdown('a\n<<<<<<< HEAD\r\nb\n=======\nc\n>>>>>>> other\n');
    expect(doc.mergeMarkers.map((range) => textOf(doc, range))).toEqual(['<<<<<<< HEAD', '=======', '>>>>>>> other']);
    expect(doc.diagnostics.map(({ code }) => code)).toEqual(['merge-markers', 'merge-markers', 'merge-markers']);
  });

  it('are none where the conflict is not complete or is shown in a fence', () => {
    expect(parseMarkdown('=======\n').mergeMarkers).toEqual([]);
    expect(parseMarkdown('<<<<<<< a\n>>>>>>> b\n').mergeMarkers).toEqual([]);
    expect(parseMarkdown('```\n<<<<<<< a\n=======\n>>>>>>> b\n```\n').mergeMarkers).toEqual([]);
  });
});

describe('sections', () => {
  const text = '# A\n\nx\n\n## B\n\ny\n\n### C\nz\n\n## D\nw';
  const doc = parseMarkdown(text);

  it('end at the next heading of the same or a higher level', () => {
    const heading = findHeading(doc, /^b$/i);
    if (heading === undefined) throw new Error('no heading');
    expect(textOf(doc, sectionOf(doc, heading).bodyRange)).toBe('\ny\n\n### C\nz\n\n');
    const last = findHeading(doc, ({ text: plain }) => plain === 'D');
    if (last === undefined) throw new Error('no heading');
    expect(textOf(doc, sectionOf(doc, last).bodyRange)).toBe('w');
    expect(findHeading(doc, /C/, sectionOf(doc, last).bodyRange)).toBeUndefined();
  });

  it('take lines behind their last content, once', () => {
    const file = parseMarkdown('## Notes\r\n\r\n- a\r\n\r\n---\r\n\r\n## Next\r\n');
    const heading = file.headings[0];
    if (heading === undefined) throw new Error('no heading');
    const after = applyEdits(file.text, planSectionAppend(file, sectionOf(file, heading).bodyRange, ['- b', '- c']));
    expect(after).toBe('## Notes\r\n\r\n- a\r\n- b\r\n- c\r\n\r\n---\r\n\r\n## Next\r\n');
    const again = parseMarkdown(after);
    const same = again.headings[0];
    if (same === undefined) throw new Error('no heading');
    expect(planSectionAppend(again, sectionOf(again, same).bodyRange, ['- b', '- c'])).toEqual([]);
  });

  it('keep a blank line before a heading that followed at once', () => {
    const file = parseMarkdown('## Notes\n## Next');
    const heading = file.headings[0];
    if (heading === undefined) throw new Error('no heading');
    expect(applyEdits(file.text, planSectionAppend(file, sectionOf(file, heading).bodyRange, ['x']))).toBe(
      '## Notes\n\nx\n\n## Next',
    );
  });
});

describe('fields', () => {
  it('are read in every form that people write', () => {
    const text = dedent(`
      > **Started:** 2026-01-02 09:00
      > **Plan:** [a](b)
      **Project:** X **y**
      * **Session ID**:
      - __Branch__: feature/x

      \`\`\`
      **No:** field
      \`\`\`
    `);
    const doc = parseMarkdown(text);
    expect(readFields(doc).map(({ name, value }) => [name, value])).toEqual([
      ['Started', '2026-01-02 09:00'],
      ['Plan', '[a](b)'],
      ['Project', 'X **y**'],
      ['Session ID', ''],
      ['Branch', 'feature/x'],
    ]);
    for (const field of readFields(doc)) expect(textOf(doc, field.valueRange)).toBe(field.value);
  });
});

describe('plain text', () => {
  it.each([
    ['**a** _b_ *c* __d__', 'a b c d'],
    ['~~gone~~ ~x~', 'gone x'],
    ['`**kept**` \\*kept\\*', '**kept** *kept*'],
    ['[BE-01](x.md#y "t") ![alt](z)', 'BE-01 alt'],
    ['my_session_id BE_04', 'my_session_id BE_04'],
    ['Map<string> 2 < 3', 'Map<string> 2 < 3'],
    ['a<br>b<!-- c -->', 'a b'],
    ['&amp; stays', '&amp; stays'],
    ['***both***', 'both'],
    ['<https://x.y/a_b_c>', 'https://x.y/a_b_c'],
    ['`` a ` b ``', 'a ` b'],
    ['3 * 4 * 5', '3 * 4 * 5'],
  ])('%s → %s', (raw, plain) => {
    expect(plainText(raw)).toBe(plain);
  });

  it('comes to an end on text that is made to be slow', () => {
    // Quadratic work would take longer than the time limit of a test.
    for (const piece of ['[', '_', '__ ', '*', '`', '``` ', '~~', '<', '![', '**a', '[a](', '<!--', '`a``b']) {
      expect(plainText(piece.repeat(200_000))).toBeTypeOf('string');
    }
  });
});
