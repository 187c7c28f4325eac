import type { ClaimInfo, TaskEntry, TaskListEntry } from '../../../core/model/taskList.ts';
import { withClaims, withRescued } from '../../../core/store/markTasks.ts';
import type { TaskMove } from '../../taskArguments.ts';

/** What the tree shows of one folder. */
export interface TaskFolderInput {
  /** URI of the folder. */
  readonly folder: string;
  readonly name: string;
  readonly lists: readonly TaskListEntry[];
  readonly claims: readonly ClaimInfo[];
  /** By the list's ID the tasks that Claude Code's own list dropped. */
  readonly rescued?: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Identifies an element for as long as it exists; also the argument of commands in its menus. */
export interface TaskElement {
  readonly kind: 'folder' | 'archive' | 'list' | 'task';
  /** Unique in the window and the same after a reload. */
  readonly nodeId: string;
  readonly folder: string;
  /** Path of the list's file: two lists may have one ID, never one path. */
  readonly list?: string;
  /** Of a task: its ID. */
  readonly task?: string;
}

/** An element with what is known of it now. */
export interface TaskNode {
  readonly element: TaskElement;
  readonly parent: string | undefined;
  readonly children: readonly string[];
  /** Of a folder: its name. */
  readonly name?: string;
  /** Of a list, and of a task the list that it is in. */
  readonly entry?: TaskListEntry;
  readonly task?: TaskEntry;
}

/** The tree: nodes by `nodeId`, and the topmost ones in order. */
export interface TaskTree {
  readonly roots: readonly string[];
  readonly nodes: ReadonlyMap<string, TaskNode>;
}

/** The tree of no folder. */
export const emptyTaskTree: TaskTree = { roots: [], nodes: new Map() };

/** How a task is shown: its state, with PENDING told apart by whether it can be started. */
export type ShownTask = 'ready' | 'waiting' | 'inProgress' | 'complete' | 'error';

/** Tells how a task is shown. */
export function shownTask(task: TaskEntry): ShownTask {
  if (task.status === 'COMPLETE') return 'complete';
  if (task.error !== undefined || task.statusUnknown) return 'error';
  if (task.status === 'IN_PROGRESS') return 'inProgress';
  return task.ready ? 'ready' : 'waiting';
}

/** Builds the tree: folder (where there are several), list, task; archived lists below one element at the end. */
export function buildTaskTree(inputs: readonly TaskFolderInput[]): TaskTree {
  const builder = new TaskTreeBuilder();
  const roots = inputs.flatMap((input) =>
    inputs.length === 1 ? builder.addLists(input, undefined) : [builder.addFolder(input)],
  );
  return { roots, nodes: builder.nodes };
}

const noTasks: ReadonlySet<string> = new Set();

class TaskTreeBuilder {
  readonly nodes = new Map<string, TaskNode>();

  addFolder(input: TaskFolderInput): string {
    const element: TaskElement = { kind: 'folder', nodeId: joinId(input.folder, 'lists'), folder: input.folder };
    const children = this.addLists(input, element.nodeId);
    return this.#add({ element, parent: undefined, children, name: input.name });
  }

  addLists(input: TaskFolderInput, parent: string | undefined): string[] {
    const entries = input.lists.map((entry) =>
      withRescued(withClaims(entry, input.claims), input.rescued?.get(entry.list.id) ?? noTasks),
    );
    const open = entries.filter(({ list }) => !list.archived).map((entry) => this.#addList(input, entry, parent));
    const archived = entries.filter(({ list }) => list.archived);
    return archived.length === 0 ? open : [...open, this.#addArchive(input, archived, parent)];
  }

  #addArchive(input: TaskFolderInput, entries: readonly TaskListEntry[], parent: string | undefined): string {
    const element: TaskElement = { kind: 'archive', nodeId: joinId(input.folder, 'archive'), folder: input.folder };
    const children = entries.map((entry) => this.#addList(input, entry, element.nodeId));
    return this.#add({ element, parent, children });
  }

  #addList({ folder }: TaskFolderInput, entry: TaskListEntry, parent: string | undefined): string {
    const { path } = entry.list;
    const element: TaskElement = { kind: 'list', nodeId: joinId(folder, 'list', path), folder, list: path };
    const children = entry.tasks.map((task) => this.#addTask(element, entry, task));
    return this.#add({ element, parent, children, entry });
  }

  #addTask(list: TaskElement, entry: TaskListEntry, task: TaskEntry): string {
    // Rows with the same ID twice are a problem that `check` reports; the tree shows both.
    let nodeId = joinId(list.nodeId, task.id);
    for (let copy = 2; this.nodes.has(nodeId); copy += 1) nodeId = joinId(list.nodeId, task.id, String(copy));
    const element: TaskElement = { ...list, kind: 'task', nodeId, task: task.id };
    return this.#add({ element, parent: list.nodeId, children: [], entry, task });
  }

  #add(node: TaskNode): string {
    this.nodes.set(node.element.nodeId, node);
    return node.element.nodeId;
  }
}

function joinId(...parts: readonly string[]): string {
  return parts.map((part) => encodeURIComponent(part)).join('/');
}

/**
 * The elements to fire so that the view shows `after` where it showed `before`: the smallest ones, none below another; undefined where the
 * topmost level changed, and an empty list where nothing did.
 */
export function changedTasks(before: TaskTree, after: TaskTree): readonly TaskElement[] | undefined {
  if (!sameList(before.roots, after.roots)) return undefined;
  const changed: TaskElement[] = [];
  const visit = (nodeId: string): void => {
    const old = before.nodes.get(nodeId);
    const now = after.nodes.get(nodeId);
    if (now === undefined) return;
    if (old === undefined || !sameNode(old, now)) changed.push(now.element);
    else for (const child of now.children) visit(child);
  };
  for (const root of after.roots) visit(root);
  return changed;
}

function sameNode(old: TaskNode, now: TaskNode): boolean {
  if (!sameList(old.children, now.children) || old.name !== now.name) return false;
  if (old.entry === now.entry && old.task === now.task) return true;
  return signatureOf(old) === signatureOf(now);
}

/** Everything of a node that is shown; where its row stands is not. */
function signatureOf({ entry, task }: TaskNode): string {
  if (task !== undefined) {
    const { id, title, status, statusUnknown, after, session, updated, ready, waitingFor, unblocks } = task;
    const { unblocksCount, critical, error, claim, rescued } = task;
    const isArchived = entry?.list.archived;
    const facts = [id, title, status, statusUnknown, after, session, updated, ready, waitingFor, unblocks];
    return JSON.stringify([facts, unblocksCount, critical, error, claim, rescued, isArchived]);
  }
  if (entry === undefined) return '';
  const { list, counts, openSession } = entry;
  const session = openSession && [openSession.number, openSession.who, openSession.started];
  return JSON.stringify([list.id, list.title, list.createdAt, list.archived, counts, session, errorsIn(entry)]);
}

/** How many tasks of a list can never be started, or have a state that is not understood. */
export function errorsIn({ tasks }: Pick<TaskListEntry, 'tasks'>): number {
  return tasks.filter((task) => shownTask(task) === 'error').length;
}

/** What somebody should look at: tasks with errors, and claims that ran out on tasks that are not complete. */
export function countNeeding(tree: TaskTree): number {
  let count = 0;
  for (const { task, entry } of tree.nodes.values()) {
    if (task === undefined || entry?.list.archived === true) continue;
    const isLeft = task.claim?.expired === true && task.status !== 'COMPLETE';
    if (shownTask(task) === 'error' || isLeft) count += 1;
  }
  return count;
}

/** Sum of the lists that are not archived. */
export function countTasks(tree: TaskTree): { readonly complete: number; readonly total: number } {
  const lists = [...tree.nodes.values()].filter(
    ({ element, entry }) => element.kind === 'list' && !entry?.list.archived,
  );
  const sum = (key: 'complete' | 'total') => lists.reduce((all, { entry }) => all + (entry?.counts[key] ?? 0), 0);
  return { complete: sum('complete'), total: sum('total') };
}

/**
 * Plans what a drop means: on a task of the same list it takes that task's place (behind it when it comes from above), on a task of
 * another list it goes there in front of that task, on a list to its end.
 *
 * @returns undefined where several folders, an archived list or nothing that moves are concerned
 */
export function planDrop(
  tree: TaskTree,
  dragged: readonly string[],
  targetId: string,
): readonly TaskMove[] | undefined {
  const target = tree.nodes.get(targetId);
  const list = target?.element.list;
  if (target === undefined || list === undefined || target.entry?.list.archived === true) return undefined;
  const sources = inTreeOrder(tree, dragged);
  const isPossible = sources.every(
    ({ element, entry }) => element.folder === target.element.folder && entry?.list.archived === false,
  );
  if (!isPossible) return undefined;
  const moved = sources.filter(({ element }) => element.nodeId !== targetId);
  if (moved.length === 0) return undefined;
  const first = moved[0];
  const isFromAbove = first !== undefined && first.element.list === list && lineOf(first) < lineOf(target);
  // Behind the target each one goes behind the one before it, so that they keep their order.
  let anchor = target.task?.id;
  return moved.flatMap(({ element }): TaskMove[] => {
    const { task, list: from } = element;
    if (task === undefined || from === undefined) return [];
    if (from !== list)
      return [{ kind: 'move', list: from, task, toList: list, ...(target.task && { before: target.task.id }) }];
    if (anchor === undefined) return [{ kind: 'reorder', list, task, to: 'last' }];
    if (!isFromAbove) return [{ kind: 'reorder', list, task, before: anchor }];
    const move: TaskMove = { kind: 'reorder', list, task, after: anchor };
    anchor = task;
    return [move];
  });
}

function inTreeOrder(tree: TaskTree, nodeIds: readonly string[]): readonly TaskNode[] {
  const wanted = new Set(nodeIds);
  return [...tree.nodes.values()].filter(({ element, task }) => task !== undefined && wanted.has(element.nodeId));
}

function lineOf({ task }: TaskNode): number {
  return task?.line ?? -1;
}

/** The neighbour in front of which (`up`), or behind which, a task goes when it is moved by one; undefined at the end of the list. */
export function neighbourOf(entry: TaskListEntry, task: string, direction: 'up' | 'down'): string | undefined {
  const at = entry.tasks.findIndex(({ id }) => id === task);
  return at < 0 ? undefined : entry.tasks[direction === 'up' ? at - 1 : at + 1]?.id;
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}
