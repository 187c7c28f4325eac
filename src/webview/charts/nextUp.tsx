import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { DashboardProject, DashboardSession } from '../../core/model/dashboard.ts';
import { StateIcon } from '../stateIcon.tsx';
import { stateText } from '../stateTexts.ts';
import type { Translate } from '../texts.ts';
import type { ChartProps } from './chartProps.ts';
import { ChartTable } from './chartTable.tsx';
import { type DateTexts, dateTexts, minutesText, nameOf, usableMinutes, workText } from './formatTexts.ts';

/** So many are shown; the table has all. */
const mostReady = 8;
const mostSteps = 40;

/** What can be started now, what unblocks most first and why, and the longest chain of what is left. */
export function NextUp({ sessions, projects, t, locale, onShow }: ChartProps): JSX.Element {
  const dates = dateTexts(locale);
  const id = `next${useId()}`;
  const ready = rankReady(sessions);
  const shown = ready.slice(0, mostReady);
  const byKey = new Map(sessions.map((session) => [session.key, session]));
  const paths = projects.filter(({ criticalPath }) => criticalPath.length > 0);
  return (
    <section class="chart chart-next" aria-labelledby={`${id}-title`}>
      <div class="chart-head">
        <h3 id={`${id}-title`}>{t('What is next')}</h3>
      </div>
      {ready.length === 0 ? (
        <p class="chart-none">{noneReadyText(sessions, t)}</p>
      ) : (
        <ol class="chart-ready">
          {shown.map((session) => (
            <li key={session.key}>
              <Name session={session} onShow={onShow} />
              <span class="chart-reason">{reasonText(session, t)}</span>
            </li>
          ))}
        </ol>
      )}
      {shown.length < ready.length && (
        <p class="chart-note">{t('{0} more can be started; the table has them.', ready.length - shown.length)}</p>
      )}
      <ReadyTable ready={ready} interactive={onShow !== undefined} t={t} />
      {paths.length > 0 && (
        <>
          <h4>{t('Critical path')}</h4>
          <p class="chart-note">
            {t('The longest chain of sessions that are not done: a delay in it delays the end.')}
          </p>
          {paths.map((project) => (
            <CriticalPath
              key={project.name}
              project={project}
              named={projects.length > 1}
              byKey={byKey}
              t={t}
              dates={dates}
              onShow={onShow}
            />
          ))}
        </>
      )}
    </section>
  );
}

/** Ready sessions: what unblocks most first, then what is critical, then in the order of the plan. */
export function rankReady(sessions: readonly DashboardSession[]): readonly DashboardSession[] {
  return sessions
    .filter(({ state }) => state === 'ready')
    .sort((a, b) => b.unblocksCount - a.unblocksCount || Number(b.critical) - Number(a.critical));
}

function noneReadyText(sessions: readonly DashboardSession[], t: Translate): string {
  if (sessions.length === 0) return t('There are no sessions yet.');
  if (sessions.every(({ state }) => state === 'done')) return t('All sessions are done.');
  const open = sessions.filter(({ state }) => state === 'active' || state === 'paused' || state === 'failed');
  const ids = open.slice(0, 5).map(({ id }) => id);
  return ids.length === 0
    ? t('Nothing can be started now: what is left waits for other sessions.')
    : t('Nothing can be started now: what is left waits for {0}.', ids.join(', '));
}

function reasonText(session: DashboardSession, t: Translate): string {
  const { unblocksCount, unblocks, critical, estimateMinutes, model } = session;
  const reasons: string[] = [];
  if (unblocksCount === 0) reasons.push(t('nothing waits for it'));
  else {
    const direct = unblocks.slice(0, 4).join(', ');
    reasons.push(
      unblocks.length === 0
        ? t('unblocks {0}', unblocksCount)
        : t('unblocks {0}: {1}', unblocksCount, unblocksCount > Math.min(unblocks.length, 4) ? `${direct}, …` : direct),
    );
  }
  if (critical) reasons.push(t('on the critical path'));
  if (usableMinutes(estimateMinutes)) reasons.push(t('estimate {0}', minutesText(t, estimateMinutes)));
  if (model !== undefined) reasons.push(model);
  return reasons.join(' · ');
}

interface NameProps {
  readonly session: DashboardSession;
  readonly onShow: ((key: string) => void) | undefined;
  readonly short?: boolean;
}

function Name({ session, onShow, short = false }: NameProps): JSX.Element {
  const text = (
    <>
      <StateIcon state={session.state} />
      <strong>{session.id}</strong>
      {!short && nameOf(session).slice(session.id.length)}
    </>
  );
  return onShow === undefined ? (
    <span class={`chart-name-of chart-state-${session.state}`}>{text}</span>
  ) : (
    <button
      type="button"
      class={`chart-name-of chart-link chart-state-${session.state}`}
      onClick={() => onShow(session.key)}
    >
      {text}
    </button>
  );
}

interface CriticalPathProps {
  readonly project: DashboardProject;
  /** Show the project's name. */
  readonly named: boolean;
  readonly byKey: ReadonlyMap<string, DashboardSession>;
  readonly t: Translate;
  readonly dates: DateTexts;
  readonly onShow: ((key: string) => void) | undefined;
}

function CriticalPath({ project, named, byKey, t, dates, onShow }: CriticalPathProps): JSX.Element | null {
  const steps = project.criticalPath.flatMap((key) => byKey.get(key) ?? []);
  if (steps.length === 0) return null;
  const shown = steps.slice(0, mostSteps);
  const minutes = steps.reduce((sum, { estimateMinutes }) => sum + (usableMinutes(estimateMinutes) ?? 0), 0);
  const unknown = steps.filter(({ estimateMinutes }) => usableMinutes(estimateMinutes) === undefined).length;
  return (
    <div class="chart-path">
      {named && <h5>{project.name}</h5>}
      <ol>
        {shown.map((session) => (
          <li key={session.key} title={session.title}>
            <Name session={session} onShow={onShow} short />
            <span class="chart-quiet">
              {stateText(t, session.state)}
              {usableMinutes(session.estimateMinutes) !== undefined && ` · ${minutesText(t, session.estimateMinutes)}`}
            </span>
          </li>
        ))}
      </ol>
      <p class="chart-note">
        {t('Sessions: {0}.', steps.length)}
        {minutes > 0 && ` ${t('Estimated in all: {0}.', workText(t, dates, minutes))}`}
        {minutes > 0 && unknown > 0 && ` ${t('Without an estimate: {0}.', unknown)}`}
        {shown.length < steps.length && ` ${t('The first {0} are shown.', shown.length)}`}
      </p>
    </div>
  );
}

interface ReadyTableProps {
  readonly ready: readonly DashboardSession[];
  readonly interactive: boolean;
  readonly t: Translate;
}

function ReadyTable({ ready, interactive, t }: ReadyTableProps): JSX.Element {
  return (
    <ChartTable
      caption={t('Sessions that can be started')}
      head={[t('ID'), t('Title'), t('Repository'), t('Unblocks'), t('Critical path'), t('Estimate'), t('Model')]}
      numeric={[3, 5]}
      items={ready}
      cellsOf={(session) => [
        session.id,
        session.title,
        session.repository ?? session.project,
        String(session.unblocksCount),
        session.critical ? t('yes') : t('no'),
        minutesText(t, session.estimateMinutes),
        session.model ?? '—',
      ]}
      interactive={interactive}
      t={t}
    />
  );
}
