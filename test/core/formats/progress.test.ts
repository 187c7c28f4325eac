import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/textEdit.ts';
import { parseProgress } from '../../../src/core/formats/progress.ts';
import type { Diagnostic, DiagnosticCode } from '../../../src/core/model/diagnostic.ts';
import { dedent, documentText } from '../markdown/support.ts';

const path = 'docs/progress/PIPELINE_PROGRESS.md';

const typical = dedent(`
  # Pipeline Progress

  > **Started:** 2026-01-02 09:00
  > **Branch:** feature/pipeline
  > **Plan:** [the plan](../PIPELINE_PROMPTS.md)

  ## Repository: api

  ### Week 1 (Jan 2–8)

  | Session | Status | Started | Completed | Commit | Notes |
  |---------|--------|---------|-----------|--------|-------|
  | BE-01 | ✅ Done | 01-02 09:00 | 01-02 10:00 | \`abc1234\` | ‖ BE-02 |
  | **[BE-02](x.md)** | 🔄 Active | 01-02 11:00 | — | — | a \\| b |

  ### Week 2

  | Session | Status | Started | Completed | Commit | Notes |
  |---------|--------|---------|-----------|--------|-------|
  | BE-03 | ⬜ | — | — | — | — |

  ## Repository: web

  | Session | Status | Started | Completed | Commit | Notes |
  |---------|--------|---------|-----------|--------|-------|
  | BE-01 | ⬜ Pending |  |  |  |  |

  ## Blockers & Decisions

  ### Active Blockers

  - [ ] FE-01 blocked by BE-06
  - [x] **BE-02:** no key

  ### Key Decisions

  | Date | Session | Decision | Rationale |
  |------|---------|----------|-----------|
  | 2026-01-02 | BE-01 | Use **zod** | small |

  ### Resolved Blockers

  | Date | Session | Blocker | Status |
  |------|---------|---------|--------|
  | 2026-01-02 | BE-01 | x | Done |

  ## Metrics

  | Metric | Value |
  |--------|-------|
  | Sessions Completed | 1 / 4 |
`);

function codes(text: string): DiagnosticCode[] {
  return parseProgress(text, path).diagnostics.map(({ code }) => code);
}

function only(text: string): Diagnostic {
  const [first, second] = parseProgress(text, path).diagnostics;
  if (first === undefined || second !== undefined) throw new Error(`not one problem: ${codes(text).join(', ')}`);
  return first;
}

function ids(text: string): string[] {
  return parseProgress(text, path).value.tables.flatMap(({ rows }) => rows.map(({ id }) => id));
}

describe('reading a progress file', () => {
  it('reads the header lines, tables, blockers and decisions', () => {
    const { value, diagnostics } = parseProgress(typical, path);
    expect(diagnostics).toEqual([]);
    expect(value).toMatchObject({
      project: 'Pipeline',
      planLink: '../PIPELINE_PROMPTS.md',
      branch: 'feature/pipeline',
      started: '2026-01-02 09:00',
    });
    expect(
      value.tables.map(({ repository, section, rows }) => [repository, section, rows.map(({ id }) => id)]),
    ).toEqual([
      ['api', 'Week 1 (Jan 2–8)', ['BE-01', 'BE-02']],
      ['api', 'Week 2', ['BE-03']],
      ['web', undefined, ['BE-01']],
    ]);
    const [done, active] = value.tables[0]?.rows ?? [];
    expect(done).toMatchObject({
      started: '01-02 09:00',
      completed: '01-02 10:00',
      commit: 'abc1234',
      notes: '‖ BE-02',
    });
    expect(done?.status).toMatchObject({ status: 'done', raw: '✅ Done' });
    expect(active).toMatchObject({ notes: 'a | b' });
    expect(active?.completed).toBeUndefined();
    expect(typical.slice(active?.idRange.start, active?.idRange.end)).toBe('BE-02');
    expect(value.blockers.map(({ session, checked, text }) => [session, checked, text])).toEqual([
      ['FE-01', false, 'FE-01 blocked by BE-06'],
      ['BE-02', true, '**BE-02:** no key'],
    ]);
    expect(value.decisions).toMatchObject([
      { date: '2026-01-02', session: 'BE-01', decision: 'Use zod', rationale: 'small' },
    ]);
  });

  it('reads the same with CRLF, a BOM and without final newline', () => {
    const plain = parseProgress(typical, path).value;
    const other = parseProgress(`\uFEFF${typical.trimEnd().replaceAll('\n', '\r\n')}`, path);
    expect(other.diagnostics).toEqual([]);
    const pick = (progress: typeof plain): unknown =>
      progress.tables.map(({ rows }) => rows.map(({ id, status, notes, line }) => [id, status, notes, line]));
    expect(pick(other.value)).toEqual(pick(plain));
  });

  it('reads headings as header lines, and names the project after the file where no heading does', () => {
    const text =
      '# Progress\n\n## Started: 2026-01-02\n## Branch: main\n\n| Session | Status |\n|---|---|\n| A-1 | Done |\n';
    expect(parseProgress(text, path).value).toMatchObject({
      project: 'PIPELINE',
      started: '2026-01-02',
      branch: 'main',
    });
    expect(parseProgress('**Project:** Zed\n', 'progress.md').value.project).toBe('Zed');
    expect(parseProgress('# Zed — Progress Tracker\n', 'x.md').value.project).toBe('Zed');
  });

  it('takes no table in a fence or comment for state', () => {
    const table = '| Session | Status |\n|---|---|\n| A-1 | Done |\n';
    expect(ids(`\`\`\`\n${table}\`\`\`\n\n<!--\n${table}-->\n\n${table.replace('A-1', 'A-2')}`)).toEqual(['A-2']);
  });
});

describe('the columns', () => {
  it('are found by name, in any case and order', () => {
    const [table] = parseProgress(
      '|NOTES|Hash|x|status|After|**Session ID**|\n|-|-|-|-|-|-|\n|n|h|?|wip|A-0|A-1|\n',
      path,
    ).value.tables;
    expect(table?.columns.map(({ role }) => role)).toEqual([
      'notes',
      'commit',
      'other',
      'status',
      'dependencies',
      'id',
    ]);
    expect(table?.rows[0]).toMatchObject({ id: 'A-1', notes: 'n', commit: 'h', dependencies: 'A-0' });
  });

  it('give the ID to "#" where "Session" holds titles', () => {
    const text = dedent(`
      | # | Session | Status | Started |
      |---|---------|--------|---------|
      | 01 | Set things up | ✅ | Nov 17, 2025 |
      | 02 | Configuration | ⏳ | - |
      | 03 | Write the guide | ⏳ | - |
    `);
    const [table] = parseProgress(text, path).value.tables;
    expect(table?.rows.map(({ id, title, started }) => [id, title, started])).toEqual([
      ['01', 'Set things up', 'Nov 17, 2025'],
      ['02', 'Configuration', undefined],
      ['03', 'Write the guide', undefined],
    ]);
  });

  it('give the ID to "Session" where it holds IDs, with marks and prefixes', () => {
    const text = dedent(`
      | # | Session | Status | Commit | Froze |
      |---|---------|--------|--------|-------|
      | 1 | S.C.1 | done | | |
      | 2 | S.C.2 ◆ | done | | |
      | 3 | Session 4½ | wip | | |
      | 4 | ◆ **S.C.5** (parallel) | todo | | |
      | 5 | S.C.6: Last one | todo | | |
    `);
    expect(ids(text)).toEqual(['S.C.1', 'S.C.2', '4½', 'S.C.5', 'S.C.6']);
    expect(parseProgress(text, path).value.tables[0]?.rows.at(-1)?.title).toBe('Last one');
  });

  it('prefer a column that is called ID', () => {
    const [table] = parseProgress('| ID | Session | Status |\n|-|-|-|\n| A-1 | Set up | done |\n', path).value.tables;
    expect(table?.rows[0]).toMatchObject({ id: 'A-1', title: 'Set up' });
  });

  it('make no sessions of placeholders and blank IDs', () => {
    expect(ids('| Session ID | Status |\n|-|-|\n| _(none)_ | - |\n| — | x |\n|  | done |\n| A-1 | done |\n')).toEqual([
      'A-1',
    ]);
    expect(codes('| Session ID | Status |\n|-|-|\n| _(none)_ | - |\n')).toEqual([]);
  });
});

describe('what is not understood', () => {
  const table = (...rows: string[]): string => `| Session | Status | Notes |\n|---|---|---|\n${rows.join('\n')}\n`;

  it('is kept and reported: a status', () => {
    const text = table('| A-1 | 🟡 Bugs Open | n |');
    expect(only(text)).toMatchObject({ code: 'unknown-status', severity: 'warning' });
    expect(text.slice(only(text).range.start, only(text).range.end)).toBe('🟡 Bugs Open');
    expect(parseProgress(text, path).value.tables[0]?.rows[0]?.status).toMatchObject({
      status: undefined,
      raw: '🟡 Bugs Open',
    });
  });

  it('has a fix where icon and word disagree', () => {
    const text = table('| A-1 | ❌ Blocked by X | n |');
    const problem = only(text);
    expect(problem).toMatchObject({ code: 'status-disagrees', fix: { safe: true } });
    const mended = applyEdits(text, problem.fix?.edits ?? []);
    expect(mended).toBe(table('| A-1 | ⛔ Blocked by X | n |'));
    expect(codes(mended)).toEqual([]);
  });

  it('is a second row with the same ID in one repository, not in another', () => {
    const rows = table('| A-1 | done | |', '| A-1 | done | |');
    expect(only(rows)).toMatchObject({ code: 'duplicate-id', severity: 'error' });
    expect(only(rows).message).toContain('line 3');
    expect(codes(`## Repository: a\n\n${table('| A-1 | | |')}\n## Repository: b\n\n${table('| A-1 | | |')}`)).toEqual(
      [],
    );
    expect(codes(`## Repository: a\n\n### W1\n\n${table('| A-1 | | |')}\n### W2\n\n${table('| A-1 | | |')}`)).toEqual([
      'duplicate-id',
    ]);
  });

  it('is a short row, which can be filled', () => {
    const text = table('| A-1 |', '| A-2 | done | n |');
    const problem = only(text);
    expect(problem.message).toContain('"Status", "Notes" are missing');
    expect(applyEdits(text, problem.fix?.edits ?? [])).toBe(table('| A-1 | — | — |', '| A-2 | done | n |'));
    expect(ids(text)).toEqual(['A-1', 'A-2']);
  });

  it('is a long row, which can be joined, or cut where it is empty', () => {
    const text = table('| A-1 | done | a | b |');
    expect(only(text)).toMatchObject({ code: 'malformed-row', fix: { safe: false } });
    expect(applyEdits(text, only(text).fix?.edits ?? [])).toBe(table('| A-1 | done | a \\| b |'));
    const blank = table('| A-1 | done | a |  | |');
    expect(applyEdits(blank, only(blank).fix?.edits ?? [])).toBe(table('| A-1 | done | a |'));
  });

  it('is a pipe in code, which can be escaped', () => {
    const text = table('| A-1 | done | `x || y` |');
    expect(only(text)).toMatchObject({ code: 'malformed-row', fix: { safe: true } });
    const mended = applyEdits(text, only(text).fix?.edits ?? []);
    expect(mended).toBe(table('| A-1 | done | `x \\|\\| y` |'));
    expect(codes(mended)).toEqual([]);
    expect(parseProgress(text, path).value.tables[0]?.rows[0]?.notes).toBe('x || y');
  });

  it('is a text that runs into the table', () => {
    const text = table('| A-1 | done | n |', 'and so on');
    expect(only(text).message).toContain('blank line');
    expect(ids(text)).toEqual(['A-1']);
  });

  it('is an ID with spaces', () => {
    expect(only(table('| Set it up | done | n |')).message).toContain('"Set it up"');
    expect(ids(table('| Set it up | done | n |'))).toEqual([]);
  });

  it('is a conflict that a merge left', () => {
    const text = table('<<<<<<< HEAD', '| A-1 | done | n |', '=======', '| A-1 | wip | n |', '>>>>>>> theirs');
    expect(codes(text).filter((code) => code === 'merge-markers')).toHaveLength(3);
  });

  it('is a file whose tables lack a column, named with what they lack', () => {
    const problem = only(
      '# X\n\n| Gate | Status |\n|---|---|\n| a | done |\n\n| Session | Title |\n|---|---|\n| A-1 | x |\n',
    );
    expect(problem).toMatchObject({ code: 'no-progress-table', severity: 'warning' });
    expect(problem.message).toContain('line 3 (Gate | Status) lacks an ID');
    expect(problem.message).toContain('line 7 (Session | Title) lacks "Status"');
    expect(only('# X\n').message).toContain('no progress table');
  });

  it('is a table of sessions without status beside a real one', () => {
    const text = `${table('| A-1 | done | n |')}\n| Session ID | Reason |\n|---|---|\n| A-2 | x |\n`;
    expect(only(text)).toMatchObject({ code: 'no-progress-table', severity: 'info' });
  });

  it('never makes parsing throw', () => {
    fc.assert(
      fc.property(documentText, (text) => {
        const { value, diagnostics } = parseProgress(text, path);
        for (const { range } of [...diagnostics, ...value.tables.flatMap(({ rows }) => rows)]) {
          expect(range.start).toBeGreaterThanOrEqual(0);
          expect(range.end).toBeLessThanOrEqual(text.length);
          expect(range.end).toBeGreaterThanOrEqual(range.start);
        }
        for (const { fix } of diagnostics) if (fix !== undefined) applyEdits(text, fix.edits);
      }),
      { numRuns: 500 },
    );
  });
});
