/** `.orchestrator/session.lock` (formats.md §1.6), with the names that it has there. */
export interface SessionLock {
  /** The only proof of ownership. */
  readonly session_id: string;
  /** ISO 8601. */
  readonly started_at: string;
  readonly last_heartbeat: string;
  /** Any text: real locks also say `session`. */
  readonly mode: string;
  /** Of whoever wrote it; says nothing about whether the session lives. */
  readonly pid: number;
  readonly host: string;
  readonly host_id?: string;
  readonly ttl_hours: number;
  /** `<branch>-<date>-<mode>-<n>`: a label, never a proof. */
  readonly semantic_session_id?: string;
}

/** How a mode goes together with other sessions. */
export const modeClasses = ['exclusive', 'parallel-ok', 'always-ok'] as const;
export type ModeClass = (typeof modeClasses)[number];

/** Another session that is, or seems to be, at work in the clone. */
export interface Peer {
  readonly source: 'discovered' | 'state-md';
  readonly sessionId: string;
  readonly label?: string;
  /** As it stands; undefined where nothing says it. */
  readonly mode: string | undefined;
  readonly pid?: number;
  readonly host?: string;
  /** Absolute. */
  readonly worktreePath: string;
  /** It works in the tree from which was looked. */
  readonly isHere: boolean;
  /** Hours since it started. */
  readonly ageHours?: number;
  readonly currentWave?: number;
  /** ISO 8601. */
  readonly lastHeartbeat?: string;
  /** Known from the user's registry alone while the tree's live lock is another's: it has probably ended. */
  readonly isSuperseded?: boolean;
  /** `state-md`: its file, relative to the tree's root. */
  readonly file?: string;
  /** `state-md`: it is active by its words, but too old to be. */
  readonly isAbandoned?: boolean;
  readonly reason?: string;
}

/** What a person can do about a session that is in the way. */
export const conflictOptions = ['wait', 'worktree', 'stop', 'go-on'] as const;
export type ConflictOption = (typeof conflictOptions)[number];

/** Whether a session may begin beside others, by the exclusivity matrix. */
export interface ExclusivityDecision {
  /**
   * `EXCLUSIVE_CHOICE`: an exclusive session beside others that may run in parallel; there the reference's words say block and its code says
   * go on, so the person chooses.
   */
  readonly outcome: 'PASS_THROUGH' | 'EXCLUSIVE_BLOCKED' | 'PROMOTION_OFFER' | 'EXCLUSIVE_CHOICE';
  readonly modeClass: ModeClass;
  /** Those in the way. */
  readonly peers: readonly Peer[];
  /** What the person may choose, the recommended one first; none where nothing is in the way. */
  readonly options: readonly ConflictOption[];
  /** Modes that nobody knows: taken for `parallel-ok`. */
  readonly unknownModes: readonly string[];
}

/** How an attempt to take the lock ended; all but the first three leave everything as it was. */
export const lockOutcomes = [
  'acquired',
  'renewed',
  'taken-over',
  'active',
  'stale-pid-dead',
  'stale-pid-alive',
  'active-incompatible-exclusive',
  'active-compatible-parallel',
  'active-readonly-bypass',
  'fs-error',
] as const;
export type LockOutcome = (typeof lockOutcomes)[number];

/** What came of an attempt to take the lock. */
export interface LockAttempt {
  readonly outcome: LockOutcome;
  /** Ours where it was taken, else the one in the way. */
  readonly lock?: SessionLock;
  readonly peers: readonly Peer[];
  readonly decision: ExclusivityDecision;
  /** Of `fs-error`. */
  readonly error?: string;
}
