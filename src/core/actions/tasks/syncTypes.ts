import type { NewTaskRow } from '../../formats/taskListEdits.ts';
import type { TaskListNote, TaskStatus } from '../../model/taskList.ts';
import type { ClaudeTaskChange } from '../../ports/claudeTasks.ts';
import type { MirrorTask } from './syncMirror.ts';

/** A side of a mirrored list: our file, or Claude Code's store. */
export type SyncSide = 'list' | 'claude';

/** One thing that was brought from one side to the other. */
export interface SyncChange {
  /** Where it was changed. */
  readonly side: SyncSide;
  readonly task: string;
  /** Claude Code's number of it. */
  readonly number?: string;
  readonly kind: 'created' | 'removed' | 'status' | 'title' | 'dependencies';
  readonly from?: string;
  readonly to?: string;
}

/** Something that both sides say differently, and that only a person (or `prefer`) can decide. Both sides stay as they are. */
export interface SyncConflict {
  readonly kind: 'status' | 'title' | 'dependencies' | 'vanished' | 'removed' | 'recreated' | 'ambiguous';
  readonly task?: string;
  readonly number?: string;
  readonly message: string;
}

/** What becomes of a task of the mirror. */
export interface PlannedMirror {
  /** Once everything is done; undefined: it is forgotten. */
  readonly after?: MirrorTask;
  /** Where the store's part could not be done. */
  readonly before?: MirrorTask;
  /** Numbers of the store's files that must have been written for it. */
  readonly needs: readonly string[];
}

/** What is to be changed in our file. */
export interface HereChanges {
  readonly cells: ReadonlyMap<
    string,
    { readonly status?: TaskStatus; readonly title?: string; readonly after?: readonly string[] }
  >;
  readonly added: readonly NewTaskRow[];
  readonly removed: readonly string[];
  readonly notes: readonly TaskListNote[];
}

/** How two sides are brought into step. */
export interface SyncPlan {
  readonly here: HereChanges;
  readonly there: readonly ClaudeTaskChange[];
  /** More tasks are to be created there than one pass does. */
  readonly isPartial: boolean;
  readonly mirror: readonly PlannedMirror[];
  readonly changes: readonly SyncChange[];
  readonly conflicts: readonly SyncConflict[];
  /** IDs of complete tasks that the store has dropped. */
  readonly rescued: readonly string[];
  /** What is odd on the other side and left as it is. */
  readonly problems: readonly string[];
}
