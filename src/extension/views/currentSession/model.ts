import type { ShowResult } from '../../../core/actions/show.ts';
import type { ReceiptCommand, ReceiptState } from '../../../core/model/receipt.ts';
import type { SessionFile } from '../../../core/model/sessionFile.ts';
import type { TaskEntry, TaskListEntry } from '../../../core/model/taskList.ts';
import type { SessionEntry } from '../../../core/model/workspace.ts';

/** What git and the local records know of the active session; absent in Restricted Mode. */
export type SessionDetails = Pick<ShowResult, 'commits' | 'receipt' | 'receiptState' | 'verified'>;

/** What the view shows of one folder with an active session. */
export interface ActiveInput {
  readonly folder: string;
  readonly folderName: string;
  readonly file: SessionFile & { readonly id: string };
  readonly entry: SessionEntry | undefined;
  readonly details: SessionDetails | undefined;
  /** The task list that the session names. */
  readonly taskList?: TaskListEntry | undefined;
}

export type CurrentGroup = 'checklist' | 'tasks' | 'verification' | 'checkpoints' | 'notes' | 'plan';

/** One element of the view, with everything that is shown of it. */
export type CurrentContent =
  | { readonly kind: 'session'; readonly input: ActiveInput; readonly hasChildren: boolean }
  | {
      readonly kind: 'group';
      readonly group: CurrentGroup;
      readonly done?: number;
      readonly total: number;
      readonly state?: ReceiptState;
    }
  | { readonly kind: 'item'; readonly index: number; readonly text: string; readonly checked: boolean }
  | {
      readonly kind: 'checkpoint';
      readonly number: number;
      readonly subject?: string;
      readonly hash?: string;
      readonly date?: string;
    }
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly label?: string;
      readonly result?: ReceiptCommand;
      readonly isStale: boolean;
    }
  | { readonly kind: 'task'; readonly task: TaskEntry; readonly list: string; readonly archived: boolean }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'fact'; readonly name: FactName; readonly value: string };

/** What the plan says of the session, one line each. */
export type FactName =
  | 'model'
  | 'thinking'
  | 'estimate'
  | 'execution'
  | 'dependsOn'
  | 'parallel'
  | 'skill'
  | 'subAgent'
  | 'reference'
  | 'file';

/** Identifies an element; also the argument of commands in its menus. */
export interface CurrentElement {
  readonly nodeId: string;
  readonly folder: string;
  /** The session's ID. */
  readonly id: string;
  /** Of a checklist item: its position. */
  readonly item?: number;
  /** Of a task: the path of its list. */
  readonly list?: string;
  /** Of a task: its ID. */
  readonly task?: string;
  /** Of a checkpoint: its commit. */
  readonly commit?: string;
  /** Of a checkpoint: its number. */
  readonly to?: number;
}

export interface CurrentNode {
  readonly element: CurrentElement;
  readonly parent: string | undefined;
  readonly children: readonly string[];
  readonly content: CurrentContent;
}

export interface CurrentTree {
  readonly roots: readonly string[];
  readonly nodes: ReadonlyMap<string, CurrentNode>;
}

/** The tree without an active session. */
export const emptyCurrentTree: CurrentTree = { roots: [], nodes: new Map() };

/** Builds the tree: of one active session its groups at the top, of several one element each with its groups below. */
export function buildCurrentTree(inputs: readonly ActiveInput[]): CurrentTree {
  const builder = new CurrentTreeBuilder();
  const roots = inputs.flatMap((input) => {
    if (inputs.length > 1) return [builder.addSession(input, true)];
    return [builder.addSession(input, false), ...builder.addGroups(input, undefined)];
  });
  return { roots, nodes: builder.nodes };
}

class CurrentTreeBuilder {
  readonly nodes = new Map<string, CurrentNode>();

  addSession(input: ActiveInput, withChildren: boolean): string {
    const element = { nodeId: nodeIdOf(input, 'session'), folder: input.folder, id: input.file.id };
    const children = withChildren ? this.addGroups(input, element.nodeId) : [];
    const content: CurrentContent = { kind: 'session', input, hasChildren: withChildren };
    this.nodes.set(element.nodeId, { element, parent: undefined, children, content });
    return element.nodeId;
  }

  addGroups(input: ActiveInput, parent: string | undefined): string[] {
    const { file, details } = input;
    const done = file.checklist.filter((item) => item.checked).length;
    const results = new Map(details?.receipt?.commands.map((result) => [result.command, result]));
    const isStale = details?.receiptState === 'stale';
    const passed = file.commands.filter(({ command }) => results.get(command)?.exitCode === 0).length;
    return [
      ...this.#addGroup(
        input,
        parent,
        { group: 'checklist', done },
        file.checklist.map((item, index) => ({
          kind: 'item',
          index,
          text: item.text,
          checked: item.checked,
        })),
      ),
      ...this.#addGroup(input, parent, { group: 'tasks', done: input.taskList?.counts.complete ?? 0 }, tasksOf(input)),
      ...this.#addGroup(
        input,
        parent,
        {
          group: 'verification',
          ...(results.size === 0 ? {} : { done: passed }),
          ...(details === undefined ? {} : { state: details.receiptState }),
        },
        file.commands.map(({ command, label }) => {
          const result = results.get(command);
          return {
            kind: 'command',
            command,
            isStale,
            ...(label === undefined ? {} : { label }),
            ...(result === undefined ? {} : { result }),
          };
        }),
      ),
      ...this.#addGroup(input, parent, { group: 'checkpoints' }, checkpointsOf(input)),
      ...this.#addGroup(
        input,
        parent,
        { group: 'notes' },
        file.notes.map((text) => ({ kind: 'note', text })),
      ),
      ...this.#addGroup(input, parent, { group: 'plan' }, factsOf(input)),
    ];
  }

  #addGroup(
    input: ActiveInput,
    parent: string | undefined,
    group: { readonly group: CurrentGroup; readonly done?: number; readonly state?: ReceiptState },
    contents: readonly CurrentContent[],
  ): string[] {
    if (contents.length === 0) return [];
    const nodeId = nodeIdOf(input, group.group);
    const children = contents.map((content, index) => this.#addLeaf(input, nodeId, content, index));
    const element = { nodeId, folder: input.folder, id: input.file.id };
    this.nodes.set(nodeId, { element, parent, children, content: { kind: 'group', total: contents.length, ...group } });
    return [nodeId];
  }

  #addLeaf(input: ActiveInput, parent: string, content: CurrentContent, index: number): string {
    const nodeId = `${parent}/${index}`;
    const element: CurrentElement = {
      nodeId,
      folder: input.folder,
      id: input.file.id,
      ...(content.kind === 'item' ? { item: content.index } : {}),
      ...(content.kind === 'task' ? { list: content.list, task: content.task.id } : {}),
      ...(content.kind === 'checkpoint' ? { to: content.number } : {}),
      ...(content.kind === 'checkpoint' && content.hash !== undefined ? { commit: content.hash } : {}),
    };
    this.nodes.set(nodeId, { element, parent, children: [], content });
    return nodeId;
  }
}

function nodeIdOf(input: ActiveInput, part: string): string {
  return `${encodeURIComponent(input.folder)}/${encodeURIComponent(input.file.id)}/${part}`;
}

function tasksOf({ taskList }: ActiveInput): CurrentContent[] {
  if (taskList === undefined) return [];
  const { path, archived } = taskList.list;
  return taskList.tasks.map((task) => ({ kind: 'task', task, list: path, archived }));
}

/** From git where it can be asked; else only how many there are. */
function checkpointsOf({ file, details }: ActiveInput): CurrentContent[] {
  const known = details?.commits.filter((commit) => commit.kind === 'checkpoint' && commit.number !== undefined) ?? [];
  if (known.length === 0)
    return Array.from({ length: file.checkpoints }, (_, at) => ({ kind: 'checkpoint', number: at + 1 }));
  return known.map(({ number = 0, subject, hash, date }) => ({ kind: 'checkpoint', number, subject, hash, date }));
}

function factsOf({ file, entry }: ActiveInput): CurrentContent[] {
  const plan = entry?.plan;
  const model = file.modelSettings.model ?? plan?.modelSettings.model;
  const thinking = file.modelSettings.thinkingMode ?? plan?.modelSettings.thinkingMode;
  const facts: (readonly [FactName, string | undefined])[] = [
    ['model', model],
    ['thinking', thinking],
    ['estimate', plan?.estimate],
    ['execution', plan?.execution.join(', ')],
    ...(plan?.dependencies ?? []).map(
      ({ id, reason }) => ['dependsOn', reason === undefined ? id : `${id} (${reason})`] as const,
    ),
    ['parallel', plan?.parallelWith.join(', ')],
    ...(plan?.skills ?? []).map((skill) => ['skill', skill] as const),
    ...(plan?.subAgents ?? []).map(
      ({ name, role }) => ['subAgent', role === undefined ? name : `${name}: ${role}`] as const,
    ),
    ...(plan?.referenceFiles ?? []).map((path) => ['reference', path] as const),
    ...(plan?.files ?? []).map((path) => ['file', path] as const),
  ];
  return facts.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [{ kind: 'fact' as const, name, value }],
  );
}

/**
 * The elements to fire so that the view shows `after` where it showed `before`: the smallest ones; undefined where the topmost level
 * changed.
 */
export function changedCurrent(before: CurrentTree, after: CurrentTree): readonly CurrentElement[] | undefined {
  if (before.roots.join('\n') !== after.roots.join('\n')) return undefined;
  const changed: CurrentElement[] = [];
  const visit = (nodeId: string): void => {
    const old = before.nodes.get(nodeId);
    const now = after.nodes.get(nodeId);
    if (now === undefined) return;
    if (old === undefined || signatureOf(old) !== signatureOf(now)) changed.push(now.element);
    else for (const child of now.children) visit(child);
  };
  for (const root of after.roots) visit(root);
  return changed;
}

function signatureOf({ content, children }: CurrentNode): string {
  if (content.kind !== 'session') return JSON.stringify([content, children]);
  const { file, entry, details } = content.input;
  const facts = [file.id, file.title, file.startedAt, file.status, entry?.title, details?.verified];
  return JSON.stringify([facts, children]);
}
