import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
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

  constructor(root: vscode.Uri, seen: (uri: vscode.Uri) => void) {
    this.#root = root;
    this.#seen = seen;
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
      ...[...config.plans, ...config.progress].filter((glob) => !glob.includes('**')),
    ];
    this.watchFolders(
      files.map((path) => path.split('/').slice(0, -1).join('/')).filter((folder) => !/[*?{]/.test(folder)),
    );
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
