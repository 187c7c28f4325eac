import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { DashboardSnapshot } from '../../core/model/dashboard.ts';
import { type ShownState, shownStates } from '../../core/model/shownState.ts';
import { Button, TextField } from '../elements.tsx';
import { useOutside } from '../hooks.ts';
import type { DashboardState } from '../protocol.ts';
import { StateIcon } from '../stateIcon.tsx';
import { stateText } from '../stateTexts.ts';
import { shownColumns, type TableColumn } from '../table/columns.ts';
import type { Translate } from '../texts.ts';
import { groupings } from '../viewState.ts';

/** What the bar above the table shows and changes. */
export interface FilterBarProps {
  readonly t: Translate;
  readonly snapshot: DashboardSnapshot;
  readonly state: DashboardState;
  readonly columns: readonly TableColumn[];
  /** Sessions by state, all other filters applied. */
  readonly counts: ReadonlyMap<ShownState, number>;
  readonly onState: (change: Partial<DashboardState>) => void;
  readonly onExport: () => void;
}

/** Search, choices of project, repository and week, states, grouping, columns, export. */
export function FilterBar(props: FilterBarProps): JSX.Element {
  const { t, snapshot, state, counts, onState, onExport } = props;
  const repositories = valuesOf(snapshot, state, ({ repository }) => repository);
  const weeks = valuesOf(snapshot, state, ({ week }) => week);
  const present = shownStates.filter((name) => (counts.get(name) ?? 0) > 0 || state.states.includes(name));
  return (
    <search class="filter-bar" aria-label={t('Filter sessions')}>
      <div class="filter-line">
        <TextField
          label={t('Search sessions')}
          placeholder={t('Search ID, title, notes…')}
          value={state.text}
          onInput={(text) => onState({ text })}
        />
        {snapshot.projects.length > 1 && (
          <Choice
            label={t('Project')}
            all={t('All projects')}
            values={snapshot.projects.map(({ name }) => name)}
            chosen={state.project}
            onChoose={(project) => onState({ project, repository: undefined, week: undefined })}
          />
        )}
        {repositories.length > 0 && (
          <Choice
            label={t('Repository')}
            all={t('All repositories')}
            values={repositories}
            chosen={state.repository}
            onChoose={(repository) => onState({ repository })}
          />
        )}
        {weeks.length > 0 && (
          <Choice
            label={t('Week')}
            all={t('All weeks')}
            values={weeks}
            text={(week) => t('Week {0}', week)}
            chosen={state.week}
            onChoose={(week) => onState({ week })}
          />
        )}
        <GroupChoice {...props} />
        <ColumnChoice {...props} />
        <Button secondary onClick={onExport}>
          {t('Export CSV…')}
        </Button>
      </div>
      <fieldset class="state-filter">
        <legend class="hidden-text">{t('States')}</legend>
        {present.map((name) => {
          const isOn = state.states.includes(name);
          const states = isOn ? state.states.filter((one) => one !== name) : [...state.states, name];
          return (
            <button key={name} type="button" class="chip" aria-pressed={isOn} onClick={() => onState({ states })}>
              <StateIcon state={name} />
              {stateText(t, name)} <span class="chip-count">{counts.get(name) ?? 0}</span>
            </button>
          );
        })}
        {isFiltered(state) && (
          <button type="button" class="link" onClick={() => onState(noFilter)}>
            {t('Clear filter')}
          </button>
        )}
      </fieldset>
    </search>
  );
}

/** What shows all sessions again. */
export const noFilter: Partial<DashboardState> = {
  text: '',
  states: [],
  project: undefined,
  repository: undefined,
  week: undefined,
};

/** Whether sessions may be hidden by the filter. */
export function isFiltered({ text, states, project, repository, week }: DashboardState): boolean {
  return text.trim() !== '' || states.length > 0 || [project, repository, week].some((value) => value !== undefined);
}

const collator = new Intl.Collator(undefined, { numeric: true });

function valuesOf(
  { sessions }: DashboardSnapshot,
  { project }: DashboardState,
  read: (session: DashboardSnapshot['sessions'][number]) => string | undefined,
): readonly string[] {
  const values = new Set<string>();
  for (const session of sessions) {
    const value = read(session);
    if (value !== undefined && (project === undefined || session.project === project)) values.add(value);
  }
  return [...values].sort(collator.compare);
}

function Choice(props: {
  readonly label: string;
  /** Of the choice that leaves none out. */
  readonly all: string;
  readonly values: readonly string[];
  readonly text?: (value: string) => string;
  readonly chosen: string | undefined;
  readonly onChoose: (value: string | undefined) => void;
}): JSX.Element {
  const { label, all, values, text, chosen, onChoose } = props;
  // The first entry is told by its place: a value may be any text.
  return (
    <select
      class="choice"
      aria-label={label}
      onChange={({ currentTarget: { selectedIndex } }) => onChoose(values[selectedIndex - 1])}
    >
      <option selected={chosen === undefined}>{all}</option>
      {values.map((value) => (
        <option key={value} selected={value === chosen}>
          {text?.(value) ?? value}
        </option>
      ))}
    </select>
  );
}

function GroupChoice({ t, state, onState }: FilterBarProps): JSX.Element {
  const texts: Readonly<Record<DashboardState['group'], string>> = {
    none: t('No groups'),
    repository: t('Group by repository'),
    section: t('Group by section'),
    state: t('Group by state'),
  };
  return (
    <select
      class="choice"
      aria-label={t('Group')}
      onChange={({ currentTarget: { selectedIndex } }) => onState({ group: groupings[selectedIndex] ?? 'none' })}
    >
      {groupings.map((group) => (
        <option key={group} selected={group === state.group}>
          {texts[group]}
        </option>
      ))}
    </select>
  );
}

function ColumnChoice({ t, columns, state, onState }: FilterBarProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useOutside(box, () => setOpen(false));
  const shown = new Set(shownColumns(columns, state.columns).map(({ id }) => id));
  const close = (): void => {
    setOpen(false);
    box.current?.querySelector<HTMLElement>('vscode-button')?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape anywhere inside closes it, the keys themselves are its buttons'
    <div
      class="column-choice"
      ref={box}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && isOpen) close();
      }}
    >
      <Button secondary expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {t('Columns')}
      </Button>
      {isOpen && (
        <fieldset class="column-list">
          <legend>{t('Columns that are shown')}</legend>
          {columns.map(({ id, label }) => (
            <label key={id} class="column-box">
              <input
                type="checkbox"
                class="select-box"
                checked={shown.has(id)}
                disabled={id === 'id'}
                onChange={({ currentTarget: { checked } }) => onState({ columns: { ...state.columns, [id]: checked } })}
              />
              {label}
            </label>
          ))}
          <button type="button" class="link" onClick={() => onState({ columns: {} })}>
            {t('Show the usual columns')}
          </button>
        </fieldset>
      )}
    </div>
  );
}
