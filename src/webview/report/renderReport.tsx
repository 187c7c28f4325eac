import type { JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { DashboardSession, DashboardSnapshot } from '../../core/model/dashboard.ts';
import { type ReportOptions, reportGenerator } from '../../core/model/report.ts';
import { BurnUp } from '../charts/burnUp.tsx';
import type { ChartProps } from '../charts/chartProps.ts';
import chartStyles from '../charts/charts.css';
import { Durations } from '../charts/durations.tsx';
import { dateTexts, usableTime } from '../charts/formatTexts.ts';
import { NextUp } from '../charts/nextUp.tsx';
import { Timeline } from '../charts/timeline.tsx';
import { WaveRuns } from '../charts/waveRuns.tsx';
import { createTranslate, type Translate } from '../texts.ts';
import { WaveBoard } from '../waves/waveBoard.tsx';
import waveStyles from '../waves/waves.css';
import reportStyles from './report.css';
import { Open, Overview, type PartProps, Projects, SessionTables, TaskLists } from './reportSections.tsx';

/** Renders the report: one HTML document with its styles in it, that needs no other file and has no script. */
export function renderReport(snapshot: DashboardSnapshot, { locale, texts }: ReportOptions): string {
  const t = createTranslate(texts ?? {});
  const drawable = { ...snapshot, sessions: snapshot.sessions.map(withUsableTimes) };
  const body = renderToString(<Report snapshot={drawable} t={t} dates={dateTexts(locale)} locale={locale} />);
  const title = renderToString(<title>{titleOf(snapshot, t)}</title>);
  return `<!doctype html>
<html lang="${texts === undefined ? 'en' : escapeAttribute(locale)}">
<head>
<meta charset="utf-8">
<meta name="generator" content="${reportGenerator}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
${title}
<style>
${reportStyles}
${chartStyles}
${waveStyles}
</style>
</head>
<body>
${body}
</body>
</html>
`;
}

function escapeAttribute(text: string): string {
  return text.replaceAll(/[^\w-]/g, '');
}

function titleOf({ name, projects }: DashboardSnapshot, t: Translate): string {
  const [only, ...others] = projects;
  return t('{0}: progress', others.length === 0 && only !== undefined ? only.name : name);
}

/** Times that no calendar can show are as unknown as absent ones. */
function withUsableTimes(session: DashboardSession): DashboardSession {
  const { startedMs, endedMs, ...rest } = session;
  const [start, end] = [usableTime(startedMs), usableTime(endedMs)];
  return { ...rest, ...(start !== undefined && { startedMs: start }), ...(end !== undefined && { endedMs: end }) };
}

function Report(props: PartProps): JSX.Element {
  const { snapshot, t, dates, locale } = props;
  const { sessions, projects, takenMs } = snapshot;
  const charts: ChartProps = { sessions, projects, nowMs: takenMs, t, locale };
  const zone = new Intl.DateTimeFormat('en').resolvedOptions().timeZone;
  return (
    <main class="report">
      <header>
        <h1>{titleOf(snapshot, t)}</h1>
        <p>{t('{0}, as of {1}', snapshot.name, dates.moment(takenMs))}</p>
      </header>
      {sessions.length > 0 && <Overview {...props} />}
      <Projects {...props} />
      <section aria-labelledby="report-plan">
        <h2 id="report-plan">{t('Plan')}</h2>
        <NextUp {...charts} />
      </section>
      <section aria-labelledby="report-progress">
        <h2 id="report-progress">{t('Progress')}</h2>
        <Timeline {...charts} />
        <BurnUp {...charts} />
        <Durations {...charts} />
      </section>
      <Waves {...props} />
      <TaskLists {...props} />
      <Open {...props} />
      {sessions.length > 0 && <SessionTables {...props} />}
      <footer>{t('Made by Baton from the state files of {0}. Times are those of {1}.', snapshot.name, zone)}</footer>
    </main>
  );
}

/** Runs as they stand: nothing can be done with them here. */
function Waves({ snapshot, t, locale }: PartProps): JSX.Element | null {
  const { waves = [], pastWaves = [], takenMs } = snapshot;
  if (waves.length + pastWaves.length === 0) return null;
  return (
    <section aria-labelledby="report-waves">
      <h2 id="report-waves">{t('Waves')}</h2>
      {waves.map((run) => (
        <WaveBoard key={run.id} run={run} t={t} locale={locale} nowMs={takenMs} trusted={false} />
      ))}
      <WaveRuns runs={pastWaves} t={t} locale={locale} interactive={false} />
    </section>
  );
}
