import { phrase } from '../../base/phrase.ts';
import type { TaskListEntry } from '../../model/taskList.ts';

/** Tells that several tasks are in progress, naming them; nothing where it is one at most. */
export function inProgressWarnings({ tasks }: Pick<TaskListEntry, 'tasks'>): readonly string[] {
  const ids = tasks.filter(({ status }) => status === 'IN_PROGRESS').map(({ id }) => id);
  if (ids.length < 2) return [];
  const shown = ids.length > 10 ? phrase`${ids.slice(0, 9).join(', ')} and ${ids.length - 9} more` : ids.join(', ');
  return [phrase`${ids.length} tasks are in progress: ${shown}`];
}
