import type { TaskListEntry } from '../../model/taskList.ts';
import type { Ports } from '../../ports/ports.ts';
import { withRescued } from '../../store/markTasks.ts';
import { problemWarnings } from './problemWarnings.ts';
import { type ReadContext, readTaskListNamed, revisionOfList } from './readLists.ts';
import { rescuedTasks } from './syncMirror.ts';

export interface ShowTaskListOptions {
  readonly list: string;
}

export interface ShowTaskListResult {
  readonly list: TaskListEntry;
  readonly revision: string;
  /** The longest chain of tasks that are not complete, first to last. */
  readonly criticalPath: readonly string[];
  /** The text of `## Handoff`. */
  readonly handoff?: string;
  readonly warnings: readonly string[];
}

/** What showing a list takes: its links are remembered for this worktree. */
export type ShowContext = ReadContext & { readonly ports: Pick<Ports, 'localState'> };

/**
 * Shows one list with everything that is known of it.
 *
 * @throws BatonError `unknown-list`, `ambiguous-list`, `unreadable-file`
 */
export async function showTaskList(context: ShowContext, options: ShowTaskListOptions): Promise<ShowTaskListResult> {
  const { entry: found, read } = await readTaskListNamed(context, options.list);
  const entry = withRescued(found, await rescuedTasks(context.ports.localState, found.list.id));
  const handoff = entry.list.handoff?.text;
  return {
    list: entry,
    // Hashing a long text takes longer than reading it, and not everybody asks.
    get revision() {
      return revisionOfList(entry);
    },
    criticalPath: entry.criticalPath,
    ...(handoff !== undefined && { handoff }),
    warnings: problemWarnings(entry, read.problems),
  };
}
