import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeAt } from '../../../src/core/language/completeAt.ts';
import type { FileRole } from '../../../src/core/model/fileRole.ts';
import { workspaceOf } from '../../support/workspaceOf.ts';
import { dedent } from '../markdown/support.ts';
import { placeIn } from './support.ts';

const now = { year: 2026, month: 1, day: 5, hour: 9, minute: 7, second: 1, offsetMinutes: 60 };
const progressPath = 'docs/progress/P_PROGRESS.md';
const planPath = 'docs/P_PROMPTS.md';

const plan = dedent(`
  # P Prompts

  ## Session BE-01: One

  ## Session BE-02: Two

  ## Session BE-03: Three
`);

/** What is offered at the cursor, and what the text is when the first (or the named) item is taken. */
async function complete(files: Readonly<Record<string, string>>, taken?: string) {
  const place = await placeIn({ [planPath]: plan, ...files });
  const found = completeAt({ ...place, now, models: ['gpt-9'] });
  const items = found?.items.map(({ newText }) => newText.trim()) ?? [];
  const item = found?.items.find(({ newText }) => taken === undefined || newText.trim() === taken);
  const after =
    found && item && place.text.slice(0, found.range.start) + item.newText + place.text.slice(found.range.end);
  return { items, after, replacesWhole: found?.replacesWhole };
}

const table = (row: string, columns = 'Session | Status | Started | After | Model | Notes'): string => {
  const names = columns.split(' | ');
  return `# P Progress\n\n| ${columns} |\n|${names.map(() => '---|').join('')}\n| BE-01 | ✅ Done | 01-02 09:00 | — | opus | |\n${row}\n`;
};

describe('completions in a progress table', () => {
  it('offer the states in a status cell, and replace the cell alone', async () => {
    const { items, after, replacesWhole } = await complete(
      { [progressPath]: table('| BE-02 | ⬜ Pen█ding | — | — | — | a \\| b |') },
      '✅ Done',
    );
    expect(items).toEqual(['⬜ Pending', '🔄 Active', '⏸️ Paused', '⛔ Blocked', '✅ Done', '❌ Failed', '🔁 Retry']);
    expect(after).toContain('| BE-02 | ✅ Done | — | — | — | a \\| b |');
    expect(replacesWhole).toBe(true);
  });

  it('take what is typed in a status cell as its beginning', async () => {
    const { replacesWhole, after } = await complete({ [progressPath]: table('| BE-02 | Do█ |') }, '✅ Done');
    expect(replacesWhole).toBe(false);
    expect(after).toContain('| BE-02 | ✅ Done |');
  });

  it.each([
    ['| BE-02 |█| — |', '| BE-02 | ⬜ Pending | — |'],
    ['| BE-02 | █| — |', '| BE-02 | ⬜ Pending | — |'],
    ['| BE-02 | █ | — |', '| BE-02 | ⬜ Pending | — |'],
    ['| BE-02 | —█ | — |', '| BE-02 | ⬜ Pending | — |'],
    ['| BE-02 | █', '| BE-02 | ⬜ Pending'],
    ['| BE-02 | Do  █| — |', '| BE-02 | ⬜ Pending | — |'],
    ['| BE-02 |█  Do | — |', '| BE-02 | ⬜ Pending | — |'],
  ])('fill an empty cell with a space to each side: %s', async (row, expected) => {
    expect((await complete({ [progressPath]: table(row) })).after).toContain(`\n${expected}\n`);
  });

  it('offer sessions as dependencies, less the row itself and those that are named', async () => {
    const row = '| BE-03 | ⬜ Pending | — | BE-01, B█ | — | |';
    const { items, after } = await complete({ [progressPath]: table(row) });
    expect(items).toEqual(['BE-02']);
    expect(after).toContain('| BE-01, BE-02 | — | |');
  });

  it('replace one ID of several', async () => {
    const row = '| BE-03 | ⬜ Pending | — | B█E-01, BE-02 | — | |';
    const { items, after } = await complete({ [progressPath]: table(row) }, 'BE-01');
    expect(items).toEqual(['BE-01']);
    expect(after).toContain('| BE-01, BE-02 | — | |');
  });

  it('offer sessions in a note on what is waited for, and nowhere else in notes', async () => {
    const note = (text: string) => complete({ [progressPath]: table(`| BE-03 | ⬜ Pending | — | — | — | ${text} |`) });
    expect((await note('Waiting for B█')).items).toEqual(['BE-01', 'BE-02']);
    expect((await note('Looks like B█')).items).toEqual([]);
  });

  it('offer the time in the form that the column has', async () => {
    const { items } = await complete({ [progressPath]: table('| BE-02 | 🔄 Active | █ | — | — | |') });
    expect(items).toEqual(['01-05 09:07', '2026-01-05 09:07', '2026-01-05']);
  });

  it('offer models: the families, what plans say, and what the machine knows', async () => {
    const { items } = await complete({
      [progressPath]: table('| BE-02 | 🔄 Active | — | — | █ | |'),
      'docs/Q_PROMPTS.md': '# Q\n\n## Session Q-01: Q\n\n### System Configuration\n\n```yaml\nmodel: claude-x\n```\n',
    });
    expect(items).toEqual(['opus', 'sonnet', 'haiku', 'claude-x', 'gpt-9']);
  });

  it('offer sessions of the plan that have no row yet', async () => {
    expect((await complete({ [progressPath]: table('| █ | ⬜ Pending | — | — | — | |') })).items).toEqual([
      'BE-02',
      'BE-03',
    ]);
  });

  it('offer nothing in headers, delimiter rows, fences and other tables', async () => {
    const at = async (text: string) => (await complete({ [progressPath]: text })).items;
    expect(await at(table('').replace('Status', 'Sta█tus'))).toEqual([]);
    expect(await at(table('').replace('|---|---|', '|---|-█--|'))).toEqual([]);
    expect(await at(`${table('')}\n\`\`\`\n| A | Status |\n|---|---|\n| x | █ |\n\`\`\`\n`)).toEqual([]);
    expect(await at(`${table('')}\n| Colour | Status |\n|---|---|\n| x | █ |\n`)).toEqual([]);
  });

  it('are those of the table at the cursor, whichever of the file it is', async () => {
    const second = '\n## Week 2\n\n| Status | Session |\n|---|---|\n| █ | BE-03 |\n';
    const { after } = await complete({ [progressPath]: `${table('')}${second}` });
    expect(after).toContain('\n| ⬜ Pending | BE-03 |\n');
  });

  it('work with CRLF, a BOM, columns in another order and ragged rows', async () => {
    const text = `\uFEFF${table('| ⬜ P█ | BE-02', 'Status | ID | Notes')}`.replaceAll('\n', '\r\n');
    const { after } = await complete({ [progressPath]: text }, '🔄 Active');
    expect(after).toContain('\r\n| 🔄 Active | BE-02\r\n');
  });

  it('offer sessions in blockers', async () => {
    const { items } = await complete({
      [progressPath]: `${table('| BE-02 | ⬜ Pending | — | — | — | |')}\n## Active Blockers\n\n- [ ] BE-02 blocked by █\n`,
    });
    expect(items).toEqual(['BE-01', 'BE-03']);
    const prose = `${table('')}\n## Session Notes\n\n- [ ] █\n`;
    expect((await complete({ [progressPath]: prose })).items).toEqual([]);
  });
});

describe('completions in a plan', () => {
  const withMetadata = (yaml: string, before = ''): string =>
    `${plan}\n## Session BE-04: Four\n\n${before}### Metadata\n\n\`\`\`yaml\n${yaml}\n\`\`\`\n`;

  it('offer sessions as dependencies, in each form of list', async () => {
    for (const yaml of ['dependencies: █', 'dependencies: [█]', 'dependencies:\n  - █', 'dependencies: n█one']) {
      const { items } = await complete({ [planPath]: withMetadata(yaml) });
      expect(items, yaml).toEqual(['BE-01', 'BE-02', 'BE-03']);
    }
    const { items, after } = await complete({ [planPath]: withMetadata('dependencies: BE-01, B█') });
    expect(items).toEqual(['BE-02', 'BE-03']);
    expect(after).toContain('dependencies: BE-01, BE-02\n');
  });

  it('offer keys that are not there yet, and what their values may be', async () => {
    const { items, after } = await complete({ [planPath]: withMetadata('dependencies: none\nmo█') }, 'model:');
    expect(items).not.toContain('dependencies:');
    expect(after).toContain('\nmodel: \n');
    expect((await complete({ [planPath]: withMetadata('thinking_mode: █') })).items).toEqual([
      'standard',
      'extended',
      'ultrathink',
    ]);
  });

  it('offer task lists by ID', async () => {
    const { items } = await complete({
      [planPath]: withMetadata('task_list: █'),
      'docs/tasks/release.md': '# Release\n\n| Task | Status |\n|---|---|\n| a | PENDING |\n',
    });
    expect(items).toEqual(['release']);
  });

  it('offer nothing in prompts, in other fences and in prose', async () => {
    const prompt = '### Prompt\n\n````markdown\n```yaml\ndependencies: █\n```\n````\n\n';
    expect((await complete({ [planPath]: withMetadata('phase: 1', prompt) })).items).toEqual([]);
    expect((await complete({ [planPath]: `${plan}\n\`\`\`json\nmodel: █\n\`\`\`\n` })).items).toEqual([]);
    expect((await complete({ [planPath]: `${plan}\nmodel: █\n` })).items).toEqual([]);
  });
});

describe('completions in frontmatter', () => {
  it('offer what SESSION.md can say', async () => {
    const at = async (text: string) => (await complete({ 'docs/sessions/SESSION.md': text })).items;
    expect(await at('---\nbaton: session/1\nstatus: █\n---\n')).toEqual(['active', 'paused']);
    expect(await at('---\nbaton: session/1\nsession: █\n---\n')).toEqual(['BE-01', 'BE-02', 'BE-03']);
    expect(await at('---\nbaton: session/1\nplan: █\n---\n')).toEqual([planPath]);
    expect(await at('---\nbaton: session/1\nstarted_at: █\n---\n')).toEqual(['2026-01-05T09:07:01+01:00']);
    expect(await at('---\nbaton: session/1\n---\n\nstatus: █\n')).toEqual([]);
    expect(await at('---\nbaton: session/1\n█---\n')).toEqual([]);
  });

  it('offer what a task list and a STATE.md can say', async () => {
    const list = '---\nbaton: tasks/1\n█\n---\n\n| Task | Status |\n|---|---|\n';
    expect((await complete({ 'docs/tasks/a.md': list })).items).toEqual([
      'id:',
      'title:',
      'created_at:',
      'session:',
      'from:',
    ]);
    const state = '---\nschema-version: 1\nstatus: pau█\n---\n';
    expect((await complete({ '.claude/STATE.md': state })).items).toEqual(['active', 'paused', 'completed', 'idle']);
    const missions =
      '---\nstatus: active\n---\n\n## Mission Status\n- m-1: vali█dated (updated: 2026-01-01T00:00:00Z)\n';
    expect(await complete({ '.claude/STATE.md': missions }, 'in-dev')).toEqual({
      items: ['brainstormed', 'validated', 'in-dev', 'testing', 'completed'],
      after: missions.replace('vali█dated', 'in-dev'),
      replacesWhole: true,
    });
  });
});

describe('completions of any text', () => {
  const piece = fc.constantFrom(
    '---\n',
    '| Session | Status | After |\n|---|---|---|\n',
    '| BE-01 | ⬜ | BE-02 |\r\n',
    '| | \\| |',
    '```yaml\n',
    '```\n',
    '## Session BE-01: One\n',
    '## Blockers\n- [ ] ',
    'dependencies: [BE-01, ',
    'status:',
    '<<<<<<< a\n',
    '\uFEFF',
    '\r',
    ' ',
    '\u0000|`',
  );
  const roles: readonly FileRole[] = ['plan', 'progress', 'session', 'taskList', 'state'];

  it('never throw, and stay within the text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 14 }), fc.nat(), async (pieces, at) => {
        const text = pieces.join('');
        const offset = at % (text.length + 1);
        const workspace = await workspaceOf({ [planPath]: text, [progressPath]: text });
        for (const role of roles) {
          for (const path of [planPath, progressPath]) {
            const found = completeAt({ workspace, path, role, text, offset, now, models: [] });
            if (found === undefined) continue;
            expect(found.range.start).toBeLessThanOrEqual(offset);
            expect(found.range.end).toBeGreaterThanOrEqual(offset);
            expect(found.range.end).toBeLessThanOrEqual(text.length);
            expect(text.slice(found.range.start, found.range.end)).not.toMatch(/[\r\n]/);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
