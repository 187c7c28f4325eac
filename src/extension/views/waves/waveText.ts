import * as vscode from 'vscode';
import type { Finding } from '../../../core/model/waves/finding.ts';
import type {
  ShownGate,
  ShownRunState,
  ShownWave,
  ShownWaveAgent,
  ShownWaveRun,
  ShownWaveState,
} from '../../../core/model/waves/shownRun.ts';
import type { WaveStep } from '../../../core/model/waves/waveRun.ts';
import { localized } from '../../localized.ts';
import { formatMinutes, formatMs } from '../times.ts';
import { createFactsTooltip } from '../tooltipText.ts';
import { hasEnded } from './model.ts';

type Look = readonly [icon: string, color: string];

const runLooks: Readonly<Record<ShownRunState, Look>> = {
  queued: ['clock', 'testing.iconUnset'],
  active: ['sync~spin', 'testing.iconQueued'],
  paused: ['debug-pause', 'testing.iconQueued'],
  completed: ['pass', 'testing.iconPassed'],
  closed: ['pass-filled', 'testing.iconPassed'],
  aborted: ['circle-slash', 'testing.iconSkipped'],
  failed: ['error', 'testing.iconFailed'],
  interrupted: ['debug-disconnect', 'testing.iconFailed'],
  idle: ['circle-outline', 'testing.iconUnset'],
};

const waveLooks: Readonly<Record<ShownWaveState, Look>> = {
  pending: ['circle-outline', 'testing.iconUnset'],
  running: ['layers-active', 'testing.iconQueued'],
  done: ['pass-filled', 'testing.iconPassed'],
  failed: ['error', 'testing.iconFailed'],
  skipped: ['debug-step-over', 'testing.iconSkipped'],
};

const agentLooks: Readonly<Record<ShownWaveAgent['status'], Look>> = {
  queued: ['clock', 'testing.iconUnset'],
  waiting: ['watch', 'testing.iconQueued'],
  preparing: ['sync~spin', 'testing.iconQueued'],
  running: ['sync~spin', 'testing.iconQueued'],
  done: ['pass', 'testing.iconPassed'],
  partial: ['circle-filled', 'testing.iconErrored'],
  failed: ['error', 'testing.iconFailed'],
  spiral: ['sync-ignored', 'testing.iconFailed'],
  stopped: ['debug-stop', 'testing.iconSkipped'],
  blocked: ['circle-slash', 'testing.iconErrored'],
  skipped: ['debug-step-over', 'testing.iconSkipped'],
  unknown: ['question', 'testing.iconUnset'],
};

/** The icon of a run. */
export function runIcon({ status, source }: ShownWaveRun): vscode.ThemeIcon {
  // Nobody here knows whether another tool is at work: nothing turns.
  return icon(source === 'state' && status === 'active' ? ['layers', 'testing.iconQueued'] : runLooks[status]);
}

/** The icon of a wave. */
export function waveIcon({ state }: ShownWave): vscode.ThemeIcon {
  return icon(waveLooks[state]);
}

/** The icon of an agent of a wave. */
export function waveAgentIcon({ status }: ShownWaveAgent): vscode.ThemeIcon {
  return icon(agentLooks[status]);
}

function icon([name, color]: Look): vscode.ThemeIcon {
  return new vscode.ThemeIcon(name, new vscode.ThemeColor(color));
}

/** The word for a run's state. */
export function runWord(status: ShownRunState): string {
  switch (status) {
    case 'queued':
      return vscode.l10n.t('queued');
    case 'active':
      return vscode.l10n.t('running');
    case 'paused':
      return vscode.l10n.t('paused');
    case 'completed':
      return vscode.l10n.t('completed, to be closed');
    case 'closed':
      return vscode.l10n.t('closed');
    case 'aborted':
      return vscode.l10n.t('aborted');
    case 'failed':
      return vscode.l10n.t('failed');
    case 'interrupted':
      return vscode.l10n.t('interrupted');
    case 'idle':
      return vscode.l10n.t('idle');
  }
}

/** The word for a wave's state. */
export function waveWord(state: ShownWaveState): string {
  switch (state) {
    case 'pending':
      return vscode.l10n.t('pending');
    case 'running':
      return vscode.l10n.t('running');
    case 'done':
      return vscode.l10n.t('done');
    case 'failed':
      return vscode.l10n.t('failed');
    case 'skipped':
      return vscode.l10n.t('skipped');
  }
}

/** The word for the state of an agent of a wave. */
export function waveAgentWord({ status, said }: Pick<ShownWaveAgent, 'status' | 'said'>): string {
  switch (status) {
    case 'queued':
      return vscode.l10n.t('queued');
    case 'waiting':
      return vscode.l10n.t('waiting');
    case 'preparing':
      return vscode.l10n.t('preparing');
    case 'running':
      return vscode.l10n.t('running');
    case 'done':
      return vscode.l10n.t('done');
    case 'partial':
      return vscode.l10n.t('done in part');
    case 'failed':
      return vscode.l10n.t('failed');
    case 'spiral':
      return vscode.l10n.t('went in circles');
    case 'stopped':
      return vscode.l10n.t('stopped');
    case 'blocked':
      return vscode.l10n.t('blocked');
    case 'skipped':
      return vscode.l10n.t('skipped');
    case 'unknown':
      return said ?? vscode.l10n.t('state not known');
  }
}

/** The word for what a wave does now. */
export function stepWord(step: WaveStep): string {
  switch (step) {
    case 'prepare':
      return vscode.l10n.t('being prepared');
    case 'dispatch':
      return vscode.l10n.t('agents at work');
    case 'verify':
      return vscode.l10n.t('changes are checked');
    case 'merge':
      return vscode.l10n.t('changes are brought together');
    case 'gate':
      return vscode.l10n.t('at the gate');
    case 'record':
      return vscode.l10n.t('being recorded');
  }
}

/** What stands beside a run's name. */
export function runParts(run: ShownWaveRun): readonly string[] {
  const minutes = run.startedMs === undefined ? undefined : ((run.endedMs ?? Date.now()) - run.startedMs) / 60_000;
  const isTimed = run.source === 'record' && minutes !== undefined && minutes >= 0;
  return present([
    runWord(run.status),
    asksText(run),
    waveOfText(run),
    isTimed ? formatMinutes(Math.floor(minutes)) : undefined,
    costText(run),
  ]);
}

function asksText({ asked, status }: ShownWaveRun): string | undefined {
  if (asked === 'pause' && status === 'active') return vscode.l10n.t('pauses soon');
  if (asked === 'abort' && status !== 'aborted') return vscode.l10n.t('is being aborted');
  return asked === 'resume' && status !== 'active' ? vscode.l10n.t('goes on soon') : undefined;
}

/** Says which of its waves a run is at; undefined before the first and where there are none. */
export function waveOfText({ wave, total, source }: ShownWaveRun): string | undefined {
  if (total === 0) return undefined;
  if (source === 'state') return vscode.l10n.t('{0} of {1} waves done', wave, total);
  return wave === 0 ? vscode.l10n.t('{0} waves', total) : vscode.l10n.t('wave {0} of {1}', wave, total);
}

function costText({ waves }: ShownWaveRun): string | undefined {
  const costs = waves.flatMap(({ agents }) => agents.flatMap(({ costUsd }) => costUsd ?? []));
  return costs.length === 0 ? undefined : `$${costs.reduce((sum, one) => sum + one, 0).toFixed(2)}`;
}

/** What stands beside a wave's name. */
export function waveParts({ state, step, agents, planned, sequential }: ShownWave): readonly string[] {
  const ended = agents.filter(hasEnded).length;
  const total = agents.length + planned.length;
  return present([
    waveWord(state),
    step && stepWord(step),
    total === 0
      ? undefined
      : state === 'pending'
        ? vscode.l10n.t('agents: {0}', total)
        : vscode.l10n.t('agents ended: {0} of {1}', ended, total),
    sequential ? vscode.l10n.t('one after another') : undefined,
  ]);
}

/** What stands beside an agent's task. */
export function waveAgentParts(agent: ShownWaveAgent): readonly string[] {
  const { key, attempt, isFixer, waitsFor, turns, maxTurns, costUsd, line, note, error } = agent;
  return present([
    key,
    waveAgentWord(agent),
    waitsFor === undefined ? undefined : vscode.l10n.t('waits for {0}', waitsFor),
    isFixer ? vscode.l10n.t('fixer') : undefined,
    attempt > 1 ? vscode.l10n.t('attempt {0}', attempt) : undefined,
    turnsText(turns, maxTurns),
    costUsd === undefined ? undefined : `$${costUsd.toFixed(2)}`,
    line ?? (error === undefined ? note : localized(error))?.split('\n')[0],
  ]);
}

function turnsText(turns: number | undefined, most: number | undefined): string | undefined {
  if (turns === undefined || turns === 0) return undefined;
  return most === undefined ? vscode.l10n.t('{0} turns', turns) : vscode.l10n.t('{0} of {1} turns', turns, most);
}

/** What stands beside a gate. */
export function gateParts(gate: ShownGate): readonly string[] {
  const { passed, flaky, attempts, durationMs, failed, tests } = gate;
  if (gate.isUnset === true) return [vscode.l10n.t('not checked: no command is configured')];
  return present([
    passed ? vscode.l10n.t('passed') : vscode.l10n.t('failed'),
    failed === undefined ? undefined : `${failed.step}: ${failed.command}`,
    attempts > 1 ? vscode.l10n.t('{0} attempts', attempts) : undefined,
    flaky ? vscode.l10n.t('flaky') : undefined,
    tests === undefined
      ? undefined
      : vscode.l10n.t('{0} of {1} tests passed', tests.passed, tests.passed + tests.failed),
    attempts === 0 ? undefined : formatMs(durationMs),
  ]);
}

/** What the breaker found, in a line. */
export function findingText({ pattern, severity, errorClass, file, occurrences }: Finding): string {
  const stop = severity === 'stop';
  const what = present([patternText(pattern), errorClass, file]).join(', ');
  return stop
    ? vscode.l10n.t('Stopped: {0} ({1} times)', what, occurrences)
    : vscode.l10n.t('Warned: {0} ({1} times)', what, occurrences);
}

function patternText(pattern: Finding['pattern']): string {
  switch (pattern) {
    case 'spiral':
      return vscode.l10n.t('edits the same file over and over');
    case 'pagination-spiral':
      return vscode.l10n.t('reads the same file piece by piece');
    case 'turn-key-repetition':
      return vscode.l10n.t('repeats the same turn');
    case 'error-echo':
      return vscode.l10n.t('runs into the same error');
    case 'turn-limit':
      return vscode.l10n.t('used up its turns');
  }
}

/** Everything known of a run. */
export function runTooltip(run: ShownWaveRun): vscode.MarkdownString {
  const { tooltip, line } = createFactsTooltip(run.label, run.title === run.label ? '' : run.title);
  line(vscode.l10n.t('State'), runParts(run).join(' · '));
  line(vscode.l10n.t('Why'), run.why && localized(run.why));
  line(vscode.l10n.t('Session'), run.session);
  line(vscode.l10n.t('Branch'), run.branch);
  line(vscode.l10n.t('Agent'), run.agent);
  line(vscode.l10n.t('Focus'), run.focus);
  line(vscode.l10n.t('Enforcement'), run.enforcement);
  line(vscode.l10n.t('State file'), run.stateFile);
  return tooltip;
}

/** Everything known of an agent of a wave. */
export function waveAgentTooltip(agent: ShownWaveAgent): vscode.MarkdownString {
  const { tooltip, line } = createFactsTooltip(agent.key, agent.task);
  line(vscode.l10n.t('State'), waveAgentWord(agent));
  line(vscode.l10n.t('Mission'), agent.mission);
  line(vscode.l10n.t('Waits for'), agent.waitsFor);
  line(vscode.l10n.t('Last activity'), agent.line);
  line(vscode.l10n.t('Report'), agent.note);
  line(vscode.l10n.t('Error'), agent.error && localized(agent.error));
  line(vscode.l10n.t('Turns'), turnsText(agent.turns, agent.maxTurns));
  line(vscode.l10n.t('Used'), usedText(agent));
  line(vscode.l10n.t('May change'), agent.files.join(', '));
  line(vscode.l10n.t('Changed'), agent.changed.join(', '));
  line(vscode.l10n.t('Branch'), agent.branch);
  for (const finding of agent.findings) line(findingText(finding), finding.evidence.join(' · '));
  return tooltip;
}

function usedText({ tokens, costUsd }: ShownWaveAgent): string {
  return present([
    tokens === undefined ? undefined : vscode.l10n.t('{0} tokens', tokens),
    costUsd === undefined ? undefined : `$${costUsd.toFixed(2)}`,
  ]).join(', ');
}

function present(parts: readonly (string | undefined)[]): readonly string[] {
  return parts.filter((part): part is string => part !== undefined && part !== '');
}
