import { countReachable, findComponents, type Successors } from '../base/graph.ts';
import type { Range } from '../base/range.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { nearestIds } from '../model/sessionId.ts';
import type { ClaimInfo, Task, TaskEntry, TaskList, TaskListEntry } from '../model/taskList.ts';

/** Works out what follows from the rows of a list: what is ready, what waits for what, the critical path. Pure, never throws. */
export function joinTaskList(list: TaskList): TaskListEntry {
  const graph = new TaskGraph(list.tasks);
  const openSession = list.sessions.findLast(({ ended }) => ended === undefined);
  let pending = 0;
  let inProgress = 0;
  const tasks = list.tasks.map((task, index) => {
    if (task.status === 'PENDING') pending++;
    else if (task.status === 'IN_PROGRESS') inProgress++;
    return graph.entryOf(task, index);
  });
  const total = tasks.length;
  return {
    list,
    tasks,
    counts: { pending, inProgress, complete: total - pending - inProgress, total },
    ...(openSession && { openSession }),
    claims: [],
    problems: graph.problems,
  };
}

/** The tasks that can be started, those that unblock most first, in the list's order among equals. */
export function readyTasksOf({ tasks }: Pick<TaskListEntry, 'tasks'>): readonly TaskEntry[] {
  return tasks.filter(({ ready }) => ready).sort((a, b) => b.unblocksCount - a.unblocksCount);
}

/** The longest chain of tasks that are not complete, first to last. */
export function criticalPathOf({ tasks }: Pick<TaskListEntry, 'tasks'>): readonly string[] {
  const critical = tasks.filter((task) => task.critical);
  // On a chain each waits for all before it, so the number of those that wait for it orders it.
  return critical.sort((a, b) => b.unblocksCount - a.unblocksCount).map(({ id }) => id);
}

/** The entry with the claims of its list filled in. */
export function withClaims(entry: TaskListEntry, all: readonly ClaimInfo[]): TaskListEntry {
  const claims = all.filter(({ list }) => list === entry.list.id);
  if (claims.length === 0) return entry;
  const byTask = new Map(claims.map((claim) => [claim.item, claim]));
  const tasks = entry.tasks.map((task) => {
    const claim = byTask.get(task.id);
    return claim === undefined ? task : { ...task, claim };
  });
  return { ...entry, tasks, claims };
}

const nothing: readonly string[] = [];

class TaskGraph {
  readonly problems: Diagnostic[] = [];
  readonly #tasks: readonly Task[];
  readonly #indexOf = new Map<string, number>();
  /** For each task those that are not complete and wait for it. */
  readonly #waiting: Successors;
  readonly #counts: Int32Array;
  readonly #errors = new Map<number, string>();
  readonly #critical: Uint8Array;

  constructor(tasks: readonly Task[]) {
    this.#tasks = tasks;
    for (const [index, { id }] of tasks.entries()) if (!this.#indexOf.has(id)) this.#indexOf.set(id, index);
    const waiting: number[][] = tasks.map(() => []);
    for (const [index, task] of tasks.entries()) {
      for (const name of task.after) {
        const target = this.#indexOf.get(name);
        if (target === undefined) this.#reportUnknown(task, index, name);
        else if (task.status !== 'COMPLETE') waiting[target]?.push(index);
      }
    }
    this.#waiting = waiting;
    const components = findComponents(waiting);
    for (const component of components) this.#reportCycle(component);
    this.#counts = countReachable(waiting);
    this.#critical = this.#findCritical(components);
  }

  entryOf(task: Task, index: number): TaskEntry {
    const waitingFor =
      task.after.length === 0 || task.status === 'COMPLETE'
        ? nothing
        : task.after.filter((name) => this.#tasks[this.#indexOf.get(name) ?? -1]?.status !== 'COMPLETE');
    const error = this.#errors.get(index);
    const waiting = this.#waiting[index] ?? [];
    const isFirst = this.#indexOf.get(task.id) === index;
    return {
      id: task.id,
      title: task.title,
      status: task.status,
      statusUnknown: task.statusUnknown,
      after: task.after,
      ...(task.session !== undefined && { session: task.session }),
      ...(task.updated !== undefined && { updated: task.updated }),
      range: task.range,
      line: task.line,
      ready:
        task.status === 'PENDING' && !task.statusUnknown && error === undefined && isFirst && waitingFor.length === 0,
      waitingFor,
      unblocks: waiting.length === 0 ? nothing : waiting.map((other) => this.#tasks[other]?.id ?? ''),
      unblocksCount: this.#counts[index] ?? 0,
      critical: this.#critical[index] === 1,
      ...(error !== undefined && { error }),
    };
  }

  #reportUnknown(task: Task, index: number, name: string): void {
    // Finding the nearest name reads all of them: not for a file of nothing but unknown ones.
    const nearest = this.problems.length < 20 ? nearestIds(name, [...this.#indexOf.keys()]) : [];
    const help = nearest.length > 0 ? `Did you mean ${nearest.join(' or ')}?` : 'Correct or remove the name.';
    const error = `depends on ${name}, which this list does not have`;
    if (task.status !== 'COMPLETE') this.#errors.set(index, error);
    const message = `${task.id} ${error}. ${help}`;
    this.#report('unknown-dependency', task.range, message);
  }

  #reportCycle(component: readonly number[]): void {
    const [first] = component;
    if (first === undefined || (component.length === 1 && !this.#waiting[first]?.includes(first))) return;
    const members = [...component].sort((a, b) => a - b);
    const names = members.map((index) => this.#tasks[index]?.id ?? '');
    const shown = names.length > 10 ? `${names.slice(0, 9).join(', ')} and ${names.length - 9} more` : names.join(', ');
    const error =
      names.length === 1 ? 'depends on itself' : `is in a cycle of tasks that wait for each other: ${shown}`;
    for (const index of members) {
      const task = this.#tasks[index];
      if (task === undefined) continue;
      this.#errors.set(index, error);
      this.#report('cyclic-dependency', task.range, `${task.id} ${error}. Remove one of these dependencies.`);
    }
  }

  #report(code: 'unknown-dependency' | 'cyclic-dependency', range: Range, message: string): void {
    this.problems.push({ code, severity: 'error', message, range });
  }

  /** Marks the longest chain of tasks that are not complete; among equals the one that begins first. Cycles are on no chain. */
  #findCritical(components: readonly (readonly number[])[]): Uint8Array {
    const count = this.#tasks.length;
    const length = new Int32Array(count);
    const next = new Int32Array(count).fill(-1);
    // Each component comes after all that its edges lead to, so what waits for a task is known before it.
    for (const component of components) {
      const [index] = component;
      if (index === undefined || component.length > 1 || this.#tasks[index]?.status === 'COMPLETE') continue;
      for (const other of this.#waiting[index] ?? []) {
        const better = (length[other] ?? 0) > (length[next[index] ?? -1] ?? 0);
        const equal = (length[other] ?? 0) === (length[next[index] ?? -1] ?? 0) && other < (next[index] ?? -1);
        if (better || equal) next[index] = other;
      }
      if (this.#waiting[index]?.includes(index)) continue;
      length[index] = 1 + (length[next[index] ?? -1] ?? 0);
    }
    const critical = new Uint8Array(count);
    let start = -1;
    for (let index = 0; index < count; index++) if ((length[index] ?? 0) > (length[start] ?? 0)) start = index;
    // A chain of one is no path.
    if ((length[start] ?? 0) > 1) for (let at = start; at >= 0; at = next[at] ?? -1) critical[at] = 1;
    return critical;
  }
}
