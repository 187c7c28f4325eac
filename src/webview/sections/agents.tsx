import type { JSX } from 'preact';
import type { DashboardAgent, DashboardAgentVerb } from '../../core/model/dashboard.ts';
import { dateTexts, minutesText } from '../charts/formatTexts.ts';
import { Button } from '../elements.tsx';
import type { Translate } from '../texts.ts';
import type { SectionContext } from './context.ts';

/** Isolated sessions: what each does, how long, what it used up, and what can be done with it. */
export function Agents(context: SectionContext): JSX.Element {
  const { t, model } = context;
  return (
    <div class="agents">
      <h2 id="agents-title">{t('Agents')}</h2>
      <table class="agents-table" aria-labelledby="agents-title">
        <thead>
          <tr>
            <th scope="col">{t('Work')}</th>
            <th scope="col">{t('State')}</th>
            <th scope="col">{t('Elapsed')}</th>
            <th scope="col">{t('Used')}</th>
            <th scope="col">{t('Actions')}</th>
          </tr>
        </thead>
        <tbody>
          {(model.snapshot.agents ?? []).map((agent) => (
            <AgentRow key={agent.id} {...context} agent={agent} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AgentRow(props: SectionContext & { readonly agent: DashboardAgent }): JSX.Element {
  const { t, agent, nowMs, locale, trusted, host } = props;
  const { startedMs, endedMs, tokens, costUsd } = agent;
  const elapsed = startedMs === undefined ? undefined : Math.max(0, (endedMs ?? nowMs) - startedMs) / 60_000;
  const used = [
    ...(tokens === undefined ? [] : [t('{0} tokens', dateTexts(locale).number(tokens))]),
    ...(costUsd === undefined ? [] : [`$${costUsd.toFixed(2)}`]),
  ];
  return (
    <tr>
      <th scope="row">
        <span class="session-id">{agent.item}</span> {agent.title === agent.item ? '' : agent.title}
      </th>
      <td>{stateOf(t, agent)}</td>
      <td>{minutesText(t, elapsed)}</td>
      <td>{used.length === 0 ? '—' : used.join(' · ')}</td>
      <td>
        <div class="buttons">
          {agent.can.map((verb) => (
            <Button
              key={verb}
              secondary={verb !== 'merge'}
              // The log alone is read without starting anything.
              disabled={!trusted && verb !== 'log'}
              label={`${verbText(t, verb)}: ${agent.item}`}
              onClick={() => host?.post({ v: 1, kind: 'agent', verb, id: agent.id })}
            >
              {verbText(t, verb)}
            </Button>
          ))}
        </div>
      </td>
    </tr>
  );
}

function stateOf(t: Translate, { status, phase }: DashboardAgent): string {
  switch (status) {
    case 'queued':
      return t('Queued');
    case 'preparing':
      return t('Preparing');
    case 'running':
      return phase === 'review' ? t('In review') : t('Running');
    case 'waiting':
      return t('Waits for an answer');
    case 'approved':
      return t('Approved');
    case 'rejected':
      return t('Rejected');
    case 'merged':
      return t('Merged');
    case 'failed':
      return t('Failed');
    case 'stopped':
      return t('Stopped');
    case 'stale':
      return t('No sign of life');
    case 'conflict':
      return t('Conflict');
    case 'paused':
      return t('Paused by its budget');
    case 'interrupted':
      return t('Interrupted');
  }
}

function verbText(t: Translate, verb: DashboardAgentVerb): string {
  switch (verb) {
    case 'changes':
      return t('Changes');
    case 'log':
      return t('Log');
    case 'merge':
      return t('Merge');
    case 'stop':
      return t('Stop');
    case 'retry':
      return t('Send Back');
  }
}
