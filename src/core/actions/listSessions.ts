import type { SessionStatus } from '../model/sessionStatus.ts';
import type { SessionEntry } from '../model/workspace.ts';

/** Filters; a session must pass all that are given. */
export interface ListOptions {
  readonly project?: string;
  readonly status?: readonly SessionStatus[];
  readonly repository?: string;
  /** Part of the ID or the title, upper and lower case alike. */
  readonly text?: string;
  /** Only those that can be started, those that unblock most first. */
  readonly ready?: boolean;
}

export interface ListResult {
  readonly sessions: readonly SessionEntry[];
}
