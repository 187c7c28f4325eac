import * as vscode from 'vscode';
import type { ActionContext } from '../../core/actions/context.ts';
import { type Cancellation, neverCancelled } from '../../core/base/cancellation.ts';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import { Emitter, type Event } from '../../core/base/emitter.ts';
import type { Workspace, WorkspaceChange } from '../../core/model/workspace.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { WorkspaceStore } from '../../core/store/workspaceStore.ts';
import { Burst } from './burst.ts';
import { StateWatchers } from './watchers.ts';

/** What a folder's state files became. */
export interface HostChange {
  readonly host: ProjectHost;
  /** Undefined after the first scan and when only the git repository moved on. */
  readonly change: WorkspaceChange | undefined;
}

/** How long a writer may take between emptying a file and filling it. */
const emptyFileMs = 40;

/** How long after the last event a file is looked at once more. */
const settleMs = 300;

/** How long after that for the last time: under load VS Code tells of a creation late and swallows the deletion behind it. */
const settleLateMs = 3_000;

/** One workspace folder: its ports, its store, and the watchers that keep the store true. */
export class ProjectHost implements Disposable {
  readonly folder: vscode.WorkspaceFolder;
  /** `folder.uri` as text: how arguments and tree items name the folder. */
  readonly id: string;
  readonly ports: Ports;
  readonly store: WorkspaceStore;
  /** False for folders that are not on disk (virtual workspaces): they can only be looked at. */
  readonly isLocal: boolean;
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new Emitter<HostChange>());
  readonly #watchers: StateWatchers;
  readonly #burst: Burst<string>;
  readonly #logger: Logger;
  readonly #unsettled = new Set<string>();
  #settling: ReturnType<typeof setTimeout> | undefined;
  #scanning: ReturnType<typeof setTimeout> | undefined;
  #loading: Promise<void> | undefined;

  /** Fires when a snapshot changed. */
  readonly onDidChange: Event<HostChange> = this.#changed.event;

  constructor(folder: vscode.WorkspaceFolder, ports: Ports, logger: Logger) {
    this.folder = folder;
    this.id = folder.uri.toString();
    this.ports = ports;
    this.isLocal = folder.uri.scheme === 'file';
    this.#logger = logger;
    this.store = this.#owned.add(new WorkspaceStore(ports));
    this.#owned.add(
      this.store.onDidChange((change) => {
        this.#watchers.follow(change.workspace);
        this.#changed.fire({ host: this, change });
      }),
    );
    this.#burst = this.#owned.add(new Burst<string>((paths) => this.#refreshSeen(paths)));
    this.#watchers = this.#owned.add(
      new StateWatchers(
        folder.uri,
        (uri) => this.#fileSeen(uri),
        () => this.#folderSeen(),
      ),
    );
  }

  /** The last snapshot; undefined before the first scan has ended. */
  get workspace(): Workspace | undefined {
    return this.store.workspace;
  }

  /** Whether the folder has anything that Baton knows. */
  get hasStateFiles(): boolean {
    const { workspace } = this;
    if (workspace === undefined) return false;
    return (
      workspace.plans.length + workspace.progress.length + workspace.taskLists.length > 0 ||
      workspace.sessionFile !== undefined ||
      workspace.unreadable.length > 0
    );
  }

  /** Reads everything for the first time; later calls answer the same scan. */
  load(): Promise<void> {
    this.#loading ??= this.#firstLoad();
    return this.#loading;
  }

  /** Reads again what may have changed: these files, or all. */
  async refresh(paths?: readonly string[]): Promise<void> {
    await this.load();
    await this.store.refresh(paths);
  }

  /** What an action gets from this host. */
  createContext(
    options: { readonly cancellation?: Cancellation; readonly report?: (message: string) => void } = {},
  ): ActionContext {
    return {
      ports: this.ports,
      store: this.store,
      cancellation: options.cancellation ?? neverCancelled,
      report: options.report ?? (() => {}),
    };
  }

  /** The path of a file relative to the root; undefined for one outside. */
  pathOf(uri: vscode.Uri): string | undefined {
    const root = this.folder.uri;
    if (uri.scheme !== root.scheme || uri.authority !== root.authority) return undefined;
    const prefix = root.path.endsWith('/') ? root.path : `${root.path}/`;
    return uri.path.startsWith(prefix) ? uri.path.slice(prefix.length) : undefined;
  }

  /** The URI of a file of the project. */
  uriOf(path: string): vscode.Uri {
    return vscode.Uri.joinPath(this.folder.uri, path);
  }

  /** Watches a file outside the folder, git's log of HEAD say, and tells the views when it changes. */
  watchHead(gitDir: string): void {
    const moved = () => this.#changed.fire({ host: this, change: undefined });
    const uri = vscode.Uri.file(gitDir);
    this.#watchers.watchFile(uri, 'HEAD', moved);
    this.#watchers.watchFile(vscode.Uri.joinPath(uri, 'logs'), 'HEAD', moved);
  }

  dispose(): void {
    clearTimeout(this.#settling);
    clearTimeout(this.#scanning);
    this.#owned.dispose();
  }

  async #firstLoad(): Promise<void> {
    const workspace = await this.store.load();
    this.#watchers.follow(workspace);
    this.#changed.fire({ host: this, change: undefined });
  }

  #fileSeen(uri: vscode.Uri): void {
    const path = this.pathOf(uri);
    if (path !== undefined && this.store.isStateFile(path)) this.#burst.add(path);
  }

  /** A new folder may hold files that were written before anybody watched it: everything is read, once all is quiet. */
  #folderSeen(): void {
    clearTimeout(this.#scanning);
    this.#scanning = setTimeout(() => {
      this.refresh().catch((error: unknown) => this.#logger.error('Reading the folder again failed.', error));
    }, settleMs);
  }

  #refreshSeen(paths: ReadonlySet<string>): void {
    this.#readAgain(paths).catch((error: unknown) => {
      this.#logger.error(`Reading ${[...paths].join(', ')} again failed.`, error);
    });
  }

  /**
   * Many programs empty a file before they write it, and VS Code merges events that follow each other closely, also a creation and a
   * deletion: so an empty file gets a moment, and what changed is looked at once more when all is quiet.
   */
  async #readAgain(paths: ReadonlySet<string>): Promise<void> {
    const stats = await Promise.all([...paths].map((path) => this.ports.files.stat(path)));
    if (stats.some((stat) => stat?.size === 0)) await new Promise((done) => setTimeout(done, emptyFileMs));
    await this.refresh([...paths]);
    for (const path of paths) this.#unsettled.add(path);
    this.#settle(settleMs, settleLateMs);
  }

  #settle(delayMs: number, lastMs?: number): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      const settled = [...this.#unsettled];
      if (lastMs === undefined) this.#unsettled.clear();
      else this.#settle(lastMs);
      this.refresh(settled).catch((error: unknown) => {
        this.#logger.error(`Reading ${settled.join(', ')} again failed.`, error);
      });
    }, delayMs);
  }
}
