import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import { Emitter, type Event } from '../../core/base/emitter.ts';
import { BatonError } from '../../core/errors.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { HostChange, ProjectHost } from './projectHost.ts';

/** Makes the host of a folder. */
export type HostFactory = (folder: vscode.WorkspaceFolder) => Promise<ProjectHost>;

/** The workspace folders of this window, one host each. */
export class Projects implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #hosts = new Map<string, ProjectHost>();
  /** Folders whose host is there or being made. */
  readonly #wanted = new Map<string, Promise<void>>();
  readonly #create: HostFactory;
  readonly #logger: Logger;
  readonly #changed = this.#owned.add(new Emitter<HostChange | undefined>());
  #isLoaded = false;

  /** Fires when a folder's snapshot changed; undefined when folders came or went, or the first scan ended. */
  readonly onDidChange: Event<HostChange | undefined> = this.#changed.event;

  constructor(create: HostFactory, logger: Logger) {
    this.#create = create;
    this.#logger = logger;
    this.#owned.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.#follow()));
    this.#owned.add(
      vscode.window.onDidChangeWindowState(({ focused }) => {
        // The first file of a new folder may come before its watcher, and other machines' file systems send no events.
        if (focused && this.#isLoaded) void this.refresh();
      }),
    );
  }

  /** All folders, in the window's order. */
  get all(): readonly ProjectHost[] {
    return (vscode.workspace.workspaceFolders ?? []).flatMap((folder) => this.#hosts.get(folder.uri.toString()) ?? []);
  }

  /** The folders that have state files. */
  get withFiles(): readonly ProjectHost[] {
    return this.all.filter((host) => host.hasStateFiles);
  }

  /** True when every folder was scanned once. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** Scans the folders that were not scanned yet. */
  async load(): Promise<void> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const hasNew = folders.some((folder) => !this.#wanted.has(folder.uri.toString()));
    await Promise.all(folders.map((folder) => this.#ensure(folder)));
    if (this.#isLoaded && !hasNew) return;
    this.#isLoaded = true;
    this.#changed.fire(undefined);
  }

  /** Reads every folder again. */
  async refresh(): Promise<void> {
    await Promise.all(this.all.map((host) => this.#safely(host, () => host.refresh())));
  }

  /** The folder that a file lies in. */
  find(uri: vscode.Uri | undefined): ProjectHost | undefined {
    if (uri === undefined) return undefined;
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    return folder && this.#hosts.get(folder.uri.toString());
  }

  /**
   * The folder with this ID.
   *
   * @throws BatonError `invalid-argument` where the window has none
   */
  get(id: string): ProjectHost {
    const host = this.#hosts.get(id);
    if (host !== undefined) return host;
    throw new BatonError('invalid-argument', vscode.l10n.t('No folder of this window is {0}.', id), {
      hint: vscode.l10n.t('Pass the URI of a workspace folder.'),
    });
  }

  dispose(): void {
    for (const host of this.#hosts.values()) host.dispose();
    this.#hosts.clear();
    this.#wanted.clear();
    this.#owned.dispose();
  }

  #follow(): void {
    const open = new Set((vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.toString()));
    for (const id of [...this.#wanted.keys()]) {
      if (open.has(id)) continue;
      this.#wanted.delete(id);
      this.#hosts.get(id)?.dispose();
      this.#hosts.delete(id);
    }
    this.#isLoaded = false;
    void this.load();
  }

  #ensure(folder: vscode.WorkspaceFolder): Promise<void> {
    const id = folder.uri.toString();
    const wanted = this.#wanted.get(id) ?? this.#add(folder);
    this.#wanted.set(id, wanted);
    return wanted;
  }

  async #add(folder: vscode.WorkspaceFolder): Promise<void> {
    const id = folder.uri.toString();
    try {
      const host = await this.#create(folder);
      if (!this.#wanted.has(id)) {
        host.dispose();
        return;
      }
      host.onDidChange((change) => this.#changed.fire(change));
      this.#hosts.set(id, host);
      await host.load();
    } catch (error) {
      this.#logger.error(`Scanning ${folder.name} failed.`, error);
    }
  }

  async #safely(host: ProjectHost, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#logger.error(`Reading ${host.folder.name} again failed.`, error);
    }
  }
}
