import type { ClaimInfo, ListSession, TaskEntry, TaskListEntry, TaskStatus } from '../core/model/taskList.ts';

/** What `--json` shows of a task. What is not known is null. */
export interface TaskView {
  readonly id: string;
  readonly title: string;
  readonly status: TaskStatus;
  /** The status cell could not be understood; `status` is then PENDING. */
  readonly statusUnknown: boolean;
  /** Tasks that must be complete first. */
  readonly after: readonly string[];
  /** Those of them that are not. */
  readonly waitingFor: readonly string[];
  /** Tasks that are not complete and wait for it directly. */
  readonly unblocks: readonly string[];
  /** How many wait for it, directly or not. */
  readonly unblocksCount: number;
  readonly ready: boolean;
  /** It is on the longest chain of tasks that are not complete. */
  readonly critical: boolean;
  /** Number of the list's session that last changed it. */
  readonly session: string | null;
  readonly updated: string | null;
  /** Why it can never be started. */
  readonly error: string | null;
  readonly claim: ClaimView | null;
  /** Claude Code's own list, which this one is linked to, dropped it after it was complete. */
  readonly rescued: boolean;
}

export interface ClaimView {
  readonly item: string;
  readonly list: string | null;
  readonly owner: string;
  readonly claimedAt: string;
  readonly expiresAt: string;
  readonly expired: boolean;
}

export interface ListSessionView {
  readonly number: number;
  readonly started: string;
  readonly ended: string | null;
  readonly who: string;
  readonly completed: readonly string[];
}

/** What `--json` shows of a task list, its tasks left out. */
export interface TaskListView {
  readonly id: string;
  readonly title: string;
  readonly path: string;
  readonly archived: boolean;
  readonly createdAt: string | null;
  /** Number of the session that was opened last. */
  readonly session: number;
  /** Of the session that is open; null where none is. */
  readonly openSession: number | null;
  readonly counts: {
    readonly pending: number;
    readonly inProgress: number;
    readonly complete: number;
    readonly total: number;
  };
}

/** Translates a task. */
export function toTaskView(task: TaskEntry): TaskView {
  return {
    id: task.id,
    title: task.title,
    status: task.status,
    statusUnknown: task.statusUnknown,
    after: task.after,
    waitingFor: task.waitingFor,
    unblocks: task.unblocks,
    unblocksCount: task.unblocksCount,
    ready: task.ready,
    critical: task.critical,
    session: task.session ?? null,
    updated: task.updated ?? null,
    error: task.error ?? null,
    claim: task.claim === undefined ? null : toClaimView(task.claim),
    rescued: task.rescued === true,
  };
}

/** Translates a claim. */
export function toClaimView({ item, list, owner, claimedAt, expiresAt, expired }: ClaimInfo): ClaimView {
  return { item, list: list ?? null, owner, claimedAt, expiresAt, expired };
}

/** Translates a row of the session log. */
export function toListSessionView({ number, started, ended, who, completed }: ListSession): ListSessionView {
  return { number, started, ended: ended ?? null, who, completed };
}

/** Translates a list. */
export function toTaskListView({ list, counts, openSession }: TaskListEntry): TaskListView {
  return {
    id: list.id,
    title: list.title,
    path: list.path,
    archived: list.archived,
    createdAt: list.createdAt ?? null,
    session: list.session,
    openSession: openSession?.number ?? null,
    counts: {
      pending: counts.pending,
      inProgress: counts.inProgress,
      complete: counts.complete,
      total: counts.total,
    },
  };
}
