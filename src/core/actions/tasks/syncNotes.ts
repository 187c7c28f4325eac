import type { Task, TaskListNote, TaskStatus } from '../../model/taskList.ts';

/**
 * What is no orderly transition of a task is written down in the list, as `--force` would: that it was complete, or that what it comes
 * after is not.
 */
export function planForcedNotes(
  tasks: readonly Task[],
  changed: ReadonlyMap<
    string,
    { readonly status?: TaskStatus; readonly after?: readonly string[]; readonly number?: string }
  >,
): readonly TaskListNote[] {
  const finals = new Map(tasks.map(({ id, status }) => [id, changed.get(id)?.status ?? status]));
  return tasks.flatMap((task): TaskListNote[] => {
    const change = changed.get(task.id);
    const to = change?.status;
    if (change === undefined || to === undefined) return [];
    const reasons = task.status === 'COMPLETE' ? ['it was COMPLETE'] : [];
    const unmet = (change.after ?? task.after).filter((name) => finals.get(name) !== 'COMPLETE');
    if (task.status === 'PENDING' && to !== 'PENDING' && unmet.length > 0) {
      reasons.push(`not complete: ${unmet.join(', ')}`);
    }
    if (reasons.length === 0) return [];
    const text = `${task.status} -> ${to} in Claude Code (#${change.number ?? ''}); ${reasons.join('; ')}`;
    return [{ kind: 'forced', task: task.id, text }];
  });
}
