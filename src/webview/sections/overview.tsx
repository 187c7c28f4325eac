import type { JSX } from 'preact';
import type { DashboardActive, DashboardProject } from '../../core/model/dashboard.ts';
import { type ShownState, shownStates } from '../../core/model/shownState.ts';
import { actionsFor, verbText } from '../actions.ts';
import { dateTexts, minutesText } from '../charts/formatTexts.ts';
import { NextUp } from '../charts/nextUp.tsx';
import { Button } from '../elements.tsx';
import { percentOf } from '../percentOf.ts';
import { ProgressBar } from '../progressBar.tsx';
import type { DashboardVerb } from '../protocol.ts';
import { StateIcon } from '../stateIcon.tsx';
import { stateText } from '../stateTexts.ts';
import type { SectionContext } from './context.ts';

/** The first part: the active session, the projects, what is next, and what stands in the way. */
export function Overview(context: SectionContext): JSX.Element {
  const { t, locale, model, nowMs, onShow } = context;
  const { snapshot } = model;
  return (
    <div class="overview">
      {snapshot.active !== undefined && <ActiveCard {...context} active={snapshot.active} />}
      <section aria-labelledby="projects-title">
        <h2 id="projects-title">{t('Projects')}</h2>
        <ul class="cards">
          {snapshot.projects.map((project) => (
            <ProjectCard key={project.progressPath ?? project.name} {...context} project={project} />
          ))}
        </ul>
      </section>
      <section aria-labelledby="next-title">
        <h2 id="next-title" class="hidden-text">
          {t('What to do')}
        </h2>
        <NextUp
          {...{ t, locale, nowMs }}
          sessions={snapshot.sessions}
          projects={snapshot.projects}
          {...(onShow === undefined ? {} : { onShow })}
        />
      </section>
    </div>
  );
}

const activeVerbs: readonly DashboardVerb[] = ['checkpoint', 'verify', 'complete', 'pause', 'openSessionFile'];

function ActiveCard(props: SectionContext & { readonly active: DashboardActive }): JSX.Element {
  const { t, locale, model, nowMs, host, trusted, onShow, active } = props;
  const { key, checklist } = active;
  const session = key === undefined ? undefined : model.byKey.get(key);
  const actions = session === undefined ? [] : actionsFor(t, session, trusted);
  const facts = [
    ...(active.startedMs === undefined
      ? []
      : [
          t('started {0}', dateTexts(locale).moment(active.startedMs)),
          t('running for {0}', minutesText(t, Math.max(0, nowMs - active.startedMs) / 60_000)),
        ]),
    active.checkpoints === 1 ? t('1 checkpoint') : t('{0} checkpoints', active.checkpoints),
  ];
  return (
    <section class="active-card" aria-labelledby="active-title">
      <h2 id="active-title" class="active-head">
        <StateIcon state="active" />
        <span class="active-word">{t('Active session')}</span>
        {key === undefined || onShow === undefined ? (
          <span class="session-id">{active.id}</span>
        ) : (
          <button type="button" class="link session-id" onClick={() => onShow(key)}>
            {active.id}
          </button>
        )}
        <span class="active-title">{active.title}</span>
      </h2>
      <p class="facts">{facts.join(' · ')}</p>
      {checklist.total > 0 && (
        <div class="bar-line">
          <ProgressBar
            label={t('{0} of {1} checked', checklist.done, checklist.total)}
            parts={[{ name: 'done', count: checklist.done }]}
            total={checklist.total}
          />
          <span class="bar-text">{t('{0} of {1} checked', checklist.done, checklist.total)}</span>
        </div>
      )}
      {host !== undefined && session !== undefined && (
        <div class="buttons">
          {activeVerbs.map((verb, index) => {
            const refusal = actions.find((action) => action.verb === verb)?.refusal;
            return (
              <Button
                key={verb}
                secondary={index > 0}
                disabled={refusal !== undefined}
                {...(refusal === undefined ? {} : { title: refusal })}
                onClick={() => host.post({ v: 1, kind: 'run', verb, keys: [session.key] })}
              >
                {verbText(t, verb)}
              </Button>
            );
          })}
        </div>
      )}
    </section>
  );
}

function ProjectCard(props: SectionContext & { readonly project: DashboardProject }): JSX.Element {
  const { t, locale, host, onState, project } = props;
  const { name, done, total, counts } = project;
  const path = project.progressPath ?? project.planPaths[0];
  const present = shownStates.flatMap((state) => {
    const count = counts[state] ?? 0;
    return count > 0 ? [{ state, count }] : [];
  });
  const order: readonly ShownState[] = ['done', 'active', 'paused', 'failed', 'blocked', 'retry'];
  const parts = order.map((state) => ({ name: state, count: counts[state] ?? 0 }));
  const show = (states: readonly ShownState[]): void =>
    onState?.({ section: 'sessions', project: name, repository: undefined, week: undefined, text: '', states });
  const number = dateTexts(locale).number;
  const summary = t('{0} of {1} done, {2} %', number(done), number(total), percentOf(done, total));
  return (
    <li class="card">
      <h3 class="card-title">
        {onState === undefined ? (
          name
        ) : (
          <button type="button" class="link" onClick={() => show([])}>
            {name}
          </button>
        )}
      </h3>
      <p class="card-sum">{summary}</p>
      <ProgressBar label={t('{0}: {1}', name, summary)} parts={parts} total={total} />
      <ul class="state-counts">
        {present.map(({ state, count }) => (
          <li key={state}>
            {onState === undefined ? (
              <span class="state-count">
                <StateIcon state={state} />
                {t('{0} {1}', number(count), stateText(t, state))}
              </span>
            ) : (
              <button type="button" class="state-count" onClick={() => show([state])}>
                <StateIcon state={state} />
                {t('{0} {1}', number(count), stateText(t, state))}
              </button>
            )}
          </li>
        ))}
      </ul>
      {project.blockers.length > 0 && <Blockers {...props} />}
      {host !== undefined && path !== undefined && (
        <p class="card-files">
          <button type="button" class="link" onClick={() => host.post({ v: 1, kind: 'openFile', path })}>
            {path}
          </button>
        </p>
      )}
    </li>
  );
}

function Blockers({ t, project }: SectionContext & { readonly project: DashboardProject }): JSX.Element {
  return (
    <div class="blockers">
      <h4>{t('Blockers')}</h4>
      <ul>
        {project.blockers.map(({ text, session }, index) => (
          // The same blocker may stand there twice.
          <li key={`${index} ${text}`}>
            {session !== undefined && !text.includes(session) && <span class="session-id">{session} </span>}
            {text}
          </li>
        ))}
      </ul>
    </div>
  );
}
