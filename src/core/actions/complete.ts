import type { SessionEntry } from '../model/workspace.ts';
import type { Commit } from '../ports/git.ts';
import type { VerificationListener } from './verify.ts';

export interface CompleteOptions extends VerificationListener {
  /** The work commit's subject. */
  readonly message: string;
  readonly body?: string;
  /** False: nothing is run, and the commit says that success is only claimed. Default true. */
  readonly verify?: boolean;
  /** Exactly these files (relative to the repository's top level) beside the state files; nobody is asked. */
  readonly files?: readonly string[];
}

/** How sure it is that the session's work is right. */
export type VerifiedResult = { readonly passed: number; readonly total: number } | 'claimed' | 'nothing-to-verify';

export interface CompleteResult {
  readonly session: string;
  /** The work commit; undefined where nothing was left to commit, and outside git. */
  readonly commit?: Commit;
  /** The commit of the progress table. */
  readonly record?: Commit;
  /** What the work commit holds, relative to the repository's top level. */
  readonly files: readonly string[];
  readonly verified: VerifiedResult;
  /** Sessions that can be started now, those that unblock most first. */
  readonly next: readonly SessionEntry[];
  readonly warnings: readonly string[];
}
