import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/textEdit.ts';
import { checkWorkspace } from '../../../src/core/checks/checkWorkspace.ts';
import type { CheckFacts } from '../../../src/core/checks/rule.ts';
import { commitHashes } from '../../../src/core/checks/unknownCommit.ts';
import type { Diagnostic, DiagnosticCode } from '../../../src/core/model/diagnostic.ts';
import { createMemoryProject } from '../../support/memoryFileSystem.ts';
import { storeOf, workspaceOf } from '../../support/workspaceOf.ts';
import { dedent, documentText } from '../markdown/support.ts';

const progressPath = 'docs/progress/P_PROGRESS.md';
const planPath = 'docs/P_PROMPTS.md';
const sessionPath = 'docs/sessions/SESSION.md';

const clean = {
  [planPath]: dedent(`
    # P Prompts

    ## Session BE-01: One

    ## Session BE-02: Two

    ### Metadata

    \`\`\`yaml
    dependencies: BE-01
    \`\`\`

    ## Session BE-03: Three

    ### Metadata

    \`\`\`yaml
    dependencies: [BE-01, BE-02]
    \`\`\`
  `),
  [progressPath]: dedent(`
    # P Progress

    > **Plan:** [the plan](../P_PROMPTS.md)

    | Session | Status | Started | Completed | Commit |
    |---------|--------|---------|-----------|--------|
    | BE-01 | ✅ Done | 2026-01-02 09:00 | 2026-01-02 10:00 | \`abc1234\` |
    | BE-02 | 🔄 Active | 2026-01-02 11:00 | — | — |
    | BE-03 | ⬜ Pending | — | — | — |
  `),
  [sessionPath]: dedent(`
    ---
    baton: session/1
    session: BE-02
    project: P
    plan: docs/P_PROMPTS.md
    status: active
    ---

    # Current Session: BE-02
  `),
};

type Files = Readonly<Record<string, string>>;

interface Found extends Diagnostic {
  readonly path: string;
  /** The text that the range covers. */
  readonly at: string | undefined;
}

async function check(files: Files, facts: Partial<CheckFacts> = {}): Promise<readonly Found[]> {
  const workspace = await workspaceOf(files);
  return checkWorkspace(workspace, { unknownCommits: [], liveIsolated: [], ...facts }).flatMap(
    ({ path, diagnostics }) =>
      diagnostics.map((one) => ({ ...one, path, at: files[path]?.slice(one.range.start, one.range.end) })),
  );
}

async function checkFor(
  code: DiagnosticCode,
  files: Files,
  facts: Partial<CheckFacts> = {},
): Promise<readonly Found[]> {
  return (await check(files, facts)).filter((one) => one.code === code);
}

/** The clean workspace with one replacement, which must have happened. */
function changed(path: keyof typeof clean, from: string, to: string): Files {
  const text = clean[path]?.replace(from, to);
  if (text === undefined || text === clean[path]) throw new Error(`${from} is not in ${path}`);
  return { ...clean, [path]: text };
}

function without(path: string): Files {
  return Object.fromEntries(Object.entries(clean).filter(([other]) => other !== path));
}

describe('a clean workspace', () => {
  it('has no problem', async () => {
    expect(await check(clean)).toEqual([]);
    expect(await check(clean, { unknownCommits: ['1234567'], liveIsolated: ['BE-09'] })).toEqual([]);
  });

  it('has none with CRLF line endings either', async () => {
    const files = Object.fromEntries(
      Object.entries(clean).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]),
    );
    expect(await check(files)).toEqual([]);
  });
});

describe('problems that parsing found', () => {
  it.each<[DiagnosticCode, Files]>([
    ['unknown-status', changed(progressPath, '⬜ Pending', '🟡 Bugs Open')],
    ['status-disagrees', changed(progressPath, '⬜ Pending', '✅ Blocked')],
    ['duplicate-id', changed(progressPath, '| BE-03 |', '| BE-01 |')],
    ['duplicate-id', changed(planPath, 'Session BE-03', 'Session BE-01')],
    [
      'merge-markers',
      changed(progressPath, '| BE-03', '<<<<<<< HEAD\n| BE-04 | ⬜ | — | — | — |\n=======\n>>>>>>> other\n| BE-03'),
    ],
    ['unreadable-frontmatter', changed(sessionPath, 'project: P', 'project: [P')],
    ['unreadable-config', { ...clean, '.baton.yaml': 'verification_timeout_minutes: soon' }],
    ['no-progress-table', { ...clean, 'docs/progress/OTHER.md': '# Other Progress\n' }],
  ])('are taken over once: %s', async (code, files) => {
    const places = (await checkFor(code, files)).map(({ path, range }) => `${path}:${range.start}`);
    expect(places.length).toBeGreaterThan(0);
    expect(new Set(places).size).toBe(places.length);
  });

  it('include a file that cannot be read', async () => {
    const project = createMemoryProject(clean);
    project.unreadable.add(planPath);
    const problems = checkWorkspace(await storeOf(project).load(), { unknownCommits: [], liveIsolated: [] });
    expect(problems.find(({ path }) => path === planPath)?.diagnostics).toMatchObject([
      { code: 'unreadable-file', severity: 'error' },
    ]);
  });

  it('come by path and place', async () => {
    const found = await check({ ...changed(progressPath, '⬜ Pending', '🟡 Bugs'), '.baton.yaml': 'x: 1\ny: 2\n' });
    expect(found.map(({ path }) => path)).toEqual(['.baton.yaml', '.baton.yaml', progressPath]);
    expect(found[0]?.range.start).toBeLessThan(found[1]?.range.start ?? 0);
  });
});

describe('duplicate IDs', () => {
  it('are found in tables of two repositories', async () => {
    const table = '| Session | Status |\n|---|---|\n| S-1 | ⬜ |\n';
    const found = await checkFor('duplicate-id', {
      [progressPath]: `# P Progress\n\n## Repository: a\n\n${table}\n## Repository: b\n\n${table}`,
    });
    expect(found).toMatchObject([
      { path: progressPath, at: 'S-1', severity: 'warning', message: expect.stringContaining('repository a') },
    ]);
    expect(found[0]?.range.start).toBeGreaterThan(40);
  });

  it('are found in two plans of one project', async () => {
    const found = await checkFor('duplicate-id', {
      ...clean,
      'docs/P_PLAN.md': '# P plan\n\n## Session BE-01: Another\n',
      [progressPath]: (clean[progressPath] ?? '').replace('> **Plan:** [the plan](../P_PROMPTS.md)', ''),
    });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ at: 'BE-01', severity: 'error' });
  });

  it('are none in two projects', async () => {
    const other = (clean[progressPath] ?? '')
      .replace('# P Progress', '# Q Progress')
      .replace('../P_PROMPTS.md', 'https://example.com/q.md');
    expect(await checkFor('duplicate-id', { ...clean, 'docs/progress/Q_PROGRESS.md': other })).toEqual([]);
  });
});

describe('unknown dependencies', () => {
  it('are found in a plan, with the nearest ID and a replacement that waits for a person', async () => {
    const files = changed(planPath, 'dependencies: BE-01', 'dependencies: BX-03');
    const [found, second] = await checkFor('unknown-dependency', files);
    expect(second).toBeUndefined();
    expect(found).toMatchObject({ path: planPath, at: 'BX-03', severity: 'error' });
    expect(found?.message).toMatch(/BE-02 depends on BX-03.*Did you mean .*BE-03/);
    expect(found?.fix?.safe ?? false).toBe(false);
  });

  it('offers the one ID that is near', async () => {
    const files = {
      [progressPath]:
        '# P Progress\n\n| Session | Status | Dependencies |\n|---|---|---|\n| SETUP-1 | ✅ | |\n| X-9 | ⬜ | SETUP-1, SETUP1 |\n',
    };
    const [found] = await checkFor('unknown-dependency', files);
    expect(found).toMatchObject({ path: progressPath, at: 'SETUP1', fix: { safe: false } });
    const text = applyEdits(files[progressPath] ?? '', found?.fix?.edits ?? []);
    expect(text).toContain('| SETUP-1, SETUP-1 |');
  });

  it('are each one problem in a file of nothing else', async () => {
    const rows = Array.from({ length: 3000 }, (_, index) => `| A-${index} | ⬜ | NOT-${index}x |`);
    const workspace = await workspaceOf({
      [progressPath]: `# P Progress\n\n| Session | Status | Dependencies |\n|---|---|---|\n${rows.join('\n')}\n`,
    });
    const problems = checkWorkspace(workspace, { unknownCommits: [], liveIsolated: [] });
    expect(problems[0]?.diagnostics).toHaveLength(3000);
  });
});

/** A progress file with one table and these rows. */
function tableOf(...rows: readonly string[]): Files {
  const head = ['# P Progress', '', '| Session | Status | Dependencies |', '|---|---|---|'];
  return { [progressPath]: [...head, ...rows, ''].join('\n') };
}

describe('cyclic dependencies', () => {
  it('name each member once, with the cycle written out', async () => {
    const found = await checkFor(
      'cyclic-dependency',
      tableOf('| A-1 | ⬜ | A-3 |', '| A-2 | ⬜ | A-1 |', '| A-3 | ⬜ | A-2 |', '| A-4 | ⬜ | A-3 |'),
    );
    expect(found.map(({ at, message }) => [at, /: (.*)\. Remove/.exec(message)?.[1]])).toEqual([
      ['A-3', 'A-1 → A-3 → A-2 → A-1'],
      ['A-1', 'A-2 → A-1 → A-3 → A-2'],
      ['A-2', 'A-3 → A-2 → A-1 → A-3'],
    ]);
  });

  it('include a session that depends on itself', async () => {
    const found = await checkFor('cyclic-dependency', changed(planPath, 'dependencies: BE-01', 'dependencies: BE-02'));
    expect(found).toMatchObject([
      { path: planPath, at: 'BE-02', message: expect.stringContaining('depends on itself') },
    ]);
  });

  it('are no problem once all members are done', async () => {
    expect(await checkFor('cyclic-dependency', tableOf('| A-1 | ✅ | A-2 |', '| A-2 | ✅ | A-1 |'))).toEqual([]);
  });

  it('stay readable in a ring of thousands', async () => {
    const rows = Array.from({ length: 2000 }, (_, index) => `| A-${index} | ⬜ | A-${(index + 1) % 2000} |`);
    const found = await checkFor('cyclic-dependency', tableOf(...rows));
    expect(found).toHaveLength(2000);
    expect(Math.max(...found.map(({ message }) => message.length))).toBeLessThan(400);
  });
});

describe('active rows', () => {
  const two = { ...changed(progressPath, 'BE-03 | ⬜ Pending', 'BE-03 | 🔄 Active') };

  it('are a problem from the second one on that nobody here works on', async () => {
    const files = { ...two, [sessionPath]: '# Session Complete\n' };
    const found = await checkFor('two-active', files);
    expect(found.map(({ at }) => at)).toEqual([' 🔄 Active ', ' 🔄 Active ']);
    expect(found[0]?.message).toContain('BE-02 is Active although');
    expect(found[0]?.message).toContain('; BE-03 is Active too.');
    expect(found[1]?.message).toContain('; BE-02 is Active too.');
    expect(await checkFor('session-progress-disagree', files)).toEqual([]);
  });

  it('name three of the others at most, however many there are', async () => {
    const rows = (count: number) => tableOf(...Array.from({ length: count }, (_, at) => `| A-${at} | 🔄 Active | |`));
    const three = await checkFor('two-active', rows(4));
    expect(three[3]?.message).toContain('; A-0, A-1 and A-2 are Active too.');
    const many = await checkFor('two-active', rows(5000));
    expect(many[0]?.message).toContain('; A-1, A-2, A-3 and 4996 more are Active too.');
    expect(many[4999]?.message).toContain('; A-0, A-1, A-2 and 4996 more are Active too.');
    expect(Math.max(...many.map(({ message }) => message.length))).toBeLessThan(200);
  });

  it("do not count this worktree's session and live isolated ones", async () => {
    expect(await checkFor('two-active', two)).toEqual([]);
    expect(await checkFor('two-active', { ...two, [sessionPath]: '' }, { liveIsolated: ['BE-02'] })).toEqual([]);
    expect(await check(two, { liveIsolated: ['BE-03'] })).toEqual([]);
  });
});

describe('SESSION.md and the progress table', () => {
  it('disagree where the row of the active session is not Active; the row can be set', async () => {
    const files = changed(progressPath, '🔄 Active', '⬜ Pending');
    const [found, second] = await checkFor('session-progress-disagree', files);
    expect(second).toBeUndefined();
    expect(found).toMatchObject({ path: progressPath, at: ' ⬜ Pending ', severity: 'warning', fix: { safe: true } });
    expect(found?.message).toContain('BE-02 is active in docs/sessions/SESSION.md');
    expect(applyEdits(files[progressPath] ?? '', found?.fix?.edits ?? [])).toBe(clean[progressPath]);
  });

  it.each([
    ['✅ Done', false],
    ['⏸️ Paused', true],
    ['⬜ Pending: ask Ann first', false],
    ['', true],
  ])('set "%s" by themselves only where nothing is lost', async (cell, safe) => {
    const [found] = await checkFor('session-progress-disagree', changed(progressPath, '🔄 Active', cell));
    expect(found?.fix?.safe).toBe(safe);
  });

  it('disagree where a row is Active and SESSION.md is cleared', async () => {
    const files = { ...clean, [sessionPath]: '# Session Complete\n\n> **Last Session:** BE-02\n' };
    const [found] = await checkFor('session-progress-disagree', files);
    expect(found).toMatchObject({ path: progressPath, at: ' 🔄 Active ', severity: 'warning' });
    expect(found?.fix).toBeUndefined();
    const [finished] = await checkFor('session-progress-disagree', {
      ...files,
      [progressPath]: (clean[progressPath] ?? '').replace('11:00 | — | — |', '11:00 | 2026-01-02 12:00 | def5678 |'),
    });
    expect(finished?.fix).toMatchObject({ title: 'Set BE-02 to ✅ Done', safe: false });
  });

  it('may disagree where SESSION.md is about another session', async () => {
    const files = changed(sessionPath, 'session: BE-02', 'session: BE-03');
    const found = await checkFor('session-progress-disagree', files);
    expect(found.map(({ at, severity, message }) => [at, severity, message.slice(0, 5)])).toEqual([
      [' 🔄 Active ', 'info', 'The r'],
      [' ⬜ Pending ', 'warning', 'BE-03'],
    ]);
  });

  it('disagree where the session is among the paused', async () => {
    const paused = (clean[sessionPath] ?? '').replace('status: active', 'status: paused');
    const files = { ...without(sessionPath), 'docs/sessions/paused/BE-02.md': paused };
    const [found] = await checkFor('session-progress-disagree', files);
    expect(found).toMatchObject({ fix: { title: 'Set BE-02 to ⏸️ Paused', safe: true } });
  });
});

describe('commits', () => {
  it('that git does not know are reported where they stand', async () => {
    const found = await checkFor('unknown-commit', clean, { unknownCommits: ['abc1234'] });
    expect(found).toMatchObject([{ path: progressPath, at: 'abc1234', message: expect.stringContaining('BE-01') }]);
  });

  it('are only what looks like a hash', async () => {
    const hashes = async (text: string) =>
      commitHashes(await workspaceOf(changed(progressPath, '`abc1234`', text))).map(({ hash }) => hash);
    expect(await hashes('[abc1234](https://example.com/c/abc1234)')).toEqual(['abc1234']);
    expect(await hashes('abc1234, DEF5678')).toEqual(['abc1234', 'DEF5678']);
    expect(await hashes('abc123')).toEqual([]);
    expect(await hashes('PR #1234567x')).toEqual([]);
    expect(await hashes('a'.repeat(41))).toEqual([]);
    expect(await hashes('pending')).toEqual([]);
  });
});

describe('missing rows and plans', () => {
  it('reports a session of SESSION.md that no table has', async () => {
    const found = await checkFor('missing-row', changed(sessionPath, 'session: BE-02', 'session: ZZ-99'));
    expect(found).toMatchObject([
      { path: sessionPath, at: 'ZZ-99', severity: 'warning', message: expect.stringContaining(progressPath) },
    ]);
  });

  it('mentions a session of the plan that has no row', async () => {
    const found = await checkFor('missing-row', changed(progressPath, '| BE-03 | ⬜ Pending | — | — | — |\n', ''));
    expect(found).toMatchObject([{ path: planPath, at: 'BE-03', severity: 'info' }]);
  });

  it('is silent where there is no progress file', async () => {
    expect(await checkFor('missing-row', without(progressPath))).toEqual([]);
  });

  it('reports a plan of SESSION.md that is not there', async () => {
    const found = await checkFor('missing-plan', changed(sessionPath, 'docs/P_PROMPTS.md', 'docs/GONE_PROMPTS.md'));
    expect(found).toMatchObject([
      { path: sessionPath, at: 'docs/GONE_PROMPTS.md', message: expect.stringContaining('BE-02') },
    ]);
  });

  it('reports a link of the progress file that leads nowhere, but no web address', async () => {
    const found = await checkFor('missing-plan', changed(progressPath, '../P_PROMPTS.md', '../Q_PROMPTS.md'));
    expect(found).toMatchObject([{ path: progressPath, at: '../Q_PROMPTS.md' }]);
    expect(
      await checkFor('missing-plan', changed(progressPath, '../P_PROMPTS.md', 'https://example.com/plan.md')),
    ).toEqual([]);
  });
});

describe('a SESSION.md of someone else', () => {
  it('is pointed out with what to do', async () => {
    const found = await checkFor('foreign-session-file', { ...clean, [sessionPath]: '# My notes\n\nText.\n' });
    expect(found).toMatchObject([
      { path: sessionPath, at: '# My notes', severity: 'info', message: expect.stringContaining('--force') },
    ]);
  });
});

describe('any text', () => {
  it('is checked without throwing, every range inside its file and every fix applicable', async () => {
    await fc.assert(
      fc.asyncProperty(documentText, documentText, documentText, async (plan, progress, session) => {
        const files = { [planPath]: plan, [progressPath]: progress, [sessionPath]: session };
        const problems = checkWorkspace(await workspaceOf(files), { unknownCommits: ['abc1234'], liveIsolated: [] });
        for (const { path, diagnostics } of problems) {
          const text = files[path as keyof typeof files] ?? '';
          for (const { range, fix } of diagnostics) {
            expect(range.start).toBeLessThanOrEqual(range.end);
            expect(range.end).toBeLessThanOrEqual(text.length);
            if (fix) expect(applyEdits(text, fix.edits)).not.toBe(text);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
