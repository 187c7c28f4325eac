import type { TaskList } from '../model/taskList.ts';

/** Orders lists by path, archived ones last. */
export function byPlace(a: TaskList, b: TaskList): number {
  if (a.archived !== b.archived) return a.archived ? 1 : -1;
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
