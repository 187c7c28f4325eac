import type { Commit } from '../ports/git.ts';
import type { CommandOutcome } from '../ports/process.ts';

export interface RollbackOptions {
  /** Keeps this checkpoint and those before it; without it the whole session goes. */
  readonly to?: number;
  /** ID; the active session where not given. */
  readonly session?: string;
  /** Runs the plan's rollback commands, first, once they are approved. */
  readonly runCommands?: boolean;
}

/** What a rollback would do. */
export interface RollbackPlan {
  readonly session: string;
  /** Newest first, the order in which they are reverted. */
  readonly commits: readonly Commit[];
  /** Files that the commits touched, state files left out; relative to the repository's top level. */
  readonly files: readonly string[];
  /** The plan's rollback commands. */
  readonly commands: readonly string[];
}

export interface RollbackResult {
  readonly session: string;
  readonly reverted: readonly Commit[];
  readonly commit: Commit;
  readonly commands: readonly string[];
  /** How the commands ended, where they were run. */
  readonly ran: readonly CommandOutcome[];
  readonly warnings: readonly string[];
}
