import { type CompactGraph, countInForest, createCompactGraph, findOrder } from '../base/compactGraph.ts';
import { countReachable, findComponents, type Successors } from '../base/graph.ts';
import type { Range } from '../base/range.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { nearestIds } from '../model/sessionId.ts';
import type { Task, TaskEntry, TaskList, TaskListEntry, TaskRows } from '../model/taskList.ts';

/**
 * Works out what follows from the rows of a list: what is ready, what waits for what, the critical path. Pure, never throws. The graph of
 * the tasks is made when it is first asked for; who only counts does not pay for it.
 */
export function joinTaskList(list: TaskList): TaskListEntry {
  const openSession = list.sessions.findLast(({ ended }) => ended === undefined);
  const { rows } = list;
  const total = rows.length;
  const [pending, inProgress, complete] = [
    rows.countOf('PENDING'),
    rows.countOf('IN_PROGRESS'),
    rows.countOf('COMPLETE'),
  ];
  return {
    list,
    get tasks() {
      return graphOf(list).tasks;
    },
    get ready() {
      return graphOf(list).ready;
    },
    get criticalPath() {
      return graphOf(list).criticalPath;
    },
    counts: { pending, inProgress, complete, total },
    ...(openSession && { openSession }),
    claims: [],
    get problems() {
      return graphOf(list).problems;
    },
  };
}

/** Each task of a list, or those that are wanted, with what the others make of it, one after the other, without keeping them. */
export function* eachTask(list: TaskList, isWanted?: (index: number) => boolean): Generator<TaskEntry> {
  const graph = graphOf(list);
  for (let index = 0; index < list.rows.length; index++) {
    if (isWanted === undefined || isWanted(index)) yield graph.entryAt(index);
  }
}

const nothing: readonly string[] = [];
/** For so many tasks what waits for them is counted one by one. */
const fewReady = 20;

/** A list never changes, so its graph is made once. */
const graphs = new WeakMap<TaskList, TaskGraph>();

function graphOf(list: TaskList): TaskGraph {
  const known = graphs.get(list);
  if (known !== undefined) return known;
  const graph = new TaskGraph(list);
  graphs.set(list, graph);
  return graph;
}

class TaskGraph {
  readonly problems: Diagnostic[] = [];
  readonly #list: TaskList;
  readonly #rows: TaskRows;
  /** The tasks that are not complete: only they wait, and only for them is waited. Their numbers are those of the graph. */
  readonly #open: number[] = [];
  /** For each task its number in the graph, -1 for a complete one. */
  readonly #nodeOf: Int32Array;
  /** 1 for each node all of whose dependencies are complete. */
  readonly #isFree: Uint8Array;
  /** For each node those that wait for it. */
  readonly #waiting: CompactGraph;
  readonly #order: Int32Array;
  #counts: Int32Array | undefined;
  readonly #errors = new Map<number, string>();
  /** Nodes of the longest chain, first to last. */
  readonly #chain: readonly number[];
  readonly #isCritical: Uint8Array;
  readonly #someCounts = new Map<number, number>();
  #all: readonly TaskEntry[] | undefined;

  constructor(list: TaskList) {
    this.#list = list;
    this.#rows = list.rows;
    const { rows } = list;
    const count = rows.length;
    const nodeOf = new Int32Array(count).fill(-1);
    for (let index = 0; index < count; index++) {
      if (rows.statusAt(index) !== 'COMPLETE') nodeOf[index] = this.#open.push(index) - 1;
    }
    this.#nodeOf = nodeOf;
    this.#isFree = new Uint8Array(this.#open.length);
    this.#waiting = this.#findWaiting();
    this.#order = findOrder(this.#waiting);
    // Only where some nodes have no place in an order there are cycles to look for.
    if (this.#order.length < this.#open.length) {
      for (const one of findComponents(this.#successors())) this.#reportCycle(one);
    }
    this.#chain = this.#findChain();
    this.#isCritical = new Uint8Array(this.#open.length);
    for (const node of this.#chain) this.#isCritical[node] = 1;
  }

  get tasks(): readonly TaskEntry[] {
    this.#all ??= this.#list.tasks.map((task, index) => this.#entryOf(task, index));
    return this.#all;
  }

  get ready(): readonly TaskEntry[] {
    const all = this.#all;
    const ready = this.#open.filter((index, node) => this.#isFree[node] === 1 && this.#isReady(index));
    if (this.#counts === undefined && ready.length <= fewReady) this.#countSome(ready);
    return ready.map((index) => all?.[index] ?? this.entryAt(index)).sort((a, b) => b.unblocksCount - a.unblocksCount);
  }

  get criticalPath(): readonly string[] {
    return this.#chain.map((node) => this.#idOf(node));
  }

  entryAt(index: number): TaskEntry {
    return this.#entryOf(this.#rows.taskAt(index), index);
  }

  #entryOf(task: Task, index: number): TaskEntry {
    const node = this.#nodeOf[index] ?? -1;
    const waiting = node < 0 ? nothing : this.#idsWaitingFor(node);
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
      ready: node >= 0 && this.#isReady(index),
      waitingFor: node < 0 || task.after.length === 0 ? nothing : this.#openNames(task),
      unblocks: waiting,
      unblocksCount: waiting.length === 0 ? 0 : this.#countAt(node),
      critical: this.#isCritical[node] === 1,
      error: this.#errors.get(index),
      claim: undefined,
    };
  }

  #countAt(node: number): number {
    const known = this.#someCounts.get(node);
    if (known !== undefined) return known;
    this.#counts ??= countInForest(this.#waiting, this.#order) ?? countReachable(this.#successors());
    return this.#counts[node] ?? 0;
  }

  /** Counts what waits for a few tasks by walking there; counting for all of them at once is only cheaper when all are asked for. */
  #countSome(indexes: readonly number[]): void {
    const seenFor = new Int32Array(this.#open.length).fill(-1);
    for (const index of indexes) {
      const start = this.#nodeOf[index] ?? -1;
      const stack = [...this.#waitingFor(start)];
      let count = 0;
      for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
        if (seenFor[node] === start || node === start) continue;
        seenFor[node] = start;
        count++;
        stack.push(...this.#waitingFor(node));
      }
      this.#someCounts.set(start, count);
    }
  }

  #isReady(index: number): boolean {
    const rows = this.#rows;
    if (this.#isFree[this.#nodeOf[index] ?? -1] !== 1 || rows.statusAt(index) !== 'PENDING') return false;
    return !rows.isStatusUnknownAt(index) && !this.#errors.has(index) && rows.indexOf(rows.idAt(index)) === index;
  }

  #isOpen(name: string): boolean {
    const index = this.#rows.indexOf(name);
    return index === undefined || (this.#nodeOf[index] ?? -1) >= 0;
  }

  #idOf(node: number): string {
    return this.#rows.idAt(this.#open[node] ?? -1);
  }

  #openNames(task: Task): readonly string[] {
    const names = task.after.filter((name) => this.#isOpen(name));
    return names.length === 0 ? nothing : names;
  }

  /** The nodes that wait for one. */
  #waitingFor(node: number): Int32Array {
    const { starts, targets } = this.#waiting;
    return targets.subarray(starts[node], starts[node + 1]);
  }

  #idsWaitingFor(node: number): readonly string[] {
    const { starts, targets } = this.#waiting;
    const end = starts[node + 1] ?? 0;
    let edge = starts[node] ?? 0;
    if (edge === end) return nothing;
    const ids: string[] = [];
    for (; edge < end; edge++) ids.push(this.#idOf(targets[edge] ?? 0));
    return ids;
  }

  #successors(): Successors {
    return Array.from(this.#open, (_, node) => [...this.#waitingFor(node)]);
  }

  #findWaiting(): CompactGraph {
    const rows = this.#rows;
    const edges = { from: [] as number[], to: [] as number[] };
    // Most tasks wait for one other, or for none.
    const dependencies = rows.onlyDependencies();
    for (let index = 0; index < dependencies.length; index++) {
      const to = this.#nodeOf[index] ?? -1;
      const only = dependencies[index] ?? -1;
      const from = only < 0 ? -1 : (this.#nodeOf[only] ?? -1);
      const isFree = only === -2 ? this.#addEdges(index, edges) : from < 0;
      if (to < 0) continue;
      if (isFree) this.#isFree[to] = 1;
      if (from < 0) continue;
      edges.from.push(from);
      edges.to.push(to);
    }
    return createCompactGraph(this.#open.length, edges.from, edges.to);
  }

  /** Adds the edges of a task that waits for several or unknown ones; answers whether all of them are complete. */
  #addEdges(index: number, edges: { readonly from: number[]; readonly to: number[] }): boolean {
    const to = this.#nodeOf[index] ?? -1;
    let isFree = true;
    for (const [place, target] of this.#rows.dependenciesAt(index).entries()) {
      if (target === undefined) this.#reportUnknown(index, this.#rows.afterAt(index)[place] ?? '');
      const from = this.#nodeOf[target ?? -1] ?? -1;
      if (target === undefined || from >= 0) isFree = false;
      if (from < 0 || to < 0) continue;
      edges.from.push(from);
      edges.to.push(to);
    }
    return isFree;
  }

  #reportUnknown(index: number, name: string): void {
    // Finding the nearest name reads all of them: not for a file of nothing but unknown ones.
    const isFew = this.problems.length < 20;
    const nearest = isFew
      ? nearestIds(
          name,
          this.#list.tasks.map(({ id }) => id),
        )
      : [];
    const help = nearest.length > 0 ? `Did you mean ${nearest.join(' or ')}?` : 'Correct or remove the name.';
    const error = `depends on ${name}, which this list does not have`;
    const { id, status, range } = this.#rows.taskAt(index);
    if (status !== 'COMPLETE') this.#errors.set(index, error);
    this.#report('unknown-dependency', range, `${id} ${error}. ${help}`);
  }

  #reportCycle(component: readonly number[]): void {
    const [first] = component;
    if (first === undefined || (component.length === 1 && !this.#waitingFor(first).includes(first))) return;
    const members = component.map((node) => this.#open[node] ?? 0).sort((a, b) => a - b);
    const names = members.map((index) => this.#rows.idAt(index));
    const shown = names.length > 10 ? `${names.slice(0, 9).join(', ')} and ${names.length - 9} more` : names.join(', ');
    const error =
      names.length === 1 ? 'depends on itself' : `is in a cycle of tasks that wait for each other: ${shown}`;
    for (const index of members) {
      const { id, range } = this.#rows.taskAt(index);
      this.#errors.set(index, error);
      this.#report('cyclic-dependency', range, `${id} ${error}. Remove one of these dependencies.`);
    }
  }

  #report(code: 'unknown-dependency' | 'cyclic-dependency', range: Range, message: string): void {
    this.problems.push({ code, severity: 'error', message, range });
  }

  /** The longest chain of tasks that are not complete; among equals the one that begins first. Cycles are on no chain. */
  #findChain(): readonly number[] {
    const order = this.#order;
    const { starts, targets } = this.#waiting;
    const count = this.#open.length;
    const length = new Int32Array(count);
    const next = new Int32Array(count).fill(-1);
    // From behind, so that what waits for a task is known before it.
    for (let at = order.length - 1; at >= 0; at--) {
      const node = order[at] ?? 0;
      const end = starts[node + 1] ?? 0;
      let best = -1;
      let longest = 0;
      for (let edge = starts[node] ?? 0; edge < end; edge++) {
        const other = targets[edge] ?? 0;
        const own = length[other] ?? 0;
        if (own < longest || (own === longest && (own === 0 || other >= best))) continue;
        best = other;
        longest = own;
      }
      next[node] = best;
      length[node] = 1 + longest;
    }
    let start = -1;
    for (let node = 0; node < count; node++) if ((length[node] ?? 0) > (length[start] ?? 0)) start = node;
    const chain: number[] = [];
    // A chain of one is no path.
    if ((length[start] ?? 0) > 1) for (let at = start; at >= 0; at = next[at] ?? -1) chain.push(at);
    return chain;
  }
}
