import type { JSX } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import type { Translate } from '../texts.ts';
import type { ChartProps } from './chartProps.ts';
import { ChartTable } from './chartTable.tsx';
import {
  axisEnd,
  type DurationGroup,
  groupDurations,
  ratioOf,
  type TimedSession,
  timedSessions,
} from './durationStats.ts';
import { type DateTexts, dateTexts, minutesText, nameOf, shorten, workText } from './formatTexts.ts';
import { Patterns } from './stateShape.tsx';
import { percent } from './timelineBars.tsx';

/** So many sessions are drawn; the table has all. */
const mostBars = 24;
const mostGroups = 12;
const rowHeight = 24;
const [barsFrom, barsTo] = [0.2, 0.82];

/** The time per session against its estimate, and what sessions take by model and by repository. */
export function Durations({ sessions, t, locale, onShow }: ChartProps): JSX.Element {
  const id = `durations${useId()}`;
  const dates = dateTexts(locale);
  const timed = useMemo(() => timedSessions(sessions), [sessions]);
  const byModel = useMemo(() => groupDurations(timed, ({ model }) => model), [timed]);
  const byRepository = useMemo(
    () => groupDurations(timed, ({ repository, project }) => repository ?? project),
    [timed],
  );
  const interactive = onShow !== undefined;
  return (
    <section class="chart chart-durations" aria-labelledby={`${id}-title`}>
      <div class="chart-head">
        <h3 id={`${id}-title`}>{t('Time per session')}</h3>
      </div>
      {timed.length === 0 ? (
        <p class="chart-none">{t('No session that is over has a known duration yet.')}</p>
      ) : (
        <>
          <p class="chart-lead">{describeTimes(timed, t, dates)}</p>
          <SessionBars timed={timed} id={id} t={t} />
          <TimesTable timed={timed} interactive={interactive} t={t} dates={dates} />
          <div class="chart-columns">
            <Groups
              title={t('By model')}
              groups={byModel}
              none={t('no model named')}
              t={t}
              dates={dates}
              interactive={interactive}
            />
            <Groups
              title={t('By repository')}
              groups={byRepository}
              none={t('no repository named')}
              t={t}
              dates={dates}
              interactive={interactive}
            />
          </div>
        </>
      )}
    </section>
  );
}

function describeTimes(timed: readonly TimedSession[], t: Translate, dates: DateTexts): string {
  const sum = timed.reduce((total, { minutes }) => total + minutes, 0);
  const taken = t('{0} in {1} sessions.', workText(t, dates, sum), timed.length);
  const ratio = ratioOf(timed);
  return ratio === undefined ? taken : `${taken} ${ratioText(ratio, t, dates)}`;
}

function ratioText(ratio: number, t: Translate, dates: DateTexts): string {
  if (ratio > 9.5) return t('They took {0} times their estimates.', dates.number(ratio));
  const difference = dates.number(Math.abs(ratio - 1) * 100);
  if (difference === '0') return t('They took as long as estimated.');
  return ratio > 1
    ? t('They took {0} % longer than estimated.', difference)
    : t('They took {0} % less than estimated.', difference);
}

interface SessionBarsProps {
  readonly timed: readonly TimedSession[];
  readonly id: string;
  readonly t: Translate;
}

function SessionBars({ timed, id, t }: SessionBarsProps): JSX.Element {
  const shown = timed.slice(0, mostBars);
  const most = axisEnd(shown);
  const height = shown.length * rowHeight + 4;
  const hasEstimate = shown.some(({ estimateMinutes }) => estimateMinutes !== undefined);
  const label = t('Time of the last {0} sessions', shown.length);
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: it scrolls, so it must be reachable by keyboard and have a name. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: as above. */}
      <div class="chart-scroll" role="group" tabIndex={0} aria-label={label}>
        <svg
          class="chart-svg chart-fit-narrow"
          width="100%"
          height={height}
          role="img"
          aria-labelledby={`${id}-name ${id}-desc`}
        >
          <title id={`${id}-name`}>{label}</title>
          <desc id={`${id}-desc`}>{t('A bar for each session; a line across it marks its estimate.')}</desc>
          <Patterns prefix={id} />
          {shown.map((each, index) => (
            <TimeBar key={each.session.key} timed={each} y={index * rowHeight + 4} most={most} prefix={id} t={t} />
          ))}
        </svg>
      </div>
      <p class="chart-note">
        {hasEstimate && `${t('The line across a bar is the estimate; striped is what went beyond it.')} `}
        {shown.length < timed.length &&
          t('The last {0} of {1} are drawn; the table has all.', shown.length, timed.length)}
      </p>
    </>
  );
}

interface TimeBarProps {
  readonly timed: TimedSession;
  /** Pixels. */
  readonly y: number;
  /** Minutes at the end of the axis. */
  readonly most: number;
  /** Of the names of patterns. */
  readonly prefix: string;
  readonly t: Translate;
}

function TimeBar({ timed: { session, minutes, estimateMinutes }, y, most, prefix, t }: TimeBarProps): JSX.Element {
  const x = (value: number): number => barsFrom + Math.min(value / most, 1) * (barsTo - barsFrom);
  const isCut = minutes > most;
  const over = estimateMinutes !== undefined && minutes > estimateMinutes ? x(minutes) - x(estimateMinutes) : 0;
  const value =
    estimateMinutes === undefined
      ? minutesText(t, minutes)
      : t('{0} of {1}', minutesText(t, minutes), minutesText(t, estimateMinutes));
  return (
    <g class={`chart-time chart-state-${session.state}`}>
      <title>{t('{0}: {1}', nameOf(session), value)}</title>
      <text class="chart-name" x={percent(barsFrom - 0.012)} y={y + 13} text-anchor="end">
        {shorten(session.id, 18)}
      </text>
      <rect
        class="chart-bar-fill"
        x={percent(barsFrom)}
        y={y + 2}
        width={percent(x(minutes) - barsFrom - over)}
        height={14}
        rx={2}
      />
      {over > 0 && (
        <>
          <rect class="chart-over" x={percent(x(estimateMinutes ?? 0))} y={y + 2} width={percent(over)} height={14} />
          <rect
            fill={`url(#${prefix}-hatch)`}
            x={percent(x(estimateMinutes ?? 0))}
            y={y + 2}
            width={percent(over)}
            height={14}
          />
        </>
      )}
      <rect
        class="chart-bar-edge"
        x={percent(barsFrom)}
        y={y + 2}
        width={percent(x(minutes) - barsFrom)}
        height={14}
        rx={2}
      />
      {estimateMinutes !== undefined && (
        <line
          class="chart-estimate"
          x1={percent(x(estimateMinutes))}
          x2={percent(x(estimateMinutes))}
          y1={y - 1}
          y2={y + 19}
        />
      )}
      {isCut && (
        <svg x={percent(barsTo)} y={y} aria-hidden="true" class="chart-bar-label">
          <path class="chart-cut" d="M-10 20L-4 -2M-5 20L1 -2" />
        </svg>
      )}
      <text
        class="chart-value"
        x={percent(Math.max(x(minutes), x(Math.min(estimateMinutes ?? 0, most))) + 0.01)}
        y={y + 13}
      >
        {value}
      </text>
    </g>
  );
}

interface GroupsProps {
  readonly title: string;
  readonly groups: readonly DurationGroup[];
  /** Name of the group of sessions that have none. */
  readonly none: string;
  readonly t: Translate;
  readonly dates: DateTexts;
  readonly interactive: boolean;
}

function Groups({ title, groups, none, t, dates, interactive }: GroupsProps): JSX.Element {
  const id = `groups${useId()}`;
  const shown = groups.slice(0, mostGroups);
  const most = shown.reduce((greatest, { medianMinutes }) => Math.max(greatest, medianMinutes), 1);
  const step = 38;
  return (
    <div>
      <h4 id={`${id}-title`}>{title}</h4>
      <svg class="chart-svg" width="100%" height={shown.length * step + 2} role="img" aria-labelledby={`${id}-title`}>
        <title>{title}</title>
        {shown.map(({ name, count, medianMinutes, sumMinutes }, index) => (
          <g key={name ?? ''} class="chart-group-time">
            <text class="chart-name" x="0" y={index * step + 14}>
              {shorten(name ?? none, 26)}
            </text>
            <text class="chart-quiet" x="100%" y={index * step + 14} text-anchor="end">
              {t(
                'median {0} · {1} × · {2} in all',
                minutesText(t, medianMinutes),
                count,
                workText(t, dates, sumMinutes),
              )}
            </text>
            <rect class="chart-track" x="0" y={index * step + 20} width="100%" height="7" rx="3" />
            <rect
              class="chart-median"
              x="0"
              y={index * step + 20}
              width={percent(medianMinutes / most)}
              height="7"
              rx="3"
            />
          </g>
        ))}
      </svg>
      {shown.length < groups.length && (
        <p class="chart-note">{t('{0} more are in the table.', groups.length - shown.length)}</p>
      )}
      <ChartTable
        caption={title}
        head={[t('Name'), t('Sessions'), t('Median'), t('In all'), t('Of estimate')]}
        numeric={[1, 2, 3, 4]}
        items={groups}
        cellsOf={({ name, count, medianMinutes, sumMinutes, toEstimate }) => [
          name ?? none,
          dates.number(count),
          minutesText(t, medianMinutes),
          workText(t, dates, sumMinutes),
          toEstimate === undefined ? '—' : t('{0} %', dates.number(toEstimate * 100)),
        ]}
        interactive={interactive}
        t={t}
      />
    </div>
  );
}

interface TimesTableProps {
  readonly timed: readonly TimedSession[];
  readonly interactive: boolean;
  readonly t: Translate;
  readonly dates: DateTexts;
}

function TimesTable({ timed, interactive, t, dates }: TimesTableProps): JSX.Element {
  return (
    <ChartTable
      caption={t('Time per session')}
      head={[t('ID'), t('Title'), t('Model'), t('Time'), t('Estimate'), t('Of estimate')]}
      numeric={[3, 4, 5]}
      items={timed}
      cellsOf={({ session, minutes, estimateMinutes }) => [
        session.id,
        session.title,
        session.model ?? '—',
        minutesText(t, minutes),
        minutesText(t, estimateMinutes),
        estimateMinutes === undefined ? '—' : t('{0} %', dates.number((minutes / estimateMinutes) * 100)),
      ]}
      interactive={interactive}
      t={t}
    />
  );
}
