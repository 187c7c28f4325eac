/** What can be wrong with a wave plan or its configuration before a run. Closed. */
export const waveProblemCodes = [
  'no-waves',
  'unknown-role',
  'empty-wave',
  'overlapping-files',
  'too-many-agents',
  'unknown-dependency',
  'later-dependency',
  'cyclic-dependency',
  'duplicate-id',
  'outside-project',
  'no-files',
  'read-only-role',
  'unknown-value',
  'unknown-model',
  'missing-plan-file',
  'unreadable-plan',
  'unreadable-config',
] as const;
export type WaveProblemCode = (typeof waveProblemCodes)[number];

/** A problem of a wave plan or of its configuration. A plan with an `error` is not run. */
export interface WaveProblem {
  readonly code: WaveProblemCode;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** What to do about it, one sentence. */
  readonly hint?: string;
  /** Relative to the root. */
  readonly path?: string;
  /** Of `path`, from 1. */
  readonly line?: number;
  readonly wave?: number;
  /** ID of an agent of the plan. */
  readonly agent?: string;
}
