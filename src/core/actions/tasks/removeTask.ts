import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import { findTaskRow, minuteStamp, planRowRemove, planTaskCells } from '../../formats/taskListEdits.ts';
import { planListNote } from '../../formats/taskListSessions.ts';
import type { Task } from '../../model/taskList.ts';
import type { ActionContext } from '../context.ts';
import { changeTaskList, type ListChange, readTaskListNamed } from './readLists.ts';

export interface RemoveTaskOptions {
  readonly list: string;
  readonly task: string;
  /** Removes it although others come after it (they no longer do) or it is not pending. */
  readonly force?: boolean;
  readonly expectedRevision?: string;
}

export interface RemoveTaskResult extends ListChange {
  readonly removed: Task;
}

/**
 * Removes a task, and writes that down in the list so that it is not taken for a loss.
 *
 * @throws BatonError `unknown-list`, `unknown-task`, `wrong-state` where others come after it or work on it has begun, `conflict`
 */
export async function removeTask(context: ActionContext, options: RemoveTaskOptions): Promise<RemoveTaskResult> {
  const { entry } = await readTaskListNamed(context, options.list);
  let removed: Task | undefined;
  const change = await changeTaskList(context, entry, options, (read) => {
    const { list } = read;
    const task = findTaskRow(list, list.tasks, options.task);
    const followers = list.tasks.filter((other) => other !== task && other.after.includes(task.id));
    if (options.force !== true) assertRemovable(list.id, task, followers);
    removed = task;
    const text = `${task.status}; ${task.title}`;
    return [
      planRowRemove(read, task.line),
      ...followers.flatMap((other) =>
        planTaskCells(read, other, { after: other.after.filter((name) => name !== task.id).join(', ') }),
      ),
      planListNote(read, { kind: 'removed', task: task.id, text }, minuteStamp(context.ports.clock.now())),
    ];
  });
  return { ...change, removed: removed ?? findTaskRow<Task>(entry.list, entry.tasks, options.task) };
}

function assertRemovable(list: string, task: Task, followers: readonly Task[]): void {
  const ids = followers.map(({ id }) => id);
  const cause =
    ids.length > 0
      ? phrase`${ids.join(', ')} ${ids.length === 1 ? 'comes' : 'come'} after ${task.id}`
      : task.status === 'PENDING'
        ? undefined
        : phrase`${task.id} is ${task.status}`;
  if (cause === undefined) return;
  throw new BatonError('wrong-state', phrase`${cause}, so it is not removed without more ado`, {
    hint: 'Remove it all the same with `--force`; those that came after it then no longer wait for it.',
    data: { list, task: task.id, status: task.status, followers: ids },
  });
}
