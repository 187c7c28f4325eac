import type { DashboardSession } from '../../core/model/dashboard.ts';
import { type ShownState, shownStates } from '../../core/model/shownState.ts';
import type { DashboardState } from '../protocol.ts';
import type { TableColumn } from './columns.ts';

/** Which sessions are asked for. */
export type SessionQuery = Pick<DashboardState, 'project' | 'repository' | 'week' | 'states' | 'text'>;

/** A group's heading, or a session. */
export type TableRow =
  | {
      readonly kind: 'group';
      /** Unique among the rows. */
      readonly key: string;
      /** Empty for sessions that have no such thing. */
      readonly label: string;
      readonly state?: ShownState;
      readonly done: number;
      readonly total: number;
      readonly collapsed: boolean;
    }
  | { readonly kind: 'session'; readonly key: string; readonly session: DashboardSession };

const haystacks = new WeakMap<DashboardSession, string>();

/** Sessions that match; each word of the text must be in the ID, the title, a cell or whatever else the row shows. */
export function filterSessions(
  sessions: readonly DashboardSession[],
  query: SessionQuery,
): readonly DashboardSession[] {
  const words = query.text.toLowerCase().split(/\s+/).filter(Boolean);
  const states = new Set(query.states);
  return sessions.filter(
    (session) =>
      (query.project === undefined || session.project === query.project) &&
      (query.repository === undefined || session.repository === query.repository) &&
      (query.week === undefined || session.week === query.week) &&
      (states.size === 0 || states.has(session.state)) &&
      (words.length === 0 || words.every((word) => haystackOf(session).includes(word))),
  );
}

function haystackOf(session: DashboardSession): string {
  const known = haystacks.get(session);
  if (known !== undefined) return known;
  const { id, title, project, repository, section, model, dependencies, cells } = session;
  const parts = [id, title, project, repository, section, model, ...dependencies.map((one) => one.id)];
  const text = [...parts, ...Object.values(cells)].join('\n').toLowerCase();
  haystacks.set(session, text);
  return text;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Sorts by a column, `BE-2` before `BE-10`; rows without a value stand last in both directions, equal ones in the order of the files. */
export function sortSessions(
  sessions: readonly DashboardSession[],
  column: TableColumn | undefined,
  descending: boolean,
): readonly DashboardSession[] {
  if (column === undefined) return sessions;
  const sign = descending ? -1 : 1;
  return sessions
    .map((session) => ({ session, value: column.sortValue(session) }))
    .sort(({ value: one }, { value: other }) => {
      if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
      if (typeof one === 'number' && typeof other === 'number') return sign * (one - other);
      return sign * collator.compare(String(one), String(other));
    })
    .map(({ session }) => session);
}

/** The rows of the table: headings before their sessions where it is grouped. Groups stand as their first session does, states in their own order. */
export function groupRows(
  sessions: readonly DashboardSession[],
  group: DashboardState['group'],
  collapsed: ReadonlySet<string>,
): readonly TableRow[] {
  if (group === 'none') return sessions.map(sessionRow);
  const groups = new Map<string, DashboardSession[]>();
  for (const session of sessions) {
    const label = session[group] ?? '';
    const members = groups.get(label);
    if (members === undefined) groups.set(label, [session]);
    else members.push(session);
  }
  const entries = [...groups];
  if (group === 'state') entries.sort(([one], [other]) => rank(one) - rank(other));
  return entries.flatMap(([label, members]): TableRow[] => {
    const key = `group:${group}:${label}`;
    const heading: TableRow = {
      kind: 'group',
      key,
      label,
      done: members.filter(({ state }) => state === 'done').length,
      total: members.length,
      collapsed: collapsed.has(key),
      ...(group === 'state' && members[0] !== undefined ? { state: members[0].state } : {}),
    };
    return heading.collapsed ? [heading] : [heading, ...members.map(sessionRow)];
  });
}

function sessionRow(session: DashboardSession): TableRow {
  return { kind: 'session', key: session.key, session };
}

const ranks: ReadonlyMap<string, number> = new Map(shownStates.map((state, index) => [state, index]));

function rank(state: string): number {
  return ranks.get(state) ?? ranks.size;
}

/** Whether each session among the rows is selected. */
export function isAllSelected(rows: readonly TableRow[], selected: ReadonlySet<string>): boolean {
  return rows.every((row) => row.kind === 'group' || selected.has(row.key));
}
