import { findComponents } from '../../base/graph.ts';
import { phrase } from '../../base/phrase.ts';
import type { ClaudeTask } from '../../formats/claudeTask.ts';
import type { Task } from '../../model/taskList.ts';
import type { SyncConflict } from './syncTypes.ts';

/** A task that is on both sides, or will be. */
export interface EdgeTask {
  readonly id: string;
  readonly number: string;
  /** What its row comes after; undefined where the row is new. */
  readonly here?: readonly string[];
  /** What its file says; undefined where the file is new. */
  readonly blockedBy?: readonly string[];
  readonly blocks?: readonly string[];
  /** What it came after when both were last in step. */
  readonly base: readonly string[];
}

/** A dependency to be written to, or taken from, both files of the store. */
export interface EdgeChange {
  readonly from: EdgeEnd;
  /** Comes after `from`. */
  readonly to: EdgeEnd;
  readonly isIn: boolean;
}

export interface EdgeEnd {
  readonly id: string;
  readonly number: string;
  /** Its file is yet to be made. */
  readonly isNew: boolean;
}

export interface MergedEdges {
  readonly there: readonly EdgeChange[];
  /** Whole `After` cells that change, by task. */
  readonly here: ReadonlyMap<string, readonly string[]>;
  /** What each task comes after on both sides once all is done. */
  readonly mirrored: ReadonlyMap<string, readonly string[]>;
  /** Numbers of files that must be written for that. */
  readonly unsettled: ReadonlyMap<string, readonly string[]>;
  readonly conflicts: readonly SyncConflict[];
  readonly problems: readonly string[];
}

interface Edge {
  readonly from: EdgeTask;
  readonly to: EdgeTask;
  inList: boolean;
  /** Undefined where only one of the two files has it: it counts as unchanged, and is not mended without being asked. */
  inStore: boolean | undefined;
  inBase: boolean;
}

/** Merges dependencies one by one, each being there or not. One that would close a circle on the other side is not brought there. */
export function mergeEdges(input: {
  readonly tasks: readonly EdgeTask[];
  /** All rows, also those that are on our side alone. */
  readonly rows: readonly Task[];
  /** The list has a column for them. */
  readonly canWriteHere: boolean;
  readonly files: ReadonlyMap<string, ClaudeTask>;
  /** Numbers of tasks that the store is known to have had. */
  readonly known: ReadonlySet<string>;
}): MergedEdges {
  const problems: string[] = [];
  const edges = collectEdges(input, problems);
  const finals = new Map(edges.map((edge) => [edge, mergedState(edge, input.canWriteHere)]));
  const circular = findCircular(input.rows, edges, finals);
  const there: EdgeChange[] = [];
  const here = new Map<string, readonly string[]>();
  const mirrored = new Map<string, string[]>();
  const unsettled = new Map<string, string[]>();
  const conflicts: SyncConflict[] = [];
  for (const edge of edges) {
    const { from, to, inList, inStore } = edge;
    const isIn = finals.get(edge) === true;
    const isHalf = inStore === undefined;
    const changesList = inList !== isIn && input.canWriteHere;
    const changesStore = isHalf ? isIn !== edge.inBase : inStore !== isIn;
    if (isIn && circular.has(edge) && (changesList || changesStore)) {
      const message = inList
        ? phrase`${to.id} after ${from.id} is in the list only: on the other side tasks would wait for each other`
        : phrase`${to.id} after ${from.id} is in Claude Code only: on the other side tasks would wait for each other`;
      conflicts.push({ kind: 'dependencies', task: to.id, number: to.number, message });
      continue;
    }
    if (changesList) here.set(to.id, changeNames(here.get(to.id) ?? to.here ?? [], from.id, isIn));
    if (changesStore) {
      there.push({ from: endOf(from), to: endOf(to), isIn });
      push(unsettled, to.id, from.number, to.number);
    }
    if (isHalf && !changesStore ? edge.inBase : isIn) push(mirrored, to.id, from.id);
  }
  return { there, here, mirrored, unsettled, conflicts, problems };
}

function collectEdges(
  { tasks, files, known }: Pick<Parameters<typeof mergeEdges>[0], 'tasks' | 'files' | 'known'>,
  problems: string[],
): readonly Edge[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const byNumber = new Map(tasks.map((task) => [task.number, task]));
  const edges = new Map<string, Edge>();
  const edgeOf = (from: EdgeTask, to: EdgeTask): Edge => {
    const key = JSON.stringify([from.number, to.number]);
    const edge = edges.get(key) ?? { from, to, inList: false, inStore: false, inBase: false };
    edges.set(key, edge);
    return edge;
  };
  for (const to of tasks) {
    for (const id of to.here ?? []) withTask(byId.get(id), (from) => (edgeOf(from, to).inList = true));
    for (const id of to.base) withTask(byId.get(id), (from) => (edgeOf(from, to).inBase = true));
  }
  for (const task of tasks) {
    for (const number of task.blockedBy ?? []) {
      withTask(byNumber.get(number), (from) => {
        const isBoth = from.blocks?.includes(task.number) === true;
        edgeOf(from, task).inStore = isBoth ? true : undefined;
        if (!isBoth) problems.push(`#${task.number} says that it is blocked by #${number}, which does not say so`);
      });
      if (!byNumber.has(number) && !files.has(number) && !known.has(number)) {
        problems.push(`#${task.number} is blocked by #${number}, which is not there`);
      }
    }
    for (const number of task.blocks ?? []) {
      withTask(byNumber.get(number), (to) => {
        if (to.blockedBy?.includes(task.number) === true) return;
        edgeOf(task, to).inStore = undefined;
        problems.push(`#${task.number} says that it blocks #${number}, which does not say so`);
      });
    }
  }
  return [...edges.values()];
}

function withTask(task: EdgeTask | undefined, act: (task: EdgeTask) => void): void {
  if (task !== undefined) act(task);
}

function mergedState({ to, inList, inStore, inBase }: Edge, canWriteHere: boolean): boolean {
  const isListChanged = canWriteHere && to.here !== undefined && inList !== inBase;
  return isListChanged ? inList : (inStore ?? inBase);
}

/** Dependencies between tasks that would wait for each other, once everything is merged. */
function findCircular(
  rows: readonly Task[],
  edges: readonly Edge[],
  finals: ReadonlyMap<Edge, boolean>,
): ReadonlySet<Edge> {
  const ids = [...new Set([...rows.map(({ id }) => id), ...edges.flatMap(({ from, to }) => [from.id, to.id])])];
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  const graph: number[][] = ids.map(() => []);
  const add = (from: string, to: string): void => {
    const [a, b] = [indexOf.get(from), indexOf.get(to)];
    if (a !== undefined && b !== undefined) graph[a]?.push(b);
  };
  const dropped = new Set(
    edges.filter((edge) => finals.get(edge) === false).map(({ from, to }) => JSON.stringify([from.id, to.id])),
  );
  for (const { id, after } of rows) {
    for (const name of after) if (!dropped.has(JSON.stringify([name, id]))) add(name, id);
  }
  for (const edge of edges) if (finals.get(edge) === true) add(edge.from.id, edge.to.id);
  const componentOf = new Map<number, number>();
  findComponents(graph).forEach((component, at) => {
    for (const index of component) componentOf.set(index, at);
  });
  return new Set(
    edges.filter(({ from, to }) => {
      const [a, b] = [componentOf.get(indexOf.get(from.id) ?? -1), componentOf.get(indexOf.get(to.id) ?? -1)];
      return a === b;
    }),
  );
}

function changeNames(names: readonly string[], name: string, isIn: boolean): readonly string[] {
  const others = names.filter((one) => one !== name);
  return isIn ? (names.includes(name) ? names : [...names, name]) : others;
}

function endOf({ id, number, blockedBy }: EdgeTask): EdgeEnd {
  return { id, number, isNew: blockedBy === undefined };
}

function push(map: Map<string, string[]>, key: string, ...values: readonly string[]): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [...values]);
  else known.push(...values);
}
