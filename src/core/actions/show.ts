import type { SessionCommitKind, VerifiedClaim } from '../formats/commitMessage.ts';
import type { Receipt, ReceiptState } from '../model/receipt.ts';
import type { DependencyState, SessionEntry } from '../model/workspace.ts';

export interface ShowOptions {
  readonly id: string;
  readonly project?: string;
}

/** A commit that names the session. */
export interface ShownCommit {
  readonly hash: string;
  readonly kind: SessionCommitKind;
  /** The checkpoint's number. */
  readonly number?: number;
  readonly subject: string;
  /** ISO 8601 with zone. */
  readonly date: string;
  readonly author: string;
  readonly verified?: VerifiedClaim;
}

export interface ShowResult {
  readonly entry: SessionEntry;
  readonly dependencies: readonly DependencyState[];
  /** Newest first; empty outside git. */
  readonly commits: readonly ShownCommit[];
  readonly receipt?: Receipt;
  readonly receiptState: ReceiptState;
  /** `verified 3/3`, `claimed`, `failed 2/3`, `stale`, or `not verified`. */
  readonly verified: string;
  /** Notes of its SESSION.md and of the progress file. */
  readonly notes: readonly string[];
}
