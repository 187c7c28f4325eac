import type { WaveContext } from '../../src/core/actions/waves/context.ts';
import { waveRunKey } from '../../src/core/actions/waves/records.ts';
import { type Cancellation, neverCancelled } from '../../src/core/base/cancellation.ts';
import { isRunRecord } from '../../src/core/formats/waves/runRecords.ts';
import type { AgentEvent } from '../../src/core/model/agentEvent.ts';
import { defaultWaveConfig, type WaveConfig } from '../../src/core/model/waves/waveConfig.ts';
import type { PlannedAgent, PlannedWave, WavePlan } from '../../src/core/model/waves/wavePlan.ts';
import type { WaveRun } from '../../src/core/model/waves/waveRun.ts';
import type { Git } from '../../src/core/ports/git.ts';
import type { OrchestratorFiles } from '../../src/core/ports/orchestratorFiles.ts';
import type { Ports } from '../../src/core/ports/ports.ts';
import type { CommandOutcome } from '../../src/core/ports/process.ts';
import type { WaveAgentEnd, WaveAgentOrder, WaveAgents, WaveTrees } from '../../src/core/ports/waveAgents.ts';
import { grayMatterFrontmatter } from '../../src/platform/grayMatterFrontmatter.ts';
import { createMemoryProject, type MemoryProject } from './memoryFileSystem.ts';
import { createKeptLog, type KeptLog, storeOf } from './workspaceOf.ts';

/** Keeps the effect from happening at which an engine is killed. */
class Killed extends Error {}

/** How one dispatch of an agent goes. */
export interface AgentScript {
  /** Files that it writes into the folder it works in; undefined: it removes the file. */
  readonly writes?: Readonly<Record<string, string | undefined>>;
  readonly events?: readonly AgentEvent[];
  /** Its last message. */
  readonly says?: string;
  readonly isError?: boolean;
  /** It goes on until it is stopped. */
  readonly hangs?: boolean;
  /** It ends when this does. */
  readonly until?: Promise<unknown>;
  readonly commits?: boolean;
}

/** One dispatch that happened. */
export interface Dispatch {
  readonly key: string;
  readonly resume: string | undefined;
  readonly folder: string;
  readonly prompt: string;
  readonly scope: readonly string[];
}

export interface WaveWorldOptions {
  readonly files?: Readonly<Record<string, string>>;
  /** By key and number of its dispatch, from 1. */
  readonly script?: (key: string, dispatch: number, order: WaveAgentOrder) => AgentScript;
  /** By command and how often it was run, from 1. */
  readonly commands?: (command: string, count: number) => number;
  /** There is a repository: `commits` has what was committed. */
  readonly withGit?: boolean;
}

/** Everything that outlives an engine: trees, records, what agents did. */
export interface WaveWorld {
  readonly project: MemoryProject;
  readonly log: KeptLog;
  readonly dispatches: Dispatch[];
  readonly refs: Map<string, string>;
  readonly worktrees: Map<string, Map<string, string>>;
  /** HEAD of each folder, where it is not what it began at. */
  readonly heads: Map<string, string>;
  /** Agents of this engine that run. */
  readonly running: Set<string>;
  mostRunning: number;
  /** How many effects there were. */
  effects: number;
  /** At this effect the engine is killed: before it, and nothing happens after. */
  killAt: number | undefined;
  /** Called when the engine is killed. */
  onKilled: () => void;
  /** A context as a new supervisor has it. */
  open(cancellation?: Cancellation): WaveContext;
  run(id?: string): WaveRun;
  /** Answers all open questions of runs with the option that `choose` gives. */
  answer(choose: (question: string, options: readonly string[]) => string): Promise<number>;
  commands: string[];
  readonly commits: { readonly message: string; readonly paths: readonly string[] }[];
}

export const root = '/memory/root';
export const stateFile = '.claude/STATE.md';

/** Makes a world for engines of wave runs: second implementations of all ports in memory, where each change can be the last. */
export function createWaveWorld(options: WaveWorldOptions = {}): WaveWorld {
  const project = createMemoryProject({ 'README.md': 'Read me\n', ...options.files });
  const log = createKeptLog();
  const world: WaveWorld = {
    project,
    log,
    dispatches: [],
    refs: new Map(),
    worktrees: new Map(),
    heads: new Map(),
    running: new Set(),
    mostRunning: 0,
    effects: 0,
    killAt: undefined,
    onKilled: () => {},
    commands: [],
    commits: [],
    open: (cancellation = neverCancelled) => openEngine(world, options, cancellation),
    run: (id = runId) => project.records()[waveRunKey(id)] as WaveRun,
    answer: (choose) => answerAll(project, choose),
  };
  return world;
}

/** More than any run of a test has. */
const mostEffects = 5_000;

/** Counts effects, and kills the engine at one of them. */
class Fate {
  readonly #world: WaveWorld;
  #isDead = false;

  constructor(world: WaveWorld) {
    this.#world = world;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Before each change. */
  pass(): void {
    if (this.#isDead) throw new Killed('dead');
    this.#world.effects++;
    if (this.#world.effects > mostEffects) throw new Error('it goes on for ever');
    if (this.#world.effects !== this.#world.killAt) return;
    this.#isDead = true;
    this.#world.onKilled();
    throw new Killed(`killed at effect ${this.#world.effects}`);
  }
}

/** What a port gives to an engine: calls of one that was killed never return. */
function mortal<T extends object>(fate: Fate, port: T): T {
  const live = async (result: Promise<unknown>): Promise<unknown> => {
    try {
      const value = await result;
      if (!fate.isDead) return value;
    } catch (error) {
      if (!fate.isDead) throw error;
    }
    return await new Promise(() => {});
  };
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        if (fate.isDead) return new Promise(() => {});
        const result: unknown = Reflect.apply(value, target, args);
        return result instanceof Promise ? live(result) : result;
      };
    },
  });
}

function openEngine(world: WaveWorld, options: WaveWorldOptions, cancellation: Cancellation): WaveContext {
  const fate = new Fate(world);
  const { project, log } = world;
  project.beforeChange = () => fate.pass();
  world.running.clear();
  const trees = mortal(fate, memoryTrees(world, fate));
  let time = Date.UTC(2026, 10, 20, 9) + project.changes.length * 1000;
  const clock: Ports['clock'] = {
    now() {
      time += 1000;
      const epochMs = time;
      const at = new Date(epochMs);
      return {
        epochMs,
        year: at.getUTCFullYear(),
        month: at.getUTCMonth() + 1,
        day: at.getUTCDate(),
        hour: at.getUTCHours(),
        minute: at.getUTCMinutes(),
        second: at.getUTCSeconds(),
        offsetMinutes: 0,
      };
    },
  };
  const self = { pid: 1, startTime: '1', bootId: 'b', host: 'h' };
  const unused = (): never => {
    throw new Error('not used in these tests');
  };
  const ports: Ports = {
    files: mortal(fate, project.files),
    stateFiles: mortal(fate, project.stateFiles),
    frontmatter: grayMatterFrontmatter,
    git: async () => (options.withGit === true ? memoryGit(world, fate) : undefined),
    localState: mortal(fate, project.localState),
    owners: { self, stateOf: async () => 'dead' },
    commands: mortal<Ports['commands']>(fate, {
      async run({ command }): Promise<CommandOutcome> {
        fate.pass();
        world.commands.push(command);
        const count = world.commands.filter((one) => one === command).length;
        const exitCode = options.commands?.(command, count) ?? 0;
        const tail = exitCode === 0 ? 'fine' : 'src/a.ts: broken';
        return { exitCode, timedOut: false, cancelled: false, durationMs: 5, tail };
      },
    }),
    approvals: { isApproved: async () => true, approve: async () => {} },
    claims: { claim: unused, release: unused, read: unused } as unknown as Ports['claims'],
    prompt: {
      approveCommands: async () => undefined,
      chooseFiles: async () => undefined,
      confirm: async () => undefined,
    },
    clock,
    logger: log,
    orchestrator: async () => mortal(fate, memoryOrchestrator(project)),
  } as unknown as Ports;
  return {
    ports,
    store: storeOf(project, log),
    cancellation,
    report: () => {},
    isolated: {
      beads: { ready: async () => undefined, close: unused },
      supervisors: { ensure: async () => {}, isRunning: async () => false },
      agents: { names: async () => ['small'], defaultName: async () => 'small', require: async () => {} },
      worktrees: {
        folder: `${root}/.worktrees`,
        list: async () => [...world.worktrees.keys()].map((path) => ({ path, isMain: false, isGone: false })),
      } as unknown as WaveContext['isolated']['worktrees'],
      portsOf: async () => ports,
      processes: { list: async () => [], end: async () => {} },
    },
    waveAgents: mortal(fate, memoryAgents(world, options, fate)),
    trees,
    resources: {
      acquire: async () => ({ release: async () => {} }),
      list: async () => [],
    },
    timer: {
      after(timeMs, act) {
        const timer = setTimeout(() => fate.isDead || act(), Math.min(timeMs, 3));
        return { dispose: () => clearTimeout(timer) };
      },
    },
  };
}

/** As much of git as the engine asks for; everything that was not committed is a change. */
function memoryGit(world: WaveWorld, fate: Fate): Git {
  const git: Partial<Git> = {
    topLevel: root,
    prefix: '',
    head: async () => ({ hash: 'head0', branch: 'main', operation: undefined }),
    changes: async () => {
      const done = world.commits.flatMap(({ paths }) => paths);
      const paths = Object.keys(world.project.all()).filter((path) => !done.includes(path));
      return paths.map((path) => ({ path, kind: 'untracked' as const, staged: false }));
    },
    async commit(commit) {
      fate.pass();
      world.commits.push(commit);
      const hash = `commit ${world.commits.length}`;
      return { hash, parents: [], date: '', author: '', message: commit.message };
    },
    workingTree: async () => JSON.stringify(world.project.all()),
    log: async () => undefined,
    exclude: async () => {},
  };
  // What is not there is not asked for.
  return git as Git;
}

/** Files below `.orchestrator/` are files of the project. */
function memoryOrchestrator(project: MemoryProject, elsewhere = createMemoryProject()): OrchestratorFiles {
  const put = async (path: string, text: string): Promise<void> => {
    await project.stateFiles.update(path, (before) => [{ start: 0, end: before?.length ?? 0, newText: text }]);
  };
  const files: OrchestratorFiles = {
    root,
    host: 'h',
    pid: 1,
    stateFolder: '.claude',
    readText: async (path) => project.text(path),
    list: async (folder) => Object.keys(project.all()).filter((path) => path.startsWith(`${folder}/`)),
    async create(path, text) {
      if (project.text(path) !== undefined) return false;
      await put(path, text);
      return true;
    },
    replace: put,
    append: (path, line) => put(path, `${project.text(path) ?? ''}${line}\n`),
    async remove(path) {
      const isThere = project.text(path) !== undefined;
      await project.stateFiles.remove(path);
      return isThere;
    },
    removeEmptyFolder: async () => undefined,
    exclusively: (_lock, _options, work) => work(),
    isRunning: () => false,
    newId: () => '00000000-0000-4000-8000-000000000000',
    at: () => files,
    siblings: async () => [{ root, branch: 'main' }],
    registry: () => memoryOrchestrator(elsewhere),
    pause: async () => {},
    within: async (_limitMs, work) => await work,
    vault: async (path) => ({
      path,
      read: async () => undefined,
      readBaseline: async () => undefined,
      writeBaseline: async () => {},
    }),
  };
  return files;
}

type Tree = ReadonlyMap<string, string>;

/** Commits are the files themselves, as JSON. */
function memoryTrees(world: WaveWorld, fate: Fate): WaveTrees {
  const { project } = world;
  const treeOf = (folder: string): Tree =>
    folder === root ? new Map(Object.entries(project.all())) : (world.worktrees.get(folder) ?? new Map());
  const work = (tree: Tree): [string, string][] =>
    [...tree].filter(([path]) => !isRunRecord(path)).sort(([a], [b]) => (a < b ? -1 : 1));
  const commitOf = (folder: string): string => JSON.stringify(work(treeOf(folder)));
  const read = (commit: string): Tree => new Map(JSON.parse(commit) as [string, string][]);
  const put = (folder: string, path: string, text: string | undefined): void => {
    const tree = world.worktrees.get(folder);
    if (folder !== root && tree === undefined) throw new Error(`${folder} is not there`);
    if (text === undefined) tree === undefined ? project.delete(path) : tree.delete(path);
    else if (tree === undefined) project.set(path, text);
    else tree.set(path, text);
  };
  const changed = (folder: string, since: string): string[] => {
    const [before, after] = [read(since), new Map(work(treeOf(folder)))];
    return [...new Set([...before.keys(), ...after.keys()])]
      .filter((path) => before.get(path) !== after.get(path))
      .sort();
  };
  return {
    snapshot: async (folder) => commitOf(folder),
    async add({ path, commit }) {
      if (world.worktrees.has(path)) return;
      fate.pass();
      world.worktrees.set(path, new Map(read(commit)));
      world.heads.set(path, commit);
    },
    async remove(path) {
      if (!world.worktrees.has(path)) return;
      fate.pass();
      world.worktrees.delete(path);
    },
    changed: async (folder, since) => changed(folder, since),
    head: async (folder) => world.heads.get(folder) ?? 'head0',
    async bring({ from, base, paths }) {
      const theirs = changed(from, base).filter((path) => paths.includes(path));
      const ours = changed(root, base);
      const open = theirs.filter((path) => treeOf(from).get(path) !== treeOf(root).get(path));
      const overlap = open.filter((path) => ours.includes(path));
      if (overlap.length > 0) return { freshness: 'block', overlap };
      for (const path of open) {
        fate.pass();
        put(root, path, treeOf(from).get(path));
      }
      return { freshness: ours.some((path) => !theirs.includes(path)) ? 'warn' : 'pass', overlap: [] };
    },
    async restore(folder, snapshot, paths) {
      for (const path of changed(folder, snapshot).filter((one) => paths.includes(one))) {
        fate.pass();
        put(folder, path, read(snapshot).get(path));
      }
    },
    async keep(ref, commit) {
      if (world.refs.get(ref) === commit) return;
      fate.pass();
      world.refs.set(ref, commit);
    },
    collect: async () => 0,
  };
}

function memoryAgents(world: WaveWorld, options: WaveWorldOptions, fate: Fate): WaveAgents {
  const write = (folder: string, files: Readonly<Record<string, string | undefined>>): void => {
    const tree = world.worktrees.get(folder);
    for (const [path, text] of Object.entries(files)) {
      if (folder !== root && tree === undefined) throw new Error(`${folder} is not there`);
      if (text === undefined) tree === undefined ? world.project.delete(path) : tree.delete(path);
      else tree === undefined ? world.project.set(path, text) : tree.set(path, text);
    }
  };
  return {
    async start(order: WaveAgentOrder, onEvent) {
      fate.pass();
      const { key, folder, prompt, scope } = order;
      world.dispatches.push({ key, resume: order.resume, folder, prompt, scope });
      const script = options.script?.(key, world.dispatches.filter((one) => one.key === key).length, order) ?? {};
      if (world.running.has(key)) throw new Error(`${key} is started while it runs`);
      world.running.add(key);
      world.mostRunning = Math.max(world.mostRunning, world.running.size);
      let stop = (): void => {};
      const stopped = new Promise<true>((resolve) => {
        stop = () => resolve(true);
      });
      const work = async (): Promise<WaveAgentEnd> => {
        onEvent({ kind: 'started', agentSession: `session-${key}` });
        for (const event of script.events ?? []) {
          await Promise.resolve();
          if (!fate.isDead) onEvent(event);
        }
        if (!fate.isDead) write(folder, script.writes ?? {});
        if (!fate.isDead && script.commits === true) world.heads.set(folder, `commit of ${key}`);
        const natural = script.hangs === true ? new Promise<false>(() => {}) : (script.until ?? Promise.resolve());
        const wasStopped = (await Promise.race([stopped, natural.then(() => false)])) === true;
        world.running.delete(key);
        return {
          exitCode: script.isError === true ? 1 : 0,
          text: wasStopped ? '' : (script.says ?? 'STATUS: done — as planned'),
          isError: script.isError ?? false,
          stopped: wasStopped,
          usage: { inputTokens: 10, outputTokens: 5, turns: 1 },
          agentSession: `session-${key}`,
          tail: '',
        };
      };
      const ended = Promise.resolve().then(work);
      return { process: { pid: 2, startTime: '2', bootId: 'b', host: 'h' }, ended, stop: async () => stop() };
    },
    async endLeftovers(mark) {
      for (const key of [...world.running]) if (mark.endsWith(`.${key}`)) world.running.delete(key);
    },
  };
}

async function answerAll(
  project: MemoryProject,
  choose: (question: string, options: readonly string[]) => string,
): Promise<number> {
  const before = project.beforeChange;
  project.beforeChange = undefined;
  let count = 0;
  for (const [key, value] of Object.entries(project.records())) {
    if (!/^inbox\/[^/]+\.json$/.test(key)) continue;
    const { id, question, options } = value as { id: string; question: string; options: string[] };
    const answer = { answer: choose(question, options), answeredAt: '2026-11-20T10:00:00+00:00' };
    if (await project.localState.create(`inbox/answers/${id}.json`, answer)) count++;
  }
  project.beforeChange = before;
  return count;
}

export const runId = 'shop-abc123-000001';

/** An agent of a plan; what is left out is as usual. */
export function plannedAgent(id: string, more: Partial<PlannedAgent> = {}): PlannedAgent {
  return { id, task: `Do ${id}`, files: [`src/${id}.ts`], tools: [], dependencies: [], resources: [], ...more };
}

export function plannedWave(number: number, role: PlannedWave['role'], agents: readonly PlannedAgent[]): PlannedWave {
  return { number, title: role ?? 'Work', ...(role !== undefined && { role }), agents, sequential: false };
}

/** Puts a queued run into the world. */
export function queueRun(
  world: WaveWorld,
  waves: readonly PlannedWave[],
  more: { readonly config?: Partial<WaveConfig>; readonly plan?: Partial<WavePlan> } = {},
): Promise<void> {
  const plan: WavePlan = {
    title: 'Shop',
    sessionType: 'feature',
    issues: [],
    waves,
    execution: {},
    docsTasks: [],
    missions: [],
    ...more.plan,
  };
  const config = { ...defaultWaveConfig, ...more.config };
  const at = '2026-11-20T09:00:00+00:00';
  const run: WaveRun = {
    baton: 'wave-run/1',
    id: runId,
    label: 'main-2026-11-20-feature-1',
    root,
    plan,
    config,
    enforcement: 'strict',
    ...(config.persistence && { stateFile }),
    status: 'queued',
    wave: 0,
    step: 'prepare',
    branch: 'main',
    startRef: 'head0',
    agent: 'small',
    agents: [],
    gates: [],
    docsTasks: [],
    startedAt: at,
    updatedAt: at,
    questions: [],
    deviations: [],
    snapshots: [],
  };
  return world.project.localState.write(waveRunKey(runId), run);
}

/** Text of STATE.md with every time in it blotted out. */
export function stateWithoutTimes(world: WaveWorld): string {
  return (world.project.text(stateFile) ?? '').replace(/\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})/g, '<time>');
}
