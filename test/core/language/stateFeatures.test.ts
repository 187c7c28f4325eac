import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../../src/core/base/displayWidth.ts';
import { applyEdits } from '../../../src/core/base/textEdit.ts';
import { parsePlan } from '../../../src/core/formats/plan.ts';
import { planMissingRow } from '../../../src/core/language/addRow.ts';
import { planXmlConversion } from '../../../src/core/language/convertXmlPlan.ts';
import { findLinks } from '../../../src/core/language/documentLinks.ts';
import { planNormalTable } from '../../../src/core/language/normalizeTable.ts';
import { findFolds } from '../../../src/core/language/stateFolds.ts';
import { findStateMarks } from '../../../src/core/language/stateMarks.ts';
import { findSymbols } from '../../../src/core/language/stateSymbols.ts';
import { workspaceOf } from '../../support/workspaceOf.ts';
import { files } from './idFiles.ts';

const plan = 'docs/FERRY_PROMPTS.md';
const progress = 'docs/progress/FERRY_PROGRESS.md';
const session = 'docs/sessions/SESSION.md';
const list = 'docs/tasks/release.md';

const textOf = (path: string): string => files[path] ?? '';

describe('links', () => {
  it('lead to commits, files, plans and task lists', async () => {
    const workspace = await workspaceOf({
      ...files,
      [progress]: textOf(progress).replace('Found a mistake', 'Checkpoint: half (commit: abcdef1)'),
    });
    const shown = (path: string) => {
      const text = [...workspace.plans, ...workspace.progress].find((one) => one.path === path)?.text ?? textOf(path);
      return findLinks(workspace, path).map(({ range, target }) => [
        text.slice(range.start, range.end),
        target.kind === 'file' ? target.paths[0] : `${target.session} ${target.project}`,
      ]);
    };
    expect(shown(progress)).toEqual([
      ['1a2b3c4', 'BE-01 Ferry'],
      ['abcdef1', 'BE-01 Ferry'],
    ]);
    expect(shown(plan)).toEqual([
      ['release', list],
      ['docs/missing.md', 'docs/missing.md'],
      ['README.md', 'README.md'],
      ['src/departures.js', 'src/departures.js'],
      ['src/fares.js', 'src/fares.js'],
    ]);
    expect(shown(session)).toEqual([
      [plan, plan],
      [plan, plan],
    ]);
  });

  it('of a plan field that is a bare path', async () => {
    const workspace = await workspaceOf({
      ...files,
      [progress]: textOf(progress).replace('[Plan](../FERRY_PROMPTS.md)', '`../FERRY_PROMPTS.md`'),
    });
    expect(findLinks(workspace, progress)[0]?.target).toMatchObject({ kind: 'file', paths: [plan] });
  });
});

it('symbols are sessions and tasks, by the letters of ID or title', async () => {
  const workspace = await workspaceOf(files);
  const names = (query: string) => findSymbols(workspace, query).map(({ name, container }) => `${name} (${container})`);
  expect(names('be-02')).toEqual(['BE-02 Departures (Ferry)']);
  expect(names('fares')).toEqual(['BE-03 Fares (Ferry)']);
  expect(names('schema')).toEqual(['schema Schema (Release)', 'docs-all Docs on schema (Release)']);
  expect(names('be-01')).toEqual(['BE-01 Timetable (Ferry)', 'BE-01 (Other)']);
  const [found] = findSymbols(workspace, 'be-02');
  expect(textOf(plan).slice(found?.range.start, found?.range.end)).toBe('BE-02');
});

it('folds are frontmatter, tables, XML sessions and what is done', async () => {
  const workspace = await workspaceOf(files);
  const kinds = (path: string) => findFolds(workspace, path, textOf(path)).map(({ kind }) => kind);
  expect(kinds(plan)).toEqual(['done', 'xml']);
  expect(kinds(progress)).toEqual(['table', 'table']);
  expect(kinds(session)).toEqual(['frontmatter']);
  expect(kinds(list)).toEqual(['frontmatter', 'table', 'table']);
  const [fold] = findFolds(workspace, list, textOf(list));
  expect([fold?.line, fold?.endLine]).toEqual([0, 6]);
});

it('marks tell the state of rows, headings and tasks', async () => {
  const workspace = await workspaceOf(files);
  const states = (path: string) => findStateMarks(workspace, path).map(({ state }) => state);
  expect(states(progress)).toEqual(['done', 'active', 'ready']);
  expect(states(plan)).toEqual(['done', 'active', 'ready']);
  expect(states(list)).toEqual(['done', 'active', 'waiting']);
  expect(findStateMarks(workspace, progress)[1]?.since).toBe('2026-01-03 09:00');
  for (const { line } of findStateMarks(workspace, progress)) {
    expect(textOf(progress).split('\n')[line]).toMatch(/^\| \**BE-0/);
  }
});

describe('the row that a session lacks', () => {
  it('goes to the table of its repository, from the heading only', async () => {
    const without = { ...files, [progress]: textOf(progress).replace(/^\| \*\*BE-02.*\n/m, '') };
    const workspace = await workspaceOf(without);
    const at = textOf(plan).indexOf('## Session BE-02');
    const found = planMissingRow(workspace, plan, at + 4);
    expect(found?.path).toBe(progress);
    expect(applyEdits(found?.text ?? '', found?.edits ?? [])).toContain('| BE-02 | ⬜ Pending | — | — | BE-01 |');
    expect(planMissingRow(workspace, plan, at + 40)).toBeUndefined();
    expect(planMissingRow(workspace, plan, textOf(plan).indexOf('## Session BE-01') + 4)).toBeUndefined();
  });
});

describe('a table made even', () => {
  it('has its pipes below each other, wide characters counted', () => {
    const text = '| a | Ü 日本 ✅ |\n|:-|-:|\n| long cell|x \\| y|\n';
    expect(applyEdits(text, planNormalTable(text, 3) ?? [])).toBe(
      ['| a         | Ü 日本 ✅ |', '|:----------|----------:|', '| long cell | x \\| y    |', ''].join('\n'),
    );
  });

  it.each([
    ['ragged rows', '| a | b |\n|---|---|\n| 1 |\n'],
    ['open ends', 'a | b\n---|---\n1 | 2\n'],
    ['what is even already', '| a   | b   |\n|-----|-----|\n| 1   | 2   |\n'],
    ['a fence', '```\n|a|b|\n|-|-|\n```\n'],
  ])('leaves %s alone', (_, text) => {
    expect(planNormalTable(text, 6)).toBeUndefined();
  });

  it('changes white space and dashes alone, and twice is once', () => {
    const cell = fc.constantFrom('', 'x', 'a \\| b', '✅ Done', '日本', '`c`', '👩‍👩‍👧', 'e\u0301', '— ');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (rows, ending, isQuoted) => {
          const lines = [['a', 'b', 'c'], ['-', ':-:', '---'], ...rows].map((row) => `|${row.join('|')}|`);
          const text = lines.map((line) => (isQuoted ? `> ${line}` : line)).join(ending);
          const at = text.indexOf('a');
          const after = applyEdits(text, planNormalTable(text, at) ?? []);
          const squeeze = (one: string): string => one.replace(/-+/g, '-').replace(/[ \t]/g, '');
          expect(squeeze(after)).toBe(squeeze(text));
          expect(planNormalTable(after, after.indexOf('a'))).toBeUndefined();
          const widths = new Set(after.split(/\r?\n/).map(displayWidth));
          expect(widths.size).toBe(1);
        },
      ),
    );
  });
});

const xmlPlan = `# X Prompts

Prose before.

\`\`\`xml
<session id="SOL-01" title="Schema &amp; more">
  <metadata>
    <phase>2</phase>
    <repository>api</repository>
    <estimated_time>45 min</estimated_time>
    <model>opus</model>
  </metadata>
  <dependencies><requires session="SOL-00">its tables</requires></dependencies>
  <objective>Do it.</objective>
  <tasks><task file="src/a.ts" action="create">Write</task></tasks>
  <verification><check name="Tests" command="npm test"/></verification>
  <rollback><command>git checkout -- src</command></rollback>
  <commit><type>feat</type><scope>db</scope><description>add it</description></commit>
</session>
\`\`\`

## Session SOL-00: First

\`\`\`xml
<session id="SOL-00">
  <objective>First.</objective>
</session>
\`\`\`

<session id="SOL-02" title="Bare">
  <objective>Bare.</objective>
</session>
`;

describe('an XML plan', () => {
  const comparable = (text: string) =>
    parsePlan(text, 'x.md').value.sessions.map(
      ({
        idRange,
        headingRange,
        range,
        form,
        subsections,
        prompt,
        dependencies,
        commands,
        rollbackCommands,
        ...rest
      }) => ({
        ...rest,
        prompt: prompt?.text,
        dependencies: dependencies.map(({ id, reason }) => [id, reason]),
        commands: commands.map(({ command, label }) => [command, label]),
        rollback: rollbackCommands.map(({ command }) => command),
      }),
    );

  it('becomes markdown that says the same', () => {
    const converted = planXmlConversion(xmlPlan, 'x.md');
    expect(converted?.kept).toEqual([]);
    const after = applyEdits(xmlPlan, converted?.edits ?? []);
    expect(comparable(after)).toEqual(comparable(xmlPlan));
    expect(parsePlan(after, 'x.md').value.sessions.map(({ form }) => form)).toEqual([
      'markdown',
      'markdown',
      'markdown',
    ]);
    expect(after).toContain('# X Prompts\n\nProse before.\n\n## Session SOL-01: Schema & more\n\n### Metadata\n');
    expect(planXmlConversion(after, 'x.md')).toBeUndefined();
  });

  it('keeps its line endings', () => {
    const text = xmlPlan.replaceAll('\n', '\r\n');
    const after = applyEdits(text, planXmlConversion(text, 'x.md')?.edits ?? []);
    expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('says the same whatever is in it', () => {
    const piece = fc.constantFrom(
      '<phase>1</phase>',
      '<dependencies><requires session="A-1">x, y</requires></dependencies>',
      '```',
      '\n# H\n',
      '- [ ] x',
      '<skills><skill>a: b</skill></skills>',
      '&lt;',
      '<verification><command>cd a\nmake</command></verification>',
      '|a|\n|-|\n',
      '<repository>no</repository>',
      '</session>',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.boolean(), (pieces, isFenced) => {
        const element = `<session id="A-2" title="T">\n${pieces.join('\n')}\n</session>\n`;
        const text = isFenced ? `# P\n\n\`\`\`xml\n${element}\`\`\`\n` : `# P\n\n${element}`;
        const converted = planXmlConversion(text, 'x.md');
        if (converted !== undefined) expect(comparable(applyEdits(text, converted.edits))).toEqual(comparable(text));
      }),
    );
  });
});

it('no text makes any of it throw', async () => {
  const piece = fc.constantFrom(
    '| Session | Status | Commit |\n',
    '|---|---|---|\n',
    '| BE-01 | Active | 1a2b3c4 |\n',
    '| BE-01 |\n',
    '# Session BE-01: x\n',
    '## Session BE-01: x\n',
    '```yaml\n',
    'files: [a/b.ts, "*"]\n',
    '```\n',
    '<session id="BE-01">',
    '---\n',
    '> **Plan:** ../A_PROMPTS.md\n',
    '\r',
    '\uFEFF',
    '| Task | Status |\n',
    '|--|--|\n',
    '| a | IN_PROGRESS |\n',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 25 }), async (parts) => {
      const text = parts.join('');
      const paths = ['docs/A_PROMPTS.md', 'docs/progress/A_PROGRESS.md', session, list];
      const workspace = await workspaceOf(Object.fromEntries(paths.map((path) => [path, text])));
      for (const path of paths) {
        for (const { range } of findLinks(workspace, path)) expect(range.end).toBeLessThanOrEqual(text.length);
        for (const { line, endLine } of findFolds(workspace, path, text)) expect(endLine).toBeGreaterThan(line);
        findStateMarks(workspace, path);
        for (let at = 0; at <= text.length; at += 7) planMissingRow(workspace, path, at);
      }
      planNormalTable(text, Math.floor(text.length / 2));
      planXmlConversion(text, 'a.md');
      findSymbols(workspace, 'b');
    }),
    { numRuns: 60 },
  );
});
