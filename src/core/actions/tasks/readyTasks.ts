import type { TaskEntry, TaskListEntry } from '../../model/taskList.ts';
import { problemWarnings } from './problemWarnings.ts';
import { type ReadContext, readTaskListNamed } from './readLists.ts';

export interface ReadyTasksOptions {
  readonly list: string;
}

export interface ReadyTasksResult {
  readonly list: TaskListEntry;
  /** Those that unblock most first, in the list's order among equals. */
  readonly ready: readonly TaskEntry[];
  readonly criticalPath: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Tells which tasks of a list can be started now.
 *
 * @throws BatonError `unknown-list`, `ambiguous-list`, `unreadable-file`
 */
export async function readyTasks(context: ReadContext, options: ReadyTasksOptions): Promise<ReadyTasksResult> {
  const { entry, read } = await readTaskListNamed(context, options.list);
  return {
    list: entry,
    ready: entry.ready,
    criticalPath: entry.criticalPath,
    warnings: problemWarnings(entry, read.problems),
  };
}
