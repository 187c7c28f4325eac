import type { Finding } from '../../../core/model/waves/finding.ts';
import type {
  ShownGate,
  ShownWave,
  ShownWaveAgent,
  ShownWaveQuestion,
  ShownWaveRun,
} from '../../../core/model/waves/shownRun.ts';
import { endedAgentStatuses } from '../../../core/model/waves/waveRun.ts';

/** The runs of one folder that are to be shown. */
export interface WaveFolderInput {
  /** URI of the folder. */
  readonly folder: string;
  readonly name: string;
  readonly runs: readonly ShownWaveRun[];
}

/** What one row says. */
export type WaveContent =
  | { readonly kind: 'run'; readonly run: ShownWaveRun; readonly folderName?: string }
  /** `isNamed`: it stands alone, and says of which run it is. */
  | { readonly kind: 'wave'; readonly run: ShownWaveRun; readonly wave: ShownWave; readonly isNamed?: boolean }
  | { readonly kind: 'agent'; readonly run: ShownWaveRun; readonly agent: ShownWaveAgent }
  | { readonly kind: 'planned'; readonly id: string; readonly task: string; readonly files: readonly string[] }
  | { readonly kind: 'gate'; readonly gate: ShownGate; readonly wave: number }
  | { readonly kind: 'question'; readonly question: ShownWaveQuestion; readonly stateFile?: string }
  | { readonly kind: 'why'; readonly text: string }
  | { readonly kind: 'finding'; readonly finding: Finding }
  | {
      readonly kind: 'warning';
      readonly about: 'outside' | 'notVerified' | 'commits';
      readonly values: readonly string[];
    }
  | { readonly kind: 'list'; readonly list: 'missions' | 'deviations'; readonly count: number }
  | { readonly kind: 'mission'; readonly id: string; readonly status: string }
  | { readonly kind: 'deviation'; readonly at: string; readonly text: string };

/** Identifies a row; also the argument of commands in its menus. */
export interface WaveElement {
  /** Unique in the window and the same after a reload. */
  readonly nodeId: string;
  readonly folder: string;
  /** ID of the run. */
  readonly id: string;
  /** Key of the agent. */
  readonly agent?: string;
  /** Number of the wave. */
  readonly wave?: number;
}

export interface WaveNode {
  readonly element: WaveElement;
  readonly parent: string | undefined;
  readonly children: readonly string[];
  readonly content: WaveContent;
}

export interface WaveTree {
  readonly roots: readonly string[];
  readonly nodes: ReadonlyMap<string, WaveNode>;
}

export const emptyWaveTree: WaveTree = { roots: [], nodes: new Map() };

/** Whether an agent has ended. */
export function hasEnded({ status }: ShownWaveAgent): boolean {
  return status === 'unknown' || endedAgentStatuses.includes(status);
}

/** Builds the tree: a run, what needs the person, its waves with their agents, and the gates between. */
export function buildWaveTree(inputs: readonly WaveFolderInput[]): WaveTree {
  const builder = new WaveTreeBuilder();
  const roots = inputs.flatMap(({ folder, name, runs }) =>
    runs.map((run) => builder.addRun(folder, run, inputs.length > 1 ? name : undefined)),
  );
  return { roots, nodes: builder.nodes };
}

/** Rows of a run's agents that are in the wave which runs, or that need a look, for the tree of agents. */
export function agentsOfNow(run: ShownWaveRun): readonly ShownWaveAgent[] {
  const isRunning = run.status !== 'completed' && run.status !== 'closed' && run.status !== 'aborted';
  return run.waves.flatMap(({ agents, number }) =>
    agents.filter((agent) => !hasEnded(agent) || (isRunning && number === run.wave)),
  );
}

interface Place {
  readonly folder: string;
  readonly id: string;
  readonly agent?: string;
  readonly wave?: number;
}

/** Puts rows of runs together; the tree of agents uses it for its own. */
export class WaveTreeBuilder {
  readonly nodes = new Map<string, WaveNode>();

  addRun(folder: string, run: ShownWaveRun, folderName: string | undefined): string {
    const nodeId = rowId(folder, 'waveRun', run.id);
    const place = { folder, id: run.id };
    const { stateFile } = run;
    const children = [
      ...(run.why === undefined ? [] : [this.#add(nodeId, 'why', place, { kind: 'why', text: run.why })]),
      ...run.questions.map((question, index) =>
        this.#add(nodeId, `question-${question.item ?? index}`, place, {
          kind: 'question',
          question,
          ...(stateFile !== undefined && { stateFile }),
        }),
      ),
      ...run.waves.flatMap((wave) => this.#addWave(nodeId, place, run, wave)),
      ...this.#addMissions(nodeId, place, run),
      ...this.#addDeviations(nodeId, place, run),
    ];
    const content: WaveContent = { kind: 'run', run, ...(folderName !== undefined && { folderName }) };
    return this.#put({ element: { ...place, nodeId }, parent: undefined, children, content });
  }

  /** An agent with what the breaker found and what a check found. */
  addAgent(parent: string, place: Place, run: ShownWaveRun, agent: ShownWaveAgent): string {
    const own = { ...place, agent: agent.key, wave: agent.wave };
    const nodeId = rowId(parent, agent.key);
    const warnings = [
      ['outside', agent.outside],
      ['notVerified', agent.notVerified],
      ['commits', agent.commits],
    ] as const;
    const children = [
      ...agent.findings.map((finding, index) =>
        this.#add(nodeId, `finding-${index}`, own, { kind: 'finding', finding }),
      ),
      ...warnings.flatMap(([about, values]) =>
        values.length === 0 ? [] : [this.#add(nodeId, about, own, { kind: 'warning', about, values })],
      ),
    ];
    return this.#put({ element: { ...own, nodeId }, parent, children, content: { kind: 'agent', run, agent } });
  }

  #addWave(parent: string, place: Place, run: ShownWaveRun, wave: ShownWave): string[] {
    const own = { ...place, wave: wave.number };
    const nodeId = rowId(parent, `wave-${wave.number}`);
    const children = [
      ...wave.agents.map((agent) => this.addAgent(nodeId, place, run, agent)),
      ...wave.planned.map(({ id, task, files }) =>
        this.#add(nodeId, `planned-${id}`, own, { kind: 'planned', id, task, files }),
      ),
    ];
    this.#put({ element: { ...own, nodeId }, parent, children, content: { kind: 'wave', run, wave } });
    const { gate } = wave;
    if (gate === undefined || gate.kind === 'none') return [nodeId];
    return [nodeId, this.#add(parent, `gate-${wave.number}`, own, { kind: 'gate', gate, wave: wave.number })];
  }

  #addMissions(parent: string, place: Place, { missions }: ShownWaveRun): string[] {
    return this.#addList(parent, place, {
      list: 'missions',
      contents: missions.map((mission) => ({ kind: 'mission', ...mission })),
    });
  }

  #addDeviations(parent: string, place: Place, { deviations }: ShownWaveRun): string[] {
    return this.#addList(parent, place, {
      list: 'deviations',
      contents: deviations.map((deviation) => ({ kind: 'deviation', ...deviation })),
    });
  }

  #addList(
    parent: string,
    place: Place,
    { list, contents }: { readonly list: 'missions' | 'deviations'; readonly contents: readonly WaveContent[] },
  ): string[] {
    if (contents.length === 0) return [];
    const nodeId = rowId(parent, list);
    const children = contents.map((content, index) => this.#add(nodeId, String(index), place, content));
    const content: WaveContent = { kind: 'list', list, count: contents.length };
    return [this.#put({ element: { ...place, nodeId }, parent, children, content })];
  }

  #add(parent: string, part: string, place: Place, content: WaveContent): string {
    return this.#put({ element: { ...place, nodeId: rowId(parent, part) }, parent, children: [], content });
  }

  #put(node: WaveNode): string {
    this.nodes.set(node.element.nodeId, node);
    return node.element.nodeId;
  }
}

/**
 * The elements to fire so that a view shows `after` where it showed `before`: the smallest ones; undefined where the topmost level
 * changed.
 */
export function changedWaves(before: WaveTree, after: WaveTree): readonly WaveElement[] | undefined {
  if (before.roots.join('\n') !== after.roots.join('\n')) return undefined;
  const changed: WaveElement[] = [];
  const visit = (nodeId: string): void => {
    const old = before.nodes.get(nodeId);
    const now = after.nodes.get(nodeId);
    if (now === undefined) return;
    if (old === undefined || waveSignature(old) !== waveSignature(now)) changed.push(now.element);
    // A row that is drawn anew draws what is below anew too.
    else for (const child of now.children) visit(child);
  };
  for (const root of after.roots) visit(root);
  return changed;
}

/** Everything of a row that is shown, without what its children show. */
export function waveSignature({ content, children }: WaveNode): string {
  return JSON.stringify([shownOf(content), children]);
}

function shownOf(content: WaveContent): unknown {
  if (content.kind === 'run') {
    const { waves, questions, deviations, missions, ...rest } = content.run;
    return [rest, waves.find(({ number }) => number === rest.wave)?.step, questions.length, content.folderName];
  }
  if (content.kind === 'wave') {
    const { agents, ...rest } = content.wave;
    return [rest, agents.map(({ status }) => status)];
  }
  if (content.kind === 'agent') return content.agent;
  return content;
}

/** Joins parts to an ID that is the same after a reload. */
export function rowId(parent: string, ...parts: readonly string[]): string {
  return [parent, ...parts].map((part, index) => (index === 0 ? part : encodeURIComponent(part))).join('/');
}
