/**
 * Every code that a refused or failed operation can carry. Closed: each host has one `Record<ErrorCode, …>`, so a new code does not
 * compile until every host says what it means.
 */
export const errorCodes = [
  // which thing is meant
  'unknown-session',
  'ambiguous-session',
  'unknown-checkpoint',
  'unknown-item',
  'no-project',
  'no-plan',
  'no-progress',
  'ambiguous-project',
  'already-exists',
  'unknown-list',
  'ambiguous-list',
  'unknown-task',
  'ambiguous-task',
  // the state does not allow it
  'session-active',
  'no-active-session',
  'wrong-state',
  'dependencies-unmet',
  'cyclic-dependency',
  'claimed',
  'not-claimed',
  'foreign-session-file',
  'interrupted',
  'nothing-to-recover',
  'nothing-to-commit',
  'nothing-to-roll-back',
  // verification and approval
  'verification-failed',
  'approval-required',
  'no-verification',
  'problems-found',
  'continuity-broken',
  // git
  'not-a-repository',
  'merge-in-progress',
  'detached-head',
  'no-identity',
  'hook-failed',
  'revert-conflict',
  'git-failed',
  // isolated sessions
  'unknown-isolated',
  'already-dispatched',
  'not-agentic',
  'agent-missing',
  'review-missing',
  'merge-conflict',
  'disk-space',
  'supervisor-failed',
  // wave runs
  'unknown-wave-run',
  'wave-run-active',
  'invalid-wave-plan',
  'bootstrap-missing',
  'tree-not-clean',
  'session-conflict',
  'proposal-refused',
  // files
  'conflict',
  'locked',
  'read-only',
  'disk-full',
  'unreadable-file',
  'outside-project',
  'write-refused',
  'io-failed',
  // input and environment
  'invalid-argument',
  'invalid-config',
  'untrusted',
  'cancelled',
  'process-failed',
] as const;

/** One of the closed set of codes. */
export type ErrorCode = (typeof errorCodes)[number];

/** What accompanies an error: the next step for the person, and facts for programs. */
export interface ErrorDetails {
  /** One sentence that names the next step. */
  readonly hint?: string;
  /** Machine-readable facts; must be serialisable as JSON. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** A refusal or failure that a person can act on. Anything else that is thrown is a bug and keeps its stack. */
export class BatonError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly data: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'BatonError';
    this.code = code;
    this.hint = details.hint;
    this.data = details.data;
  }

  /** Tells whether `error` is a `BatonError`, of one of `codes` where any are given. */
  static is(error: unknown, ...codes: readonly ErrorCode[]): error is BatonError {
    return error instanceof BatonError && (codes.length === 0 || codes.includes(error.code));
  }
}
