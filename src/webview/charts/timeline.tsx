import type { JSX } from 'preact';
import { useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { DashboardSession } from '../../core/model/dashboard.ts';
import { type ShownState, shownStates } from '../../core/model/shownState.ts';
import { stateText } from '../stateTexts.ts';
import type { Translate } from '../texts.ts';
import type { ChartProps } from './chartProps.ts';
import { ChartTable } from './chartTable.tsx';
import { type DateTexts, dateTexts, endText, minutesText, shorten, startText } from './formatTexts.ts';
import { isAhead, spanOf } from './sessionSpan.ts';
import { Legend, Patterns } from './stateShape.tsx';
import { Bars, Links, percent } from './timelineBars.tsx';
import { axisHeight, layOutTimeline, type TimelineLayout, type TimelineZoom } from './timelineLayout.ts';

const gutterWidth = 132;

/** The sessions over time: those that were begun by start and end, and behind now those to come, by estimate and dependencies. */
export function Timeline({ sessions, nowMs, t, locale, onShow }: ChartProps): JSX.Element {
  const [zoom, setZoom] = useState<TimelineZoom>('fit');
  const [planned, setPlanned] = useState(true);
  const prefix = `chart${useId()}`;
  const dates = dateTexts(locale);
  const layout = useMemo(
    () => layOutTimeline({ sessions, nowMs, zoom, planned, dates, t }),
    [sessions, nowMs, zoom, planned, dates, t],
  );
  return (
    <section class="chart chart-timeline" aria-labelledby={`${prefix}-title`}>
      <div class="chart-head">
        <h3 id={`${prefix}-title`}>{t('Sessions over time')}</h3>
        {onShow && <Tools zoom={zoom} setZoom={setZoom} planned={planned} setPlanned={setPlanned} t={t} />}
      </div>
      {layout.bars.length === 0 ? (
        <p class="chart-none">{t('No session has a time yet. It appears here when it is started.')}</p>
      ) : (
        <>
          <Drawing layout={layout} zoom={zoom} prefix={prefix} t={t} dates={dates} nowMs={nowMs} onShow={onShow} />
          <Legend items={legendOf(layout, t)} />
        </>
      )}
      <Notes layout={layout} planned={planned} t={t} />
      <TimelineTable sessions={sessions} nowMs={nowMs} interactive={onShow !== undefined} t={t} dates={dates} />
    </section>
  );
}

interface ToolsProps {
  readonly zoom: TimelineZoom;
  readonly setZoom: (zoom: TimelineZoom) => void;
  readonly planned: boolean;
  readonly setPlanned: (planned: boolean) => void;
  readonly t: Translate;
}

function Tools({ zoom, setZoom, planned, setPlanned, t }: ToolsProps): JSX.Element {
  const zooms: readonly (readonly [TimelineZoom, string])[] = [
    ['fit', t('Fit')],
    ['week', t('Week')],
    ['day', t('Day')],
  ];
  return (
    <div class="chart-tools" role="toolbar" aria-label={t('Timeline')}>
      {zooms.map(([each, name]) => (
        <button key={each} type="button" aria-pressed={zoom === each} onClick={() => setZoom(each)}>
          {name}
        </button>
      ))}
      <button type="button" aria-pressed={planned} onClick={() => setPlanned(!planned)}>
        {t('Planned')}
      </button>
    </div>
  );
}

interface DrawingProps {
  readonly layout: TimelineLayout;
  readonly zoom: TimelineZoom;
  readonly prefix: string;
  readonly t: Translate;
  readonly dates: DateTexts;
  readonly nowMs: number;
  readonly onShow: ((key: string) => void) | undefined;
}

function Drawing({ layout, zoom, prefix, t, dates, nowMs, onShow }: DrawingProps): JSX.Element {
  const { groups, bars, links, width } = layout;
  const height = layout.height + 4;
  const scroller = useRef<HTMLDivElement>(null);
  const now = useRef(0);
  now.current = (layout.nowAt ?? 0) * width;
  // What happens now is what people zoom in on; where they scroll from there stays.
  useLayoutEffect(() => {
    const { current } = scroller;
    if (current) current.scrollLeft = zoom === 'fit' ? 0 : now.current - current.clientWidth * 0.6;
  }, [zoom]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: it scrolls, so it must be reachable by keyboard and have a name.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as above.
    <div ref={scroller} class="chart-scroll chart-timeline-scroll" role="group" tabIndex={0} aria-label={t('Timeline')}>
      <svg class="chart-gutter" width={gutterWidth} height={height} aria-hidden="true">
        {groups.map(({ key, label, detail, top }, index) => (
          <g key={key}>
            {index > 0 && <line class="chart-rule" x1="0" x2="100%" y1={top} y2={top} />}
            <text class="chart-group" x="2" y={top + (detail === undefined ? 21 : 15)}>
              {shorten(label, 16)}
            </text>
            {detail !== undefined && (
              <text class="chart-quiet" x="2" y={top + 28}>
                {shorten(detail, 18)}
              </text>
            )}
            <title>{detail === undefined ? label : `${label}, ${detail}`}</title>
          </g>
        ))}
      </svg>
      <svg
        class={`chart-svg${zoom === 'fit' ? ' chart-fit' : ''}`}
        width={zoom === 'fit' ? '100%' : Math.round(width)}
        height={height}
        role={onShow ? 'group' : 'img'}
        aria-labelledby={`${prefix}-name`}
        aria-describedby={`${prefix}-desc`}
      >
        <title id={`${prefix}-name`}>{t('Sessions over time')}</title>
        <desc id={`${prefix}-desc`}>{describeLayout(layout, t, dates, nowMs)}</desc>
        <Patterns prefix={prefix} />
        <Ground layout={layout} height={height} t={t} />
        <Links links={links} prefix={prefix} />
        <Bars bars={bars} prefix={prefix} t={t} dates={dates} {...(onShow && { onShow })} />
      </svg>
    </div>
  );
}

/** What lies behind the bars: the axis, lines between groups, now, and the part that is ahead. */
function Ground({
  layout,
  height,
  t,
}: {
  readonly layout: TimelineLayout;
  readonly height: number;
  readonly t: Translate;
}): JSX.Element {
  const { groups, ticks, nowAt, aheadFrom } = layout;
  return (
    <g>
      {aheadFrom !== undefined && (
        <rect class="chart-ahead" x={percent(aheadFrom)} y={0} width={percent(1 - aheadFrom)} height={height} />
      )}
      {groups.slice(1).map(({ key, top }) => (
        <line key={key} class="chart-rule" x1="0" x2="100%" y1={top} y2={top} />
      ))}
      {ticks.map(({ at, label }) => (
        <g key={`${at} ${label}`} class="chart-tick">
          <line x1={percent(at)} x2={percent(at)} y1={axisHeight - 5} y2={height} />
          <text x={percent(at)} y={axisHeight - 10} text-anchor={at < 0.03 ? 'start' : 'middle'}>
            {label}
          </text>
        </g>
      ))}
      {nowAt !== undefined && (
        <g class="chart-now">
          <line x1={percent(nowAt)} x2={percent(nowAt)} y1={axisHeight - 5} y2={height} />
          <text x={percent(nowAt)} y={axisHeight - 10} text-anchor="middle">
            {t('now')}
          </text>
        </g>
      )}
    </g>
  );
}

function describeLayout({ bars, fromMs }: TimelineLayout, t: Translate, dates: DateTexts, nowMs: number): string {
  const ahead = bars.filter(({ planned }) => planned !== undefined).length;
  const begun = bars.length - ahead;
  const parts: string[] = [];
  if (fromMs !== undefined) {
    parts.push(t('{0} sessions from {1} to {2}.', begun, dates.date(fromMs), dates.date(nowMs)));
    const open = bars.filter(({ span }) => span?.open).map(({ session }) => session.id);
    if (open.length > 0) parts.push(t('Not ended: {0}.', open.slice(0, 10).join(', ')));
  }
  if (ahead > 0) parts.push(t('{0} sessions are to come, placed by their dependencies and estimates.', ahead));
  return parts.join(' ');
}

function legendOf({ bars }: TimelineLayout, t: Translate): { readonly state: ShownState; readonly text: string }[] {
  const counts = new Map<ShownState, number>();
  for (const { session } of bars) counts.set(session.state, (counts.get(session.state) ?? 0) + 1);
  return shownStates.flatMap((state) => {
    const count = counts.get(state);
    return count === undefined ? [] : [{ state, text: t('{0} {1}', stateText(t, state), count) }];
  });
}

function Notes({
  layout,
  planned,
  t,
}: {
  readonly layout: TimelineLayout;
  readonly planned: boolean;
  readonly t: Translate;
}): JSX.Element | null {
  const { bars, leftOut, withoutTime, aheadFrom } = layout;
  const notes: string[] = [];
  if (planned && aheadFrom !== undefined)
    notes.push(
      t('Right of now: hours of work by estimate, as early as dependencies allow. Hollow bars are not started.'),
    );
  if (leftOut > 0)
    notes.push(
      t(
        '{0} of {1} sessions are drawn, those under way and the latest; the table has all.',
        bars.length,
        bars.length + leftOut,
      ),
    );
  if (withoutTime === 1) notes.push(t('1 session was begun without a time that can be understood.'));
  if (withoutTime > 1) notes.push(t('{0} sessions were begun without a time that can be understood.', withoutTime));
  return notes.length === 0 ? null : <p class="chart-note">{notes.join(' ')}</p>;
}

interface TableProps {
  readonly sessions: readonly DashboardSession[];
  readonly nowMs: number;
  readonly interactive: boolean;
  readonly t: Translate;
  readonly dates: DateTexts;
}

function TimelineTable({ sessions, nowMs, interactive, t, dates }: TableProps): JSX.Element {
  return (
    <ChartTable
      caption={t('Sessions over time')}
      head={[
        t('ID'),
        t('Title'),
        t('State'),
        t('Repository'),
        t('Started'),
        t('Ended'),
        t('Time'),
        t('Estimate'),
        t('Depends on'),
      ]}
      numeric={[6, 7]}
      items={sessions}
      cellsOf={(session) => [
        session.id,
        session.title,
        stateText(t, session.state),
        session.repository ?? session.project,
        startText(dates, session),
        endCell(session, nowMs, t, dates),
        minutesText(t, session.durationMinutes),
        minutesText(t, session.estimateMinutes),
        session.dependencies.map(({ id, met }) => (met ? id : t('{0} (not met)', id))).join(', '),
      ]}
      interactive={interactive}
      t={t}
    />
  );
}

function endCell(session: DashboardSession, nowMs: number, t: Translate, dates: DateTexts): string {
  const end = endText(dates, session);
  if (isAhead(session)) return end;
  const span = spanOf(session, nowMs);
  return span?.note === 'endBeforeStart' ? t('{0} (before its start)', end) : end;
}
