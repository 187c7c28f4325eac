import type { JSX } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import type { PastWaveRun } from '../../core/model/waves/shownRun.ts';
import type { Translate } from '../texts.ts';
import { ChartTable } from './chartTable.tsx';
import { type DateTexts, dateTexts, minutesText, shorten, workText } from './formatTexts.ts';
import { Patterns } from './stateShape.tsx';
import { percent } from './timelineBars.tsx';

/** So many runs are drawn; the table has all. */
const mostBars = 16;
const rowHeight = 26;
const [barsFrom, barsTo] = [0.26, 0.7];

export interface WaveRunsProps {
  /** The latest last. */
  readonly runs: readonly PastWaveRun[];
  readonly t: Translate;
  /** BCP 47 */
  readonly locale: string;
  readonly interactive: boolean;
}

/** How long past wave runs took, what was tried again in them, which agents went in circles, and what they cost. */
export function WaveRuns({ runs, t, locale, interactive }: WaveRunsProps): JSX.Element | null {
  const id = `waveRuns${useId()}`;
  const dates = dateTexts(locale);
  const latest = useMemo(() => runs.toReversed(), [runs]);
  if (latest.length === 0) return null;
  const shown = latest.slice(0, mostBars);
  const most = shown.reduce((greatest, { minutes }) => Math.max(greatest, minutes), 1);
  const label = t('Duration of the last {0} wave runs', shown.length);
  return (
    <section class="chart chart-waves" aria-labelledby={`${id}-title`}>
      <div class="chart-head">
        <h3 id={`${id}-title`}>{t('Past wave runs')}</h3>
      </div>
      <p class="chart-lead">{describeRuns(latest, t, dates)}</p>
      {/* biome-ignore lint/a11y/useSemanticElements: it scrolls, so it must be reachable by keyboard and have a name. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: as above. */}
      <div class="chart-scroll" role="group" tabIndex={0} aria-label={label}>
        <svg
          class="chart-svg chart-fit-narrow"
          width="100%"
          height={shown.length * rowHeight + 4}
          role="img"
          aria-labelledby={`${id}-name ${id}-desc`}
        >
          <title id={`${id}-name`}>{label}</title>
          <desc id={`${id}-desc`}>
            {t(
              'A bar for each run, the latest first; behind it what was tried again, what went in circles, and the cost.',
            )}
          </desc>
          <Patterns prefix={id} />
          {shown.map((run, index) => (
            <RunBar
              key={`${run.label} ${run.startedMs}`}
              run={run}
              y={index * rowHeight + 4}
              most={most}
              t={t}
              id={id}
            />
          ))}
        </svg>
      </div>
      <p class="chart-note">
        {shown.some(({ completed }) => !completed) && `${t('Striped: aborted or failed.')} `}
        {shown.length < latest.length &&
          t('The last {0} of {1} are drawn; the table has all.', shown.length, latest.length)}
      </p>
      <RunsTable runs={latest} t={t} dates={dates} interactive={interactive} />
    </section>
  );
}

function describeRuns(runs: readonly PastWaveRun[], t: Translate, dates: DateTexts): string {
  const sum = (of: (run: PastWaveRun) => number): number => runs.reduce((total, run) => total + of(run), 0);
  const costs = runs.flatMap(({ costUsd }) => costUsd ?? []);
  const facts = [
    t(
      '{0} in {1} wave runs.',
      workText(
        t,
        dates,
        sum(({ minutes }) => minutes),
      ),
      runs.length,
    ),
    t(
      '{0} retries, {1} agents in circles.',
      sum(({ retries = 0 }) => retries),
      sum(({ spirals }) => spirals),
    ),
    ...(costs.length === 0 ? [] : [t('Cost: {0}.', dollars(costs.reduce((total, one) => total + one, 0)))]),
  ];
  return facts.join(' ');
}

function RunBar(props: {
  readonly run: PastWaveRun;
  /** Pixels. */
  readonly y: number;
  /** Minutes at the end of the axis. */
  readonly most: number;
  /** Of the names of patterns. */
  readonly id: string;
  readonly t: Translate;
}): JSX.Element {
  const { run, y, most, id, t } = props;
  const width = Math.max(0.002, (run.minutes / most) * (barsTo - barsFrom));
  const place = { x: percent(barsFrom), y: y + 3, width: percent(width), height: 14 };
  const facts = factsOf(run, t);
  return (
    <g class={`chart-time chart-state-${run.completed ? 'done' : 'failed'}`}>
      <title>{t('{0}: {1}', run.label, facts.join(', '))}</title>
      <text class="chart-name" x={percent(barsFrom - 0.012)} y={y + 14} text-anchor="end">
        {shorten(run.label, 30)}
      </text>
      <rect class="chart-bar-fill" {...place} rx={2} />
      {!run.completed && <rect fill={`url(#${id}-hatch)`} {...place} />}
      <rect class="chart-bar-edge" {...place} rx={2} />
      <text class="chart-value" x={percent(barsFrom + width + 0.01)} y={y + 14}>
        {facts.join(' · ')}
      </text>
    </g>
  );
}

function factsOf({ minutes, retries = 0, spirals, costUsd }: PastWaveRun, t: Translate): readonly string[] {
  return [
    minutesText(t, minutes),
    ...(retries > 0 ? [t('{0} retries', retries)] : []),
    ...(spirals > 0 ? [t('{0} in circles', spirals)] : []),
    ...(costUsd === undefined ? [] : [dollars(costUsd)]),
  ];
}

function RunsTable(props: {
  readonly runs: readonly PastWaveRun[];
  readonly t: Translate;
  readonly dates: DateTexts;
  readonly interactive: boolean;
}): JSX.Element {
  const { runs, t, dates, interactive } = props;
  return (
    <ChartTable
      caption={t('Past wave runs')}
      head={[
        t('Run'),
        t('Started'),
        t('Duration'),
        t('Waves'),
        t('Agents'),
        t('Retries'),
        t('In circles'),
        t('Cost'),
        t('Ended'),
      ]}
      numeric={[2, 3, 4, 5, 6, 7]}
      items={runs}
      cellsOf={(run) => [
        run.label,
        dates.moment(run.startedMs),
        minutesText(t, run.minutes),
        dates.number(run.waves),
        dates.number(run.agents),
        run.retries === undefined ? '—' : dates.number(run.retries),
        dates.number(run.spirals),
        run.costUsd === undefined ? '—' : dollars(run.costUsd),
        run.completed ? t('completed') : t('aborted or failed'),
      ]}
      interactive={interactive}
      t={t}
    />
  );
}

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}
