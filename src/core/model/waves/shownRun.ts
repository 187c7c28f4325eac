import type { Finding } from './finding.ts';
import type { GateKind } from './gate.ts';
import type { WaveAgentStatus, WaveRequest, WaveRunState, WaveStep } from './waveRun.ts';

/** What can be done with a run from a tree or the board: each is one of Baton's commands. */
export const waveVerbs = ['pause', 'resume', 'abort', 'close', 'openState', 'changes'] as const;
export type WaveVerb = (typeof waveVerbs)[number];

/** What can be done with one agent of a run. */
export const waveAgentVerbs = ['log', 'changes', 'stop'] as const;
export type WaveAgentVerb = (typeof waveAgentVerbs)[number];

/** How a run is shown: its state, with one that a crash ended told apart. */
export type ShownRunState = WaveRunState | 'interrupted' | 'idle';

/** How a wave is shown. */
export const shownWaveStates = ['pending', 'running', 'done', 'failed', 'skipped'] as const;
export type ShownWaveState = (typeof shownWaveStates)[number];

/** An agent of a wave, with plain values only. Times are milliseconds since the epoch. */
export interface ShownWaveAgent {
  readonly key: string;
  readonly wave: number;
  readonly task: string;
  /** A state of an agent; of a run of other tools what STATE.md says. */
  readonly status: WaveAgentStatus | 'unknown';
  /** The word of a STATE.md of other tools, where it is none of Baton's. */
  readonly said?: string;
  readonly attempt: number;
  readonly isFixer: boolean;
  readonly mission?: string;
  /** Paths and globs that it may change. */
  readonly files: readonly string[];
  readonly changed: readonly string[];
  /** Changed outside its scope. */
  readonly outside: readonly string[];
  /** Said to be changed, and not found by git. */
  readonly notVerified: readonly string[];
  readonly commits: readonly string[];
  readonly findings: readonly Finding[];
  readonly waitsFor?: string;
  /** The last thing that it did or said. */
  readonly line?: string;
  /** Of its last line: what it says of its work. */
  readonly note?: string;
  readonly error?: string;
  readonly startedMs?: number;
  readonly endedMs?: number;
  readonly turns?: number;
  readonly maxTurns?: number;
  readonly tokens?: number;
  /** US dollars as the agent reports them. */
  readonly costUsd?: number;
  readonly branch?: string;
  readonly can: readonly WaveAgentVerb[];
}

/** How the gate after a wave ended. */
export interface ShownGate {
  readonly kind: GateKind;
  readonly passed: boolean;
  /** There is no command for it: nothing was checked. */
  readonly isUnset?: true;
  readonly flaky: boolean;
  readonly attempts: number;
  readonly durationMs: number;
  /** Of a red one: the command that failed last. */
  readonly failed?: {
    readonly step: string;
    readonly command: string;
    readonly exitCode?: number;
    readonly tail: string;
  };
  readonly tests?: { readonly passed: number; readonly failed: number };
}

export interface ShownWave {
  readonly number: number;
  readonly title: string;
  readonly state: ShownWaveState;
  /** Of the one that runs. */
  readonly step?: WaveStep;
  readonly sequential: boolean;
  readonly agents: readonly ShownWaveAgent[];
  /** What the plan names for a wave that has not begun. */
  readonly planned: readonly { readonly id: string; readonly task: string; readonly files: readonly string[] }[];
  readonly gate?: ShownGate;
}

/** A question of the coordinator, or an open one of STATE.md. */
export interface ShownWaveQuestion {
  readonly text: string;
  /** Of the inbox; undefined: it stands in STATE.md alone. */
  readonly item?: string;
  readonly recommended?: string;
}

/** A run of waves, from its record or from STATE.md alone, with plain values only. */
export interface ShownWaveRun {
  /** Of the record; of a run of other tools `state:<path>`. */
  readonly id: string;
  /** `<branch>-<date>-<mode>-<n>`, or what STATE.md says of itself. */
  readonly label: string;
  readonly title: string;
  /** Where it comes from. */
  readonly source: 'record' | 'state';
  readonly status: ShownRunState;
  /** The wave that runs; of STATE.md the last one that is done. 0: none yet. */
  readonly wave: number;
  readonly total: number;
  readonly agent?: string;
  readonly focus?: string;
  /** STATE.md, relative to the root; undefined: the run keeps none. */
  readonly stateFile?: string;
  readonly sessionType?: string;
  readonly session?: string;
  readonly branch?: string;
  readonly enforcement?: string;
  readonly startedMs?: number;
  readonly endedMs?: number;
  /** Why it is paused, failed or aborted. */
  readonly why?: string;
  /** What a person asked of it that it has not done yet. */
  readonly asked?: WaveRequest['kind'];
  readonly waves: readonly ShownWave[];
  readonly questions: readonly ShownWaveQuestion[];
  readonly deviations: readonly { readonly at: string; readonly text: string }[];
  readonly missions: readonly { readonly id: string; readonly status: string }[];
  readonly can: readonly WaveVerb[];
}

/** One run that has ended, for the chart of past runs. */
export interface PastWaveRun {
  readonly label: string;
  readonly startedMs: number;
  readonly minutes: number;
  readonly waves: number;
  readonly agents: number;
  /** Gates and agents that were tried once more. */
  readonly retries?: number;
  readonly spirals: number;
  /** US dollars, where the agents said it. */
  readonly costUsd?: number;
  readonly completed: boolean;
}

/** Whether a run is still something to be done: it goes on, waits, or is to be closed; one that was aborted may be left as it is. */
export function isOpenRun({ status }: Pick<ShownWaveRun, 'status'>): boolean {
  return status !== 'closed' && status !== 'aborted' && status !== 'idle';
}
