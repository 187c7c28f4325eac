import { type ShownState, shownState } from '../../../core/model/shownState.ts';
import type { ProjectEntry, SessionEntry, Workspace } from '../../../core/model/workspace.ts';

/** What the tree shows of one folder. */
export interface FolderInput {
  /** URI of the folder. */
  readonly folder: string;
  readonly name: string;
  readonly workspace: Workspace;
}

export type GroupKind = 'folder' | 'project' | 'repository' | 'section';

/** Identifies an element for as long as it exists; VS Code knows elements by identity, so each is made once. */
export interface SessionTreeElement {
  readonly kind: GroupKind | 'session';
  /** Unique in the window and the same after a reload. */
  readonly nodeId: string;
  readonly folder: string;
  readonly project?: string;
  /** Of a session: its ID, so that an element is also the argument of a command. */
  readonly id?: string;
}

/** How many sessions of a group are done. */
export interface GroupCounts {
  readonly done: number;
  readonly total: number;
}

/** An element with what is known of it now. */
export interface SessionTreeNode {
  readonly element: SessionTreeElement;
  readonly label: string;
  readonly parent: string | undefined;
  readonly children: readonly string[];
  readonly entry?: SessionEntry;
  readonly state?: ShownState;
  /** Of a session that is not running: whether its worktree is free for it. */
  readonly isStartable?: boolean;
  readonly counts?: GroupCounts;
  /** Of a project: its progress file. */
  readonly progressPath?: string;
}

/** The tree: nodes by `nodeId`, and the topmost ones in order. */
export interface SessionTree {
  readonly roots: readonly string[];
  readonly nodes: ReadonlyMap<string, SessionTreeNode>;
}

/** Which sessions are shown; no states: all. */
export interface SessionFilter {
  readonly states: readonly ShownState[];
}

/** The tree of no folder. */
export const emptyTree: SessionTree = { roots: [], nodes: new Map() };

/** Builds the tree: folder (where there are several), project, repository, section, session. Levels that say nothing are left out. */
export function buildSessionTree(inputs: readonly FolderInput[], filter: SessionFilter): SessionTree {
  const builder = new TreeBuilder(filter);
  const roots = inputs.flatMap((input) => {
    const projects = input.workspace.projects.map(
      (project) => (parent: string | undefined) => builder.addProject(input, project, parent),
    );
    if (inputs.length === 1) return projects.flatMap((add) => add(undefined) ?? []);
    const nodeId = input.folder;
    const element: SessionTreeElement = { kind: 'folder', nodeId, folder: input.folder };
    const children = projects.flatMap((add) => add(nodeId) ?? []);
    return (
      builder.addGroup({
        element,
        label: input.name,
        parent: undefined,
        children,
        counts: countDone(input.workspace.sessions),
      }) ?? []
    );
  });
  return { roots, nodes: builder.nodes };
}

class TreeBuilder {
  readonly nodes = new Map<string, SessionTreeNode>();
  readonly #filter: SessionFilter;

  constructor(filter: SessionFilter) {
    this.#filter = filter;
  }

  /** Adds a node for a group; nothing where all its children are filtered out. */
  addGroup(node: SessionTreeNode): string | undefined {
    if (node.children.length === 0 && this.#filter.states.length > 0) return undefined;
    this.nodes.set(node.element.nodeId, node);
    return node.element.nodeId;
  }

  addProject(input: FolderInput, project: ProjectEntry, parent: string | undefined): string | undefined {
    const nodeId = joinId(input.folder, 'project', project.progressPath ?? project.planPaths[0] ?? '', project.name);
    const element: SessionTreeElement = { kind: 'project', nodeId, folder: input.folder, project: project.name };
    const scope = { input, project };
    const repositories = groupBy(project.sessions, (session) => session.repository ?? '');
    const children = [...repositories].flatMap(([repository, sessions]) => {
      if (repository === '') return this.#addSections(scope, sessions, nodeId);
      return this.#addRepository(scope, repository, sessions, nodeId) ?? [];
    });
    return this.addGroup({
      element,
      label: project.name,
      parent,
      children,
      counts: countDone(project.sessions),
      ...(project.progressPath === undefined ? {} : { progressPath: project.progressPath }),
    });
  }

  #addRepository(
    scope: ProjectScope,
    repository: string,
    sessions: readonly SessionEntry[],
    parent: string,
  ): string | undefined {
    const nodeId = joinId(parent, 'repository', repository);
    const { name: project } = scope.project;
    const element: SessionTreeElement = { kind: 'repository', nodeId, folder: scope.input.folder, project };
    const children = this.#addSections(scope, sessions, nodeId);
    return this.addGroup({ element, label: repository, parent, children, counts: countDone(sessions) });
  }

  #addSections(scope: ProjectScope, sessions: readonly SessionEntry[], parent: string): string[] {
    const sections = groupBy(sessions, (session) => session.section ?? '');
    return [...sections].flatMap(([section, members]) => {
      if (section === '') return this.#addSessions(scope, members, parent);
      const nodeId = joinId(parent, 'section', section);
      const { name: project } = scope.project;
      const element: SessionTreeElement = { kind: 'section', nodeId, folder: scope.input.folder, project };
      const children = this.#addSessions(scope, members, nodeId);
      return this.addGroup({ element, label: section, parent, children, counts: countDone(members) }) ?? [];
    });
  }

  #addSessions({ input, project }: ProjectScope, sessions: readonly SessionEntry[], parent: string): string[] {
    return sessions.flatMap((entry) => {
      const state = shownState(entry);
      if (this.#filter.states.length > 0 && !this.#filter.states.includes(state)) return [];
      // Rows with the same ID twice are a problem that `check` reports; the tree shows both.
      let nodeId = joinId(input.folder, 'session', entry.key);
      for (let copy = 2; this.nodes.has(nodeId); copy += 1)
        nodeId = joinId(input.folder, 'session', entry.key, String(copy));
      const element: SessionTreeElement = {
        kind: 'session',
        nodeId,
        folder: input.folder,
        project: project.name,
        id: entry.id,
      };
      const isStartable = isWorktreeFree(input.workspace) && state !== 'active' && state !== 'done';
      this.nodes.set(nodeId, { element, label: entry.id, parent, children: [], entry, state, isStartable });
      return [nodeId];
    });
  }
}

/** A worktree carries one session at a time: while one is active, no other can be started or resumed. */
export function isWorktreeFree(workspace: Workspace): boolean {
  return workspace.sessionFile?.kind !== 'session';
}

interface ProjectScope {
  readonly input: FolderInput;
  readonly project: ProjectEntry;
}

function joinId(...parts: readonly string[]): string {
  return parts.map((part) => encodeURIComponent(part)).join('/');
}

function countDone(sessions: readonly SessionEntry[]): GroupCounts {
  return { done: sessions.filter((session) => session.status === 'done').length, total: sessions.length };
}

/** Groups in the order of first appearance. */
function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

/**
 * The elements to fire so that the view shows `after` where it showed `before`: the smallest ones, none below another; undefined where the
 * topmost level changed, and an empty list where nothing did.
 */
export function changedElements(before: SessionTree, after: SessionTree): readonly SessionTreeElement[] | undefined {
  if (!sameList(before.roots, after.roots)) return undefined;
  const changed: SessionTreeElement[] = [];
  const visit = (nodeId: string): void => {
    const old = before.nodes.get(nodeId);
    const now = after.nodes.get(nodeId);
    if (old === undefined || now === undefined || !sameNode(old, now)) {
      if (now !== undefined) changed.push(now.element);
      return;
    }
    for (const child of now.children) visit(child);
  };
  for (const root of after.roots) visit(root);
  return changed;
}

function sameNode(old: SessionTreeNode, now: SessionTreeNode): boolean {
  return (
    sameList(old.children, now.children) &&
    old.label === now.label &&
    old.isStartable === now.isStartable &&
    old.counts?.done === now.counts?.done &&
    old.counts?.total === now.counts?.total &&
    (old.entry === now.entry || (old.entry !== undefined && now.entry !== undefined && sameEntry(old.entry, now.entry)))
  );
}

function sameEntry(old: SessionEntry, now: SessionEntry): boolean {
  return (
    shownState(old) === shownState(now) &&
    old.title === now.title &&
    old.activeHere === now.activeHere &&
    old.started === now.started &&
    old.completed === now.completed &&
    old.commit === now.commit &&
    old.notes === now.notes &&
    old.unblocksCount === now.unblocksCount &&
    old.planPath === now.planPath &&
    old.progressPath === now.progressPath &&
    sameList(
      old.dependencies.map((one) => `${one.id} ${one.status}`),
      now.dependencies.map((one) => `${one.id} ${one.status}`),
    )
  );
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}
