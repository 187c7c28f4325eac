import type { JSX } from 'preact';
import type { ShownGate, ShownWave, ShownWaveRun, WaveVerb } from '../../core/model/waves/shownRun.ts';
import { minutesText } from '../charts/formatTexts.ts';
import { Button } from '../elements.tsx';
import type { SectionContext } from '../sections/context.ts';
import { AgentCard } from './agentCard.tsx';
import { runStateText, stepText, waveStateText, waveVerbText } from './waveTexts.ts';

export interface WaveBoardProps extends Pick<SectionContext, 't' | 'locale' | 'nowMs' | 'trusted' | 'host'> {
  readonly run: ShownWaveRun;
}

/** A run as a board: a column for each wave with its agents as cards, and the gate that stands behind it. */
export function WaveBoard(props: WaveBoardProps): JSX.Element {
  const { t, run } = props;
  const id = `run-${run.id.replaceAll(/[^\w-]/g, '-')}`;
  return (
    <section class="wave-run" aria-labelledby={id}>
      <h3 id={id}>{run.title}</h3>
      <p class="card-sum">{runFacts(props).join(' · ')}</p>
      {run.why !== undefined && <p class="note wave-why">{run.why}</p>}
      <RunButtons {...props} />
      <Questions {...props} />
      {run.waves.length > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: it scrolls, so it must be reachable by keyboard and have a name.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: as above.
        <div class="wave-board" role="group" tabIndex={0} aria-label={t('Waves of {0}', run.title)}>
          <ol class="wave-columns">
            {run.waves.map((wave) => (
              <WaveColumn key={wave.number} {...props} wave={wave} />
            ))}
          </ol>
        </div>
      )}
      <Details
        title={t('{0} missions', run.missions.length)}
        lines={run.missions.map((mission) => `${mission.id}: ${mission.status}`)}
      />
      <Details
        title={t('{0} deviations', run.deviations.length)}
        lines={run.deviations.map(({ at, text }) =>
          [at.slice(0, 16).replace('T', ' '), text].filter(Boolean).join(' '),
        )}
      />
    </section>
  );
}

function runFacts({ t, run, nowMs }: WaveBoardProps): readonly string[] {
  const { status, wave, total, source, startedMs, endedMs, agent, focus, waves, asked } = run;
  const minutes = startedMs === undefined ? undefined : Math.max(0, (endedMs ?? nowMs) - startedMs) / 60_000;
  const costs = waves.flatMap(({ agents }) => agents.flatMap(({ costUsd }) => costUsd ?? []));
  const facts = [
    runStateText(t, status),
    asked === 'pause' && status === 'active' ? t('pauses soon') : undefined,
    total === 0
      ? undefined
      : source === 'state'
        ? t('{0} of {1} waves done', wave, total)
        : t('wave {0} of {1}', wave, total),
    source === 'record' && minutes !== undefined ? minutesText(t, minutes) : undefined,
    costs.length === 0 ? undefined : `$${costs.reduce((sum, one) => sum + one, 0).toFixed(2)}`,
    agent,
    focus === undefined ? undefined : t('focus: {0}', focus),
    source === 'state' ? t('coordinated elsewhere') : undefined,
  ];
  return facts.filter((fact): fact is string => fact !== undefined);
}

/** What starts or ends something stands before what only shows. */
function RunButtons({ t, run, trusted, host }: WaveBoardProps): JSX.Element | null {
  if (host === undefined || run.can.length === 0) return null;
  const primary: readonly WaveVerb[] = ['resume', 'close'];
  return (
    <div class="buttons wave-buttons">
      {run.can.map((verb) => (
        <Button
          key={verb}
          secondary={!primary.includes(verb)}
          disabled={!trusted && verb !== 'openState'}
          label={`${waveVerbText(t, verb)}: ${run.title}`}
          onClick={() => host.post({ v: 1, kind: 'wave', verb, run: run.id })}
        >
          {waveVerbText(t, verb)}
        </Button>
      ))}
    </div>
  );
}

function Questions({ t, run, host }: WaveBoardProps): JSX.Element | null {
  if (run.questions.length === 0) return null;
  return (
    <ul class="questions wave-questions">
      {run.questions.map(({ text, item, recommended }) => (
        <li key={item ?? text} class="card question">
          <h4 class="card-title">{text}</h4>
          {recommended !== undefined && <p class="card-sum">{t('Recommended: {0}', recommended)}</p>}
          {host !== undefined && item !== undefined && (
            <div class="buttons">
              <Button label={t('Answer: {0}', text)} onClick={() => host.post({ v: 1, kind: 'answer', item })}>
                {t('Answer…')}
              </Button>
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function WaveColumn(props: WaveBoardProps & { readonly wave: ShownWave }): JSX.Element {
  const { t, run, wave } = props;
  const { number, title, state, step, agents, planned, gate, sequential } = wave;
  const facts = [
    waveStateText(t, state),
    ...(step === undefined ? [] : [stepText(t, step)]),
    ...(sequential ? [t('one after another')] : []),
  ];
  return (
    <li class={`wave-column wave-${state}`}>
      <h4 class="wave-title">{title === '' ? t('Wave {0}', number) : t('Wave {0}: {1}', number, title)}</h4>
      <p class="wave-state">
        <span class={`wave-mark wave-mark-${state}`} aria-hidden="true" />
        {facts.join(' · ')}
      </p>
      <ul class="wave-agents" aria-label={t('Agents of wave {0}', number)}>
        {agents.map((agent) => (
          <AgentCard key={agent.key} {...props} run={run} agent={agent} />
        ))}
        {planned.map(({ id, task, files }) => (
          <li key={id} class="wave-agent wave-agent-planned">
            <h5 class="wave-agent-task">{task.split('\n')[0]}</h5>
            <p class="wave-agent-facts">{[id, t('planned'), ...files.slice(0, 3)].join(' · ')}</p>
          </li>
        ))}
        {agents.length + planned.length === 0 && <li class="wave-none">{t('No agents')}</li>}
      </ul>
      {gate !== undefined && gate.kind !== 'none' && <Gate t={t} gate={gate} />}
    </li>
  );
}

function Gate({ t, gate }: Pick<WaveBoardProps, 't'> & { readonly gate: ShownGate }): JSX.Element {
  const { passed, flaky, attempts, durationMs, failed, tests } = gate;
  if (gate.isUnset === true) {
    return (
      <div class="wave-gate wave-gate-unset">
        <p class="wave-gate-facts">
          <span class="wave-mark wave-mark-skipped" aria-hidden="true" />
          {t('Gate not checked: set lint-command, typecheck-command or test-command under waves in .baton.yaml')}
        </p>
      </div>
    );
  }
  const facts = [
    passed ? t('Gate passed') : t('Gate failed'),
    ...(attempts > 1 ? [t('{0} attempts', attempts)] : []),
    ...(flaky ? [t('flaky')] : []),
    ...(tests === undefined ? [] : [t('{0} of {1} tests passed', tests.passed, tests.passed + tests.failed)]),
    ...(attempts === 0 ? [] : [t('{0} s', (durationMs / 1000).toFixed(durationMs < 10_000 ? 1 : 0))]),
  ];
  return (
    <div class={passed ? 'wave-gate' : 'wave-gate wave-gate-red'}>
      <p class="wave-gate-facts">
        <span class={`wave-mark wave-mark-${passed ? 'done' : 'failed'}`} aria-hidden="true" />
        {facts.join(' · ')}
      </p>
      {failed !== undefined && (
        <details class="wave-details">
          <summary>{`${failed.step}: ${failed.command}`}</summary>
          <pre class="wave-tail">{failed.tail}</pre>
        </details>
      )}
    </div>
  );
}

function Details({ title, lines }: { readonly title: string; readonly lines: readonly string[] }): JSX.Element | null {
  if (lines.length === 0) return null;
  return (
    <details class="wave-details wave-below">
      <summary>{title}</summary>
      <ul>
        {lines.map((line, index) => (
          <li key={index}>{line}</li>
        ))}
      </ul>
    </details>
  );
}
