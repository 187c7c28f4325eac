import type { ComponentChildren, JSX } from 'preact';
import type { DashboardProject, DashboardSession, DashboardSnapshot } from '../../core/model/dashboard.ts';
import { type ShownState, shownStates } from '../../core/model/shownState.ts';
import { burnUpOf } from '../charts/burnUpSeries.ts';
import { type DateTexts, usableMinutes, workText } from '../charts/formatTexts.ts';
import { Legend } from '../charts/stateShape.tsx';
import { percent } from '../charts/timelineBars.tsx';
import { percentOf } from '../percentOf.ts';
import { StateIcon } from '../stateIcon.tsx';
import { stateText } from '../stateTexts.ts';
import { type TableColumn, tableColumns } from '../table/columns.ts';
import type { Translate } from '../texts.ts';

/** What every part of the report gets. */
export interface PartProps {
  readonly snapshot: DashboardSnapshot;
  readonly t: Translate;
  readonly dates: DateTexts;
  readonly locale: string;
}

/** How many sessions are in each state, in the order of filters. */
function countStates(
  sessions: readonly DashboardSession[],
): readonly { readonly state: ShownState; readonly count: number }[] {
  const counts = new Map<ShownState, number>();
  for (const { state } of sessions) counts.set(state, (counts.get(state) ?? 0) + 1);
  return (['done', ...shownStates.filter((state) => state !== 'done')] as const).flatMap((state) => {
    const count = counts.get(state);
    return count === undefined ? [] : [{ state, count }];
  });
}

/** One bar with a part for each state. */
function StateBar({
  sessions,
  t,
}: {
  readonly sessions: readonly DashboardSession[];
  readonly t: Translate;
}): JSX.Element {
  const counts = countStates(sessions);
  const total = Math.max(1, sessions.length);
  const text = counts.map(({ state, count }) => t('{0} {1}', stateText(t, state), count)).join(', ');
  let from = 0;
  return (
    <svg class="report-bar" width="100%" height="14" role="img" aria-label={text}>
      <title>{text}</title>
      {counts.map(({ state, count }) => {
        const left = from;
        from += count / total;
        return (
          <g key={state} class={`chart-state-${state} report-bar-${state}`}>
            <rect x={percent(left)} y="0" width={percent(count / total)} height="14" />
            {left > 0 && <line x1={percent(left)} x2={percent(left)} y1="0" y2="14" />}
          </g>
        );
      })}
    </svg>
  );
}

/** How far it is, in one look. */
export function Overview({ snapshot, t, dates }: PartProps): JSX.Element {
  const { sessions, active } = snapshot;
  const done = sessions.filter(({ state }) => state === 'done').length;
  const of = (...states: readonly ShownState[]): readonly DashboardSession[] =>
    sessions.filter(({ state }) => states.includes(state));
  const [running, ready, needing] = [of('active', 'paused'), of('ready'), of('failed', 'blocked', 'retry')];
  const minutes = sessions.reduce((sum, { durationMinutes }) => sum + (usableMinutes(durationMinutes) ?? 0), 0);
  const projection = burnUpOf(sessions, snapshot.takenMs)?.projection;
  return (
    <section class="chart report-overview" aria-label={t('Overview')}>
      <StateBar sessions={sessions} t={t} />
      <Legend
        items={countStates(sessions).map(({ state, count }) => ({
          state,
          text: t('{0} {1}', stateText(t, state), count),
        }))}
      />
      <dl class="report-facts">
        <Fact name={t('Done')} value={t('{0} %', percentOf(done, sessions.length))}>
          {t('{0} of {1} sessions', dates.number(done), dates.number(sessions.length))}
        </Fact>
        <Fact name={t('Under way')} value={dates.number(running.length)}>
          {running.length === 0 ? t('none') : namesOf(running, active?.key)}
        </Fact>
        <Fact name={t('Ready to start')} value={dates.number(ready.length)}>
          {ready.length === 0 ? t('none') : namesOf(ready)}
        </Fact>
        <Fact name={t('Needs attention')} value={dates.number(needing.length)}>
          {needing.length === 0 ? t('none') : namesOf(needing)}
        </Fact>
        {minutes > 0 && (
          <Fact name={t('Time worked')} value={workText(t, dates, minutes)}>
            {t('as the tables say')}
          </Fact>
        )}
        {projection && (
          <Fact name={t('Done about')} value={dates.day(projection.ms)}>
            {t('if the pace of {0} days holds', projection.days)}
          </Fact>
        )}
      </dl>
    </section>
  );
}

function namesOf(sessions: readonly DashboardSession[], firstKey?: string): string {
  const sorted = [...sessions].sort((a, b) => Number(b.key === firstKey) - Number(a.key === firstKey));
  const ids = sorted.slice(0, 4).map(({ id }) => id);
  return sessions.length > ids.length ? `${ids.join(', ')}, …` : ids.join(', ');
}

interface FactProps {
  readonly name: string;
  readonly value: string;
  readonly children: ComponentChildren;
}

function Fact({ name, value, children }: FactProps): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
        <span>{children}</span>
      </dd>
    </div>
  );
}

/** How far each project is, where there are several, and what blocks them. */
export function Projects({ snapshot, t, dates }: PartProps): JSX.Element | null {
  const { projects, sessions } = snapshot;
  const blockers = projects.flatMap((project) => project.blockers.map((blocker) => ({ project, blocker })));
  if (projects.length < 2 && blockers.length === 0) return null;
  return (
    <section class="chart" aria-labelledby="report-projects">
      <h2 id="report-projects">{projects.length > 1 ? t('Projects') : t('Blockers')}</h2>
      {projects.length > 1 && (
        <ul class="report-projects">
          {projects.map((project) => (
            <li key={project.name}>
              <span>
                <strong>{project.name}</strong>
                <span class="chart-quiet">
                  {t('{0} of {1} done', dates.number(project.done), dates.number(project.total))}
                </span>
              </span>
              <StateBar sessions={sessions.filter((session) => session.project === project.name)} t={t} />
            </li>
          ))}
        </ul>
      )}
      {projects.length > 1 && blockers.length > 0 && <h3>{t('Blockers')}</h3>}
      {blockers.length > 0 && (
        <ul>
          {blockers.map(({ project, blocker: { session, text } }) => (
            <li key={`${project.name} ${text}`}>
              {session !== undefined && !text.includes(session) && <strong>{session} </strong>}
              {text}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Columns that the headings or other parts of the report show. */
const saidElsewhere: ReadonlySet<string> = new Set(['repository', 'section', 'unblocks']);

/** Columns that must not break into lines: what does is for reading, not for comparing. */
const unbroken: ReadonlySet<string> = new Set(['started', 'ended', 'commit', 'duration', 'estimate', 'model', 'week']);

/** A table for each project and repository with every column that has something in it. */
export function SessionTables({ snapshot, t, locale }: PartProps): JSX.Element {
  const { projects, sessions } = snapshot;
  return (
    <section class="chart" aria-labelledby="report-sessions">
      <h2 id="report-sessions">{t('Sessions')}</h2>
      {projects.map((project) => {
        const own = sessions.filter((session) => session.project === project.name);
        const columns = tableColumns([project], own, { t, locale }).filter(({ id }) => !saidElsewhere.has(id));
        return (
          <div key={project.name}>
            {projects.length > 1 && <h3>{project.name}</h3>}
            {groupsOf(project, own).map(([repository, members]) => (
              <SessionTable
                key={repository}
                caption={repository}
                sessions={members}
                columns={columns.filter(({ id, text }) => isWorthShowing(id, members.map(text)))}
                t={t}
              />
            ))}
          </div>
        );
      })}
    </section>
  );
}

/** What says nothing, or the same of all, only takes room. */
function isWorthShowing(id: string, texts: readonly string[]): boolean {
  const different = new Set(texts);
  if (id === 'track' || id === 'week') return different.size > 1;
  return different.size > 1 || !different.has('');
}

/** Sessions by repository, in the order in which they first come. */
function groupsOf(
  project: DashboardProject,
  sessions: readonly DashboardSession[],
): readonly (readonly [repository: string, sessions: readonly DashboardSession[]])[] {
  const groups = new Map<string, DashboardSession[]>();
  for (const session of sessions) {
    const repository = session.repository ?? project.name;
    const same = groups.get(repository);
    if (same) same.push(session);
    else groups.set(repository, [session]);
  }
  return [...groups];
}

interface SessionTableProps {
  readonly caption: string;
  readonly sessions: readonly DashboardSession[];
  readonly columns: readonly TableColumn[];
  readonly t: Translate;
}

function SessionTable({ caption, sessions, columns, t }: SessionTableProps): JSX.Element {
  const done = sessions.filter(({ state }) => state === 'done').length;
  return (
    // biome-ignore lint/a11y/useSemanticElements: it scrolls, so it must be reachable by keyboard and have a name.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as above.
    <div class="chart-scroll" role="group" tabIndex={0} aria-label={t('Sessions of {0}', caption)}>
      <table class="chart-table report-sessions">
        <caption>
          <strong>{caption}</strong> {t('{0} of {1} done', done, sessions.length)}
        </caption>
        <thead>
          <tr>
            {columns.map(({ id, label, numeric }) => (
              <th key={id} scope="col" class={numeric ? 'chart-number' : undefined}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.key}>
              {columns.map((column) => (
                <Cell key={column.id} column={column} session={session} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ column, session }: { readonly column: TableColumn; readonly session: DashboardSession }): JSX.Element {
  const text = column.text(session);
  if (column.id === 'id')
    return (
      <th scope="row" class="report-id">
        {text}
      </th>
    );
  if (column.id === 'state')
    return (
      <td>
        <span class={`report-state chart-state-${session.state}`}>
          <StateIcon state={session.state} />
          {text}
        </span>
      </td>
    );
  if (column.numeric) return <td class="chart-number">{text}</td>;
  return <td class={unbroken.has(column.id) ? 'report-unbroken' : undefined}>{text}</td>;
}

/** Task lists with how far they are and what is next in them. */
export function TaskLists({ snapshot, t, dates }: PartProps): JSX.Element | null {
  const lists = snapshot.taskLists.filter(({ archived }) => !archived);
  if (lists.length === 0) return null;
  return (
    <section class="chart" aria-labelledby="report-tasks">
      <h2 id="report-tasks">{t('Task lists')}</h2>
      {/* biome-ignore lint/a11y/useSemanticElements: it scrolls, so it must be reachable by keyboard and have a name. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: as above. */}
      <div class="chart-scroll" role="group" tabIndex={0} aria-label={t('Task lists')}>
        <table class="chart-table">
          <caption>{t('Open task lists')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('Task list')}</th>
              <th scope="col" class="chart-number">
                {t('Done')}
              </th>
              <th scope="col">{t('In progress')}</th>
              <th scope="col">{t('Ready')}</th>
            </tr>
          </thead>
          <tbody>
            {lists.map(({ id, title, counts, inProgress, ready }) => (
              <tr key={id}>
                <th scope="row">{title === '' ? id : title}</th>
                <td class="chart-number">
                  {t('{0} of {1}', dates.number(counts.complete), dates.number(counts.total))}
                </td>
                <td>{inProgress.map(taskText).join('; ')}</td>
                <td>{ready.map(taskText).join('; ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function taskText({ id, title }: { readonly id: string; readonly title: string }): string {
  return title === '' ? id : `${id} ${title}`;
}

/** What waits for a person, and what could not be read. */
export function Open({ snapshot, t }: PartProps): JSX.Element | null {
  const { inbox, problems } = snapshot;
  if (inbox.length === 0 && problems.length === 0) return null;
  return (
    <section class="chart" aria-labelledby="report-open">
      <h2 id="report-open">{t('Open questions and problems')}</h2>
      <ul>
        {inbox.map(({ id, question, session, blocking }) => (
          <li key={id}>
            {session !== undefined && <strong>{session} </strong>}
            {question}
            {blocking && <span class="chart-quiet"> · {t('work waits for the answer')}</span>}
          </li>
        ))}
        {problems.map(({ path, message }) => (
          <li key={`${path} ${message}`}>
            <code>{path}</code> {message}
          </li>
        ))}
      </ul>
    </section>
  );
}
