import type { ListChange } from '../../../core/actions/tasks/readLists.ts';
import type { TaskEntry } from '../../../core/model/taskList.ts';
import type { VerbResult } from '../../cli.ts';
import type { Output } from '../../output.ts';
import { toTaskListView, toTaskView } from '../../taskViews.ts';

/** The result of a verb that changed one task: the task where it is still there, the list, the new revision. */
export function toChangeResult(
  change: ListChange & { readonly task?: TaskEntry },
  more: Readonly<Record<string, unknown>>,
  print: (out: Output) => void,
): VerbResult {
  return {
    data: {
      ...(change.task && { task: toTaskView(change.task) }),
      ...more,
      changed: change.changed,
      list: toTaskListView(change.list),
      revision: change.revision,
    },
    warnings: change.warnings,
    print: (out) => (change.changed ? print(out) : out.line('Nothing to change: it is so already.')),
  };
}

/** The number that a task has in its list, from 1. */
export function numberOf(change: ListChange, id: string): number {
  return change.list.tasks.findIndex((task) => task.id === id) + 1;
}
