import type { Range } from '../base/range.ts';
import type { Diagnostic } from './diagnostic.ts';

/** The states of a task, as the files write them. */
export const taskStatuses = ['PENDING', 'IN_PROGRESS', 'COMPLETE'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

const statusWords: ReadonlyMap<string, TaskStatus> = new Map([
  ['pending', 'PENDING'],
  ['in progress', 'IN_PROGRESS'],
  ['complete', 'COMPLETE'],
  ['completed', 'COMPLETE'],
  ['done', 'COMPLETE'],
]);

/** Reads a state as people and agents write it: `pending`, `in_progress`, `In Progress`, `complete(d)`, `done`; undefined for anything else. */
export function readTaskStatus(text: string): TaskStatus | undefined {
  if (text === 'PENDING' || text === 'COMPLETE' || text === 'IN_PROGRESS') return text;
  const plain = text
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();
  return statusWords.get(plain);
}

/** Tells whether `text` can be the ID of a task: no white space, pipe, comma or control character, and no `-` at its beginning. */
export function isTaskId(text: string): boolean {
  return /^[^-\s|,;&\p{Cc}][^\s|,;&\p{Cc}]*$/u.test(text) && !/^[-\u2010-\u2015\u2212]+$/.test(text);
}

/** Tells whether `text` can be the ID of a list, which is also its file's name. */
export function isTaskListId(text: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,99}$/u.test(text) && !text.endsWith('.') && !/\.md$/i.test(text);
}

/** What a column of the task table means. */
export const taskColumns = ['task', 'status', 'title', 'after', 'session', 'updated'] as const;
export type TaskColumn = (typeof taskColumns)[number];

/** The one table of a list: a row per task. */
export interface TaskTable {
  /** From the header line to the last row's end. */
  readonly range: Range;
  /** Zero-based. */
  readonly headerLine: number;
  /** Line behind the last row. */
  readonly endLine: number;
  /** Where each column stands; `task` and `status` always do. */
  readonly columns: Readonly<Partial<Record<TaskColumn, number>>>;
  readonly columnCount: number;
}

/** One task, as its row says it. */
export interface Task {
  readonly id: string;
  readonly title: string;
  /** PENDING where the cell could not be understood. */
  readonly status: TaskStatus;
  readonly statusUnknown: boolean;
  /** IDs of the tasks that must be complete first. */
  readonly after: readonly string[];
  /** Number of the list's session that last changed it. */
  readonly session?: string | undefined;
  /** When that was: ISO 8601 to the minute with zone, or as people wrote it. */
  readonly updated?: string | undefined;
  /** The row's line without its ending. */
  readonly range: Range;
  /** Zero-based. */
  readonly line: number;
}

/** The rows of a table of tasks, read as far as is asked for: most questions about ten thousand tasks are about their states alone. */
export interface TaskRows {
  readonly length: number;
  /** How many tasks have this state; PENDING counts those whose state could not be understood. */
  countOf(status: TaskStatus): number;
  idAt(index: number): string;
  statusAt(index: number): TaskStatus;
  isStatusUnknownAt(index: number): boolean;
  afterAt(index: number): readonly string[];
  /** For each name in `afterAt` the number of the first task with that ID; undefined where there is none. */
  dependenciesAt(index: number): readonly (number | undefined)[];
  /** For each task the number of the one that it waits for, -1 where it waits for none, -2 where `dependenciesAt` has to be asked. */
  onlyDependencies(): Int32Array;
  /** Of the first task with this ID; undefined where there is none. */
  indexOf(id: string): number | undefined;
  taskAt(index: number): Task;
}

/** A row of the log of working sessions. */
export interface ListSession {
  readonly number: number;
  readonly started: string;
  readonly ended?: string;
  /** Who worked: a person, an agent. */
  readonly who: string;
  /** IDs of the tasks that it completed; known when it has ended. */
  readonly completed: readonly string[];
  readonly range: Range;
  readonly line: number;
}

/** A change of a list that is no progress (by force, removed, renamed), written down so that it is not taken for a loss. */
export interface TaskListNote {
  readonly kind: 'forced' | 'removed' | 'renamed' | 'moved';
  readonly task: string;
  /** The new ID of one that was renamed. */
  readonly to?: string;
  readonly text: string;
}

/** The log of working sessions. */
export interface SessionLog {
  readonly headerLine: number;
  readonly endLine: number;
  readonly columns: Readonly<Partial<Record<'number' | 'started' | 'ended' | 'who' | 'completed', number>>>;
  readonly columnCount: number;
}

/** A task list file. */
export interface TaskList {
  /** Relative to the project's root, `/` between parts. */
  readonly path: string;
  readonly text: string;
  readonly id: string;
  /** False where the frontmatter has no ID, so that the file's name stands for it. */
  readonly hasOwnId: boolean;
  readonly title: string;
  /** ISO 8601 with zone. */
  readonly createdAt?: string;
  /** ID of the list whose tasks were copied, where that was asked for. */
  readonly from?: string;
  /** Number of the session that was opened last; 0 where none was. */
  readonly session: number;
  readonly table?: TaskTable;
  readonly rows: TaskRows;
  /** All of `rows`. */
  readonly tasks: readonly Task[];
  readonly log?: SessionLog;
  /** In the file's order. */
  readonly sessions: readonly ListSession[];
  readonly notes: readonly TaskListNote[];
  readonly handoff?: { readonly range: Range; readonly bodyRange: Range; readonly text: string };
  /** It lies in the archive. */
  readonly archived: boolean;
}

/** Who has claimed a task, until when. */
export interface ClaimInfo {
  readonly item: string;
  readonly list?: string;
  readonly owner: string;
  /** ISO 8601 with zone. */
  readonly claimedAt: string;
  readonly expiresAt: string;
  /** It is over, and may be taken over. */
  readonly expired: boolean;
}

/** A task with what the other tasks of its list make of it. */
export interface TaskEntry extends Task {
  /** It can be started: pending, all its dependencies complete, no error. */
  readonly ready: boolean;
  /** Its dependencies that are not complete. */
  readonly waitingFor: readonly string[];
  /** Tasks that are not complete and wait for this one directly. */
  readonly unblocks: readonly string[];
  /** How many tasks that are not complete wait for this one, directly or not. */
  readonly unblocksCount: number;
  /** It is on the longest chain of tasks that are not complete. */
  readonly critical: boolean;
  /** Why it can never be started: a cycle, or a dependency that the list does not have. */
  readonly error?: string | undefined;
  readonly claim?: ClaimInfo | undefined;
  /** It was complete when Claude Code's own list, which this one is linked to, dropped it; here it stays. */
  readonly rescued?: boolean;
}

/** How many tasks are in which state. */
export interface TaskCounts {
  readonly pending: number;
  readonly inProgress: number;
  readonly complete: number;
  readonly total: number;
}

/** A task list with everything that follows from its rows. */
export interface TaskListEntry {
  readonly list: TaskList;
  readonly tasks: readonly TaskEntry[];
  /** Those that can be started, what unblocks most first, in the list's order among equals. */
  readonly ready: readonly TaskEntry[];
  /** IDs of the longest chain of tasks that are not complete, first to last. */
  readonly criticalPath: readonly string[];
  readonly counts: TaskCounts;
  /** The session that was opened last and has not ended. */
  readonly openSession?: ListSession;
  /** Claims on its tasks; empty until an action has looked. */
  readonly claims: readonly ClaimInfo[];
  /** Cycles and unknown dependencies. */
  readonly problems: readonly Diagnostic[];
}
