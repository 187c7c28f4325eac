import type { JSX } from 'preact';
import type { DashboardTaskList } from '../../core/model/dashboard.ts';
import { percentOf } from '../percentOf.ts';
import { ProgressBar } from '../progressBar.tsx';
import type { SectionContext } from './context.ts';

/** The task lists with their progress, archived ones at the end. */
export function TaskLists(context: SectionContext): JSX.Element {
  const { t, model } = context;
  const { taskLists } = model.snapshot;
  const open = taskLists.filter(({ archived }) => !archived);
  const archived = taskLists.filter((list) => list.archived);
  return (
    <div class="task-lists">
      <h2 class="hidden-text">{t('Task lists')}</h2>
      {taskLists.length === 0 && (
        <p class="empty-text">{t('There are no task lists. “Baton: New Task List” makes one.')}</p>
      )}
      <ul class="cards">
        {open.map((list) => (
          <TaskListCard key={list.path} {...context} list={list} />
        ))}
      </ul>
      {archived.length > 0 && (
        <details>
          <summary>{t('{0} archived', archived.length)}</summary>
          <ul class="cards">
            {archived.map((list) => (
              <TaskListCard key={list.path} {...context} list={list} />
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function TaskListCard({ t, host, list }: SectionContext & { readonly list: DashboardTaskList }): JSX.Element {
  const { complete, inProgress, total } = list.counts;
  const summary = t('{0} of {1} done, {2} %', complete, total, percentOf(complete, total));
  return (
    <li class="card">
      <h3 class="card-title">
        {host === undefined ? (
          list.title
        ) : (
          <button type="button" class="link" onClick={() => host.post({ v: 1, kind: 'openTaskList', list: list.id })}>
            {list.title}
          </button>
        )}
      </h3>
      <p class="card-sum">
        <span class="session-id">{list.id}</span> · {summary}
        {list.openSession !== undefined && ` · ${t('session {0} is open', list.openSession)}`}
      </p>
      <ProgressBar
        label={t('{0}: {1}', list.title, summary)}
        parts={[
          { name: 'done', count: complete },
          { name: 'active', count: inProgress },
        ]}
        total={total}
      />
      <TaskNames label={t('In progress')} tasks={list.inProgress} />
      <TaskNames label={t('Can be started')} tasks={list.ready} />
    </li>
  );
}

function TaskNames(props: { readonly label: string; readonly tasks: DashboardTaskList['ready'] }): JSX.Element | null {
  const { label, tasks } = props;
  if (tasks.length === 0) return null;
  return (
    <>
      <h4>{label}</h4>
      <ul class="task-names">
        {tasks.map(({ id, title }) => (
          <li key={id}>
            <span class="session-id">{id}</span> {title}
          </li>
        ))}
      </ul>
    </>
  );
}
