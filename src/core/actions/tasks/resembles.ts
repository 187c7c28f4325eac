import type { TaskList } from '../../model/taskList.ts';

/** Tells whether one list looks like the other made anew: the same title and half of the tasks, or all the tasks under another title. */
export function resembles(a: TaskList, b: TaskList): boolean {
  const ids = new Set(a.tasks.map(({ id }) => id));
  const shared = b.tasks.filter(({ id }) => ids.has(id)).length;
  const most = Math.max(ids.size, b.tasks.length);
  if (most === 0) return plain(a.title) === plain(b.title);
  if (plain(a.title) === plain(b.title)) return shared * 2 >= most;
  const titles = new Map(a.tasks.map(({ id, title }) => [id, title]));
  return shared === most && most > 1 && b.tasks.every(({ id, title }) => titles.get(id) === title);
}

/**
 * Finds the list that was made anew instead of resuming this one, or the other way round. A copy that was asked for (`from` in its
 * frontmatter) is none, nor is one of a list whose tasks are all complete: that is how a checklist is used again.
 */
export function findTwin(list: TaskList, all: readonly TaskList[]): TaskList | undefined {
  return all.find((other) => {
    if (other.path === list.path || other.id === list.id || !resembles(list, other)) return false;
    const [first, second] = (list.createdAt ?? '') > (other.createdAt ?? '') ? [other, list] : [list, other];
    if (first.archived || second.from !== undefined) return false;
    return first.tasks.some(({ status }) => status !== 'COMPLETE') || plain(first.title) === plain(second.title);
  });
}

function plain(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
