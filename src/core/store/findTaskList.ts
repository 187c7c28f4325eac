import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import { nearestIds } from '../model/sessionId.ts';
import type { TaskListEntry } from '../model/taskList.ts';

/**
 * Finds a list by its ID; else by its title or the beginning of its ID, in any case, where that means one list only.
 *
 * @throws BatonError `unknown-list` (with the nearest), `ambiguous-list` (with the places)
 */
export function findTaskList(lists: readonly TaskListEntry[], name: string): TaskListEntry {
  const wanted = name.trim().toLowerCase();
  const tests: readonly ((entry: TaskListEntry) => boolean)[] = [
    ({ list }) => list.id === name,
    ({ list }) => list.path === name || list.id.toLowerCase() === wanted,
    ({ list }) => !list.archived && list.title.toLowerCase() === wanted,
    ({ list }) => !list.archived && wanted.length >= 3 && list.id.toLowerCase().startsWith(wanted),
  ];
  for (const test of tests) {
    const found = lists.filter(test);
    const [only, second] = found;
    if (only !== undefined && second === undefined) return only;
    if (only !== undefined) throw ambiguous(name, found);
  }
  const nearest = nearestIds(name, [...lists.map(({ list }) => list.id), ...lists.map(({ list }) => list.title)]);
  const known = lists.filter(({ list }) => !list.archived).map(({ list }) => list.id);
  throw new BatonError('unknown-list', phrase`There is no task list ${name}`, {
    hint:
      nearest.length > 0
        ? phrase`Did you mean ${nearest.join(' or ')}?`
        : known.length > 0
          ? phrase`Task lists: ${known.slice(0, 10).join(', ')}${known.length > 10 ? ', …' : ''}.`
          : 'There are no task lists yet: `baton tasks create TITLE --task "ID: TITLE"` makes one.',
    data: { list: name, nearest },
  });
}

function ambiguous(name: string, found: readonly TaskListEntry[]): BatonError {
  const places = found.map(({ list }) => ({ id: list.id, title: list.title, path: list.path }));
  const names = places.map(({ id, path }) => `${id} (${path})`).join(', ');
  return new BatonError('ambiguous-list', phrase`${name} may be any of ${found.length} task lists: ${names}`, {
    hint: 'Name it by its whole ID; where two files have one ID, give one of them another.',
    data: { list: name, places },
  });
}
