import type { DashboardProject, DashboardSession } from '../../core/model/dashboard.ts';
import type { ColumnRole } from '../../core/model/progress.ts';
import { shownStates } from '../../core/model/shownState.ts';
import { dateTexts, endText, minutesText, startText } from '../charts/formatTexts.ts';
import { stateText } from '../stateTexts.ts';
import type { Translate } from '../texts.ts';

/** A column of the table. */
export interface TableColumn {
  /** The same after a reload; `name:<header>` for a column that only the files know. */
  readonly id: string;
  readonly label: string;
  /** Headers in the files whose cells stand in it; a session has at most one of them. */
  readonly names: readonly string[];
  /** What people own: notes, status, columns that Baton does not know. */
  readonly editable: boolean;
  readonly numeric: boolean;
  /** Shown unless the person chose otherwise. */
  readonly usual: boolean;
  /** What stands in the cell; empty where nothing does. */
  text(session: DashboardSession): string;
  /** What it is sorted by; undefined stands last. */
  sortValue(session: DashboardSession): string | number | undefined;
}

/** What the texts of columns need. */
export interface ColumnContext {
  readonly t: Translate;
  readonly locale: string;
}

interface Derived {
  readonly label: string;
  readonly text: (session: DashboardSession) => string;
  readonly sortValue?: (session: DashboardSession) => string | number | undefined;
  readonly numeric?: boolean;
  /** Shown although no file has such a column. */
  readonly usual?: boolean;
}

const stateOrder = new Map(shownStates.map((state, index) => [state, index]));

/**
 * The columns of these projects' tables: ID, title and state, where they stand, every column of the files in the files' order, and what
 * plans know beyond that. Columns of one meaning are one, unless a row has cells in both.
 */
export function tableColumns(
  projects: readonly DashboardProject[],
  sessions: readonly DashboardSession[],
  context: ColumnContext,
): readonly TableColumn[] {
  const derived = derivedColumns(context);
  const fromFiles = fileColumns(projects, sessions);
  const byRole = new Map(fromFiles.filter(({ role }) => role !== 'other').map((column) => [column.role, column]));
  const has = (read: (session: DashboardSession) => unknown): boolean =>
    sessions.some((session) => read(session) !== undefined);
  const leading = [
    fill('id', derived.id, byRole.get('id')),
    fill('title', derived.title, byRole.get('title')),
    fill('state', derived.state, byRole.get('status')),
    ...(projects.length > 1 ? [fill('project', derived.project)] : []),
    ...(has(({ repository }) => repository) ? [fill('repository', derived.repository)] : []),
    ...(has(({ section }) => section) ? [fill('section', derived.section)] : []),
    ...(has(({ week }) => week) ? [fill('week', derived.week)] : []),
    ...(has(({ track }) => track) ? [fill('track', derived.track)] : []),
  ];
  const own = fromFiles.flatMap((column) => fileColumn(column, derived));
  const known: readonly (readonly [ColumnRole, keyof ReturnType<typeof derivedColumns>])[] = [
    ['dependencies', 'dependencies'],
    ['started', 'started'],
    ['completed', 'ended'],
    ['duration', 'duration'],
    ['estimate', 'estimate'],
    ['model', 'model'],
  ];
  const missing = known.filter(
    ([role, id]) => !byRole.has(role) && sessions.some((one) => derived[id].text(one) !== ''),
  );
  return [
    ...leading,
    ...own,
    ...missing.map(([, id]) => fill(id, derived[id])),
    fill('unblocks', derived.unblocks),
    ...(has(({ taskList }) => taskList) ? [fill('taskList', derived.taskList)] : []),
  ];
}

/** Those of the columns that are shown: the usual ones, but for what the person chose. ID always. */
export function shownColumns(
  columns: readonly TableColumn[],
  chosen: Readonly<Record<string, boolean>> = {},
): readonly TableColumn[] {
  return columns.filter(({ id, usual }) => id === 'id' || (Object.hasOwn(chosen, id) ? chosen[id] : usual));
}

/** The header under which the session has a cell in this column; undefined where it has none. */
export function cellName(column: TableColumn, session: DashboardSession): string | undefined {
  return column.names.find((name) => Object.hasOwn(session.cells, name));
}

/** Whether the session's cell in this column can be edited here. */
export function isEditable(column: TableColumn, session: DashboardSession): boolean {
  return column.editable && session.hasRow && (column.id === 'state' || cellName(column, session) !== undefined);
}

interface FileColumn {
  readonly role: ColumnRole;
  readonly names: readonly string[];
  readonly editable: boolean;
}

/** Columns of the files, those that mean the same brought together. */
function fileColumns(projects: readonly DashboardProject[], sessions: readonly DashboardSession[]): FileColumn[] {
  const groups = new Map<string, FileColumn>();
  for (const { name, role, editable } of projects.flatMap(({ columns }) => columns)) {
    const key = role === 'other' ? `name:${name.toLowerCase()}` : role;
    const before = groups.get(key);
    if (before?.names.includes(name)) continue;
    groups.set(key, {
      role,
      names: [...(before?.names ?? []), name],
      editable: (before?.editable ?? true) && editable,
    });
  }
  return [...groups.values()].flatMap((column) => {
    if (!collides(column, sessions)) return [column];
    // The first keeps the meaning, so that the others still stand beside it.
    return column.names.map((name, index) => ({ ...column, role: index === 0 ? column.role : 'other', names: [name] }));
  });
}

function collides({ names }: FileColumn, sessions: readonly DashboardSession[]): boolean {
  return (
    names.length > 1 && sessions.some(({ cells }) => names.filter((name) => Object.hasOwn(cells, name)).length > 1)
  );
}

const idOfRole: Readonly<
  Partial<Record<ColumnRole, 'started' | 'ended' | 'duration' | 'estimate' | 'model' | 'dependencies' | 'commit'>>
> = {
  started: 'started',
  completed: 'ended',
  duration: 'duration',
  estimate: 'estimate',
  model: 'model',
  dependencies: 'dependencies',
  commit: 'commit',
};

function fileColumn(column: FileColumn, derived: ReturnType<typeof derivedColumns>): TableColumn[] {
  const { role, names } = column;
  if (role === 'id' || role === 'title' || role === 'status') return [];
  const cell = (session: DashboardSession): string => cellText(names, session);
  const known = idOfRole[role];
  if (known === undefined) {
    const label = names[0] ?? '';
    return [
      {
        id: `name:${label.toLowerCase()}`,
        label,
        names,
        editable: column.editable,
        numeric: role === 'order',
        usual: true,
        text: cell,
        sortValue: (session) => cell(session) || undefined,
      },
    ];
  }
  return [{ ...fill(known, derived[known], column), label: names[0] ?? derived[known].label, usual: true }];
}

/** Makes a column of what sessions say; where the files have such a column too, its cells stand there as they are. */
function fill(id: string, derived: Derived, column?: FileColumn): TableColumn {
  const names = column?.names ?? [];
  const isOwn = id === 'id' || id === 'title' || id === 'state';
  const text = isOwn
    ? derived.text
    : (session: DashboardSession): string => cellText(names, session) || derived.text(session);
  const sortValue = derived.sortValue ?? ((session: DashboardSession) => text(session) || undefined);
  return {
    id,
    label: derived.label,
    names,
    editable: id === 'state' || (column?.editable ?? false),
    numeric: derived.numeric ?? false,
    usual: derived.usual ?? false,
    text,
    sortValue,
  };
}

function cellText(names: readonly string[], { cells }: DashboardSession): string {
  for (const name of names) if (Object.hasOwn(cells, name)) return cells[name] ?? '';
  return '';
}

type DerivedId =
  | 'id'
  | 'title'
  | 'state'
  | 'project'
  | 'repository'
  | 'section'
  | 'week'
  | 'track'
  | 'dependencies'
  | 'unblocks'
  | 'started'
  | 'ended'
  | 'duration'
  | 'estimate'
  | 'model'
  | 'commit'
  | 'taskList';

function derivedColumns({ t, locale }: ColumnContext): Readonly<Record<DerivedId, Derived>> {
  const dates = dateTexts(locale);
  return {
    id: { label: t('ID'), text: ({ id }) => id, usual: true },
    // A row without a title is titled by its ID, which stands beside it.
    title: { label: t('Title'), text: ({ id, title }) => (title === id ? '' : title), usual: true },
    state: {
      label: t('State'),
      text: ({ state }) => stateText(t, state),
      sortValue: ({ state }) => stateOrder.get(state),
      usual: true,
    },
    project: { label: t('Project'), text: ({ project }) => project, usual: true },
    repository: { label: t('Repository'), text: ({ repository }) => repository ?? '', usual: true },
    section: { label: t('Section'), text: ({ section }) => section ?? '' },
    week: { label: t('Week'), text: ({ week }) => week ?? '' },
    track: { label: t('Track'), text: ({ track }) => track ?? '' },
    dependencies: {
      label: t('Depends on'),
      text: ({ dependencies }) => dependencies.map(({ id }) => id).join(', '),
      usual: true,
    },
    unblocks: {
      label: t('Unblocks'),
      text: ({ unblocksCount }) => (unblocksCount === 0 ? '' : String(unblocksCount)),
      sortValue: ({ unblocksCount }) => unblocksCount,
      numeric: true,
    },
    started: {
      label: t('Started'),
      text: (session) => (session.startedMs === undefined ? '' : startText(dates, session)),
      sortValue: ({ startedMs }) => startedMs,
      usual: true,
    },
    ended: {
      label: t('Ended'),
      text: (session) => (session.endedMs === undefined ? '' : endText(dates, session)),
      sortValue: ({ endedMs }) => endedMs,
      usual: true,
    },
    duration: {
      label: t('Duration'),
      text: ({ durationMinutes }) => (durationMinutes === undefined ? '' : minutesText(t, durationMinutes)),
      sortValue: ({ durationMinutes }) => durationMinutes,
      numeric: true,
      usual: true,
    },
    estimate: {
      label: t('Estimate'),
      text: ({ estimateMinutes }) => (estimateMinutes === undefined ? '' : minutesText(t, estimateMinutes)),
      sortValue: ({ estimateMinutes }) => estimateMinutes,
      numeric: true,
    },
    model: { label: t('Model'), text: ({ model }) => model ?? '' },
    commit: { label: t('Commit'), text: ({ commit }) => commit ?? '' },
    taskList: { label: t('Task list'), text: ({ taskList }) => taskList ?? '' },
  };
}
