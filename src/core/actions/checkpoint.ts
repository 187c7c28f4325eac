import type { Commit } from '../ports/git.ts';

export interface CheckpointOptions {
  /** One line. */
  readonly message: string;
  /** What is done; from the checklist's ticked items where not given. */
  readonly done?: readonly string[];
  /** What remains; from the checklist's other items where not given. */
  readonly remaining?: readonly string[];
}

export interface CheckpointResult {
  readonly session: string;
  readonly number: number;
  readonly commit: Commit;
  /** What was committed, relative to the repository's top level. */
  readonly files: readonly string[];
  readonly warnings: readonly string[];
}
