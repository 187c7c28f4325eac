import type { JSX } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import type { DashboardSession } from '../../core/model/dashboard.ts';
import { percentOf } from '../percentOf.ts';
import type { Translate } from '../texts.ts';
import { type BurnUpSeries, burnUpOf, burnUpRows } from './burnUpSeries.ts';
import type { ChartProps } from './chartProps.ts';
import { ChartTable } from './chartTable.tsx';
import { type DateTexts, dateTexts } from './formatTexts.ts';
import { percent } from './timelineBars.tsx';
import { hourMs, roundNumbers, ticksBetween } from './timeScale.ts';

const height = 240;
const [top, bottom] = [14, 28];
const [left, right] = [0.055, 0.96];

/** What was done over time against what is planned, and when all would be done at the pace of late. */
export function BurnUp({ sessions, nowMs, t, locale, onShow }: ChartProps): JSX.Element {
  const id = `burnUp${useId()}`;
  const dates = dateTexts(locale);
  const series = useMemo(() => burnUpOf(sessions, nowMs), [sessions, nowMs]);
  return (
    <section class="chart chart-burn-up" aria-labelledby={`${id}-title`}>
      <div class="chart-head">
        <h3 id={`${id}-title`}>{t('Done against planned')}</h3>
      </div>
      {series === undefined ? (
        <p class="chart-none">{t('No session is done at a known time yet.')}</p>
      ) : (
        <>
          <p class="chart-lead">{describeSeries(series, t, dates)}</p>
          <Drawing series={series} nowMs={nowMs} id={id} t={t} dates={dates} />
          <BurnUpNotes series={series} t={t} />
          <BurnUpTable
            sessions={sessions}
            planned={series.planned}
            interactive={onShow !== undefined}
            t={t}
            dates={dates}
          />
        </>
      )}
    </section>
  );
}

function describeSeries({ done, planned, projection }: BurnUpSeries, t: Translate, dates: DateTexts): string {
  const share = percentOf(done, planned);
  const now = t('{0} of {1} sessions are done ({2} %).', done, planned, share);
  if (done === planned) return now;
  return projection === undefined
    ? `${now} ${t('Too little was done of late to tell when the rest will be.')}`
    : `${now} ${t('If the pace holds ({0} in {1} days), the rest is done about {2}.', projection.done, projection.days, dates.date(projection.ms))}`;
}

interface DrawingProps {
  readonly series: BurnUpSeries;
  readonly nowMs: number;
  readonly id: string;
  readonly t: Translate;
  readonly dates: DateTexts;
}

function Drawing({ series, nowMs, id, t, dates }: DrawingProps): JSX.Element {
  const { planned, done, projection, points } = series;
  const lastMs = Math.max(nowMs, points.at(-1)?.ms ?? nowMs);
  const fromMs = Math.min(series.fromMs, lastMs - hourMs);
  // What lies far ahead would leave no room for what was done.
  const toMs = Math.min(projection?.ms ?? lastMs, lastMs + 2 * (lastMs - fromMs));
  const levels = roundNumbers(planned, 5);
  const most = levels.at(-1) ?? 1;
  const x = (ms: number): number => left + ((ms - fromMs) / (toMs - fromMs)) * (right - left);
  const y = (count: number): number => height - bottom - (count / Math.max(1, most)) * (height - top - bottom);
  return (
    // biome-ignore lint/a11y/useSemanticElements: it scrolls, so it must be reachable by keyboard and have a name.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as above.
    <div class="chart-scroll" role="group" tabIndex={0} aria-label={t('Done against planned')}>
      <svg
        class="chart-svg chart-fit"
        width="100%"
        height={height}
        role="img"
        aria-labelledby={`${id}-name ${id}-desc`}
      >
        <title id={`${id}-name`}>{t('Done against planned')}</title>
        <desc id={`${id}-desc`}>{describeSeries(series, t, dates)}</desc>
        {levels.map((count) => (
          <g key={count} class="chart-tick">
            <line x1={percent(left)} x2={percent(right)} y1={y(count)} y2={y(count)} />
            <text x={percent(left - 0.008)} y={y(count) + 4} text-anchor="end">
              {dates.number(count)}
            </text>
          </g>
        ))}
        {ticksBetween(fromMs, toMs, 8, dates).map(({ ms, label }) => (
          <g key={ms} class="chart-tick">
            <line x1={percent(x(ms))} x2={percent(x(ms))} y1={height - bottom} y2={height - bottom + 5} />
            <text x={percent(x(ms))} y={height - 8} text-anchor="middle">
              {label}
            </text>
          </g>
        ))}
        <Area series={series} fromMs={fromMs} toMs={toMs} lastMs={lastMs} most={most} />
        <g class="chart-planned-line">
          <line x1={percent(left)} x2={percent(right)} y1={y(planned)} y2={y(planned)} />
          <text x={percent(left + 0.01)} y={y(planned) - 5}>
            {t('{0} planned', planned)}
          </text>
        </g>
        {projection && (
          <g class="chart-projection">
            <line x1={percent(x(nowMs))} y1={y(done)} {...projectedEnd(series, nowMs, toMs, x, y)} />
          </g>
        )}
        <g class="chart-now">
          <line x1={percent(x(nowMs))} x2={percent(x(nowMs))} y1={top} y2={height - bottom} />
          <text x={percent(x(nowMs))} y={top - 3} text-anchor="middle">
            {t('today')}
          </text>
        </g>
        <circle class="chart-dot" cx={percent(x(nowMs))} cy={y(done)} r="4" />
        <text
          class="chart-value"
          x={percent(x(nowMs) + (x(nowMs) < 0.2 ? 0.012 : -0.012))}
          y={y(done) - 8}
          text-anchor={x(nowMs) < 0.2 ? 'start' : 'end'}
        >
          {t('{0} done', done)}
        </text>
        {projection && (
          <text class="chart-value" x={percent(right)} y={y(planned) - 5} text-anchor="end">
            {projection.ms <= toMs
              ? t('about {0}', dates.day(projection.ms))
              : t('about {0} →', dates.date(projection.ms))}
          </text>
        )}
      </svg>
    </div>
  );
}

/** Where the dashed line ends: where all is done, or as far as is drawn. */
function projectedEnd(
  { planned, done, projection }: BurnUpSeries,
  nowMs: number,
  toMs: number,
  x: (ms: number) => number,
  y: (count: number) => number,
): { readonly x2: string; readonly y2: number } {
  const endMs = projection?.ms ?? nowMs;
  const share = endMs <= toMs ? 1 : (toMs - nowMs) / (endMs - nowMs);
  return { x2: percent(x(Math.min(endMs, toMs))), y2: y(done + (planned - done) * share) };
}

interface AreaProps {
  readonly series: BurnUpSeries;
  readonly fromMs: number;
  readonly toMs: number;
  readonly lastMs: number;
  readonly most: number;
}

/** The steps of what was done, in a picture of its own that is stretched to the place of the chart's. */
function Area({ series, fromMs, toMs, lastMs, most }: AreaProps): JSX.Element {
  const [wide, high] = [1000, 1000];
  const x = (ms: number): number => Math.round(((ms - fromMs) / (toMs - fromMs)) * wide * 10) / 10;
  const y = (count: number): number => Math.round((1 - count / Math.max(1, most)) * high * 10) / 10;
  const steps = series.points.map(({ ms, done }) => `H${x(ms)}V${y(done)}`).join('');
  const line = `M0 ${y(series.doneWithoutTime)}${steps}H${x(lastMs)}`;
  return (
    <svg
      x={percent(left)}
      y={top}
      width={percent(right - left)}
      height={height - top - bottom}
      viewBox={`0 0 ${wide} ${high}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path class="chart-area" d={`${line}V${high}H0Z`} />
      <path class="chart-steps" d={line} />
    </svg>
  );
}

function BurnUpNotes({ series, t }: { readonly series: BurnUpSeries; readonly t: Translate }): JSX.Element {
  const { doneWithoutTime, projection } = series;
  return (
    <p class="chart-note">
      {t('Planned are the sessions known today.')}
      {projection &&
        ` ${t('The dashed line is a projection from the pace of the last {0} days, no promise.', projection.days)}`}
      {doneWithoutTime > 0 && ` ${t('Done without a known time, counted from the beginning: {0}.', doneWithoutTime)}`}
    </p>
  );
}

interface TableProps {
  readonly sessions: readonly DashboardSession[];
  readonly planned: number;
  readonly interactive: boolean;
  readonly t: Translate;
  readonly dates: DateTexts;
}

function BurnUpTable({ sessions, planned, interactive, t, dates }: TableProps): JSX.Element {
  const { unit, rows } = useMemo(() => burnUpRows(sessions), [sessions]);
  return (
    <ChartTable
      caption={t('Done against planned')}
      head={[unit === 'day' ? t('Day') : t('Week from'), t('Done'), t('Done in all'), t('Left')]}
      numeric={[1, 2, 3]}
      items={rows}
      cellsOf={({ fromMs, done, total }) => [
        dates.date(fromMs),
        dates.number(done),
        dates.number(total),
        dates.number(planned - total),
      ]}
      interactive={interactive}
      t={t}
    />
  );
}
