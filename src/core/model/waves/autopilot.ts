/** What ends the autopilot before all is done (formats.md §1.9). */
export const killSwitches = [
  'max-sessions-reached',
  'max-hours-exceeded',
  'resource-overload',
  'low-confidence-fallback',
  'user-abort',
  'token-budget-exceeded',
  'stall-timeout',
  'spiral',
  'failed-wave',
  'carryover-too-high',
] as const;
export type KillSwitch = (typeof killSwitches)[number];

/** Why the autopilot ended, in a word and a sentence. */
export interface Kill {
  readonly kill: KillSwitch;
  readonly detail: string;
}

/** Bounds of one autopilot, fixed when it begins. */
export interface AutopilotBounds {
  /** 1 to 50. */
  readonly maxSessions: number;
  /** 0.5 to 24. */
  readonly maxHours: number;
  /** 0 to 1. */
  readonly confidenceThreshold: number;
  /** Output tokens of all its sessions; 0: no limit. */
  readonly tokenBudget: number;
  readonly stallTimeoutSeconds: number;
  /** Carried over in proportion to what was planned. */
  readonly carryoverThreshold: number;
  /** So many other sessions on this machine are too many when it is under pressure. */
  readonly peerThreshold: number;
}

/** A session that could be next. */
export interface AutopilotCandidate {
  readonly session: string;
  readonly title: string;
  readonly mode: string;
  /** How sure it is that it can be run without a person, 0 to 1. */
  readonly confidence: number;
  /** What took from that, a sentence each. */
  readonly doubts: readonly string[];
}

/** What a session came to. */
export interface AutopilotSessionResult {
  /** Its label, as `sessions.jsonl` has it. */
  readonly label: string;
  readonly agents: { readonly failed: number; readonly spiral: number };
  readonly planned: number;
  readonly carryover: number;
  readonly outputTokens: number;
  /** It could not be brought to its end: why. */
  readonly kill?: Kill;
}

/** How the machine is. */
export interface MachinePressure {
  readonly verdict: 'ok' | 'critical';
  /** Other sessions of this machine, of whatever repository. */
  readonly peers: number;
}

/** `autopilot/<worktree>.json` among the local records: what is shown of it, and what it goes on from after a crash. */
export interface AutopilotRecord {
  readonly baton: 'autopilot/1';
  readonly id: string;
  readonly status: 'running' | 'ended';
  readonly bounds: AutopilotBounds;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly endedAt?: string;
  /** Of the process that runs it: `<pid> <start>` as `ports.owners` tells it. */
  readonly owner: unknown;
  /** Session IDs of the plan that it has tried, in their order. */
  readonly tried: readonly string[];
  /** Labels of the sessions that it ran. */
  readonly labels: readonly string[];
  readonly outputTokens: number;
  /** What it is at. */
  readonly current?: { readonly session: string; readonly run?: string };
  /** A person asked it to stop. */
  readonly stop?: { readonly at: string; readonly now: boolean };
  readonly end?: { readonly kill: KillSwitch | null; readonly detail: string; readonly fallback: boolean };
}
