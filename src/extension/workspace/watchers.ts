import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import { stateFolders } from '../../core/model/waveState.ts';
import type { Workspace } from '../../core/model/workspace.ts';

/**
 * Watches the state files of one folder. Flat watchers on their folders, because `files.watcherExclude` silences recursive ones and
 * because those see nothing outside the workspace; beside them the workspace's own recursive one, for files in folders that are new.
 */
export class StateWatchers implements Disposable {
  readonly #root: vscode.Uri;
  readonly #seen: (uri: vscode.Uri) => void;
  readonly #owned = new DisposableStore();
  readonly #flat = new Map<string, Disposable>();
  readonly #folderMade: () => void;
  #newFolders: Disposable | undefined;
  #expected = '';

  /**
   * @param seen told of each markdown file that came, changed or went
   * @param folderMade told when a folder of state files was made: what is in it already has no event of its own
   */
  constructor(root: vscode.Uri, seen: (uri: vscode.Uri) => void, folderMade: () => void) {
    this.#root = root;
    this.#seen = seen;
    this.#folderMade = folderMade;
    this.#owned.add(this.#watch(new vscode.RelativePattern(root, '**/*.md')));
    this.watchFolders(['']);
  }

  /** Watches the folders where the snapshot's files are or would be made; folders that are watched already stay so. */
  follow(workspace: Workspace): void {
    const { config } = workspace;
    const files = [
      ...workspace.plans.map((plan) => plan.path),
      ...workspace.progress.map((progress) => progress.path),
      config.sessionFile,
      `${config.pausedFolder}/x`,
      `${config.taskFolder}/x`,
      `${config.taskFolder}/archive/x`,
      ...stateFolders.map((folder) => `${folder}/x`),
      ...[...config.plans, ...config.progress].filter((glob) => !glob.includes('**')),
    ];
    const folders = files
      .map((path) => path.split('/').slice(0, -1).join('/'))
      .filter((folder) => !/[*?{]/.test(folder));
    this.watchFolders(folders);
    this.#expectFolders(folders);
  }

  /** Looks out for these folders and those around them, which may not be there yet. */
  #expectFolders(folders: readonly string[]): void {
    const all = new Set(
      folders.flatMap((folder) =>
        folder.split('/').flatMap((_name, at, names) => {
          const path = names.slice(0, at + 1).join('/');
          return path === '' || /[[\]{},*?]/.test(path) ? [] : [path];
        }),
      ),
    );
    const expected = [...all].sort().join(',');
    if (expected === this.#expected || all.size === 0) return;
    this.#expected = expected;
    this.#newFolders?.dispose();
    const pattern = new vscode.RelativePattern(this.#root, all.size === 1 ? expected : `{${expected}}`);
    const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, true, true);
    watcher.onDidCreate(this.#folderMade);
    this.#newFolders = watcher;
  }

  /** Adds flat watchers on folders relative to the root. */
  watchFolders(folders: readonly string[]): void {
    for (const folder of folders) {
      if (this.#flat.has(folder)) continue;
      const uri = folder === '' ? this.#root : vscode.Uri.joinPath(this.#root, folder);
      this.#flat.set(folder, this.#owned.add(this.#watch(new vscode.RelativePattern(uri, '*.{md,yaml}'))));
    }
  }

  /** Watches one file wherever it is, git's `HEAD` say. */
  watchFile(folder: vscode.Uri, name: string, changed: () => void): void {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, name));
    this.#owned.add(watcher);
    watcher.onDidChange(changed);
    watcher.onDidCreate(changed);
  }

  dispose(): void {
    this.#newFolders?.dispose();
    this.#owned.dispose();
  }

  #watch(pattern: vscode.RelativePattern): Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    watcher.onDidChange(this.#seen);
    watcher.onDidCreate(this.#seen);
    watcher.onDidDelete(this.#seen);
    return watcher;
  }
}
