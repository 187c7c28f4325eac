import { phrase } from '../../base/phrase.ts';
import type { Task, TaskList } from '../../model/taskList.ts';
import { readTime, resolveTime } from '../../model/time.ts';
import type { Finding, ListStep } from './compareVersions.ts';

/**
 * Looks for work that was started before it was its turn: a task whose dependencies were not complete when it left PENDING, unless that was
 * forced and written down. Git's versions tell what was so when; within one version the times of the rows do.
 */
export function findSeams(steps: readonly ListStep[], now: TaskList): readonly Finding[] {
  const found: Finding[] = [];
  for (const { commit, before, after } of steps) {
    if (after === undefined) continue;
    for (const task of startedIn(before, after)) {
      const unmet = unmetDependencies(task, after);
      if (unmet.length === 0 || isForced(after, task.id) || isForced(now, task.id)) continue;
      const message = phrase`${task.id} was started (${task.status}) before ${unmet.join(', ')} was complete, so it was not the next ready task`;
      found.push({ task: task.id, message, ...(commit !== undefined && { commit }) });
    }
  }
  const known = new Set(found.map(({ task }) => task));
  return [...found, ...findEarly(now).filter(({ task }) => !known.has(task)), ...findGaps(now)];
}

/** The tasks that left PENDING between the versions before and this one. */
function startedIn(before: readonly TaskList[], after: TaskList): readonly Task[] {
  const started = new Set(
    before.flatMap(({ tasks }) => tasks.filter(({ status }) => status !== 'PENDING').map(({ id }) => id)),
  );
  return after.tasks.filter(({ id, status }) => status !== 'PENDING' && !started.has(id));
}

function unmetDependencies(task: Task, { tasks }: TaskList): readonly string[] {
  return task.after.filter((name) => tasks.some(({ id, status }) => id === name && status !== 'COMPLETE'));
}

function isForced({ notes }: TaskList, id: string): boolean {
  return notes.some(({ kind, task }) => kind === 'forced' && task === id);
}

/** Tasks that were complete, by the times of the rows, before one that they come after. */
function findEarly(now: TaskList): readonly Finding[] {
  const byId = new Map(now.tasks.map((task) => [task.id, task]));
  return now.tasks.flatMap((task) => {
    const time = completedAt(task);
    if (time === undefined || isForced(now, task.id)) return [];
    const late = task.after.filter((name) => {
      const other = byId.get(name);
      const otherTime = other && completedAt(other);
      return otherTime !== undefined && otherTime > time && !isForced(now, name);
    });
    if (late.length === 0) return [];
    return [
      { task: task.id, message: phrase`${task.id} was complete before ${late.join(', ')}, which it comes after` },
    ];
  });
}

function completedAt({ status, updated }: Task): number | undefined {
  if (status !== 'COMPLETE' || updated === undefined) return undefined;
  const reading = readTime(updated);
  if (reading?.hour === undefined || reading.year === undefined) return undefined;
  const zone = { year: reading.year, month: 1, day: 1, hour: 0, minute: 0, offsetMinutes: 0 };
  return resolveTime(reading, zone);
}

/** Sessions are numbered one after the other; two branches may have one number each. */
function findGaps({ sessions }: TaskList): readonly Finding[] {
  const numbers = [...new Set(sessions.map(({ number }) => number))].sort((a, b) => a - b);
  const missing = numbers.flatMap((number, index) => {
    const last = index === 0 ? 0 : (numbers[index - 1] ?? 0);
    return number === last + 1 ? [] : [last + 1 === number - 1 ? `${last + 1}` : `${last + 1} to ${number - 1}`];
  });
  return missing.map((range) => ({ message: phrase`the log of sessions has no session ${range}` }));
}
