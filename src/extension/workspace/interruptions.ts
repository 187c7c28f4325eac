import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import { Emitter, type Event } from '../../core/base/emitter.ts';
import { type JournalEntry, journalKey, pendingJournal } from '../../core/effects/journal.ts';
import { setContext } from '../registration.ts';
import type { ProjectHost } from './projectHost.ts';
import type { Projects } from './projects.ts';

/** The death of a process makes no file event, and VS Code's watchers miss some: the one small file is looked at this often. */
const lookAgainMs = 3_000;

/** Finds verbs that are half done because their process died: in another window, a terminal or an agent, maybe before this window was open. */
export class Interruptions implements Disposable {
  readonly #projects: Projects;
  readonly #owned = new DisposableStore();
  readonly #watched = new Set<string>();
  readonly #changed = this.#owned.add(new Emitter<void>());
  #entries: readonly JournalEntry[] = [];
  readonly #timer = setInterval(() => this.look(), lookAgainMs);

  /** Fires when a verb turned out to be half done, or was finished or undone. */
  readonly onDidChange: Event<void> = this.#changed.event;

  constructor(projects: Projects) {
    this.#projects = projects;
    this.#owned.add(projects.onDidChange(() => this.look()));
    this.#owned.add(
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) this.look();
      }),
    );
  }

  /** The first verb that is half done; undefined where all is well. */
  get first(): JournalEntry | undefined {
    return this.#entries[0];
  }

  /** Looks now. */
  look(): void {
    void this.#look();
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#owned.dispose();
  }

  async #look(): Promise<void> {
    const hosts = this.#projects.all.filter((host) => host.isLocal);
    await Promise.all(hosts.map((host) => this.#watch(host)));
    const journals = await Promise.all(hosts.map((host) => pendingJournal(host.ports).catch(() => undefined)));
    const pending = journals.filter((journal) => journal !== undefined);
    const before = JSON.stringify(this.#entries);
    this.#entries = pending.filter(({ ownerState }) => ownerState === 'dead');
    setContext('baton.interrupted', this.#entries.length > 0);
    if (JSON.stringify(this.#entries) !== before) this.#changed.fire();
  }

  async #watch({ id, ports }: ProjectHost): Promise<void> {
    if (this.#watched.has(id)) return;
    this.#watched.add(id);
    const file = vscode.Uri.file(ports.localState.locate(journalKey(ports.localState)));
    const name = file.path.split('/').at(-1) ?? '';
    const folder = vscode.Uri.joinPath(file, '..');
    // VS Code misses the first file of a folder that is made after its watcher.
    await Promise.resolve(vscode.workspace.fs.createDirectory(folder)).catch(() => undefined);
    const pattern = new vscode.RelativePattern(folder, name);
    const watcher = this.#owned.add(vscode.workspace.createFileSystemWatcher(pattern));
    watcher.onDidCreate(() => this.look());
    watcher.onDidChange(() => this.look());
    watcher.onDidDelete(() => this.look());
  }
}
