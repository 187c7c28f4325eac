import type { Finding } from '../../core/model/waves/finding.ts';
import type {
  ShownRunState,
  ShownWaveAgent,
  ShownWaveState,
  WaveAgentVerb,
  WaveVerb,
} from '../../core/model/waves/shownRun.ts';
import type { WaveStep } from '../../core/model/waves/waveRun.ts';
import type { Translate } from '../texts.ts';

/** The word for a run's state. */
export function runStateText(t: Translate, status: ShownRunState): string {
  switch (status) {
    case 'queued':
      return t('Queued');
    case 'active':
      return t('Running');
    case 'paused':
      return t('Paused');
    case 'completed':
      return t('Completed, to be closed');
    case 'closed':
      return t('Closed');
    case 'aborted':
      return t('Aborted');
    case 'failed':
      return t('Failed');
    case 'interrupted':
      return t('Interrupted');
    case 'idle':
      return t('Idle');
  }
}

/** The word for a wave's state. */
export function waveStateText(t: Translate, state: ShownWaveState): string {
  switch (state) {
    case 'pending':
      return t('Pending');
    case 'running':
      return t('Running');
    case 'done':
      return t('Done');
    case 'failed':
      return t('Failed');
    case 'skipped':
      return t('Skipped');
  }
}

/** What a wave does now. */
export function stepText(t: Translate, step: WaveStep): string {
  switch (step) {
    case 'prepare':
      return t('being prepared');
    case 'dispatch':
      return t('agents at work');
    case 'verify':
      return t('changes are checked');
    case 'merge':
      return t('changes are brought together');
    case 'gate':
      return t('at the gate');
    case 'record':
      return t('being recorded');
  }
}

/** The word for the state of an agent of a wave. */
export function agentStateText(t: Translate, { status, said }: Pick<ShownWaveAgent, 'status' | 'said'>): string {
  switch (status) {
    case 'queued':
      return t('Queued');
    case 'waiting':
      return t('Waiting');
    case 'preparing':
      return t('Preparing');
    case 'running':
      return t('Running');
    case 'done':
      return t('Done');
    case 'partial':
      return t('Done in part');
    case 'failed':
      return t('Failed');
    case 'spiral':
      return t('Went in circles');
    case 'stopped':
      return t('Stopped');
    case 'blocked':
      return t('Blocked');
    case 'skipped':
      return t('Skipped');
    case 'unknown':
      return said ?? t('State not known');
  }
}

/** What the circuit breaker found. */
export function patternText(t: Translate, pattern: Finding['pattern']): string {
  switch (pattern) {
    case 'spiral':
      return t('edits the same file over and over');
    case 'pagination-spiral':
      return t('reads the same file piece by piece');
    case 'turn-key-repetition':
      return t('repeats the same turn');
    case 'error-echo':
      return t('runs into the same error');
    case 'turn-limit':
      return t('used up its turns');
  }
}

/** The words on a run's button. */
export function waveVerbText(t: Translate, verb: WaveVerb): string {
  switch (verb) {
    case 'pause':
      return t('Pause');
    case 'resume':
      return t('Resume');
    case 'abort':
      return t('Abort…');
    case 'close':
      return t('Close');
    case 'openState':
      return t('Open STATE.md');
    case 'changes':
      return t('Changes');
  }
}

/** The words on an agent's button. */
export function waveAgentVerbText(t: Translate, verb: WaveAgentVerb): string {
  switch (verb) {
    case 'log':
      return t('Log');
    case 'changes':
      return t('Changes');
    case 'stop':
      return t('Stop');
  }
}
