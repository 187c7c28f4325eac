import type { Disposable } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import { defaultConfig } from '../model/config.ts';
import type { FileRole } from '../model/fileRole.ts';
import type { Workspace, WorkspaceChange } from '../model/workspace.ts';
import type { ProjectPath } from '../ports/fileSystem.ts';
import type { Ports } from '../ports/ports.ts';
import { compareWorkspaces } from './compareEntries.ts';
import { rolesOf } from './fileState.ts';
import { joinWorkspace } from './joinWorkspace.ts';
import { configPath, loadConfig } from './loadConfig.ts';
import { type OverlayText, ParsedFiles } from './parsedFiles.ts';
import { createStateFileRoles, type StateFileRoles } from './stateFileRoles.ts';

/** What a run has to read again: these paths, or everything. */
interface Request {
  all: boolean;
  readonly paths: Set<ProjectPath>;
  readonly result: Promise<Workspace>;
}

type StorePorts = Pick<Ports, 'files' | 'frontmatter' | 'logger'>;

/**
 * The one place where the state of a project lives: an immutable snapshot of its state files, and an event when it changes.
 *
 * Calls that come while a run is under way share the next run, so that a burst of file events costs two runs and no call ever gets
 * what was read before it was made.
 */
export class WorkspaceStore implements Disposable {
  readonly #ports: StorePorts;
  readonly #emitter = new Emitter<WorkspaceChange>();
  readonly #parsed: ParsedFiles;
  #roles: StateFileRoles | undefined;
  #config: Workspace['config'] | undefined;
  #configProblems: Workspace['problems'] = [];
  #workspace: Workspace | undefined;
  #loading: Promise<Workspace> | undefined;
  #next: Request | undefined;
  #running: Promise<unknown> = Promise.resolve();
  /** A run failed, so what it should have read is not known. */
  #isStale = true;

  /** Fires once after each run in which something changed, the first load included. */
  readonly onDidChange: Event<WorkspaceChange> = this.#emitter.event;

  constructor(ports: StorePorts) {
    this.#ports = ports;
    this.#parsed = new ParsedFiles(ports);
  }

  /** The last snapshot; undefined before the first load has ended. */
  get workspace(): Workspace | undefined {
    return this.#workspace;
  }

  /** Loads everything, or loads it again; calls at the same time share one load. */
  load(): Promise<Workspace> {
    this.#loading ??= this.#enqueue(undefined).finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  /** Reads `paths` again, or everything where none are given, and parses those whose text changed. A folder stands for what is in it. */
  refresh(paths?: readonly ProjectPath[]): Promise<Workspace> {
    return this.#enqueue(paths);
  }

  /**
   * The snapshot as it would be if these texts were saved. Nothing is kept and no event fires; where the texts are those of the files it is
   * the last snapshot itself.
   */
  async overlay(texts: readonly OverlayText[]): Promise<Workspace> {
    const workspace = this.#workspace ?? (await this.load());
    if (texts.length === 0 || this.#roles === undefined) return workspace;
    const files = await this.#parsed.overlay(this.#roles, texts);
    if (files === undefined) return workspace;
    const problems = [...this.#configProblems, ...files.problems];
    return joinWorkspace({ ...files, config: workspace.config, problems }, workspace);
  }

  /** The globs of all state files, SESSION.md among them; none before the first load. */
  get globs(): readonly string[] {
    return this.#roles === undefined ? [] : [...this.#roles.globs, this.#roles.sessionFile];
  }

  /** Tells whether the configuration makes a state file of the path, or only a link does. */
  isConfigured(path: ProjectPath): boolean {
    return this.#roles !== undefined && rolesOf(path, this.#roles, false).length > 0;
  }

  /** Tells whether the file was there when it was last looked at. */
  hasFile(path: ProjectPath): boolean {
    return this.#parsed.hasFile(path);
  }

  /** The roles that the configuration, or a link from a state file, gives a path; none where it is no state file. */
  rolesOf(path: ProjectPath): readonly FileRole[] {
    return this.#roles === undefined ? [] : this.#parsed.rolesOf(path, this.#roles);
  }

  /** Tells whether a change of this file can change the snapshot. Before the first load only the configuration is known to. */
  isStateFile(path: ProjectPath): boolean {
    const roles = this.#roles;
    if (path === configPath) return true;
    if (!roles) return false;
    return (
      path === roles.sessionFile ||
      roles.isPlan(path) ||
      roles.isProgress(path) ||
      roles.isPaused(path) ||
      roles.isTaskList(path) ||
      roles.isState(path) ||
      this.#parsed.has(path)
    );
  }

  dispose(): void {
    this.#emitter.dispose();
  }

  #enqueue(paths: readonly ProjectPath[] | undefined): Promise<Workspace> {
    if (!this.#next) {
      const result = this.#running.then(() => this.#runNext());
      this.#next = { all: false, paths: new Set(), result };
      this.#running = result.catch(() => undefined);
    }
    if (paths === undefined) this.#next.all = true;
    else for (const path of paths) this.#next.paths.add(path);
    return this.#next.result;
  }

  async #runNext(): Promise<Workspace> {
    const request = this.#next;
    this.#next = undefined;
    const wasStale = this.#isStale;
    this.#isStale = true;
    const touched =
      !request || request.all || wasStale || (await this.#needsScan(request.paths))
        ? await this.#scan()
        : await this.#read(request.paths);
    const before = this.#workspace;
    const after = touched.length > 0 || !before ? this.#join(before) : before;
    this.#workspace = after;
    this.#isStale = false;
    if (after !== before) this.#announce(before, after, touched);
    return after;
  }

  /** Reads everything that the configuration names. */
  async #scan(): Promise<readonly ProjectPath[]> {
    const { config, problems } = await loadConfig(this.#ports.files);
    const isSameConfig = JSON.stringify([config, problems]) === JSON.stringify([this.#config, this.#configProblems]);
    this.#config = config;
    this.#configProblems = problems;
    this.#roles = createStateFileRoles(config);
    const found = await this.#ports.files.findFiles(this.#roles.globs);
    const touched = await this.#parsed.readAll(this.#roles, [...found, config.sessionFile]);
    return isSameConfig ? touched : [...touched, configPath];
  }

  async #read(paths: Iterable<ProjectPath>): Promise<readonly ProjectPath[]> {
    if (!this.#roles) return this.#scan();
    const wanted = new Set<ProjectPath>();
    for (const path of paths) {
      if (this.isStateFile(path)) wanted.add(path);
      for (const known of this.#parsed.below(path)) wanted.add(known);
    }
    return this.#parsed.read(this.#roles, wanted);
  }

  /** A changed configuration, and a folder that appeared, may bring files that nobody has named. */
  async #needsScan(paths: ReadonlySet<ProjectPath>): Promise<boolean> {
    if (paths.has(configPath)) return true;
    for (const path of paths) {
      if (this.isStateFile(path)) continue;
      const stat = await this.#ports.files.stat(path).catch(() => undefined);
      if (stat?.kind === 'folder') return true;
    }
    return false;
  }

  #join(before: Workspace | undefined): Workspace {
    const files = this.#parsed.snapshot();
    const problems = [...this.#configProblems, ...files.problems];
    return joinWorkspace({ ...files, config: this.#config ?? defaultConfig, problems }, before);
  }

  #announce(before: Workspace | undefined, after: Workspace, files: readonly ProjectPath[]): void {
    if (!this.#emitter.hasListeners) return;
    try {
      this.#emitter.fire({ workspace: after, files, ...compareWorkspaces(before, after) });
    } catch (error) {
      this.#ports.logger.error('A listener of the workspace failed', error);
    }
  }
}
