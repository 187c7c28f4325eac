import type { ClaimInfo, TaskEntry, TaskListEntry } from '../model/taskList.ts';

/** The entry with the claims of its list filled in. */
export function withClaims(entry: TaskListEntry, all: readonly ClaimInfo[]): TaskListEntry {
  const claims = all.filter(({ list }) => list === entry.list.id);
  if (claims.length === 0) return entry;
  const byTask = new Map(claims.map((claim) => [claim.item, claim]));
  const withClaim = (task: TaskEntry): TaskEntry => {
    const claim = byTask.get(task.id);
    return claim === undefined ? task : { ...task, claim };
  };
  return { ...entry, tasks: entry.tasks.map(withClaim), ready: entry.ready.map(withClaim), claims };
}

/** The entry with those tasks flagged that a linked list dropped. */
export function withRescued(entry: TaskListEntry, ids: ReadonlySet<string>): TaskListEntry {
  if (ids.size === 0) return entry;
  const withFlag = (task: TaskEntry): TaskEntry => (ids.has(task.id) ? { ...task, rescued: true } : task);
  return { ...entry, tasks: entry.tasks.map(withFlag), ready: entry.ready.map(withFlag) };
}
