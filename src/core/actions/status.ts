import type { ReceiptState } from '../model/receipt.ts';
import type { SessionFile } from '../model/sessionFile.ts';
import type { SessionEntry } from '../model/workspace.ts';

/** How a project stands. `total` counts all its sessions; the others those in that state. */
export interface ProjectCounts {
  readonly project: string;
  readonly progressPath?: string;
  readonly total: number;
  readonly done: number;
  readonly active: number;
  readonly paused: number;
  readonly blocked: number;
  readonly failed: number;
  readonly retry: number;
  readonly pending: number;
  readonly ready: number;
}

/** The session of this worktree's SESSION.md. */
export interface ActiveStatus {
  readonly id: string;
  /** Undefined where no table and no plan has it. */
  readonly entry?: SessionEntry;
  readonly sessionFile: SessionFile;
  /** Since it started; undefined where its start cannot be read. */
  readonly elapsedMinutes?: number;
  readonly checklist: { readonly done: number; readonly total: number };
  readonly checkpoints: number;
  readonly receipt: ReceiptState;
  /** Of the last verification. */
  readonly passed?: { readonly passed: number; readonly total: number };
  /** Changed files in its repository, state files left out; undefined outside git. */
  readonly dirtyCount?: number;
}

/** A verb that was begun and not concluded. */
export interface InterruptedVerb {
  readonly verb: string;
  readonly session?: string;
  /** What is done next, in words. */
  readonly step: string;
  /** How many steps are done, of how many. */
  readonly done: number;
  readonly total: number;
  readonly startedAt: string;
  /** True while the process that began it may still live. */
  readonly alive: boolean;
  readonly pid: number;
}

export interface StatusResult {
  readonly projects: readonly ProjectCounts[];
  readonly active?: ActiveStatus;
  /** IDs, at most five, those that unblock most first. */
  readonly ready: readonly string[];
  readonly paused: readonly string[];
  readonly blockers: readonly { readonly text: string; readonly session?: string; readonly path: string }[];
  readonly interrupted?: InterruptedVerb;
  /** How many problems `check` would find in the files alone. */
  readonly problems: number;
}
