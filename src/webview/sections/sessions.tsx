import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { DashboardSession } from '../../core/model/dashboard.ts';
import type { ShownState } from '../../core/model/shownState.ts';
import { dateTexts } from '../charts/formatTexts.ts';
import { Button } from '../elements.tsx';
import { useLatest } from '../hooks.ts';
import type { DashboardHost } from '../host.ts';
import { Menu, type MenuRequest } from '../menu.tsx';
import type { DashboardState, DashboardVerb } from '../protocol.ts';
import type { CellResults } from '../results.ts';
import { type ColumnContext, shownColumns, type TableColumn, tableColumns } from '../table/columns.ts';
import type { Anchor } from '../table/gridEvents.ts';
import { filterSessions, groupRows, sortSessions } from '../table/selectRows.ts';
import { SessionTable } from '../table/sessionTable.tsx';
import { tableCsv } from '../table/tableCsv.ts';
import { BulkBar } from './bulkBar.tsx';
import type { SectionContext } from './context.ts';
import { FilterBar, isFiltered, noFilter } from './filterBar.tsx';
import { rowMenu, stateMenu } from './sessionMenus.tsx';
import { useCellEdits } from './useCellEdits.ts';

/** What the part with the table needs. */
export interface SessionsProps extends SectionContext {
  readonly host: DashboardHost;
  readonly state: DashboardState;
  readonly onState: (change: Partial<DashboardState>) => void;
  readonly results: CellResults;
  /** A row to go to. */
  readonly shown: { readonly key: string } | undefined;
}

/** The progress tables as one: filtered, sorted, grouped, with what can be done. */
export function Sessions(props: SessionsProps): JSX.Element {
  const { t, model, host, state, onState, trusted } = props;
  const { columns, shownOnes } = useColumns(props);
  const { found, rows, counts, collapse } = useRows(props, columns);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [menu, setMenu] = useState<MenuRequest>();
  const editing = useCellEdits({ host, model, columns }, props.results);
  const keepScroll = useScrollKeeper(onState);
  const chosen = useMemo(() => [...selected].flatMap((key) => model.byKey.get(key) ?? []), [selected, model.byKey]);
  const run = (verb: DashboardVerb, keys: readonly string[]): void => host.post({ v: 1, kind: 'run', verb, keys });

  const openStates = (keys: readonly string[], anchor: Anchor): void => {
    const states = new Set(keys.flatMap((key) => model.byKey.get(key)?.state ?? []));
    const [present] = states.size === 1 ? states : [];
    const items = stateMenu(t, present, (status, word) => editing.setStatus(keys, status, word));
    setMenu({ label: t('State'), items, ...placeOf(anchor) });
  };
  const edit = (key: string, column: TableColumn, anchor: Anchor): void => {
    if (column.id === 'state') openStates([key], anchor);
    else editing.begin(key, column);
  };
  const openMenu = (key: string, anchor: Anchor): void => {
    const session = model.byKey.get(key);
    if (session === undefined) return;
    const items = rowMenu({
      ...{ t, session, trusted, columns: shownOnes },
      onRun: (verb) => run(verb, [key]),
      onEdit: (column) => edit(key, column, anchor),
    });
    setMenu({ label: t('Actions for {0}', session.id), items, ...placeOf(anchor) });
  };
  const sortBy = (column: string): void => onState({ sort: nextSort(state.sort, column) });
  const number = dateTexts(props.locale).number;
  const sum = t('{0} of {1} sessions', number(found.length), number(model.snapshot.sessions.length));
  const visible = useMemo(() => new Set(found.map(({ key }) => key)), [found]);
  return (
    <div class="sessions">
      <h2 class="hidden-text">{t('Sessions')}</h2>
      <FilterBar
        {...{ t, state, columns, counts, onState }}
        snapshot={model.snapshot}
        onExport={() => host.post({ v: 1, kind: 'exportCsv', csv: tableCsv(shownOnes, found), name: csvName(state) })}
      />
      <div class="table-line">
        <span role="status">{sum}</span>
        <BulkBar
          {...{ t, trusted }}
          selected={chosen}
          hiddenCount={chosen.filter(({ key }) => !visible.has(key)).length}
          onRun={run}
          onSetState={(anchor) => openStates([...selected], anchor)}
          onClear={() => setSelected(new Set())}
        />
      </div>
      {found.length === 0 ? (
        <NothingFound {...props} />
      ) : (
        <SessionTable
          {...{ t, rows, selected }}
          caption={isFiltered(state) ? t('Sessions, filtered: {0}', sum) : t('Sessions: {0}', sum)}
          columns={shownOnes}
          sessions={model.snapshot.sessions}
          sort={state.sort}
          edits={editing.edits}
          scrollTop={state.scrollTop}
          shown={props.shown}
          onSort={sortBy}
          onToggleGroup={collapse}
          onSelect={setSelected}
          onMenu={openMenu}
          onEdit={edit}
          onCommit={editing.commit}
          onCancel={editing.cancel}
          onScroll={keepScroll}
        />
      )}
      {menu !== undefined && <Menu request={menu} onClose={() => setMenu(undefined)} />}
    </div>
  );
}

function placeOf({ left, top, bottom }: Anchor): Pick<MenuRequest, 'left' | 'top' | 'bottom'> {
  return { left, top, bottom };
}

/** A click sorts upwards, the next one downwards, the third as the files have it. */
function nextSort(sort: DashboardState['sort'], column: string): DashboardState['sort'] {
  if (sort?.column !== column) return { column, descending: false };
  return sort.descending ? undefined : { column, descending: true };
}

function csvName({ project }: DashboardState): string {
  return `${project ?? 'sessions'}.csv`;
}

function useColumns({ t, locale, model, state }: SessionsProps): {
  readonly columns: readonly TableColumn[];
  readonly shownOnes: readonly TableColumn[];
} {
  const { projects, sessions } = model.snapshot;
  const { project } = state;
  // Another list of the same columns would draw every row again.
  const kept = useRef<{ readonly columns: readonly TableColumn[]; readonly locale: string }>({ columns: [], locale });
  const columns = useMemo(() => {
    const wanted = project === undefined ? projects : projects.filter(({ name }) => name === project);
    const own = project === undefined ? sessions : sessions.filter((session) => session.project === project);
    const context: ColumnContext = { t, locale };
    const next = tableColumns(wanted, own, context);
    if (kept.current.locale !== locale || !isSame(kept.current.columns, next)) kept.current = { columns: next, locale };
    return kept.current.columns;
  }, [t, locale, projects, sessions, project]);
  const shownOnes = useMemo(() => shownColumns(columns, state.columns), [columns, state.columns]);
  return { columns, shownOnes };
}

function isSame(one: readonly TableColumn[], other: readonly TableColumn[]): boolean {
  const describe = (columns: readonly TableColumn[]): string => JSON.stringify(columns);
  return one.length === other.length && describe(one) === describe(other);
}

function useRows(props: SessionsProps, columns: readonly TableColumn[]) {
  const { model, state } = props;
  const { sessions } = model.snapshot;
  const { project, repository, week, states, text, sort, group } = state;
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const matching = useMemo(
    () => filterSessions(sessions, { project, repository, week, text, states: [] }),
    [sessions, project, repository, week, text],
  );
  const counts = useMemo(() => countStates(matching), [matching]);
  const found = useMemo(() => {
    const wanted = states.length === 0 ? matching : matching.filter((session) => states.includes(session.state));
    const column = columns.find(({ id }) => id === sort?.column);
    return sortSessions(wanted, column, sort?.descending ?? false);
  }, [matching, states, columns, sort]);
  const rows = useMemo(() => groupRows(found, group, collapsed), [found, group, collapsed]);
  const collapse = useCallback((key: string): void => {
    setCollapsed((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  }, []);
  return { found, rows, counts, collapse };
}

function countStates(sessions: readonly DashboardSession[]): ReadonlyMap<ShownState, number> {
  const counts = new Map<ShownState, number>();
  for (const { state } of sessions) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
}

/** Keeps where the table is scrolled to, once scrolling rests. */
function useScrollKeeper(onState: SessionsProps['onState']): (scrollTop: number) => void {
  const latest = useLatest(onState);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(
    (scrollTop: number) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => latest.current({ scrollTop }), 200);
    },
    [latest],
  );
}

function NothingFound({ t, model, state, onState, host }: SessionsProps): JSX.Element {
  const paths = model.snapshot.projects.flatMap(({ progressPath, planPaths }) => [
    ...(progressPath === undefined ? [] : [progressPath]),
    ...planPaths,
  ]);
  if (isFiltered(state)) {
    return (
      <div class="empty">
        <p>{t('No session matches the filter.')}</p>
        <Button onClick={() => onState(noFilter)}>{t('Clear Filter')}</Button>
      </div>
    );
  }
  return (
    <div class="empty">
      <p>
        {t(
          'There are no sessions yet. A plan (docs/…_PROMPTS.md) defines them, and a row of a progress table is one too.',
        )}
      </p>
      {paths.map((path) => (
        <Button key={path} secondary onClick={() => host.post({ v: 1, kind: 'openFile', path })}>
          {t('Open {0}', path)}
        </Button>
      ))}
    </div>
  );
}
