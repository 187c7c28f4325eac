import type { JSX } from 'preact';
import type { Finding } from '../../core/model/waves/finding.ts';
import type { ShownWaveAgent, ShownWaveRun } from '../../core/model/waves/shownRun.ts';
import { dateTexts, minutesText } from '../charts/formatTexts.ts';
import { Button } from '../elements.tsx';
import type { SectionContext } from '../sections/context.ts';
import { agentStateText, patternText, waveAgentVerbText } from './waveTexts.ts';

export interface AgentCardProps extends Pick<SectionContext, 't' | 'locale' | 'nowMs' | 'trusted' | 'host'> {
  readonly run: ShownWaveRun;
  readonly agent: ShownWaveAgent;
}

/** An agent of a wave: how it stands, what it used up, what it changed, and what the breaker found. */
export function AgentCard(props: AgentCardProps): JSX.Element {
  const { t, agent, host } = props;
  const isLive = agent.status === 'running' || agent.status === 'preparing';
  return (
    <li class={`wave-agent wave-agent-${agent.status}`}>
      <h5 class="wave-agent-task">{agent.task.split('\n')[0]}</h5>
      <p class="wave-agent-facts">
        <span class={`wave-mark wave-mark-${agent.status}`} aria-hidden="true" />
        <strong>{agentStateText(t, agent)}</strong>
        {factsOf(props).map((fact) => (
          <span key={fact}> · {fact}</span>
        ))}
      </p>
      {agent.waitsFor !== undefined && <p class="wave-agent-line">{t('Waits for {0}', agent.waitsFor)}</p>}
      {isLive && agent.line !== undefined && <p class="wave-agent-line">{agent.line}</p>}
      {!isLive && agent.note !== undefined && <p class="wave-agent-line">{agent.note}</p>}
      {agent.error !== undefined && <p class="wave-agent-line wave-bad">{agent.error}</p>}
      <Files t={t} title={t('Changed outside its scope')} paths={agent.outside} isBad />
      <Files t={t} title={t('Said to be changed, and not found')} paths={agent.notVerified} isBad />
      <Files t={t} title={t('Committed, which agents must not')} paths={agent.commits} isBad />
      {agent.findings.map((finding, index) => (
        <FindingPart key={index} t={t} finding={finding} />
      ))}
      <FilesPart t={t} agent={agent} />
      {host !== undefined && agent.can.length > 0 && <AgentButtons {...props} />}
    </li>
  );
}

function factsOf({ t, locale, nowMs, agent }: AgentCardProps): readonly string[] {
  const { startedMs, endedMs, turns, maxTurns, costUsd, attempt, isFixer, tokens } = agent;
  const minutes = startedMs === undefined ? undefined : Math.max(0, (endedMs ?? nowMs) - startedMs) / 60_000;
  const facts = [
    agent.key,
    isFixer ? t('fixer') : undefined,
    attempt > 1 ? t('attempt {0}', attempt) : undefined,
    turns === undefined || turns === 0
      ? undefined
      : maxTurns === undefined
        ? t('{0} turns', turns)
        : t('{0} of {1} turns', turns, maxTurns),
    minutes === undefined ? undefined : minutesText(t, minutes),
    tokens === undefined ? undefined : t('{0} tokens', dateTexts(locale).number(tokens)),
    costUsd === undefined ? undefined : `$${costUsd.toFixed(2)}`,
  ];
  return facts.filter((fact): fact is string => fact !== undefined);
}

function Files(props: {
  readonly t: SectionContext['t'];
  readonly title: string;
  readonly paths: readonly string[];
  readonly isBad?: boolean;
}): JSX.Element | null {
  const { title, paths, isBad } = props;
  if (paths.length === 0) return null;
  return (
    <p class={isBad === true ? 'wave-agent-line wave-bad' : 'wave-agent-line'}>
      {title}: <code>{paths.join(', ')}</code>
    </p>
  );
}

function FilesPart({ t, agent }: Pick<AgentCardProps, 't' | 'agent'>): JSX.Element | null {
  const { changed, files } = agent;
  const shown = changed.length > 0 ? changed : files;
  if (shown.length === 0) return null;
  const title = changed.length > 0 ? t('Changed files: {0}', changed.length) : t('May change: {0}', files.length);
  return (
    <details class="wave-details">
      <summary>{title}</summary>
      <ul class="wave-files">
        {shown.map((path) => (
          <li key={path}>
            <code>{path}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}

function FindingPart({ t, finding }: Pick<AgentCardProps, 't'> & { readonly finding: Finding }): JSX.Element {
  const { pattern, severity, errorClass, file, occurrences, evidence } = finding;
  const what = [patternText(t, pattern), errorClass, file].filter((part) => part !== undefined).join(', ');
  const said =
    severity === 'stop'
      ? t('Stopped by the breaker: {0} ({1} times)', what, occurrences)
      : t('Warned by the breaker: {0} ({1} times)', what, occurrences);
  return (
    <details class={`wave-details wave-finding wave-finding-${severity}`}>
      <summary>{said}</summary>
      <ol class="wave-evidence">
        {evidence.map((line, index) => (
          <li key={index}>
            <code>{line}</code>
          </li>
        ))}
      </ol>
    </details>
  );
}

function AgentButtons({ t, run, agent, trusted, host }: AgentCardProps): JSX.Element {
  return (
    <div class="buttons">
      {agent.can.map((verb) => (
        <Button
          key={verb}
          secondary
          // The log alone is read without starting anything.
          disabled={!trusted && verb !== 'log'}
          label={`${waveAgentVerbText(t, verb)}: ${agent.key}`}
          onClick={() => host?.post({ v: 1, kind: 'waveAgent', verb, run: run.id, agent: agent.key })}
        >
          {waveAgentVerbText(t, verb)}
        </Button>
      ))}
    </div>
  );
}
