import type { Enforcement, Isolation } from './wavePlan.ts';

/** What a project says about wave runs: its Session Config, with defaults filled in (formats.md §1.9) and a plan's Execution Config over it. */
export interface WaveConfig {
  /** False: no STATE.md, no metrics, no snapshots; such a run cannot be resumed. Never from a plan. */
  readonly persistence: boolean;
  readonly enforcement: Enforcement;
  readonly isolation: Isolation;
  readonly agentsPerWave: number;
  /** Over how many waves the roles of a session are spread where its plan has no waves of its own. */
  readonly waves?: number;
  readonly maxTurns: number | 'auto';
  /** Undefined where the worker pool is off: then all agents of a wave, at most `agentsPerWave`, run at a time. */
  readonly maxParallel?: number;
  /** How long ending agents may take when a run is aborted. */
  readonly drainTimeoutMs: number;
  /** Retries of a gate by a fixer; 0: the first red ends it. */
  readonly gateRetries: number;
  /** Shell lines of the gate in their order; approved like verification commands. An absent one is not run. */
  readonly gate: { readonly lint?: string; readonly typecheck?: string; readonly test?: string };
  readonly gateTimeoutMinutes: number;
  /** Commit after each passed gate. */
  readonly autoCommit: boolean;
  readonly memoryProposals: {
    readonly enabled: boolean;
    readonly quotaPerWave: number;
    /** 0 to 1. */
    readonly confidenceFloor: number;
  };
  readonly docsOrchestrator: boolean;
  readonly vaultSync: {
    readonly mode: 'hard' | 'warn' | 'off' | 'baseline' | 'diff' | 'full';
    readonly folder?: string;
  };
  readonly autopilot: AutopilotConfig;
  /** Keys of other tools (`pencil`, `goal-integration`, …), as they stand: never used. */
  readonly foreign: readonly string[];
}

/** Bounds of the autopilot (formats.md §1.9). */
export interface AutopilotConfig {
  readonly enabled: boolean;
  /** 1 to 50. */
  readonly maxSessions: number;
  /** 0.5 to 24. */
  readonly maxHours: number;
  readonly confidenceThreshold: number;
  /** Output tokens of the whole loop; 0: no limit. */
  readonly tokenBudget: number;
  readonly stallTimeoutSeconds: number;
  /** Carried over in proportion to what was planned. */
  readonly carryoverThreshold: number;
}

export const defaultWaveConfig: WaveConfig = {
  persistence: true,
  enforcement: 'warn',
  isolation: 'auto',
  agentsPerWave: 6,
  maxTurns: 'auto',
  drainTimeoutMs: 10_000,
  gateRetries: 0,
  gate: {},
  gateTimeoutMinutes: 15,
  autoCommit: false,
  memoryProposals: { enabled: true, quotaPerWave: 5, confidenceFloor: 0.5 },
  docsOrchestrator: false,
  vaultSync: { mode: 'off' },
  autopilot: {
    enabled: false,
    maxSessions: 5,
    maxHours: 4,
    confidenceThreshold: 0.85,
    tokenBudget: 0,
    stallTimeoutSeconds: 600,
    carryoverThreshold: 0.5,
  },
  foreign: [],
};
