import type { Task } from '../model/taskList.ts';

/** Fewer places than this make it likely that two branches take the same one. */
const fewPlaces = 4;

/**
 * Chooses where in the table new tasks go when nobody says where: a place that follows from the first one's ID, behind the last of their
 * dependencies where that leaves a choice. Git conflicts where two branches insert lines at the same place, so if everybody added at the
 * end, every two branches would conflict; like this, two that add different tasks do so rarely.
 *
 * @returns how many of the tasks stand before them
 */
export function choosePlace(tasks: readonly Task[], id: string, after: readonly string[]): number {
  const last = tasks.findLastIndex((task) => after.includes(task.id));
  const places = tasks.length - last;
  const first = places >= fewPlaces ? last + 1 : 0;
  return first + (hashOf(id) % (tasks.length - first + 1));
}

/** FNV-1a, 32 bits, mixed so that its low bits differ for similar IDs. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 12)) >>> 0;
}
