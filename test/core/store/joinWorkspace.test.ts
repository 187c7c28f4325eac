import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../../src/core/formats/plan.ts';
import { parseProgress } from '../../../src/core/formats/progress.ts';
import { defaultConfig } from '../../../src/core/model/config.ts';
import type { SessionEntry, Workspace } from '../../../src/core/model/workspace.ts';
import { joinWorkspace } from '../../../src/core/store/joinWorkspace.ts';
import { workspaceOf } from '../../support/workspaceOf.ts';
import { dedent, documentText } from '../markdown/support.ts';

const plan = dedent(`
  # Pipeline Implementation Prompts

  # PHASE 1: FOUNDATION (Week 1)

  ## Session BE-01: Schema

  ### Metadata

  \`\`\`yaml
  repository: backend
  dependencies: none
  \`\`\`

  ## Session BE-02: Parser

  ### Metadata

  \`\`\`yaml
  repository: backend
  dependencies:
    - BE-01 (needs the schema)
  \`\`\`

  ## Session FE-01: Form

  ### Metadata

  \`\`\`yaml
  repository: frontend
  dependencies: [BE-01, BE-02]
  \`\`\`

  ## Session FE-02: List

  ### Metadata

  \`\`\`yaml
  repository: frontend
  dependencies: FE-01
  \`\`\`
`);

const progress = dedent(`
  # Pipeline Progress

  > **Plan:** [the plan](../PIPELINE_PROMPTS.md)

  ## Repository: backend

  ### Week 1

  | Session | Status | Started | Completed | Commit |
  |---------|--------|---------|-----------|--------|
  | BE-02 | ⬜ Pending | — | — | — |
  | BE-01 | ✅ Done | 2026-01-02 09:00 | 2026-01-02 10:00 | abc1234 |

  ## Repository: frontend

  ### Week 1

  | Session | Status | Started | Completed | Commit |
  |---------|--------|---------|-----------|--------|
  | FE-01 | ⬜ Pending | — | — | — |
`);

const files = { 'docs/PIPELINE_PROMPTS.md': plan, 'docs/progress/PIPELINE_PROGRESS.md': progress };

function entryOf(workspace: Workspace, id: string): SessionEntry {
  const entry = workspace.sessions.find((one) => one.id === id);
  if (!entry) throw new Error(`no ${id}`);
  return entry;
}

function tableOf(...rows: readonly string[]): string {
  return ['# P Progress', '', '| Session | Status | Dependencies |', '|---|---|---|', ...rows, ''].join('\n');
}

function sessionFileOf(id: string, ...more: readonly string[]): string {
  return [
    '---',
    'baton: session/1',
    `session: ${id}`,
    'status: active',
    ...more,
    '---',
    '',
    `# Current Session: ${id}`,
    '',
  ].join('\n');
}

describe('joining plan and progress', () => {
  it('takes the order of the table, then what only the plan has', async () => {
    const workspace = await workspaceOf(files);
    expect(workspace.projects).toHaveLength(1);
    expect(workspace.projects[0]).toMatchObject({
      name: 'Pipeline',
      progressPath: 'docs/progress/PIPELINE_PROGRESS.md',
      planPaths: ['docs/PIPELINE_PROMPTS.md'],
      repositories: ['backend', 'frontend'],
    });
    expect(workspace.sessions.map(({ id }) => id)).toEqual(['BE-02', 'BE-01', 'FE-01', 'FE-02']);
    expect(entryOf(workspace, 'FE-02')).toMatchObject({
      status: 'pending',
      repository: 'frontend',
      section: 'Week 1',
      progressPath: 'docs/progress/PIPELINE_PROGRESS.md',
    });
    expect(entryOf(workspace, 'FE-02').row).toBeUndefined();
    expect(entryOf(workspace, 'BE-01')).toMatchObject({ title: 'Schema', commit: 'abc1234', status: 'done' });
  });

  it('tells what waits for what', async () => {
    const workspace = await workspaceOf(files);
    expect(entryOf(workspace, 'BE-02')).toMatchObject({
      ready: true,
      waitingFor: [],
      unblocks: ['FE-01'],
      unblocksCount: 2,
      dependencies: [{ id: 'BE-01', status: 'done', met: true, reason: 'needs the schema' }],
    });
    expect(entryOf(workspace, 'FE-01')).toMatchObject({ ready: false, waitingFor: ['BE-02'], unblocksCount: 1 });
    expect(entryOf(workspace, 'FE-02')).toMatchObject({ ready: false, waitingFor: ['FE-01'], unblocks: [] });
  });

  it.each([
    ['link', 'docs/progress/X_PROGRESS.md', 'other/place.md', '> **Plan:** [p](../../other/place.md#top)'],
    ['link from the root', 'docs/progress/X_PROGRESS.md', 'other/place.md', '> **Plan:** other/place.md'],
    ['name', 'docs/progress/MY_APP_PROGRESS.md', 'docs/plans/my-app_PROMPTS.md', ''],
    ['IDs', 'docs/progress/A_PROGRESS.md', 'docs/B_PROMPTS.md', ''],
  ])('finds the plan by %s', async (_, progressPath, planPath, line) => {
    const workspace = await workspaceOf({
      [progressPath]: `# Z Progress\n\n${line}\n\n| Session | Status |\n|---|---|\n| BE-01 | ⬜ |\n`,
      [planPath]: '# Z Prompts\n\n## Session BE-01: One\n\n## Session BE-02: Two\n',
      'docs/progress/OTHER_PROGRESS.md': '# Other Progress\n\n| Session | Status |\n|---|---|\n| ZZ-01 | ⬜ |\n',
      'docs/UNRELATED_PROMPTS.md': '# Unrelated Prompts\n\n## Session YY-01: One\n',
    });
    const project = workspace.projects.find((one) => one.progressPath === progressPath);
    expect(project?.planPaths).toEqual([planPath]);
    expect(project?.sessions.map(({ id, planPath: path }) => [id, path])).toEqual([
      ['BE-01', planPath],
      ['BE-02', planPath],
    ]);
  });

  it('finds the only plan of the only progress file, though they have nothing in common', async () => {
    const workspace = await workspaceOf({
      'docs/progress/A_PROGRESS.md': tableOf('| BE-01 | ⬜ | |'),
      'docs/B_PROMPTS.md': '# B Prompts\n\n## Session FE-01: One\n',
    });
    expect(workspace.projects.map(({ sessions }) => sessions.map(({ id }) => id))).toEqual([['BE-01', 'FE-01']]);
  });

  it('does not guess between two progress files that fit equally', async () => {
    const table = tableOf('| BE-01 | ⬜ | |');
    const workspace = await workspaceOf({
      'docs/progress/A_PROGRESS.md': table,
      'docs/progress/B_PROGRESS.md': table,
      'docs/C_PROMPTS.md': '# C Prompts\n\n## Session BE-01: One\n',
    });
    expect(workspace.projects.map(({ progressPath, planPaths }) => [progressPath, planPaths])).toEqual([
      ['docs/progress/A_PROGRESS.md', []],
      ['docs/progress/B_PROGRESS.md', []],
      [undefined, ['docs/C_PROMPTS.md']],
    ]);
  });

  it('gives a session of a plan with two progress files to the one that has its row, else to the first', async () => {
    const link = '> **Plan:** [p](../P_PROMPTS.md)';
    const workspace = await workspaceOf({
      'docs/P_PROMPTS.md': '# P Prompts\n\n## Session BE-01: B\n\n## Session FE-01: F\n\n## Session DO-01: D\n',
      'docs/progress/A_PROGRESS.md': `# A Progress\n\n${link}\n\n| Session | Status |\n|---|---|\n| BE-01 | ⬜ |\n`,
      'docs/progress/B_PROGRESS.md': `# B Progress\n\n${link}\n\n| Session | Status |\n|---|---|\n| FE-01 | ⬜ |\n`,
    });
    expect(workspace.projects.map(({ name, sessions }) => [name, sessions.map(({ id }) => id)])).toEqual([
      ['A', ['BE-01', 'DO-01']],
      ['B', ['FE-01']],
    ]);
  });

  it('keeps every occurrence of an ID and gives each its own key', async () => {
    const workspace = await workspaceOf({
      'docs/progress/P_PROGRESS.md': tableOf(
        '| A-1 | ✅ Done | |',
        '| A-1 | ⬜ Pending | |',
        '| A-2 | ⬜ Pending | A-1 |',
      ),
    });
    expect(workspace.sessions.map(({ id }) => id)).toEqual(['A-1', 'A-1', 'A-2']);
    expect(new Set(workspace.sessions.map(({ key }) => key)).size).toBe(3);
    // Which A-1 is meant is not known, so it is met only when both are done.
    expect(entryOf(workspace, 'A-2')).toMatchObject({ ready: false, waitingFor: ['A-1'] });
  });

  it('resolves an ID within its own repository first', async () => {
    const table = (...rows: readonly string[]) =>
      ['| Session | Status | Dependencies |', '|---|---|---|', ...rows, ''].join('\n');
    const workspace = await workspaceOf({
      'docs/progress/P_PROGRESS.md': [
        '# P Progress',
        '',
        '## Repository: one',
        '',
        table('| S1 | ✅ Done | |', '| S2 | ⬜ Pending | S1 |'),
        '## Repository: two',
        '',
        table('| S1 | ⬜ Pending | |', '| S2 | ⬜ Pending | S1 |'),
      ].join('\n'),
    });
    expect(workspace.sessions.map(({ repository, id, ready }) => [repository, id, ready])).toEqual([
      ['one', 'S1', false],
      ['one', 'S2', true],
      ['two', 'S1', true],
      ['two', 'S2', false],
    ]);
  });

  it('makes no project of files without sessions', async () => {
    const workspace = await workspaceOf({
      'docs/progress/README.md': '# How we work\n\nText.\n',
      'docs/SOME_PLAN.md': '# Some plan\n\nText.\n',
    });
    expect(workspace.projects).toEqual([]);
    expect(workspace.plans).toHaveLength(1);
  });

  it('takes a file that is plan and progress table at once for both', async () => {
    const workspace = await workspaceOf({
      'PROGRESS_PROMPTS.md':
        '# Both\n\n| Session | Status |\n|---|---|\n| BE-01 | ✅ Done |\n\n## Session BE-01: One\n\n## Session BE-02: Two\n',
    });
    expect(workspace.projects).toHaveLength(1);
    expect(workspace.sessions.map(({ id, title, status }) => [id, title, status])).toEqual([
      ['BE-01', 'One', 'done'],
      ['BE-02', 'Two', 'pending'],
    ]);
  });
});

describe('dependencies of a table', () => {
  it.each([
    ['01', ['01']],
    ['01, 02 (after the merge)', ['01', '02']],
    ['01; 02 & 03', ['01', '02', '03']],
    ['01-03', ['01', '02', '03']],
    ['01–03', ['01', '02', '03']],
    ['01..03', ['01', '02', '03']],
    ['01 to 03', ['01', '02', '03']],
    ['BE-01–BE-02', ['BE-01', 'BE-02']],
    ['BE-01-02', ['BE-01', 'BE-02']],
    ['X-01-02', ['X-01-02']],
    ['none', []],
    ['—', []],
    ['Design approved', []],
    ['Session 02', ['02']],
    ['the review of 02', ['02']],
    ['NOPE-7', ['NOPE-7']],
    ['01 (broken 02', ['01', '02']],
    ['03-01', ['03-01']],
    ['G.C.1 and 4½', ['G.C.1', '4½']],
  ])('reads %s', async (cell, expected) => {
    const ids = ['01', '02', '03', 'BE-01', 'BE-02', 'X-01-02', 'G.C.1', '4½'];
    const workspace = await workspaceOf({
      'docs/progress/P_PROGRESS.md': tableOf(
        ...ids.map((id) => `| ${id} | ✅ Done | |`),
        `| Z-9 | ⬜ Pending | ${cell} |`,
      ),
    });
    expect(entryOf(workspace, 'Z-9').dependencies.map(({ id }) => id)).toEqual(expected);
  });

  it('reads "Waiting for" in the notes where there is no column for it', async () => {
    const workspace = await workspaceOf({
      'docs/progress/P_PROGRESS.md': dedent(`
        # P Progress

        | # | Session | Status | Notes |
        |---|---------|--------|-------|
        | 01 | Setup of it | ✅ | After lunch |
        | 02 | Parser of it | ⏳ | Waiting for 01 |
        | 03 | Types of it | ⏳ | Waiting for 01-02 |
        | 04 | Layer of it | ⏳ | Waiting for review |
      `),
    });
    expect(workspace.sessions.map(({ id, waitingFor, ready }) => [id, waitingFor, ready])).toEqual([
      ['01', [], false],
      ['02', [], true],
      ['03', ['02'], false],
      ['04', [], true],
    ]);
  });

  it('counts what waits in cycles and in long chains', async () => {
    const rows = Array.from(
      { length: 3000 },
      (_, index) => `| S-${index} | ⬜ | ${index > 0 ? `S-${index - 1}` : ''} |`,
    );
    const chain = await workspaceOf({ 'docs/progress/P_PROGRESS.md': tableOf(...rows) });
    expect(entryOf(chain, 'S-0').unblocksCount).toBe(2999);
    const cycle = await workspaceOf({
      'docs/progress/P_PROGRESS.md': tableOf(
        '| A | ⬜ | C |',
        '| B-1 | ⬜ | A |',
        '| C | ⬜ | B-1 |',
        '| D | ⬜ | C |',
      ),
    });
    for (const entry of cycle.sessions.filter(({ id }) => id !== 'D'))
      expect(entry).toMatchObject({ unblocksCount: 3, ready: false });
  });
});

describe('the state of a session', () => {
  const table = tableOf(
    '| BE-01 | 🔄 Active | |',
    '| BE-02 | ⏸️ Paused | |',
    '| BE-03 | 🟡 Bugs Open | |',
    '| BE-04 | ❌ Blocked | |',
    '| BE-05 | 🔁 Retry | |',
  );

  it('is what the row says', async () => {
    const workspace = await workspaceOf({ 'docs/progress/P_PROGRESS.md': table });
    expect(
      workspace.sessions.map(({ status, statusUnknown, ready, activeHere }) => [
        status,
        statusUnknown,
        ready,
        activeHere,
      ]),
    ).toEqual([
      ['active', false, false, false],
      ['paused', false, false, false],
      ['pending', true, false, false],
      ['blocked', false, false, false],
      ['retry', false, true, false],
    ]);
    expect(workspace.active).toBeUndefined();
  });

  it('is what SESSION.md says for its own session', async () => {
    const workspace = await workspaceOf({
      'docs/progress/P_PROGRESS.md': table,
      'docs/sessions/SESSION.md': sessionFileOf('BE-05', 'started_at: 2026-01-02T09:00:00+01:00'),
    });
    expect(workspace.active).toMatchObject({
      id: 'BE-05',
      status: 'active',
      activeHere: true,
      ready: false,
      started: '2026-01-02T09:00:00+01:00',
    });
    expect(workspace.active).toBe(entryOf(workspace, 'BE-05'));
  });

  it('is none for a SESSION.md whose session nothing else knows', async () => {
    const workspace = await workspaceOf({
      'docs/progress/P_PROGRESS.md': table,
      'docs/sessions/SESSION.md': sessionFileOf('XX-99'),
    });
    expect(workspace.active).toBeUndefined();
    expect(workspace.sessionFile).toMatchObject({ kind: 'session', id: 'XX-99' });
  });

  it('goes to the project that SESSION.md names where several have its ID', async () => {
    const both = {
      'docs/progress/A_PROGRESS.md': '# A Progress\n\n| Session | Status |\n|---|---|\n| BE-01 | ⬜ |\n',
      'docs/progress/B_PROGRESS.md': '# B Progress\n\n| Session | Status |\n|---|---|\n| BE-01 | ⬜ |\n',
    };
    const named = await workspaceOf({ ...both, 'docs/sessions/SESSION.md': sessionFileOf('BE-01', 'project: B') });
    expect(named.active?.project).toBe('B');
    const unnamed = await workspaceOf({ ...both, 'docs/sessions/SESSION.md': sessionFileOf('BE-01') });
    expect(unnamed.active).toBeUndefined();
  });

  it('is paused for a session without row whose file is among the paused', async () => {
    const workspace = await workspaceOf({
      'docs/P_PROMPTS.md': '# P Prompts\n\n## Session BE-01: One\n',
      'docs/sessions/paused/BE-01.md': sessionFileOf('BE-01').replace('active', 'paused'),
    });
    expect(workspace.sessions[0]).toMatchObject({ status: 'paused', ready: false, activeHere: false });
    expect(workspace.paused).toHaveLength(1);
  });
});

describe('hostile files', () => {
  const fragments = [
    '| Session | Status | Dependencies |\n|---|---|---|\n',
    '| BE-01 | ✅ Done | BE-02 |\n',
    '| BE-01 | 🔄 | BE-01-99 |\n',
    '| `__proto__` | constructor | toString |\n',
    '| BE-02 | x\\|y | (((, ) |\n',
    '## Repository: __proto__\n\n',
    '## Session BE-01: One\n\n',
    '## Session BE-02: Two\n\n```yaml\ndependencies: [BE-01, BE-02, 1-999999999]\n```\n',
    '<session id="BE-03"><dependencies><requires>BE-01</requires></dependencies></session>\n',
    '> **Plan:** [x](../../../../etc/passwd)\n',
    '> **Plan:** [x](%E0%A4%A)\n',
    '```\n',
    '<<<<<<< HEAD\n',
    '\uFEFF',
    '\r\n',
    '\uD800',
  ];

  it('joins any plan and progress text without throwing, each session under its own key', () => {
    const text = fc
      .array(fc.oneof(fc.constantFrom(...fragments), fc.string(), documentText), { maxLength: 12 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 3 }), fc.array(text, { maxLength: 3 }), (plans, tables) => {
        const workspace = joinWorkspace({
          config: defaultConfig,
          plans: plans.map((one, index) => parsePlan(one, `docs/${index}_PROMPTS.md`).value),
          progress: tables.map((one, index) => parseProgress(one, `docs/progress/${index}_PROGRESS.md`).value),
          paused: [],
          problems: [],
          unreadable: [],
        });
        expect(new Set(workspace.sessions.map(({ key }) => key)).size).toBe(workspace.sessions.length);
        for (const entry of workspace.sessions) {
          expect(entry.ready && entry.waitingFor.length > 0).toBe(false);
          expect(entry.unblocksCount).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('survives thousands of rows with one ID that depend on it', () => {
    const rows = Array.from({ length: 5000 }, () => '| X-1 | ⬜ | X-1 |');
    const { value } = parseProgress(tableOf(...rows), 'docs/progress/P_PROGRESS.md');
    const { sessions } = joinWorkspace({
      config: defaultConfig,
      plans: [],
      progress: [value],
      paused: [],
      problems: [],
      unreadable: [],
    });
    expect(sessions).toHaveLength(5000);
  });
});
