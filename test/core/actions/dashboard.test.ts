import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeWorkspace, readDashboard } from '../../../src/core/actions/dashboard.ts';
import type { DashboardSession, DashboardSnapshot } from '../../../src/core/model/dashboard.ts';
import type { LocalTime } from '../../../src/core/ports/clock.ts';
import { workspaceOf } from '../../support/workspaceOf.ts';
import { createProject, planPath, progressPath } from './support.ts';

const zoneMs = 60 * 60_000;
/** Half past twelve on 20 March 2026, an hour east of Greenwich. */
const now: LocalTime = {
  year: 2026,
  month: 3,
  day: 20,
  hour: 12,
  minute: 30,
  second: 0,
  offsetMinutes: 60,
  epochMs: Date.UTC(2026, 2, 20, 12, 30) - zoneMs,
};

const at = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00Z`) - zoneMs;

async function snapshotOf(files: Readonly<Record<string, string>>): Promise<DashboardSnapshot> {
  return describeWorkspace(await workspaceOf(files), { name: 'shop', inbox: [], now });
}

function one(snapshot: DashboardSnapshot, id: string): DashboardSession {
  const found = snapshot.sessions.filter((session) => session.id === id);
  expect(found).toHaveLength(1);
  return found[0] as DashboardSession;
}

const table = (...lines: string[]): Record<string, string> => ({
  [progressPath]: ['# Shop Progress', '', ...lines, ''].join('\n'),
});

describe('the dashboard’s snapshot', () => {
  it('joins plan and table, with states, dependencies and what is next', async () => {
    const project = await createProject();
    const snapshot = await readDashboard(project.context, { name: 'shop' });
    expect(snapshot.projects).toMatchObject([
      { name: 'Shop', progressPath, planPaths: [planPath], total: 4, done: 0, counts: { ready: 2, waiting: 2 } },
    ]);
    expect(snapshot.projects[0]?.columns).toEqual([
      { name: 'Session', role: 'id', editable: false },
      { name: 'Status', role: 'status', editable: true },
      { name: 'Started', role: 'started', editable: false },
      { name: 'Completed', role: 'completed', editable: false },
      { name: 'Commit', role: 'commit', editable: false },
      { name: 'Notes', role: 'notes', editable: true },
    ]);
    expect(one(snapshot, 'A-02')).toMatchObject({
      state: 'waiting',
      week: '1',
      model: 'claude-sonnet-4-5',
      hasPrompt: true,
      hasRow: true,
      waitingFor: ['A-01'],
      dependencies: [{ id: 'A-01', key: one(snapshot, 'A-01').key, state: 'ready', met: false }],
    });
    expect(snapshot.next).toEqual([one(snapshot, 'A-01').key, one(snapshot, 'A-03').key]);
    expect(snapshot.inbox).toEqual([]);
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  });

  it('gives cells as plain text, blank ones as nothing, unknown columns and CRLF included', async () => {
    const text = [
      '\uFEFF# Shop Progress',
      '| Session | Status | Who | Notes | `__proto__` | Who |',
      '|---|---|---|---|---|---|',
      '| **A-1** | ✅ Done | [Åsa](x.md) | a \\| `b` | evil | second |',
      '| A-2 | — | ~~no~~ |',
      '| A-3 | 🟡 Bugs Open | <b>x</b> <img src=x onerror=alert(1)> | – | -- | | surplus |',
    ].join('\r\n');
    const snapshot = await snapshotOf({ [progressPath]: text });
    expect(Object.entries(one(snapshot, 'A-1').cells)).toEqual([
      ['Session', 'A-1'],
      ['Status', '✅ Done'],
      ['Who', 'Åsa'],
      ['Notes', 'a | b'],
      ['__proto__', 'evil'],
    ]);
    expect(one(snapshot, 'A-2').cells).toMatchObject({ Status: '', Who: 'no', Notes: '' });
    expect(one(snapshot, 'A-3')).toMatchObject({ state: 'unknown', cells: { Notes: '' } });
    expect(snapshot.projects[0]?.columns.map(({ name, editable }) => [name, editable])).toEqual([
      ['Session', false],
      ['Status', true],
      ['Who', true],
      ['Notes', true],
      ['__proto__', true],
    ]);
    expect(Object.keys(JSON.parse(JSON.stringify(one(snapshot, 'A-1').cells)))).toContain('__proto__');
  });

  it('reads times in the forms that people use, and how long it took', async () => {
    const snapshot = await snapshotOf(
      table(
        '| Session | Status | Started | Completed | Duration | Estimate | Model |',
        '|---|---|---|---|---|---|---|',
        '| A-1 | ✅ Done | 2026-03-18 09:00 | 2026-03-18 11:45 | — | 2h | opus |',
        '| A-2 | ✅ Done | 03-18 09:00 | 03-19 | | 90 | |',
        '| A-3 | ✅ Done | Nov 17, 2025 | 2025-11-18 08:00 | 1:30 | 1-2 hours | |',
        '| A-4 | 🔄 Active | 12-31 08:00 | 2026-03-18 11:45 | ~45 min | | |',
        '| A-5 | ✅ Done | 2026-03-18 11:00 | 2026-03-18 09:00 | soon | a while | |',
        '| A-6 | ✅ Done | yesterday | 2026-02-30 | | | |',
      ),
    );
    expect(one(snapshot, 'A-1')).toMatchObject({
      startedMs: at('2026-03-18 09:00'),
      endedMs: at('2026-03-18 11:45'),
      durationMinutes: 165,
      estimateMinutes: 120,
      model: 'opus',
    });
    expect(one(snapshot, 'A-1')).not.toHaveProperty('endIsDate');
    const second = one(snapshot, 'A-2');
    expect(second).toMatchObject({ endedMs: at('2026-03-19 23:59'), endIsDate: true, estimateMinutes: 90 });
    expect(second).not.toHaveProperty('durationMinutes');
    expect(one(snapshot, 'A-3')).toMatchObject({ startIsDate: true, durationMinutes: 90, estimateMinutes: 120 });
    // An end stands for nothing while it is worked on; a day that would lie ahead is last year's.
    expect(one(snapshot, 'A-4')).toMatchObject({ startedMs: at('2025-12-31 08:00'), durationMinutes: 45 });
    expect(one(snapshot, 'A-4')).not.toHaveProperty('endedMs');
    expect(one(snapshot, 'A-5')).not.toHaveProperty('durationMinutes');
    expect(one(snapshot, 'A-6')).not.toHaveProperty('startedMs');
    expect(one(snapshot, 'A-6')).not.toHaveProperty('endedMs');
  });

  it('takes a mere date for the end of what is done, and for the start of the rest', async () => {
    const rows = ['| A-1 | Done | 2026-03-18 |', '| A-2 | Active | 2026-03-19 |'];
    const snapshot = await snapshotOf(table('| Session | Status | Date |', '|---|---|---|', ...rows));
    expect(one(snapshot, 'A-1')).toMatchObject({ endedMs: at('2026-03-18 23:59'), endIsDate: true });
    expect(one(snapshot, 'A-1')).not.toHaveProperty('startedMs');
    expect(one(snapshot, 'A-2')).toMatchObject({ startedMs: at('2026-03-19 00:00'), startIsDate: true });
  });

  it('finds the chain that takes longest by the estimates, not the one with most sessions', async () => {
    const snapshot = await snapshotOf(
      table(
        '| Session | Status | Depends on | Estimate |',
        '|---|---|---|---|',
        '| A-0 | ✅ Done | | 99h |',
        '| A-1 | | A-0 | 10m |',
        '| A-2 | | A-1 | 10m |',
        '| A-3 | | A-2 | 10m |',
        '| B-1 | | | 3h |',
        '| B-2 | | B-1 | 3h |',
        '| C-1 | | C-2 | 9h |',
        '| C-2 | | C-1 | 9h |',
        '| D-1 | | C-1, D-1 | 9h |',
      ),
    );
    const path = snapshot.projects[0]?.criticalPath ?? [];
    expect(path.map((key) => snapshot.sessions.find((session) => session.key === key)?.id)).toEqual(['B-1', 'B-2']);
    expect(snapshot.sessions.filter(({ critical }) => critical).map(({ id }) => id)).toEqual(['B-1', 'B-2']);
    const loose = await snapshotOf(table('| Session | Status |', '|---|---|', '| A-1 | |', '| A-2 | |'));
    expect(loose.projects[0]?.criticalPath).toEqual([]);
  });

  it('keeps every session of an ID that is there twice, each with a key of its own', async () => {
    const snapshot = await snapshotOf(
      table(
        '| Session | Status | Depends on |',
        '|---|---|---|',
        '| A-1 | Done | |',
        '| A-1 | | |',
        '| A-2 | | A-1, X-9 |',
      ),
    );
    expect(snapshot.sessions.map(({ id }) => id)).toEqual(['A-1', 'A-1', 'A-2']);
    expect(new Set(snapshot.sessions.map(({ key }) => key)).size).toBe(3);
    expect(one(snapshot, 'A-2').dependencies).toEqual([
      { id: 'A-1', key: snapshot.sessions[0]?.key, state: 'done', met: false },
      { id: 'X-9', state: 'unknown', met: false },
    ]);
  });

  it('says what is active, what blocks, which lists there are, and what cannot be read', async () => {
    const lists = [
      '---',
      'baton: tasks/1',
      'id: sso',
      'title: SSO',
      '---',
      '',
      '| Task | Status | Title | After |',
      '|---|---|---|---|',
      '| t1 | COMPLETE | One | |',
      '| t2 | IN_PROGRESS | Two | t1 |',
      '| t3 | PENDING | Three | |',
      '',
    ].join('\n');
    const blockers = [
      '## Blockers & Decisions',
      '',
      '### Active Blockers',
      '',
      '- [ ] A-02 blocked by A-01',
      '- [x] solved',
      '',
    ];
    const snapshot = await snapshotOf({
      ...table('| Session | Status |', '|---|---|', '| A-01 | 🔄 Active |', '| A-02 | |', '', ...blockers),
      'docs/sessions/SESSION.md':
        '---\nbaton: session/1\nsession: A-01\ntitle: Schema\nstatus: active\nstarted_at: 2026-03-20T11:00:00+01:00\ncheckpoints: 2\n---\n# Active Session: A-01\n\n## Verification Checklist\n\n- [x] one\n- [ ] two\n',
      'docs/tasks/sso.md': lists,
      'docs/progress/BAD_PROGRESS.md':
        '# Bad\n\n<<<<<<< HEAD\n| Session | Status |\n|---|---|\n=======\n>>>>>>> other\n',
    });
    expect(snapshot.active).toMatchObject({
      key: one(snapshot, 'A-01').key,
      startedMs: at('2026-03-20 11:00'),
      checklist: { done: 1, total: 2 },
      checkpoints: 2,
    });
    expect(one(snapshot, 'A-01').activeHere).toBe(true);
    const shop = snapshot.projects.find((project) => project.name === 'Shop');
    expect(shop?.blockers).toMatchObject([{ text: expect.stringContaining('A-02'), session: 'A-02' }]);
    expect(snapshot.taskLists).toMatchObject([
      {
        id: 'sso',
        counts: { pending: 1, inProgress: 1, complete: 1, total: 3 },
        ready: [{ id: 't3', title: 'Three' }],
        inProgress: [{ id: 't2', title: 'Two' }],
      },
    ]);
    expect(snapshot.problems.map(({ path }) => path)).toContain('docs/progress/BAD_PROGRESS.md');
  });

  it('takes whatever text there is in a table', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('|', '\\', '`', '*', '—', 'A-1', ' ', '\n', '\r\n', '<', '9', ':'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 6 }), async (rows) => {
        const lines = rows.map((cells) => `| ${cells.join(' | ')} |`);
        const snapshot = await snapshotOf(table('| ID | Status | Started | Notes |', '|---|---|---|---|', ...lines));
        expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
        expect(new Set(snapshot.sessions.map(({ key }) => key)).size).toBe(snapshot.sessions.length);
      }),
      { numRuns: 60 },
    );
  });
});
