import { phrase } from '../../base/phrase.ts';
import type { WaveAgentStatus } from '../../model/waves/waveRun.ts';

/** A wave that ends sooner, with nothing wrong, had more agents than it needed. */
const quickMs = 3 * 60_000;

/** How a wave went, and what is planned next. */
export interface WaveOutcome {
  /** Agents of the next wave, as planned. */
  readonly planned: number;
  /** Never more. */
  readonly agentsPerWave: number;
  /** Of the agents of the wave that ended, fixers left out. */
  readonly statuses: readonly WaveAgentStatus[];
  /** From the first dispatch to the last end. */
  readonly durationMs: number;
  /** False: its gate was red, or green only after a fixer. */
  readonly clean: boolean;
  /** Files that the wave was to change, and that it did. */
  readonly plannedFiles: number;
  readonly changedFiles: number;
  /** Tests that fail and did not before. */
  readonly regressions?: number;
}

/** What the next wave is to be like. */
export interface WaveScaling {
  /** How many agents the next wave gets, fix agents among them: 1 to `agentsPerWave`. */
  readonly agents: number;
  readonly change: 'unchanged' | 'reduced' | 'increased';
  /** How many of them mend what failed. */
  readonly fixAgents: number;
  readonly reason: string;
}

/** Sizes the next wave by how the last one went (formats.md §1.3). */
export function scaleWave(outcome: WaveOutcome): WaveScaling {
  const { planned, agentsPerWave, statuses, plannedFiles, changedFiles, regressions = 0 } = outcome;
  const ceiling = Math.max(1, agentsPerWave);
  const failures = statuses.filter((status) => status === 'failed' || status === 'spiral').length;
  const grown = plannedFiles > 0 && changedFiles > plannedFiles;
  const allDone = statuses.length > 0 && statuses.every((status) => status === 'done');
  const fixes = failures > 0 || regressions > 0 ? Math.min(2, Math.max(1, failures, regressions)) : 0;
  const wanted = planned + fixes + (grown ? 1 : 0);
  const isQuick = fixes === 0 && !grown && allDone && outcome.clean && outcome.durationMs < quickMs;
  const agents = Math.min(ceiling, Math.max(1, isQuick ? planned - (planned > 4 ? 2 : 1) : wanted));
  return {
    agents,
    change: agents === planned ? 'unchanged' : agents < planned ? 'reduced' : 'increased',
    fixAgents: Math.min(fixes, agents),
    reason: reasonOf({ failures, regressions, grown, isQuick, isCapped: !isQuick && wanted > ceiling }),
  };
}

interface Reason {
  readonly failures: number;
  readonly regressions: number;
  readonly grown: boolean;
  readonly isQuick: boolean;
  readonly isCapped: boolean;
}

function reasonOf({ failures, regressions, grown, isQuick, isCapped }: Reason): string {
  if (isQuick) return 'all done in less than three minutes, nothing wrong';
  const parts = [
    ...(failures > 0 ? [phrase`${failures} failed`] : []),
    ...(regressions > 0 ? [phrase`${regressions} tests fail that did not`] : []),
    ...(grown ? ['more files were changed than planned'] : []),
    ...(isCapped ? ['as many as are allowed'] : []),
  ];
  return parts.length === 0 ? 'as planned' : parts.join(', ');
}
