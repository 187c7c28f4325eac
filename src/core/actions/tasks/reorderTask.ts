import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import { findTaskRow, planRowMove } from '../../formats/taskListEdits.ts';
import type { Task, TaskList } from '../../model/taskList.ts';
import type { ActionContext } from '../context.ts';
import { changeTaskList, type ListChange, readTaskListNamed } from './readLists.ts';

export interface ReorderTaskOptions {
  readonly list: string;
  readonly task: string;
  /** One of the three. */
  readonly before?: string;
  readonly after?: string;
  readonly to?: 'first' | 'last';
  readonly expectedRevision?: string;
}

/**
 * Moves a task to another place in its list.
 *
 * @throws BatonError `unknown-list`, `unknown-task`, `invalid-argument` where no place is given, `conflict`
 */
export async function reorderTask(context: ActionContext, options: ReorderTaskOptions): Promise<ListChange> {
  const { entry } = await readTaskListNamed(context, options.list);
  return changeTaskList(context, entry, options, (read) => {
    const task = findTaskRow(read.list, read.list.tasks, options.task);
    return planRowMove(read, task, placeFor(read.list, task, options));
  });
}

function placeFor(list: TaskList, task: Task, { before, after, to }: ReorderTaskOptions): number {
  const others = list.tasks.filter((other) => other !== task);
  if (to !== undefined) return to === 'first' ? 0 : others.length;
  const anchor = before ?? after;
  if (anchor === undefined || (before !== undefined && after !== undefined)) {
    throw new BatonError('invalid-argument', phrase`Where is ${task.id} to go?`, {
      hint: 'Say before or after which task, or first or last.',
    });
  }
  const target = findTaskRow(list, list.tasks, anchor);
  if (target === task) return list.tasks.indexOf(task);
  return others.indexOf(target) + (before === undefined ? 1 : 0);
}
