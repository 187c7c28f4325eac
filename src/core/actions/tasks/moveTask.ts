import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import { findTaskRow, minuteStamp, planRowRemove, planTaskRows } from '../../formats/taskListEdits.ts';
import { planListNote } from '../../formats/taskListSessions.ts';
import type { Task, TaskListEntry } from '../../model/taskList.ts';
import { findTaskList } from '../../store/findTaskList.ts';
import type { ActionContext } from '../context.ts';
import { changeTaskList, type ListChange, readTaskListNamed } from './readLists.ts';

export interface MoveTaskOptions {
  readonly list: string;
  readonly task: string;
  readonly toList: string;
  /** Puts it before this task of the other list; at the end where not given. */
  readonly before?: string;
  readonly expectedRevision?: string;
}

export interface MoveTaskResult extends ListChange {
  /** The list that the task is in now; `list` is the one that it left. */
  readonly target: TaskListEntry;
}

/**
 * Moves a task to another list, with its state. It is added there before it is removed here, so that whatever happens in between loses
 * nothing.
 *
 * @throws BatonError `unknown-list`, `unknown-task`, `already-exists`, `wrong-state` where tasks of this list come after it
 */
export async function moveTask(context: ActionContext, options: MoveTaskOptions): Promise<MoveTaskResult> {
  const { entry, read } = await readTaskListNamed(context, options.list);
  const target = findTaskList(read.lists, options.toList);
  if (target.list.path === entry.list.path) {
    throw new BatonError('invalid-argument', phrase`${options.task} is in ${entry.list.id} already`, {
      hint: 'Name another list.',
    });
  }
  const task = findTaskRow<Task>(entry.list, entry.tasks, options.task);
  assertMovable(entry, task);
  const added = await changeTaskList(context, target, {}, (there) => {
    const { tasks } = there.list;
    if (tasks.some(({ id }) => id === task.id)) {
      throw new BatonError('already-exists', phrase`${there.list.id} has a task ${task.id} already`, {
        hint: 'Give one of them another ID first.',
        data: { list: there.list.id, task: task.id },
      });
    }
    const index =
      options.before === undefined ? tasks.length : tasks.indexOf(findTaskRow(there.list, tasks, options.before));
    // What it waited for is in the list that it leaves.
    const after = task.after.filter((name) => tasks.some(({ id }) => id === name));
    return planTaskRows(there, [{ ...task, after }], index);
  });
  const change = await changeTaskList(context, entry, options, (here) => {
    const now = findTaskRow(here.list, here.list.tasks, task.id);
    const note = { kind: 'moved' as const, task: task.id, to: target.list.id, text: `${now.status}; ${now.title}` };
    return [planRowRemove(here, now.line), planListNote(here, note, minuteStamp(context.ports.clock.now()))];
  });
  return { ...change, target: added.list };
}

function assertMovable({ list, tasks }: TaskListEntry, task: Task): void {
  const followers = tasks.filter(({ after }) => after.includes(task.id)).map(({ id }) => id);
  if (followers.length === 0) return;
  throw new BatonError(
    'wrong-state',
    followers.length === 1
      ? phrase`${followers.join(', ')} of ${list.id} comes after ${task.id}`
      : phrase`${followers.join(', ')} of ${list.id} come after ${task.id}`,
    {
      hint: 'Change their dependencies first.',
      data: { list: list.id, task: task.id, followers },
    },
  );
}
