import { phrase } from '../../base/phrase.ts';
import type { TaskListEntry } from '../../model/taskList.ts';
import { type ReadContext, readTaskLists } from './readLists.ts';

export interface ListTaskListsOptions {
  /** Archived ones too. */
  readonly archived?: boolean;
}

export interface ListTaskListsResult {
  readonly lists: readonly TaskListEntry[];
  readonly warnings: readonly string[];
}

/** Lists the task lists; a file that cannot be read is a warning. */
export async function listTaskLists(
  context: ReadContext,
  options: ListTaskListsOptions = {},
): Promise<ListTaskListsResult> {
  const { lists, unreadable, config } = await readTaskLists(context);
  return {
    lists: lists.filter(({ list }) => options.archived === true || !list.archived),
    warnings: unreadable
      .filter(({ path }) => path.startsWith(`${config.taskFolder}/`))
      .map(({ path, message }) => phrase`${path} cannot be read: ${message}`),
  };
}
