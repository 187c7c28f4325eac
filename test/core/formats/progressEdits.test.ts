import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, type TextEdit } from '../../../src/core/base/textEdit.ts';
import { BatonError } from '../../../src/core/errors.ts';
import { parseProgress } from '../../../src/core/formats/progress.ts';
import { planBlockerAdd, planBlockerResolve, planDecisionAdd } from '../../../src/core/formats/progressBlockers.ts';
import { planRowAdd, planRowUpdate, type RowAddress, type RowCells } from '../../../src/core/formats/progressEdits.ts';
import { planMetricsRefresh } from '../../../src/core/formats/progressMetrics.ts';
import { planNoteAppend } from '../../../src/core/formats/progressNotes.ts';
import { newProgressFile } from '../../../src/core/formats/progressTemplate.ts';
import { writeStatus } from '../../../src/core/model/sessionStatus.ts';
import { cellText, dedent } from '../markdown/support.ts';

const path = 'docs/progress/PIPELINE_PROGRESS.md';
const now = { year: 2026, month: 2, day: 3, hour: 9, minute: 5, offsetMinutes: 60 };

const file = newProgressFile({
  project: 'Pipeline',
  startedAt: { ...now, month: 1, day: 4 },
  branch: 'feature/pipeline',
  plan: '../PIPELINE PROMPTS.md',
  repositories: [
    {
      name: 'api',
      sections: [
        {
          title: 'Week 1',
          rows: [
            { id: 'BE-01', title: 'Set up' },
            { id: 'BE-02', title: 'a | b' },
          ],
        },
        { title: 'Week 2', rows: [{ id: 'BE-03' }, { id: 'BE-04' }] },
      ],
    },
    { name: 'web', sections: [{ rows: [{ id: 'FE-01' }] }] },
  ],
});

/** Applies what `plan` plans, and sees that planning it again on the result changes nothing. */
function edit(text: string, plan: (text: string) => TextEdit[]): string {
  const after = applyEdits(text, plan(text));
  expect(plan(after)).toEqual([]);
  return after;
}

function update(text: string, address: RowAddress, cells: RowCells): string {
  return edit(text, (current) => planRowUpdate(current, path, address, cells));
}

function lineOf(text: string, start: string): string | undefined {
  return text.split(/\r\n|\n|\r/).find((line) => line.startsWith(start));
}

function refusal(run: () => unknown): BatonError {
  try {
    run();
  } catch (error) {
    if (BatonError.is(error)) return error;
    throw error;
  }
  throw new Error('not refused');
}

describe('a new progress file', () => {
  it('is read back as it was meant', () => {
    const { value, diagnostics } = parseProgress(file, path);
    expect(diagnostics).toEqual([]);
    expect(value).toMatchObject({
      project: 'Pipeline',
      planLink: '../PIPELINE PROMPTS.md',
      started: '2026-01-04 09:05',
      branch: 'feature/pipeline',
    });
    expect(
      value.tables.map(({ repository, section, rows }) => [
        repository,
        section,
        rows.map(({ id, title }) => [id, title]),
      ]),
    ).toEqual([
      [
        'api',
        'Week 1',
        [
          ['BE-01', 'Set up'],
          ['BE-02', 'a | b'],
        ],
      ],
      [
        'api',
        'Week 2',
        [
          ['BE-03', undefined],
          ['BE-04', undefined],
        ],
      ],
      ['web', undefined, [['FE-01', undefined]]],
    ]);
    expect(value.tables.flatMap(({ rows }) => rows.map(({ status }) => status.status))).toEqual(
      Array(5).fill('pending'),
    );
  });

  it('has rows that the reference script finds', () => {
    expect(file).toMatch(/\| BE-04 \|[^|]+\|[^|]+\|[^|]+\|[^|]+\|/);
  });
});

describe('updating a row', () => {
  const done: RowCells = { status: writeStatus('done'), completed: '2026-02-03 09:05', commit: 'abc1234' };

  it('changes one line and keeps the rest', () => {
    const after = update(file, { id: 'BE-03' }, { ...done, started: '2026-02-03 08:00' });
    expect(lineOf(after, '| BE-03')).toBe('| BE-03 | ✅ Done | 2026-02-03 08:00 | 2026-02-03 09:05 | abc1234 | — |');
    const changed = after.split('\n').filter((line, index) => line !== file.split('\n')[index]);
    expect(changed).toHaveLength(1);
  });

  it('never empties the start', () => {
    const started = update(file, { id: 'BE-03' }, { started: '2026-02-03 08:00' });
    expect(update(started, { id: 'BE-03' }, { started: '', completed: '' })).toBe(started);
    expect(update(started, { id: 'BE-03' }, { started: '—' })).toBe(started);
  });

  it('writes times as the other rows have them', () => {
    const table = (first: string): string =>
      `| Session | Status | Started | Completed |\n|-|-|-|-|\n| A-1 | done | ${first} | - |\n| A-2 | wip | | |\n`;
    expect(lineOf(update(table('01-02 10:00'), { id: 'A-2' }, { started: '2026-02-03 08:00' }), '| A-2')).toContain(
      '| 02-03 08:00 |',
    );
    expect(lineOf(update(table('01-02 10:00'), { id: 'A-2' }, done), '| A-2')).toContain('| 02-03 09:05 |');
    expect(lineOf(update(table('Nov 17, 2025'), { id: 'A-2' }, done), '| A-2')).toContain('| Feb 3, 2026 |');
    expect(lineOf(update(table('soon'), { id: 'A-2' }, done), '| A-2')).toContain('| 2026-02-03 09:05 |');
    expect(lineOf(update(table('01-02 10:00'), { id: 'A-2' }, { completed: 'later' }), '| A-2')).toContain('| later |');
  });

  it('dates a row that has only one date', () => {
    const text = '| Session | Status | Date |\n|-|-|-|\n| A-1 | todo | |\n';
    const started = update(text, { id: 'A-1' }, { started: '2026-02-01 08:00' });
    expect(lineOf(started, '| A-1')).toBe('| A-1 | todo | 2026-02-01 08:00 |');
    expect(lineOf(update(started, { id: 'A-1' }, { ...done, started: '2026-02-02 08:00' }), '| A-1')).toBe(
      '| A-1 | ✅ Done | 2026-02-03 09:05 |',
    );
  });

  it('writes only into columns that the table has, wherever they are', () => {
    const text =
      '| Hash | x | State | Session |\r\n|:-|-|-|-|\r\n|  ``  | `a || b` |  todo| A-1 |\r\n| h | `a || b` | todo | A-2 |';
    expect(update(text, { id: 'A-2' }, done)).toBe(
      text.replace('| h | `a || b` | todo |', '| abc1234 | `a || b` | ✅ Done |'),
    );
  });

  it('never touches a table of something else, though it names the session', () => {
    const text = edit(file, (current) =>
      planDecisionAdd(current, path, { date: '2026-02-03', session: 'BE-01', decision: 'x' }),
    );
    expect(lineOf(update(text, { id: 'BE-01' }, done), '| 2026-02-03')).toBe('| 2026-02-03 | BE-01 | x | — |');
  });

  it('adds the cells that a short row lacks', () => {
    const text = '| Session | Status | Commit | Notes |\n|-|-|-|-|\n| A-1 |\n';
    expect(update(text, { id: 'A-1' }, { commit: 'abc1234' })).toBe(
      '| Session | Status | Commit | Notes |\n|-|-|-|-|\n| A-1 |  | abc1234 |\n',
    );
  });

  it('finds rows in padded tables, and rows with formatted IDs', () => {
    const text = '| Session ID   | Status      |\n| ------------ | ----------- |\n| **`A-1`**    | In Progress |\n';
    expect(update(text, { id: 'A-1' }, { status: writeStatus('done') })).toContain('| **`A-1`**    | ✅ Done |');
  });

  it('refuses an unknown session and names the nearest', () => {
    const error = refusal(() => planRowUpdate(file, path, { id: 'BE-O3' }, done));
    expect(error).toMatchObject({ code: 'unknown-session', data: { id: 'BE-O3' } });
    expect(error.hint).toContain('BE-03');
    expect(refusal(() => planRowUpdate(file, path, { id: 'BE-03', repository: 'web' }, done)).code).toBe(
      'unknown-session',
    );
  });

  it('refuses to choose between two rows, unless the repository is named', () => {
    const text = file.replace('| FE-01 |', '| BE-03 |');
    const error = refusal(() => planRowUpdate(text, path, { id: 'BE-03' }, done));
    expect(error.code).toBe('ambiguous-session');
    const lines = text.split('\n').flatMap((line, index) => (line.startsWith('| BE-03') ? [index + 1] : []));
    expect(error.data).toMatchObject({ lines });
    const after = update(text, { id: 'BE-03', repository: 'web' }, done);
    expect(
      after
        .split('\n')
        .filter((line) => line.startsWith('| BE-03'))
        .map((line) => line.includes('✅')),
    ).toEqual([false, true]);
  });

  it('reads back what it wrote, in any table', () => {
    const roleNames = ['Status', 'Started', 'Completed', 'Commit', 'Notes', 'Branch', 'Other'];
    const columns = fc.shuffledSubarray(roleNames, { minLength: 1 }).filter((names) => names.includes('Status'));
    const value = fc.oneof(
      fc.constantFrom('a | b', 'x', '**y**', '`c`', '2026-02-03 09:05', '🔁 Retry'),
      fc.string({ maxLength: 8 }),
    );
    const cell = cellText.filter((text) => !text.includes('`') && !text.endsWith('\\'));
    fc.assert(
      fc.property(
        columns,
        fc.nat(6),
        fc.array(fc.array(cell, { minLength: 7, maxLength: 7 }), { minLength: 1, maxLength: 4 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        value,
        value,
        (names, at, rows, ending, notes, commit) => {
          const place = at % (names.length + 1);
          const withId = (cells: string[], id: string): string =>
            `|${[...cells.slice(0, place), id, ...cells.slice(place, names.length)].join('|')}|`;
          const lines = [
            withId(names, 'Session'),
            `|${'---|'.repeat(names.length + 1)}`,
            ...rows.map((cells, index) => withId(cells, ` A-${index} `)),
          ];
          const text = `\uFEFF# X${ending}${ending}${lines.join(ending)}${ending}${ending}tail`;
          const after = update(text, { id: 'A-0' }, { status: writeStatus('retry'), notes, commit });
          const [table] = parseProgress(after, path).value.tables;
          const row = table?.rows.find(({ id }) => id === 'A-0');
          expect(row?.status.status).toBe('retry');
          const line = parseProgress(text, path).value.tables[0]?.rows.find(({ id }) => id === 'A-0')?.range;
          expect(after.startsWith(text.slice(0, line?.start))).toBe(true);
          expect(after.endsWith(text.slice(line?.end))).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('adding a row', () => {
  it('puts it last into the table of its repository and section', () => {
    const after = edit(file, (text) =>
      planRowAdd(text, path, { id: 'BE-05', repository: 'api', section: 'Week 1' }, { title: 'New' }),
    );
    const rows = parseProgress(after, path).value.tables.map((table) => table.rows.map(({ id }) => id));
    expect(rows).toEqual([['BE-01', 'BE-02', 'BE-05'], ['BE-03', 'BE-04'], ['FE-01']]);
    expect(lineOf(after, '| BE-05')).toBe('| BE-05 | ⬜ Pending | — | — | — | New | — |');
  });

  it("takes the repository's last table where no section is named or known", () => {
    for (const address of [
      { id: 'BE-05', repository: 'api' },
      { id: 'BE-05', repository: 'api', section: 'Week 9' },
    ]) {
      const after = edit(file, (text) => planRowAdd(text, path, address));
      expect(parseProgress(after, path).value.tables[1]?.rows.map(({ id }) => id)).toEqual(['BE-03', 'BE-04', 'BE-05']);
    }
  });

  it('goes on counting a number column, and fills one that is the ID', () => {
    const counted = '| # | Session | Status |\n|-|-|-|\n| 09 | A-1 | done |';
    expect(edit(counted, (text) => planRowAdd(text, path, { id: 'A-2' }))).toBe(
      `${counted}\n| 10 | A-2 | ⬜ Pending |`,
    );
    const numbered = '| # | Session | Status |\r\n|-|-|-|\r\n| 01 | Set it up | ✅ |\r\n';
    expect(edit(numbered, (text) => planRowAdd(text, path, { id: '02' }, { title: 'Go on' }))).toBe(
      `${numbered}| 02 | Go on | ⬜ Pending |\r\n`,
    );
  });

  it('refuses where there is no table for it, and an ID that none can be', () => {
    expect(refusal(() => planRowAdd('# X\n', path, { id: 'A-1' }))).toMatchObject({ code: 'no-progress' });
    const error = refusal(() => planRowAdd(file, path, { id: 'A-1', repository: 'ios' }));
    expect(error.code).toBe('no-progress');
    expect(error.hint).toContain('api, web');
    expect(refusal(() => planRowAdd(file, path, { id: 'A 1' })).code).toBe('invalid-argument');
  });
});

describe('notes', () => {
  it("go under the session in its repository's notes", () => {
    const after = edit(file, (text) =>
      planNoteAppend(text, { id: 'BE-03', title: 'Third' }, ['- [09:05] Checkpoint: x']),
    );
    expect(after).toContain(
      '### Session Notes\n\n#### BE-03: Third\n\n- [09:05] Checkpoint: x\n\n---\n\n## Repository: web',
    );
    const again = edit(after, (text) => planNoteAppend(text, { id: 'BE-03' }, ['- [10:00] more']));
    expect(again).toContain('- [09:05] Checkpoint: x\n- [10:00] more\n');
    const other = edit(again, (text) => planNoteAppend(text, { id: 'BE-01' }, ['first']));
    expect(other).toContain('- [10:00] more\n\n#### BE-01\n\nfirst\n\n---');
    expect(parseProgress(other, path).value.tables).toHaveLength(3);
  });

  it('make the section where it is missing', () => {
    const text = '# X\r\n\r\n## Status\r\n\r\n| Session | Status |\r\n|-|-|\r\n| A-1 | done |';
    expect(edit(text, (current) => planNoteAppend(current, { id: 'A-1' }, ['x']))).toBe(
      `${text}\r\n\r\n## Session Notes\r\n\r\n### A-1\r\n\r\nx`,
    );
  });

  it('follow a file that has them as bullets', () => {
    const text = '| Session | Status |\n|-|-|\n| A-1 | done |\n\n### Notes\n\n- A-0: first\n\n## End\n';
    expect(edit(text, (current) => planNoteAppend(current, { id: 'A-1' }, ['- [09:05] x', 'y']))).toBe(
      text.replace('- A-0: first\n', '- A-0: first\n- A-1: [09:05] x\n  y\n'),
    );
  });

  it('never change the structure of the file, whatever they say', () => {
    const hostile = [
      '# Heading',
      '```js',
      'open fence',
      '<!-- open comment',
      '| Session | Status |',
      '|---|---|',
      '| BE-01 | ❌ |',
      '---',
      '====',
      '<<<<<<< x',
      '<script>',
      'a\r\nb',
      '~~~',
      '  ## x',
      '> q',
      '- [ ] box',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...hostile), { minLength: 1, maxLength: 8 }),
        fc.constantFrom('BE-03', 'FE-01', 'X-9'),
        (lines, id) => {
          const after = edit(file, (text) => planNoteAppend(text, { id }, lines));
          const read = parseProgress(after, path);
          expect(read.value.tables.map(({ rows }) => rows.map((row) => [row.id, row.status.status]))).toEqual(
            parseProgress(file, path).value.tables.map(({ rows }) => rows.map((row) => [row.id, row.status.status])),
          );
          expect(read.value.project).toBe('Pipeline');
          expect(after).toContain('## Metrics');
          expect(edit(after, (text) => planBlockerAdd(text, path, { text: 'still found' }))).toContain(
            '### Active Blockers\n\n- [ ] still found\n',
          );
        },
      ),
    );
  });
});

describe('blockers and decisions', () => {
  it('are added, resolved with a row, and added once', () => {
    const added = edit(file, (text) => planBlockerAdd(text, path, { session: 'FE-01', text: 'blocked by BE-04' }));
    expect(added).toContain('### Active Blockers\n\n- [ ] FE-01 blocked by BE-04\n\n### Key');
    expect(parseProgress(added, path).value.blockers).toMatchObject([{ session: 'FE-01', checked: false }]);
    const two = edit(added, (text) => planBlockerAdd(text, path, { session: 'BE-01', text: 'no key' }));
    expect(two).toContain('- [ ] FE-01 blocked by BE-04\n- [ ] BE-01: no key\n');
    const resolved = edit(two, (text) =>
      planBlockerResolve(text, path, { blocker: 'no key', resolution: 'got | it', date: '2026-02-03' }),
    );
    expect(resolved).toContain('- [x] BE-01: no key');
    expect(lineOf(resolved, '| 2026-02-03')).toBe('| 2026-02-03 | BE-01 | BE-01: no key | got \\| it |');
  });

  it('are made where the file has no place for them', () => {
    const text = '# X\n\n| Session | Status |\n|-|-|\n| A-1 | done |\n\n## Metrics\n\nnone\n';
    const after = edit(text, (current) => planBlockerAdd(current, path, { text: 'A-1 blocked by B' }));
    expect(after).toContain(
      '| A-1 | done |\n\n## Blockers & Decisions\n\n### Active Blockers\n\n- [ ] A-1 blocked by B\n\n## Metrics',
    );
    const both = edit(after, (current) =>
      planDecisionAdd(current, path, { date: '2026-02-03', session: 'A-1', decision: 'x', rationale: 'y' }),
    );
    expect(both).toContain(
      '- [ ] A-1 blocked by B\n\n### Key Decisions\n\n| Date | Session | Decision | Rationale |\n',
    );
    expect(parseProgress(both, path).value.decisions).toMatchObject([
      { session: 'A-1', decision: 'x', rationale: 'y' },
    ]);
    expect(parseProgress(both, path).value.tables).toHaveLength(1);
  });

  it('fit into a decision table of another form', () => {
    const text = '# X\n\n## Decisions\n\n| Decision | When | Session |\n|-|-|-|\n| a | b | c |\n';
    const after = edit(text, (current) =>
      planDecisionAdd(current, path, { date: '2026-02-03', session: 'A-1', decision: 'x | y' }),
    );
    expect(after).toContain('| a | b | c |\n| x \\| y | — | A-1 |\n');
  });

  it('are refused where it is not clear which is meant', () => {
    const text = '## Blockers\n\n- [ ] A-1: key\n- [ ] A-2: key\n- [x] A-3: old\n';
    const plan = (blocker: string): TextEdit[] => planBlockerResolve(text, path, { blocker, date: 'x' });
    expect(refusal(() => plan('key'))).toMatchObject({ code: 'invalid-argument', data: { lines: [3, 4] } });
    expect(refusal(() => plan('nothing')).hint).toContain('A-2: key');
    expect(refusal(() => plan(''))).toMatchObject({ code: 'invalid-argument' });
    expect(plan('old')).toEqual([]);
    expect(plan('a-2')).toHaveLength(1);
    expect(refusal(() => planBlockerAdd(text, path, { text: ' ' })).code).toBe('invalid-argument');
  });
});

describe('finding a row without reading the others', () => {
  const table = (...rows: readonly string[]) => `| Session | Status |\n|---|---|\n${rows.join('\n')}\n`;

  it.each(['BE\\-04', '**BE**-04', '[BE](x.md)-04', '<b>BE</b>-04', '~~BE-0~~4'])(
    'knows an ID that marks divide: %s',
    (id) => {
      const text = table('| BE-01 | x |', `| ${id} | x |`, '| BE-040 | x |');
      expect(update(text, { id: 'BE-04' }, { status: 'y' })).toBe(text.replace(`${id} | x`, `${id} | y`));
      expect(() => update(`${text}| BE-04 | z |\n`, { id: 'BE-04' }, { status: 'y' })).toThrow(/2 rows .*lines 4, 6/);
    },
  );

  it('does not take the ID in another cell, or in another table, for its row', () => {
    const text = `${table('| BE-01 | BE-04 |')}\n| Metric | Value |\n|---|---|\n| BE-04 | 1 |\n`;
    expect(() => update(text, { id: 'BE-04' }, { status: 'y' })).toThrow(/no row for session BE-04/);
  });
});

describe('a time in a table where no other row has one', () => {
  it('has the form of the row’s other time', () => {
    const text = '| Session | Status | Started | Completed |\n|---|---|---|---|\n| BE-01 | x | 01-02 09:00 | — |\n';
    const after = update(text, { id: 'BE-01' }, { completed: '2026-02-03 09:05' });
    expect(after).toContain('| 01-02 09:00 | 02-03 09:05 |');
  });
});

describe('metrics', () => {
  it('count what is done, and the days', () => {
    const done = update(file, { id: 'BE-01' }, { status: writeStatus('done') });
    const after = edit(done, (text) => planMetricsRefresh(text, path, now));
    expect(after).toContain(
      '| Sessions Completed | 1 / 5 |\n| api Progress | 25% |\n| web Progress | 0% |\n| Days Elapsed | 30 |',
    );
    expect(edit(done, (text) => planMetricsRefresh(text, path))).toContain('| Days Elapsed | 0 |');
  });

  it('keep the form of a value and leave what they do not know', () => {
    const text = dedent(`
      > **Deadline:** 2026-02-10

      | Session | Status |
      |---|---|
      | BE-01 | done |
      | BE-02 | todo |
      | BE-03 | todo |

      | Metric | Note | Value |
      |---|---|---|
      | **Sessions completed** | x | **0/9 (0.0%)** |
      | Total Sessions | | 9 |
      | Sessions Remaining | | 9 left |
      | Days Remaining | | — |
      | Days Elapsed | | 4 days |
      | Coverage | | 81% |
      | Overall Progress | | soon |
    `);
    const after = edit(text, (current) => planMetricsRefresh(current, path, now));
    expect(after.slice(after.indexOf('| Metric'))).toBe(
      dedent(`
      | Metric | Note | Value |
      |---|---|---|
      | **Sessions completed** | x | **1/3 (33.3%)** |
      | Total Sessions | | 3 |
      | Sessions Remaining | | 2 left |
      | Days Remaining | | 7 |
      | Days Elapsed | | 4 days |
      | Coverage | | 81% |
      | Overall Progress | | soon |
    `),
    );
  });

  it('are named after a repository or its prefix, the longer name first', () => {
    const text = dedent(`
      ## Repository: api

      | Session | Status |
      |---|---|
      | BE-01 | done |
      | BE-02 | todo |

      ## Repository: api admin

      | Session | Status |
      |---|---|
      | AD-01 | done |

      ## Metrics

      | Metric | Value |
      |---|---|
      | BE Completion | 0% |
      | api admin | 0% |
      | Bugs in api | 3 |
    `);
    expect(edit(text, (current) => planMetricsRefresh(current, path, now))).toContain(
      '| BE Completion | 50% |\n| api admin | 100% |\n| Bugs in api | 3 |',
    );
  });

  it('change nothing in a file without metrics or sessions', () => {
    expect(planMetricsRefresh('| Metric | Value |\n|-|-|\n| Sessions Completed | 1 / 2 |\n', path, now)).toEqual([]);
    expect(planMetricsRefresh('| Session | Status |\n|-|-|\n| A-1 | done |\n', path, now)).toEqual([]);
  });
});
