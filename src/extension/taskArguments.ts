/** What commands about task lists take. */
import type { FolderArgument } from './sessionArguments.ts';

/** Names a task list: a row of the tree, or what a keybinding or another extension passes. */
export interface TaskListArgument extends FolderArgument {
  /** ID, title or path of the list. */
  readonly list?: string;
}

/** Names a list that is brought into step with Claude Code's tasks. */
export interface SyncArgument extends TaskListArgument {
  /** The side that decides where both changed. Absent: that is told, and left. */
  readonly prefer?: 'list' | 'claude';
}

/** Names a task of a list. */
export interface TaskArgument extends TaskListArgument {
  /** The task's ID. */
  readonly task?: string;
}

export interface OpenTaskArgument extends TaskArgument {
  /** The focus stays where it is: a click in the tree shows the row, and keys still go to the tree. */
  readonly keepsFocus?: boolean;
}

export interface CreateTaskListArgument extends FolderArgument {
  readonly title?: string;
  readonly id?: string;
  /** Titles, or `ID: title after A, B`. */
  readonly tasks?: readonly string[];
  /** Text of an outline, YAML or markdown. */
  readonly outline?: string;
  /** Path of a plan, relative to the folder. */
  readonly fromPlan?: string;
  /** ID of a list whose tasks are copied. */
  readonly fromList?: string;
}

export interface AddTaskArgument extends TaskArgument {
  readonly title?: string;
  readonly id?: string;
  readonly after?: readonly string[];
}

export interface SetTaskArgument extends TaskArgument {
  /** True: in spite of what it waits for, or of its being complete; false: never. Absent: the person is asked. */
  readonly force?: boolean;
}

export interface EditTaskArgument extends TaskArgument {
  readonly title?: string;
  readonly id?: string;
  readonly after?: readonly string[];
}

export interface MoveTaskArgument extends TaskArgument {
  readonly toList?: string;
}

/** Where a task goes that is dropped: to another place in its list, or to another list. */
export type TaskMove =
  | {
      readonly kind: 'reorder';
      readonly list: string;
      readonly task: string;
      readonly before?: string;
      readonly after?: string;
      readonly to?: 'last';
    }
  | {
      readonly kind: 'move';
      readonly list: string;
      readonly task: string;
      readonly toList: string;
      readonly before?: string;
    };

/** What was dropped in the tree. */
export interface MoveTasksArgument extends FolderArgument {
  readonly moves?: readonly TaskMove[];
}

export interface ArchiveArgument extends TaskListArgument {
  /** Brings it back. */
  readonly restore?: boolean;
}

export interface HandOffArgument extends TaskListArgument {
  /** Ends the list's session. */
  readonly end?: boolean;
}

export interface ClaimArgument extends TaskArgument {
  readonly owner?: string;
  /** Takes over a claim that ran out. */
  readonly takeover?: boolean;
}
