import { countReachable, findComponents, type Successors } from '../base/graph.ts';
import type { Range } from '../base/range.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { nearestIds } from '../model/sessionId.ts';
import type { ClaimInfo, Task, TaskEntry, TaskList, TaskListEntry } from '../model/taskList.ts';

/**
 * Works out what follows from the rows of a list: what is ready, what waits for what, the critical path. Pure, never throws. The graph of
 * the tasks is made when it is first asked for; who only counts does not pay for it.
 */
export function joinTaskList(list: TaskList): TaskListEntry {
  const openSession = list.sessions.findLast(({ ended }) => ended === undefined);
  let pending = 0;
  let inProgress = 0;
  for (const { status } of list.tasks) {
    if (status === 'PENDING') pending++;
    else if (status === 'IN_PROGRESS') inProgress++;
  }
  const total = list.tasks.length;
  let joined: { readonly tasks: readonly TaskEntry[]; readonly problems: readonly Diagnostic[] } | undefined;
  const join = (): NonNullable<typeof joined> => {
    joined ??= joinTasks(list.tasks);
    return joined;
  };
  return {
    list,
    get tasks() {
      return join().tasks;
    },
    counts: { pending, inProgress, complete: total - pending - inProgress, total },
    ...(openSession && { openSession }),
    claims: [],
    get problems() {
      return join().problems;
    },
  };
}

function joinTasks(tasks: readonly Task[]): { tasks: readonly TaskEntry[]; problems: readonly Diagnostic[] } {
  const graph = new TaskGraph(tasks);
  return { tasks: tasks.map((task, index) => graph.entryOf(task, index)), problems: graph.problems };
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
const noTasks: readonly number[] = [];

class TaskGraph {
  readonly problems: Diagnostic[] = [];
  readonly #tasks: readonly Task[];
  readonly #indexOf = new Map<string, number>();
  /** The tasks that are not complete: only they wait, and only for them is waited. Their numbers are those of the graph. */
  readonly #open: number[] = [];
  /** For each task its number in the graph, -1 for a complete one. */
  readonly #nodeOf: Int32Array;
  /** For each node those that wait for it. */
  readonly #waiting: Successors;
  readonly #counts: Int32Array;
  readonly #errors = new Map<number, string>();
  readonly #critical: Uint8Array;

  constructor(tasks: readonly Task[]) {
    this.#tasks = tasks;
    this.#nodeOf = new Int32Array(tasks.length).fill(-1);
    for (let index = 0; index < tasks.length; index++) {
      const task = tasks[index];
      if (task === undefined) continue;
      if (!this.#indexOf.has(task.id)) this.#indexOf.set(task.id, index);
      if (task.status !== 'COMPLETE') this.#nodeOf[index] = this.#open.push(index) - 1;
    }
    this.#waiting = this.#findWaiting();
    const components = findComponents(this.#waiting);
    for (const component of components) this.#reportCycle(component);
    this.#counts = countReachable(this.#waiting);
    this.#critical = this.#findCritical(components);
  }

  entryOf(task: Task, index: number): TaskEntry {
    const node = this.#nodeOf[index] ?? -1;
    const waiting = this.#waiting[node] ?? noTasks;
    const waitingFor = node < 0 || task.after.length === 0 ? nothing : this.#waitingFor(task);
    const error = this.#errors.get(index);
    const isFirst = this.#indexOf.get(task.id) === index;
    return {
      id: task.id,
      title: task.title,
      status: task.status,
      statusUnknown: task.statusUnknown,
      after: task.after,
      session: task.session,
      updated: task.updated,
      range: task.range,
      line: task.line,
      ready:
        task.status === 'PENDING' && !task.statusUnknown && error === undefined && isFirst && waitingFor.length === 0,
      waitingFor,
      unblocks: waiting.length === 0 ? nothing : waiting.map((other) => this.#taskAt(other)?.id ?? ''),
      unblocksCount: this.#counts[node] ?? 0,
      critical: this.#critical[node] === 1,
      error,
      claim: undefined,
    };
  }

  #taskAt(node: number): Task | undefined {
    return this.#tasks[this.#open[node] ?? -1];
  }

  #waitingFor(task: Task): readonly string[] {
    const names = task.after.filter((name) => {
      const index = this.#indexOf.get(name);
      return index === undefined || (this.#nodeOf[index] ?? -1) >= 0;
    });
    return names.length === 0 ? nothing : names;
  }

  #findWaiting(): Successors {
    const waiting: (number[] | undefined)[] = new Array(this.#open.length);
    this.#tasks.forEach((task, index) => {
      for (const name of task.after) {
        const target = this.#indexOf.get(name);
        if (target === undefined) this.#reportUnknown(task, index, name);
        const [from, to] = [this.#nodeOf[target ?? -1] ?? -1, this.#nodeOf[index] ?? -1];
        if (from < 0 || to < 0) continue;
        const known = waiting[from];
        if (known) known.push(to);
        else waiting[from] = [to];
      }
    });
    return Array.from(waiting, (others) => others ?? noTasks);
  }

  #reportUnknown(task: Task, index: number, name: string): void {
    // Finding the nearest name reads all of them: not for a file of nothing but unknown ones.
    const nearest = this.problems.length < 20 ? nearestIds(name, [...this.#indexOf.keys()]) : [];
    const help = nearest.length > 0 ? `Did you mean ${nearest.join(' or ')}?` : 'Correct or remove the name.';
    const error = `depends on ${name}, which this list does not have`;
    if (task.status !== 'COMPLETE') this.#errors.set(index, error);
    this.#report('unknown-dependency', task.range, `${task.id} ${error}. ${help}`);
  }

  #reportCycle(component: readonly number[]): void {
    const [first] = component;
    if (first === undefined || (component.length === 1 && !this.#waiting[first]?.includes(first))) return;
    const members = component.map((node) => this.#open[node] ?? 0).sort((a, b) => a - b);
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
    const count = this.#open.length;
    const length = new Int32Array(count);
    const next = new Int32Array(count).fill(-1);
    // Each component comes after all that its edges lead to, so what waits for a task is known before it.
    for (const component of components) {
      const [node] = component;
      if (node === undefined || component.length > 1 || this.#waiting[node]?.includes(node)) continue;
      for (const other of this.#waiting[node] ?? noTasks) {
        const [own, best] = [length[other] ?? 0, length[next[node] ?? -1] ?? 0];
        if (own > best || (own === best && own > 0 && other < (next[node] ?? -1))) next[node] = other;
      }
      length[node] = 1 + (length[next[node] ?? -1] ?? 0);
    }
    const critical = new Uint8Array(count);
    let start = -1;
    for (let node = 0; node < count; node++) if ((length[node] ?? 0) > (length[start] ?? 0)) start = node;
    // A chain of one is no path.
    if ((length[start] ?? 0) > 1) for (let at = start; at >= 0; at = next[at] ?? -1) critical[at] = 1;
    return critical;
  }
}
