/** One past run of waves, from a line of `sessions.jsonl` of whatever version (formats.md §1.8). What it does not say is undefined. */
export interface PastRun {
  readonly id: string;
  readonly type: string;
  /** As they stand. */
  readonly startedAt: string | undefined;
  readonly completedAt: string | undefined;
  readonly durationSeconds: number | undefined;
  readonly status: string | undefined;
  readonly branch: string | undefined;
  readonly totalWaves: number | undefined;
  readonly totalAgents: number | undefined;
  readonly filesChanged: number | undefined;
  readonly agents: {
    readonly complete: number;
    readonly partial: number;
    readonly failed: number;
    readonly spiral: number;
  };
  /** Dispatches beyond the first of an agent, and of fixers. */
  readonly retries: number | undefined;
  readonly costUsd: number | undefined;
  readonly outputTokens: number | undefined;
  /** 0 to 1. */
  readonly completionRate: number | undefined;
  readonly plannedIssues: number | undefined;
  readonly carryover: number | undefined;
  readonly autopilotRun: string | undefined;
  readonly waves: readonly {
    readonly wave: number;
    readonly role: string;
    readonly agents?: number;
    readonly files?: number;
  }[];
}

/** What is known of an agent at work: the last thing that it said of itself, or was said of it. */
export interface AgentStatusRecord {
  readonly agentId: string;
  readonly kind: 'status' | 'progress';
  /** At most 256 characters. */
  readonly text?: string;
  readonly step?: number;
  readonly total?: number;
  readonly label?: string;
  /** ISO 8601. */
  readonly ts: string;
}

/** What was learned, a line of `learnings.jsonl`. */
export interface Learning {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly insight: string;
  readonly evidence: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly sourceSession: string | undefined;
  readonly createdAt: string | undefined;
  readonly expiresAt: string | undefined;
  readonly filePaths: readonly string[];
  /** `agent-proposed@W2` */
  readonly provenance: string | undefined;
}

/** All that past runs left, newest last. */
export interface Metrics {
  readonly runs: readonly PastRun[];
  /** Learnings that count today, by confidence. */
  readonly learnings: readonly Learning[];
  readonly expiredLearnings: number;
  /** Lines of the files that are no records. */
  readonly brokenLines: number;
  readonly stagnations: number;
}
