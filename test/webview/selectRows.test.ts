import { describe, expect, it } from 'vitest';
import { shownColumns, tableColumns } from '../../src/webview/table/columns.ts';
import { filterSessions, groupRows, sortSessions } from '../../src/webview/table/selectRows.ts';
import { tableCsv } from '../../src/webview/table/tableCsv.ts';
import { english } from '../../src/webview/texts.ts';
import { session, snapshotOf } from './support/snapshots.ts';

const all = { text: '', states: [], project: undefined, repository: undefined, week: undefined };
const context = { t: english, locale: 'en' };
const snapshot = snapshotOf(30);
const columns = tableColumns(snapshot.projects, snapshot.sessions, context);

function column(id: string) {
  const found = columns.find((one) => one.id === id);
  if (found === undefined) throw new Error(`No column ${id}`);
  return found;
}

describe('filterSessions', () => {
  it('wants each word, wherever it stands, in any case', () => {
    const ids = (text: string) => filterSessions(snapshot.sessions, { ...all, text }).map(({ id }) => id);
    expect(ids('BURN be-05')).toEqual(['BE-05']);
    expect(ids('  grace   doc-2 ')).toEqual(['DOC-2']);
    expect(ids('burn nowhere')).toEqual([]);
  });

  it('combines states, repository, week and project', () => {
    const query = { ...all, states: ['done'], repository: 'web', week: '1', project: 'Alpha' };
    expect(filterSessions(snapshot.sessions, query).map(({ id }) => id)).toEqual(['BE-00', 'BE-03', 'BE-06']);
  });
});

describe('sortSessions', () => {
  const ids = (id: string, descending: boolean) =>
    sortSessions(snapshot.sessions, column(id), descending).map((one) => one.id);

  it('takes numbers in IDs as numbers', () => {
    const sessions = ['BE-10', 'BE-9', 'be-2'].map((id, index) => session(index, { id, key: id }));
    expect(sortSessions(sessions, column('id'), false).map(({ id }) => id)).toEqual(['be-2', 'BE-9', 'BE-10']);
  });

  it('puts what has no value last in both directions, and keeps the order of equal ones', () => {
    expect(ids('started', false)[0]).toBe('BE-00');
    expect(ids('started', true)[0]).toBe('BE-13');
    expect(ids('started', true).at(-1)).toBe('DOC-2');
    expect(ids('started', false).slice(-3)).toEqual(['BE-28', 'BE-29', 'DOC-2']);
  });

  it('sorts states by what needs a person first', () => {
    expect(ids('state', false).slice(0, 2)).toEqual(['BE-12', 'BE-15']);
  });
});

describe('groupRows', () => {
  it('puts a heading with its counts before each group, and hides what is closed', () => {
    const rows = groupRows(snapshot.sessions, 'repository', new Set(['group:repository:web']));
    const headings = rows.flatMap((row) => (row.kind === 'group' ? [`${row.label} ${row.done}/${row.total}`] : []));
    expect(headings).toEqual(['web 5/11', 'api 7/21']);
    expect(rows.filter(({ kind }) => kind === 'session')).toHaveLength(21);
    expect(rows[1]?.kind).toBe('group');
  });
});

describe('tableColumns', () => {
  it('brings columns of one meaning together over projects, and keeps those apart that one row has', () => {
    const [project] = snapshot.projects;
    if (project === undefined) throw new Error('No project');
    const other = { ...project, columns: [{ name: 'Remarks', role: 'notes', editable: true } as const] };
    const apart = tableColumns([project, other], snapshot.sessions, context);
    expect(apart.find(({ label }) => label === 'Notes')?.names).toEqual(['Notes', 'Remarks']);
    const both = session(1, { cells: { Notes: 'a', Remarks: 'b' } });
    const labels = tableColumns([project, other], [both], context).map(({ label }) => label);
    expect(labels).toContain('Notes');
    expect(labels).toContain('Remarks');
  });

  it('shows cells as they stand, and what only a plan knows where there is none', () => {
    expect(column('started').text(session(0))).toBe('2026-10-01 08:00');
    const planned = session(0, { cells: {}, hasRow: false, durationMinutes: 90 });
    expect(column('duration').text(planned)).toBe('1 h 30 min');
  });

  it('hides what the person hid, never the ID', () => {
    const ids = shownColumns(columns, { id: false, title: false, week: true }).map(({ id }) => id);
    expect(ids).toContain('id');
    expect(ids).toContain('week');
    expect(ids).not.toContain('title');
  });
});

describe('tableCsv', () => {
  it('quotes, and lets no cell be a formula', () => {
    const csv = tableCsv([column('id'), column('title')], [session(1, { title: '=1+1, "x"' })]);
    expect(csv).toBe('ID,Title\r\nBE-01,"\'=1+1, ""x"""\r\n');
  });
});
