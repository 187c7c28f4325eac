import { phrase } from '../../base/phrase.ts';
import type { Task, TaskList, TaskListNote } from '../../model/taskList.ts';

/** Something that speaks against continuity. */
export interface Finding {
  /** ID of the task, where it is about one. */
  readonly task?: string;
  /** Full hash; undefined for what is not committed yet. */
  readonly commit?: string;
  readonly message: string;
  /** Why it does not count: it was forced and written down, or put right again. */
  readonly excused?: string;
}

/** One version of a list beside those that it was made from. */
export interface ListStep {
  /** Undefined for what is not committed yet. */
  readonly commit?: string;
  readonly isMerge: boolean;
  readonly before: readonly TaskList[];
  /** Undefined where the file is gone. */
  readonly after?: TaskList;
}

/** What comparing the versions found. */
export interface ComparedVersions {
  readonly identity: readonly Finding[];
  readonly states: readonly Finding[];
}

/** Compares each version with those before it, and the last one with what its own log says. */
export function compareVersions(steps: readonly ListStep[], now: TaskList): ComparedVersions {
  const identity: Finding[] = [];
  const states: Finding[] = [];
  const seen = new Map<string, Task>();
  for (const step of steps) {
    for (const before of step.before) {
      identity.push(...compareIdentity(step, before, now));
      if (step.after) states.push(...compareTasks(step, before, step.after, now));
    }
    if (step.after) states.push(...findReturned(step, step.after, seen));
    for (const task of step.after?.tasks ?? []) seen.set(task.id, task);
  }
  states.push(...compareLog(now));
  return { identity: unique(identity), states: unique(states) };
}

/** Where nothing is committed yet that is said, so that nobody looks for the commit. */
function whereOf({ commit }: ListStep): Pick<Finding, 'commit'> {
  return commit === undefined ? {} : { commit };
}

function compareIdentity(step: ListStep, before: TaskList, now: TaskList): Finding[] {
  const { after } = step;
  const where = whereOf(step);
  if (after === undefined) {
    const isBack = now.id === before.id && now.createdAt === before.createdAt;
    return [
      { ...where, message: phrase`${before.path} was deleted`, ...(isBack && { excused: 'it was brought back' }) },
    ];
  }
  const found: Finding[] = [];
  const isMended = (same: boolean): Pick<Finding, 'excused'> => (same ? { excused: 'it was put right again' } : {});
  if (before.hasOwnId && !after.hasOwnId) {
    found.push({
      ...where,
      message: phrase`the list lost its ID ${before.id}`,
      ...isMended(now.hasOwnId && now.id === before.id),
    });
  } else if (before.hasOwnId && before.id !== after.id) {
    found.push({
      ...where,
      message: phrase`the list's ID changed from ${before.id} to ${after.id}`,
      ...isMended(now.id === before.id),
    });
  }
  if (before.createdAt !== undefined && after.createdAt !== undefined && before.createdAt !== after.createdAt) {
    const message = phrase`the list ${before.id} was re-created: it says ${after.createdAt} now, and was made ${before.createdAt}`;
    found.push({ ...where, message, ...isMended(now.createdAt === before.createdAt) });
  }
  return found;
}

function compareTasks(step: ListStep, before: TaskList, after: TaskList, now: TaskList): Finding[] {
  const current = new Map(after.tasks.map((task) => [task.id, task]));
  const found: Finding[] = [];
  for (const task of before.tasks) {
    const next = current.get(task.id);
    const finding =
      next === undefined ? describeLost(step, task, after, now) : describeChange(task, next, { before, after });
    if (finding === undefined) continue;
    const restored = isRestored(task, now) ? { excused: 'it was put right again' } : {};
    found.push({ task: task.id, ...whereOf(step), ...restored, ...finding });
  }
  return found;
}

type Described = Pick<Finding, 'message' | 'excused'>;

function describeLost(step: ListStep, task: Task, after: TaskList, now: TaskList): Described | undefined {
  const note = [...after.notes, ...now.notes].find(
    ({ kind, task: id }) => id === task.id && (kind === 'removed' || kind === 'renamed' || kind === 'moved'),
  );
  if (note !== undefined) return undefined;
  const how = step.isMerge ? phrase`was lost in a merge` : phrase`was lost`;
  return { message: phrase`${task.id} (${task.status}) ${how}` };
}

/** A state that fell back, or a row that was made anew. */
function describeChange(
  task: Task,
  next: Task,
  { before, after }: { readonly before: TaskList; readonly after: TaskList },
): Described | undefined {
  const isReset = task.updated !== undefined && next.updated === undefined;
  const isFall = task.status === 'COMPLETE' && next.status !== 'COMPLETE';
  if (!isFall && !(isReset && rank(next) < rank(task))) return undefined;
  const change = `${task.status} -> ${next.status}`;
  if (isReset) return { message: phrase`${task.id} was re-created: ${change}, without session and time` };
  const forced = countForced(after.notes, task.id) > countForced(before.notes, task.id);
  const excused = 'it was set back by force, and the list says so';
  return { message: phrase`${task.id} fell back: ${change}`, ...(forced && { excused }) };
}

function rank({ status }: Task): number {
  return status === 'COMPLETE' ? 2 : status === 'IN_PROGRESS' ? 1 : 0;
}

function countForced(notes: readonly TaskListNote[], id: string): number {
  return notes.filter(({ kind, task }) => kind === 'forced' && task === id).length;
}

/** The row is again what it was: not done once more, but brought back. */
function isRestored(task: Task, now: TaskList): boolean {
  const current = now.tasks.find(({ id }) => id === task.id);
  return (
    current !== undefined &&
    current.status === task.status &&
    current.session === task.session &&
    current.updated === task.updated &&
    (task.status !== 'PENDING' || current.title === task.title)
  );
}

/** A task that comes back although it was lost or removed before, with less than it had. */
function findReturned(step: ListStep, after: TaskList, seen: ReadonlyMap<string, Task>): Finding[] {
  const known = new Set(step.before.flatMap(({ tasks }) => tasks.map(({ id }) => id)));
  return after.tasks.flatMap((task) => {
    const old = seen.get(task.id);
    if (old === undefined || known.has(task.id) || step.before.length === 0 || rank(task) >= rank(old)) return [];
    const message = phrase`${task.id} was re-created: it was ${old.status} when it was last there, and is ${task.status}`;
    return [{ task: task.id, ...whereOf(step), message }];
  });
}

/** The log says what ended sessions completed; that must still be so. */
function compareLog(now: TaskList): Finding[] {
  const tasks = new Map(now.tasks.map((task) => [task.id, task]));
  const renamed = new Map(
    now.notes.flatMap(({ kind, task, to }) => (kind === 'renamed' && to !== undefined ? [[task, to]] : [])),
  );
  return now.sessions.flatMap(({ number, completed }) =>
    completed.flatMap((id): Finding[] => {
      const task = tasks.get(id) ?? tasks.get(renamed.get(id) ?? '');
      if (task?.status === 'COMPLETE') return [];
      const notes = now.notes.filter((note) => note.task === id);
      const isExplained = notes.some(
        ({ kind }) => kind === (task === undefined ? 'removed' : 'forced') || kind === 'moved',
      );
      const state = task === undefined ? phrase`is not in the list any more` : phrase`is ${task.status}`;
      const message = phrase`session ${number} completed ${id}, which ${state}`;
      return [{ task: id, message, ...(isExplained && { excused: 'the list says why' }) }];
    }),
  );
}

/** Once per task and commit, and not again without a commit what a commit explains. */
function unique(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  const withCommit = new Set(
    findings.flatMap(({ task, commit }) => (task !== undefined && commit !== undefined ? [task] : [])),
  );
  return findings.filter(({ task, commit, message }) => {
    const key = JSON.stringify([commit, message]);
    if (seen.has(key)) return false;
    seen.add(key);
    return !(
      task !== undefined &&
      commit === undefined &&
      /^session \d+ completed/.test(message) &&
      withCommit.has(task)
    );
  });
}
