import { BatonError } from '../../errors.ts';
import { findTaskRow, minuteStamp, noColumn, planTaskCells } from '../../formats/taskListEdits.ts';
import { assertNewTaskId, planTaskIdEdits, renameNote } from '../../language/renameTask.ts';
import type { TaskEntry } from '../../model/taskList.ts';
import type { ActionContext } from '../context.ts';
import { changeTaskList, type ListChange, readTaskListNamed } from './readLists.ts';
import { assertNoCycle, TaskNames } from './taskInput.ts';

export interface EditTaskOptions {
  readonly list: string;
  readonly task: string;
  readonly title?: string;
  /** All dependencies that it is to have; none for an empty list. */
  readonly after?: readonly string[];
  /** A new ID; dependencies on the old one follow. */
  readonly id?: string;
  readonly expectedRevision?: string;
}

export interface EditTaskResult extends ListChange {
  readonly task: TaskEntry;
}

/**
 * Changes a task's title, dependencies or ID.
 *
 * @throws BatonError `unknown-list`, `unknown-task`, `already-exists`, `cyclic-dependency`, `invalid-argument`, `conflict`
 */
export async function editTask(context: ActionContext, options: EditTaskOptions): Promise<EditTaskResult> {
  const { entry } = await readTaskListNamed(context, options.list);
  const title = options.title?.replace(/\s+/g, ' ').trim();
  if (title === '') throw new BatonError('invalid-argument', 'The title is empty', { hint: 'Say what is to be done.' });
  let id = options.task;
  const change = await changeTaskList(context, entry, options, (read) => {
    const { list } = read;
    const task = findTaskRow(list, list.tasks, options.task);
    id = options.id ?? task.id;
    const isRenamed = id !== task.id;
    if (isRenamed) assertNewTaskId(list.tasks, task.id, id);
    const names = new TaskNames(list.tasks);
    const after = options.after?.map((name) => names.resolve(name, task.id));
    if (after !== undefined) {
      if (list.table?.columns.after === undefined && after.length > 0) throw noColumn(list.path, 'After');
      const others = list.tasks.filter((other) => other !== task);
      assertNoCycle([...others, { id: task.id, after }], new Set([task.id]));
    }
    if (title !== undefined && list.table?.columns.title === undefined) throw noColumn(list.path, 'Title');
    const edits = planTaskCells(read, task, {
      ...(title !== undefined && { title }),
      ...(after !== undefined && { after: [...new Set(after)].join(', ') }),
    });
    if (!isRenamed) return edits;
    const stamp = minuteStamp(context.ports.clock.now());
    const note = renameNote(read, { id: task.id, title: title ?? task.title }, id, stamp);
    return [...edits, ...planTaskIdEdits(read, task, id).edits, note];
  });
  return { ...change, task: findTaskRow(change.list.list, change.list.tasks, id) };
}
