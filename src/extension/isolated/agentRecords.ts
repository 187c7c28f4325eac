import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { listInbox } from '../../core/actions/inbox/listInbox.ts';
import { type IsolatedEntry, listIsolated } from '../../core/actions/isolated/listIsolated.ts';
import { folderKey } from '../../core/actions/isolated/records.ts';
import { listWaveRuns, type WaveRunEntry } from '../../core/actions/waves/listWaveRuns.ts';
import { waveAgentFolder } from '../../core/actions/waves/records.ts';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import type { InboxItem } from '../../core/model/inbox.ts';
import { type IsolatedSession, liveStatuses } from '../../core/model/isolated.ts';
import { endedAgentStatuses } from '../../core/model/waves/waveRun.ts';
import type { Logger } from '../../core/ports/logger.ts';
import { createFolderWatcher } from '../../platform/folderWatcher.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';

/**
 * Agents write with every step: the records are read no more often than this. VS Code shows a change of a tree at once, unless another came
 * within 200 ms: then it waits until none does.
 */
const leastBetweenMs = 210;

/** What a clone's records say of its isolated sessions and wave runs. */
export interface AgentSnapshot {
  /** Not in the archive, and those that were merged today. */
  readonly entries: readonly IsolatedEntry[];
  /** What waits for a person. */
  readonly items: readonly InboxItem[];
  /** Wave runs, also those that have ended. */
  readonly waves: readonly WaveRunEntry[];
}

export interface AgentRecordsOptions {
  readonly host: ProjectHost;
  readonly logger: Logger;
  readonly onRead: (snapshot: AgentSnapshot) => void;
}

/**
 * Reads the records of isolated sessions and of the inbox of one folder's clone, and again when they change. While nobody looks and nothing
 * is at work, VS Code's own watchers on a few folders have to do; else each session's folder is watched by the system's means.
 */
export class AgentRecords implements Disposable {
  readonly #options: AgentRecordsOptions;
  readonly #owned = new DisposableStore();
  #watched = '';
  #watcher: Disposable | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #lastAt = 0;
  #isLookedAt = false;
  #isDisposed = false;
  #merged: { readonly key: string; readonly entries: readonly IsolatedEntry[] } | undefined;
  #snapshot: AgentSnapshot = { entries: [], items: [], waves: [] };

  constructor(options: AgentRecordsOptions) {
    this.#options = options;
    const { localState } = options.host.ports;
    for (const [key, pattern] of [
      // The folders of the others may be made with their first file, of which they then tell nothing.
      ['x', '*'],
      ['isolated/wake', '*'],
      ['inbox/x.json', '*.json'],
      ['waves/x', '*'],
    ] as const) {
      const folder = vscode.Uri.file(dirname(localState.locate(key)));
      const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, pattern));
      for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) event(() => this.readSoon());
      this.#owned.add(watcher);
    }
  }

  get snapshot(): AgentSnapshot {
    return this.#snapshot;
  }

  /** Whether somebody looks: then every change counts. */
  set isLookedAt(value: boolean) {
    if (this.#isLookedAt === value) return;
    this.#isLookedAt = value;
    this.#follow();
    if (value) this.readSoon();
  }

  /** Reads within a moment. */
  readSoon(): void {
    if (this.#timer !== undefined || this.#isDisposed) return;
    const wait = Math.max(0, this.#lastAt + leastBetweenMs - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.read();
    }, wait);
  }

  /** Reads now. Who calls while that is under way gets what is read after the call, with all others who do. */
  read(): Promise<void> {
    if (this.#reading === undefined) return this.#run();
    this.#next ??= this.#reading
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#run();
      });
    return this.#next;
  }

  async #run(): Promise<void> {
    this.#reading = this.#readAll();
    try {
      await this.#reading;
    } finally {
      this.#reading = undefined;
      this.#lastAt = Date.now();
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    this.#watcher?.dispose();
    this.#owned.dispose();
  }

  async #readAll(): Promise<void> {
    const { host, logger, onRead } = this.#options;
    try {
      const context = { ports: host.ports };
      const [open, { items }, waves] = await Promise.all([
        listIsolated(context),
        listInbox(context),
        listWaveRuns(context),
      ]);
      const merged = await this.#readMerged(open);
      if (this.#isDisposed) return;
      this.#snapshot = { entries: [...open, ...merged], items, waves };
      this.#follow();
      onRead(this.#snapshot);
    } catch (error) {
      // Outside git there are no records.
      logger.info(
        `No isolated sessions in ${host.folder.name}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  /** The archive only grows: it is read when a session has left for it, and when the day is another. */
  async #readMerged(open: readonly IsolatedEntry[]): Promise<readonly IsolatedEntry[]> {
    const today = new Date().toDateString();
    const key = [today, ...open.map(({ session }) => session.id)].join(' ');
    if (this.#merged?.key === key) return this.#merged.entries;
    const all = await listIsolated({ ports: this.#options.host.ports }, { archived: true });
    const ids = new Set(open.map(({ session }) => session.id));
    const entries = all.filter(({ session }) => !ids.has(session.id) && isMergedOn(session, today));
    this.#merged = { key, entries };
    return entries;
  }

  /** Watches the folders of those that are at work, and all where somebody looks. */
  #follow(): void {
    if (this.#isDisposed) return;
    const { localState } = this.#options.host.ports;
    const sessions = this.#snapshot.entries.map(({ session }) => session);
    const live = sessions.filter(({ status }) => status === 'queued' || liveStatuses.includes(status));
    const runs = this.#snapshot.waves.filter(({ run }) => ['queued', 'active', 'paused'].includes(run.status));
    const folders =
      this.#isLookedAt || live.length + runs.length > 0
        ? [
            dirname(localState.locate('isolated/wake')),
            dirname(localState.locate('inbox/x.json')),
            dirname(localState.locate('inbox/answers/x.json')),
            dirname(localState.locate('waves/x')),
            ...sessions.filter(({ status }) => status !== 'merged').map(({ id }) => localState.locate(folderKey(id))),
            ...runs.flatMap(foldersOf).map((key) => localState.locate(key)),
          ]
        : [];
    const watched = folders.join('\n');
    if (watched === this.#watched) return;
    this.#watched = watched;
    this.#watcher?.dispose();
    this.#watcher = undefined;
    if (folders.length === 0) return;
    const root = this.#options.host.folder.uri.fsPath;
    this.#watcher = createFolderWatcher(root, folders).watch([], () => this.readSoon());
    // What was written before its folder was watched has no event of its own.
    this.readSoon();
  }
}

/** Where a run's record is, and those of its agents that are at work. */
function foldersOf({ run }: WaveRunEntry): readonly string[] {
  const working = run.agents.filter(({ status }) => !endedAgentStatuses.includes(status) && status !== 'queued');
  return [`waves/${run.id}`, ...working.map(({ key }) => waveAgentFolder(run.id, key))];
}

function isMergedOn({ status, completedAt }: IsolatedSession, day: string): boolean {
  return status === 'merged' && completedAt !== undefined && new Date(completedAt).toDateString() === day;
}
