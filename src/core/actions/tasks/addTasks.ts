import { BatonError } from '../../errors.ts';
import { choosePlace } from '../../formats/rowPlace.ts';
import { findTaskRow, type NewTaskRow, planTaskRows } from '../../formats/taskListEdits.ts';
import type { Task, TaskList } from '../../model/taskList.ts';
import type { ActionContext } from '../context.ts';
import { changeTaskList, type ListChange, readTaskListNamed } from './readLists.ts';
import { readOutline, readSpecs, resolveTasks, type TaskInput } from './taskInput.ts';
import { inProgressWarnings } from './warnings.ts';

export interface AddTasksOptions {
  readonly list: string;
  readonly tasks?: readonly TaskInput[];
  /** Tasks as lines of the form `ID: TITLE after A,B`. */
  readonly specs?: readonly string[];
  /** Text of an outline, YAML or markdown. */
  readonly outline?: string;
  /** Puts them before, or behind, this task; `last` at the end. Where nothing is said, see `choosePlace`. */
  readonly before?: string;
  readonly afterRow?: string;
  readonly last?: boolean;
  readonly expectedRevision?: string;
}

export interface AddTasksResult extends ListChange {
  /** IDs of the new tasks, in the order given. */
  readonly added: readonly string[];
}

/**
 * Adds tasks to a list, one behind the other.
 *
 * @throws BatonError `unknown-list`, `ambiguous-list`, `unknown-task`, `already-exists`, `cyclic-dependency`, `invalid-argument`, `conflict`
 */
export async function addTasks(context: ActionContext, options: AddTasksOptions): Promise<AddTasksResult> {
  const { entry } = await readTaskListNamed(context, options.list);
  const given = [...(options.tasks ?? []), ...(await readOutline(options.outline)).tasks];
  if (given.length === 0 && (options.specs ?? []).length === 0) {
    throw new BatonError('invalid-argument', 'There is no task to add', { hint: 'Name one: "ID: TITLE after A,B".' });
  }
  let rows: readonly NewTaskRow[] = [];
  const change = await changeTaskList(context, entry, options, (read) => {
    const specs = readSpecs(options.specs ?? [], [...read.list.tasks, ...given]);
    rows = resolveTasks([...given, ...specs], read.list.tasks);
    return planTaskRows(read, rows, placeOf(read.list, rows, options));
  });
  return {
    ...change,
    added: rows.map(({ id }) => id),
    warnings: [...change.warnings, ...inProgressWarnings(change.list)],
  };
}

function placeOf(
  list: TaskList,
  rows: readonly NewTaskRow[],
  { before, afterRow, last }: Pick<AddTasksOptions, 'before' | 'afterRow' | 'last'>,
): number {
  const { tasks } = list;
  const indexOf = (id: string): number => tasks.indexOf(findTaskRow<Task>(list, tasks, id));
  if (before !== undefined) return indexOf(before);
  if (afterRow !== undefined) return indexOf(afterRow) + 1;
  if (last === true) return tasks.length;
  return choosePlace(
    tasks,
    rows[0]?.id ?? '',
    rows.flatMap(({ after }) => after),
  );
}
