import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { BurnUp } from './charts/burnUp.tsx';
import { Durations } from './charts/durations.tsx';
import { dateTexts } from './charts/formatTexts.ts';
import { Timeline } from './charts/timeline.tsx';
import { Button } from './elements.tsx';
import { useLatest } from './hooks.ts';
import type { DashboardHost } from './host.ts';
import type { DashboardSection, DashboardState } from './protocol.ts';
import type { CellResults, ShowRequests } from './results.ts';
import { Agents } from './sections/agents.tsx';
import { isFiltered, noFilter } from './sections/filterBar.tsx';
import { Inbox } from './sections/inbox.tsx';
import { LateWaves } from './sections/lateWaves.tsx';
import { Overview } from './sections/overview.tsx';
import { Problems } from './sections/problems.tsx';
import { Sessions, type SessionsProps } from './sections/sessions.tsx';
import { TaskLists } from './sections/taskLists.tsx';
import type { DashboardModel } from './store.ts';
import { filterSessions } from './table/selectRows.ts';
import { type Tab, Tabs } from './tabs.tsx';
import type { Translate } from './texts.ts';

/** What a screen reader is to say; `count` tells the same text said twice apart. */
export interface Announcement {
  readonly text: string;
  readonly count: number;
}

/** What the dashboard shows, and whom it asks. */
export interface DashboardProps {
  readonly model: DashboardModel;
  readonly t: Translate;
  /** BCP 47 */
  readonly locale: string;
  readonly trusted: boolean;
  readonly host: DashboardHost;
  readonly nowMs: number;
  /** The state that it opens with. */
  readonly initial: DashboardState;
  /** Said to screen readers when it changes. */
  readonly announcement: Announcement;
  readonly results: CellResults;
  readonly shows: ShowRequests;
}

/** The whole dashboard of a folder. */
export function Dashboard(props: DashboardProps): JSX.Element {
  const { model, t, trusted, host, announcement } = props;
  const [state, setState] = useState(props.initial);
  const [shown, setShown] = useState<{ readonly key: string }>();
  const latest = useRef({ state, model });
  latest.current = { state, model };
  const onState = (change: Partial<DashboardState>): void => {
    const next = { ...latest.current.state, ...change };
    latest.current = { ...latest.current, state: next };
    setState(next);
    host.setState(next);
  };
  const onShow = (key: string): void => {
    const session = latest.current.model.byKey.get(key);
    if (session === undefined) return;
    const isHidden = isFiltered(latest.current.state) && filterSessions([session], latest.current.state).length === 0;
    const isOtherState = latest.current.state.states.length > 0 && !latest.current.state.states.includes(session.state);
    onState({ section: 'sessions', ...(isHidden || isOtherState ? noFilter : {}) });
    setShown({ key });
  };
  const show = useLatest(onShow);
  useEffect(() => {
    const subscription = props.shows(({ section, key }) => {
      if (section !== undefined) onState({ section });
      if (key !== undefined) show.current(key);
    });
    return () => subscription.dispose();
  }, [props.shows]);
  const { snapshot } = model;
  const tabs = tabsOf(props);
  const section = tabs.some((tab) => tab.section === state.section) ? state.section : 'overview';
  const context = { ...{ t, model, trusted, host, state, onState, onShow }, locale: props.locale, nowMs: props.nowMs };
  return (
    <div class="dashboard">
      <header class="head">
        <h1>{snapshot.name}</h1>
        <Tabs
          label={t('Parts of the dashboard')}
          tabs={tabs}
          chosen={section}
          onChoose={(chosen) => onState({ section: chosen })}
        />
        <Button secondary onClick={() => host.post({ v: 1, kind: 'exportReport' })}>
          {t('Export Report…')}
        </Button>
      </header>
      {!trusted && (
        <p class="note">
          {t(
            'Restricted Mode: sessions can be looked at and edited, but nothing is started until you trust this folder.',
          )}
        </p>
      )}
      <main>
        <div
          id={`panel-${section}`}
          role="tabpanel"
          class={`panel panel-${section}`}
          aria-labelledby={`tab-${section}`}
        >
          {section === 'overview' && <Problems {...context} />}
          <Panel {...context} section={section} shown={shown} results={props.results} />
        </div>
      </main>
      <div class="hidden-text" aria-live="polite" role="log">
        <p key={announcement.count}>{announcement.text}</p>
      </div>
    </div>
  );
}

function tabsOf({ t, model, locale }: DashboardProps): readonly Tab[] {
  const { snapshot } = model;
  const number = dateTexts(locale).number;
  const counted = (count: number): { readonly count?: string } => (count === 0 ? {} : { count: number(count) });
  return [
    { section: 'overview', label: t('Overview') },
    { section: 'sessions', label: t('Sessions'), ...counted(snapshot.sessions.length) },
    { section: 'timeline', label: t('Timeline') },
    { section: 'charts', label: t('Charts') },
    { section: 'taskLists', label: t('Task Lists'), ...counted(snapshot.taskLists.length) },
    ...(snapshot.agents === undefined || snapshot.agents.length === 0
      ? []
      : [{ section: 'agents' as const, label: t('Agents'), ...counted(snapshot.agents.length) }]),
    ...(hasWaves(snapshot)
      ? [{ section: 'waves' as const, label: t('Waves'), ...counted(snapshot.waves?.length ?? 0) }]
      : []),
    ...(snapshot.inbox.length === 0
      ? []
      : [{ section: 'inbox' as const, label: t('Inbox'), ...counted(snapshot.inbox.length) }]),
  ];
}

function hasWaves({ waves = [], pastWaves = [] }: DashboardModel['snapshot']): boolean {
  return waves.length + pastWaves.length > 0;
}

type PanelProps = SessionsProps & { readonly section: DashboardSection; readonly onShow: (key: string) => void };

function Panel(props: PanelProps): JSX.Element {
  const { section, model, nowMs, t, locale, onShow } = props;
  const { sessions, projects } = model.snapshot;
  const chart = { sessions, projects, nowMs, t, locale, onShow };
  switch (section) {
    case 'overview':
      return <Overview {...props} />;
    case 'sessions':
      return <Sessions {...props} />;
    case 'timeline':
      return (
        <>
          <h2 class="hidden-text">{t('Timeline')}</h2>
          <Timeline {...chart} />
        </>
      );
    case 'charts':
      return (
        <>
          <h2 class="hidden-text">{t('Charts')}</h2>
          <BurnUp {...chart} />
          <Durations {...chart} />
        </>
      );
    case 'taskLists':
      return <TaskLists {...props} />;
    case 'agents':
      return <Agents {...props} />;
    case 'waves':
      return <LateWaves {...props} />;
    case 'inbox':
      return <Inbox {...props} />;
  }
}
