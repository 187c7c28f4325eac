import type { IsolatedEntry } from '../../../core/actions/isolated/listIsolated.ts';
import type { InboxItem } from '../../../core/model/inbox.ts';
import { type IsolatedStatus, liveStatuses } from '../../../core/model/isolated.ts';
import type { Peer } from '../../../core/model/waves/sessionLock.ts';
import type { ShownWaveRun } from '../../../core/model/waves/shownRun.ts';
import type { WorktreeInfo } from '../../../core/ports/worktrees.ts';
import { agentsOfNow, type WaveNode, WaveTreeBuilder, waveSignature } from '../waves/model.ts';

/** What the tree shows of one folder. */
export interface AgentFolderInput {
  /** URI of the folder. */
  readonly folder: string;
  readonly name: string;
  /** Sessions that are not in the archive, and those that were merged today. */
  readonly entries: readonly IsolatedEntry[];
  /** What waits for an answer or an approval. */
  readonly items: readonly InboxItem[];
  /** Names of the agents that are set to ask nobody. */
  readonly bypassing: ReadonlySet<string>;
  /** Wave runs that are still something to be done. */
  readonly runs?: readonly ShownWaveRun[];
  /** Other sessions of the clone. */
  readonly peers?: readonly Peer[];
  /** Worktrees of the clone that Baton did not make. */
  readonly others?: readonly WorktreeInfo[];
}

/** Groups of the tree, in their order. */
export const agentGroups = [
  'needs',
  'running',
  'waiting',
  'approved',
  'conflict',
  'ended',
  'queued',
  'merged',
] as const;
export type AgentGroup = (typeof agentGroups)[number];

/** How a session is shown: its state, with one that a crash ended told apart. */
export type ShownAgent = IsolatedStatus | 'interrupted';

/** A line below a session. */
export type AgentFact =
  | 'bypass'
  | 'error'
  | 'verdict'
  | 'conflicts'
  | 'stray'
  | 'meanwhile'
  | 'changes'
  | 'branch'
  | 'log';

/** Identifies an element for as long as it exists; also the argument of commands in its menus. */
export interface AgentElement {
  readonly kind:
    | 'folder'
    | 'group'
    | 'isolated'
    | 'question'
    | 'approval'
    | 'fact'
    | 'wave'
    | 'peers'
    | 'peer'
    | 'worktrees'
    | 'worktree';
  /** Unique in the window and the same after a reload. */
  readonly nodeId: string;
  readonly folder: string;
  /** ID of the session, of the item of the inbox, or of the wave run. */
  readonly id?: string;
  /** Key of the agent of a wave. */
  readonly agent?: string;
  /** Number of the wave. */
  readonly wave?: number;
  readonly group?: AgentGroup;
  readonly fact?: AgentFact;
  /** Absolute path of a worktree that Baton did not make. */
  readonly path?: string;
}

/** An element with what is known of it now. */
export interface AgentNode {
  readonly element: AgentElement;
  readonly parent: string | undefined;
  readonly children: readonly string[];
  /** Of a folder: its name. */
  readonly name?: string;
  readonly entry?: IsolatedEntry;
  /** Of a session: its agent asks nobody. */
  readonly bypasses?: boolean;
  readonly item?: InboxItem;
  /** Of a row about a wave: what it says. */
  readonly wave?: WaveNode;
  readonly peer?: Peer;
  readonly worktree?: WorktreeInfo;
}

/** The tree: nodes by `nodeId`, and the topmost ones in order. */
export interface AgentTree {
  readonly roots: readonly string[];
  readonly nodes: ReadonlyMap<string, AgentNode>;
}

export const emptyAgentTree: AgentTree = { roots: [], nodes: new Map() };

/** Tells how a session is shown. */
export function shownAgent({ session, interrupted }: Pick<IsolatedEntry, 'session' | 'interrupted'>): ShownAgent {
  return interrupted ? 'interrupted' : session.status;
}

const groupOf: Readonly<Record<ShownAgent, AgentGroup>> = {
  queued: 'queued',
  preparing: 'running',
  running: 'running',
  stale: 'running',
  waiting: 'waiting',
  approved: 'approved',
  conflict: 'conflict',
  rejected: 'ended',
  failed: 'ended',
  interrupted: 'ended',
  stopped: 'ended',
  paused: 'ended',
  merged: 'merged',
};

/** Builds the tree: folder (where there are several), group, session or item of the inbox, and below a session what is known of it. */
export function buildAgentTree(inputs: readonly AgentFolderInput[]): AgentTree {
  const builder = new AgentTreeBuilder();
  const filled = inputs.filter((input) => hasRows(input) || (input.others?.length ?? 0) > 0);
  const roots = filled.flatMap((input) =>
    inputs.length === 1 ? builder.addGroups(input, undefined) : [builder.addFolder(input)],
  );
  return { roots, nodes: builder.nodes };
}

/** Whether a folder has anything to be shown but worktrees that are not Baton's. */
export function hasRows({ entries, items, runs = [], peers = [] }: AgentFolderInput): boolean {
  return entries.length + items.length + peers.length > 0 || runs.some((run) => agentsOfNow(run).length > 0);
}

class AgentTreeBuilder {
  readonly nodes = new Map<string, AgentNode>();

  addFolder(input: AgentFolderInput): string {
    const element: AgentElement = { kind: 'folder', nodeId: joinId(input.folder, 'agents'), folder: input.folder };
    return this.#add({
      element,
      parent: undefined,
      children: this.addGroups(input, element.nodeId),
      name: input.name,
    });
  }

  addGroups(input: AgentFolderInput, parent: string | undefined): string[] {
    const [needs = [], ...others] = agentGroups.map((group) => this.#addGroup(input, group, parent));
    return [
      ...needs,
      ...this.#addWaves(input, parent),
      ...others.flat(),
      ...this.#addPeers(input, parent),
      ...this.#addOthers(input, parent),
    ];
  }

  /** The wave that runs, of each run, with its agents. */
  #addWaves({ folder, runs = [] }: AgentFolderInput, parent: string | undefined): string[] {
    return runs.flatMap((run) => {
      const agents = agentsOfNow(run);
      const wave = run.waves.find(({ number }) => number === (agents[0]?.wave ?? run.wave));
      if (agents.length === 0 || wave === undefined) return [];
      const place = { folder, id: run.id };
      const nodeId = joinId(folder, 'agents', 'wave', run.id);
      const builder = new WaveTreeBuilder();
      const children = agents.map((agent) => builder.addAgent(nodeId, place, run, agent));
      for (const node of builder.nodes.values()) this.#addWave(node);
      const element = { ...place, nodeId, wave: wave.number };
      return [this.#addWave({ element, parent, children, content: { kind: 'wave', run, wave, isNamed: true } })];
    });
  }

  #addWave(wave: WaveNode): string {
    return this.#add({
      element: { ...wave.element, kind: 'wave' },
      parent: wave.parent,
      children: wave.children,
      wave,
    });
  }

  #addPeers({ folder, peers = [] }: AgentFolderInput, parent: string | undefined): string[] {
    if (peers.length === 0) return [];
    const nodeId = joinId(folder, 'agents', 'peers');
    const children = peers.map((peer) => {
      const element: AgentElement = {
        kind: 'peer',
        nodeId: joinId(nodeId, peer.sessionId),
        folder,
        id: peer.sessionId,
      };
      return this.#add({ element, parent: nodeId, children: [], peer });
    });
    return [this.#add({ element: { kind: 'peers', nodeId, folder }, parent, children })];
  }

  #addOthers({ folder, others = [] }: AgentFolderInput, parent: string | undefined): string[] {
    if (others.length === 0) return [];
    const nodeId = joinId(folder, 'agents', 'worktrees');
    const children = others.map((worktree) => {
      const { path } = worktree;
      const element: AgentElement = { kind: 'worktree', nodeId: joinId(nodeId, path), folder, path };
      return this.#add({ element, parent: nodeId, children: [], worktree });
    });
    return [this.#add({ element: { kind: 'worktrees', nodeId, folder }, parent, children })];
  }

  #addGroup(input: AgentFolderInput, group: AgentGroup, parent: string | undefined): string[] {
    const nodeId = joinId(input.folder, 'agents', group);
    const children =
      group === 'needs'
        ? byBlocking(input).map((item) => this.#addItem(input, item, nodeId))
        : input.entries
            .filter((entry) => groupOf[shownAgent(entry)] === group)
            .map((entry) => this.#addSession(input, entry, nodeId));
    if (children.length === 0) return [];
    const element: AgentElement = { kind: 'group', nodeId, folder: input.folder, group };
    return [this.#add({ element, parent, children })];
  }

  #addSession(input: AgentFolderInput, entry: IsolatedEntry, parent: string): string {
    const { folder } = input;
    const { session, questions } = entry;
    const nodeId = joinId(folder, 'isolated', session.id);
    const bypasses = input.bypassing.has(session.agent);
    const facts = factsOf(entry, bypasses).map((fact) => {
      const element: AgentElement = { kind: 'fact', nodeId: joinId(nodeId, fact), folder, id: session.id, fact };
      return this.#add({ element, parent: nodeId, children: [], entry, bypasses });
    });
    const asked = questions.map((item) => this.#addItem(input, item, nodeId));
    const element: AgentElement = { kind: 'isolated', nodeId, folder, id: session.id };
    return this.#add({ element, parent, children: [...asked, ...facts], entry, bypasses });
  }

  #addItem({ folder }: AgentFolderInput, item: InboxItem, parent: string): string {
    const element: AgentElement = { kind: item.kind, nodeId: joinId(parent, item.id), folder, id: item.id };
    return this.#add({ element, parent, children: [], item });
  }

  #add(node: AgentNode): string {
    this.nodes.set(node.element.nodeId, node);
    return node.element.nodeId;
  }
}

/** What blocks somebody first; among those what more waits for, then what was asked earlier. */
function byBlocking({ items, entries }: AgentFolderInput): readonly InboxItem[] {
  const counts = new Map(entries.map(({ session }) => [session.id, session.item.unblocksCount]));
  const blocks = ({ isolated }: InboxItem): number => counts.get(isolated ?? '') ?? 0;
  return items.toSorted(
    (a, b) =>
      Number(b.blocking) - Number(a.blocking) || blocks(b) - blocks(a) || Date.parse(a.askedAt) - Date.parse(b.askedAt),
  );
}

function factsOf({ session }: IsolatedEntry, bypasses: boolean): readonly AgentFact[] {
  const { status, error, review, conflicts, strayFiles, changedMeanwhile } = session;
  const hasWorktree = status !== 'queued' && status !== 'merged';
  const facts: readonly (readonly [AgentFact, boolean])[] = [
    ['bypass', bypasses],
    ['error', error !== undefined && (status === 'failed' || status === 'stopped')],
    ['verdict', review !== undefined],
    ['conflicts', status === 'conflict' && (conflicts?.length ?? 0) > 0],
    ['stray', (strayFiles?.length ?? 0) > 0],
    ['meanwhile', (changedMeanwhile?.length ?? 0) > 0],
    ['changes', hasWorktree || session.mergeCommit !== undefined],
    ['branch', true],
    ['log', status !== 'queued'],
  ];
  return facts.flatMap(([fact, isThere]) => (isThere ? [fact] : []));
}

/** What can be done with a session now, as words for menus. */
export function abilitiesOf(entry: IsolatedEntry): readonly string[] {
  const { status, error } = entry.session;
  const isLive = liveStatuses.includes(status) && !entry.interrupted;
  const rests = !isLive && status !== 'queued' && status !== 'merged';
  const words: readonly (readonly [string, boolean])[] = [
    ['stop', isLive || status === 'queued'],
    ['decide', rests || status === 'waiting'],
    ['merge', status === 'approved' || status === 'conflict'],
    ['approval', status === 'failed' && error?.code === 'approval-required'],
    ['retry', rests && error?.code !== 'approval-required'],
    ['remove', rests],
    ['worktree', status !== 'queued' && status !== 'merged'],
  ];
  return words.flatMap(([word, holds]) => (holds ? [word] : []));
}

/** Whether a person has to do something before a session goes on or is merged; its questions are counted by themselves. */
export function needsPerson(entry: IsolatedEntry): boolean {
  return ['approved', 'rejected', 'conflict', 'failed', 'interrupted', 'paused', 'stale'].includes(shownAgent(entry));
}

/** How many things wait for a person. */
export function countNeeds(inputs: readonly AgentFolderInput[]): number {
  const waits = (input: AgentFolderInput): number =>
    input.items.length + input.entries.filter(needsPerson).length + (input.runs ?? []).filter(runNeedsPerson).length;
  return inputs.reduce((sum, input) => sum + waits(input), 0);
}

/** Whether a run rests until a person does something; its questions are counted by themselves. */
function runNeedsPerson({ source, status, questions }: ShownWaveRun): boolean {
  if (source !== 'record') return false;
  if (status === 'paused') return questions.length === 0;
  return status === 'completed' || status === 'failed' || status === 'interrupted';
}

/**
 * The elements to fire so that the view shows `after` where it showed `before`: the smallest ones, none below another; undefined where the
 * topmost level changed, and an empty list where nothing did.
 */
export function changedAgents(before: AgentTree, after: AgentTree): readonly AgentElement[] | undefined {
  if (!sameList(before.roots, after.roots)) return undefined;
  const changed: AgentElement[] = [];
  const visit = (nodeId: string): void => {
    const old = before.nodes.get(nodeId);
    const now = after.nodes.get(nodeId);
    if (now === undefined) return;
    const isSame = old !== undefined && sameList(old.children, now.children) && signatureOf(old) === signatureOf(now);
    if (!isSame) changed.push(now.element);
    else for (const child of now.children) visit(child);
  };
  for (const root of after.roots) visit(root);
  return changed;
}

/** Everything of a node that is shown. */
function signatureOf({ element, name, entry, item, bypasses, children, wave, peer, worktree }: AgentNode): string {
  if (worktree !== undefined) return JSON.stringify(worktree);
  if (wave !== undefined) return waveSignature(wave);
  if (peer !== undefined) return JSON.stringify({ ...peer, ageHours: 0 });
  if (item !== undefined) return JSON.stringify([item.question, item.options, item.context, item.blocking]);
  if (entry === undefined) return JSON.stringify([name, children.length]);
  const { session, activity, questions } = entry;
  const { history: _, process: __, lastActivityAt: ___, ...rest } = session;
  const isWhole = element.kind === 'isolated';
  return JSON.stringify([
    rest,
    bypasses,
    isWhole && [activity?.line, activity?.usage, questions.length, shownAgent(entry)],
  ]);
}

function joinId(...parts: readonly string[]): string {
  return parts.map((part) => encodeURIComponent(part)).join('/');
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}
