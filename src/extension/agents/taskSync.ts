import * as vscode from 'vscode';
import type { ActionContext } from '../../core/actions/context.ts';
import { linkedLists } from '../../core/actions/tasks/syncMirror.ts';
import type { SyncTaskListResult } from '../../core/actions/tasks/syncTaskList.ts';
import type { SyncSide } from '../../core/actions/tasks/syncTypes.ts';
import type { Disposable } from '../../core/base/disposable.ts';
import { BatonError } from '../../core/errors.ts';
import type { TaskListEntry } from '../../core/model/taskList.ts';
import type { ClaudeTasks } from '../../core/ports/claudeTasks.ts';
import type { Logger } from '../../core/ports/logger.ts';
import { report } from '../errors.ts';
import { onDidChangeSetting, readSetting } from '../registration.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import type { Projects } from '../workspace/projects.ts';
import { trustGate } from '../workspace/trustGate.ts';

/** Events come in bursts. */
const settleMs = 100;

/** What another process holds is tried again after this. */
const retryMs = 2_000;

/** A list that is linked, while its window is open. */
interface LinkedList {
  readonly host: ProjectHost;
  readonly id: string;
  watcher: Promise<Disposable> | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
  running: Promise<void> | undefined;
  isAgain: boolean;
  /** The text that was in step. */
  text: string | undefined;
  /** What the person was told of. */
  told: string;
}

/**
 * Keeps linked task lists and Claude Code's own tasks in step while the window is open: whenever a list's file or the store's files change.
 * Lists are linked by a person, by `baton tasks sync` or by starting an agent on a session that has one; nothing happens in Restricted Mode.
 */
export class TaskSync implements vscode.Disposable {
  readonly #projects: Projects;
  readonly #logger: Logger;
  readonly #owned: vscode.Disposable[];
  readonly #lists = new Map<string, LinkedList>();
  #claudeTasks: Promise<ClaudeTasks> | undefined;
  #following: Promise<void> | undefined;
  #isDisposed = false;

  constructor(projects: Projects, logger: Logger) {
    this.#projects = projects;
    this.#logger = logger;
    const follow = () => void this.follow();
    this.#owned = [
      projects.onDidChange(follow),
      onDidChangeSetting(['baton.agents.syncClaudeTasks'], follow),
      trustGate.onDidGrant(follow),
    ];
  }

  /** Looks which lists are linked, and brings into step those that changed. */
  async follow(): Promise<void> {
    if (this.#following !== undefined) {
      await this.#following;
      if (this.#following !== undefined) return this.#following;
    }
    this.#following = this.#follow();
    try {
      await this.#following;
    } finally {
      this.#following = undefined;
    }
  }

  /** Links may have come from a command line meanwhile. */
  tickMinute(): void {
    void this.follow();
  }

  /**
   * Brings a list into step now, linking it where it was not.
   *
   * @throws BatonError what `syncTaskList` throws
   */
  async sync(
    host: ProjectHost,
    { list }: TaskListEntry,
    options: { readonly prefer?: SyncSide; readonly context?: ActionContext } = {},
  ): Promise<SyncTaskListResult> {
    trustGate.require(vscode.l10n.t('files outside the folder'));
    const [{ syncTaskList }, claudeTasks] = await Promise.all([
      import('../../core/actions/tasks/syncTaskList.ts'),
      this.#store(),
    ]);
    const result = await syncTaskList(options.context ?? host.createContext(), {
      list: list.path,
      claudeTasks,
      ...(options.prefer !== undefined && { prefer: options.prefer }),
    });
    for (const problem of result.problems) this.#logger.info(`${result.list.list.id}: ${problem}`);
    return result;
  }

  /**
   * The environment by which an agent works on a list with its own task tools; the list is brought into step first.
   */
  async environmentFor(host: ProjectHost, entry: TaskListEntry): Promise<Readonly<Record<string, string>>> {
    if (readSetting('baton.agents.syncClaudeTasks')) {
      try {
        await this.sync(host, entry);
        await this.follow();
      } catch (error) {
        // The agent can work without.
        this.#logger.warn(`${entry.list.id} is not in step with Claude Code's tasks: ${messageOf(error)}`);
      }
    }
    // The newest Claude Code has its task tools off unless asked for.
    return { CLAUDE_CODE_TASK_LIST_ID: entry.list.id, CLAUDE_CODE_ENABLE_TODO_TOOLS: '1' };
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const one of this.#owned) one.dispose();
    for (const key of [...this.#lists.keys()]) this.#drop(key);
  }

  #store(): Promise<ClaudeTasks> {
    this.#claudeTasks ??= import('../../platform/claudeTaskStore.ts').then(({ createClaudeTasks }) =>
      createClaudeTasks(),
    );
    return this.#claudeTasks;
  }

  async #follow(): Promise<void> {
    const wanted = new Set<string>();
    if (trustGate.isTrusted && readSetting('baton.agents.syncClaudeTasks')) {
      for (const host of this.#projects.all) {
        for (const entry of await this.#linkedOf(host)) wanted.add(this.#add(host, entry));
      }
    }
    for (const key of [...this.#lists.keys()]) if (!wanted.has(key) || this.#isDisposed) this.#drop(key);
  }

  async #linkedOf(host: ProjectHost): Promise<readonly TaskListEntry[]> {
    const lists = host.workspace?.taskLists.filter(({ list }) => !list.archived) ?? [];
    if (!host.isLocal || lists.length === 0) return [];
    const linked = new Set(
      await linkedLists(host.ports.localState).catch((error: unknown) => {
        this.#logger.warn(`The links of ${host.folder.name} cannot be read: ${messageOf(error)}`);
        return [];
      }),
    );
    return lists.filter(({ list }) => linked.has(list.id));
  }

  #add(host: ProjectHost, { list }: TaskListEntry): string {
    const key = JSON.stringify([host.id, list.id]);
    const known = this.#lists.get(key);
    const linked: LinkedList = known ?? {
      host,
      id: list.id,
      watcher: undefined,
      timer: undefined,
      running: undefined,
      isAgain: false,
      text: undefined,
      told: '',
    };
    this.#lists.set(key, linked);
    linked.watcher ??= this.#store().then((store) => store.watch(list.id, () => this.#schedule(linked, settleMs)));
    linked.watcher.catch((error: unknown) => this.#logger.warn(`${list.id} cannot be watched: ${messageOf(error)}`));
    if (linked.text !== list.text) this.#schedule(linked, settleMs);
    return key;
  }

  #drop(key: string): void {
    const linked = this.#lists.get(key);
    this.#lists.delete(key);
    clearTimeout(linked?.timer);
    void linked?.watcher?.then(
      (watcher) => watcher.dispose(),
      () => undefined,
    );
  }

  #schedule(linked: LinkedList, afterMs: number): void {
    clearTimeout(linked.timer);
    if (this.#isDisposed) return;
    linked.timer = setTimeout(() => {
      if (linked.running !== undefined) {
        linked.isAgain = true;
        return;
      }
      linked.running = this.#run(linked).finally(() => {
        linked.running = undefined;
        if (!linked.isAgain) return;
        linked.isAgain = false;
        this.#schedule(linked, settleMs);
      });
    }, afterMs);
  }

  async #run(linked: LinkedList): Promise<void> {
    const { host, id } = linked;
    const entry = host.workspace?.taskLists.find(({ list }) => list.id === id && !list.archived);
    // What a person is typing is theirs until it is saved; then the list changes, and this comes again.
    if (entry === undefined || isUnsaved(host.uriOf(entry.list.path))) return;
    try {
      const result = await this.sync(host, entry);
      linked.text = result.list.list.text;
      this.#tell(linked, result);
    } catch (error) {
      this.#logger.warn(`${id} is not in step with Claude Code's tasks: ${messageOf(error)}`);
      if (BatonError.is(error, 'locked', 'conflict')) this.#schedule(linked, retryMs);
    }
  }

  #tell(linked: LinkedList, { list, changes, conflicts, rescued }: SyncTaskListResult): void {
    const { title } = list.list;
    for (const { side, task, kind } of changes) this.#logger.info(`${linked.id}: ${side} ${kind} ${task}`);
    if (changes.length > 0) {
      const message = vscode.l10n.t('{0}: {1} changes synced with Claude Code', title, changes.length);
      void import('../commands/runVerb.ts').then(({ announce }) => announce(message));
    }
    const standing = JSON.stringify([conflicts, rescued]);
    if (standing === linked.told) return;
    linked.told = standing;
    if (rescued.length > 0) {
      this.#logger.info(`${linked.id}: complete, gone from Claude Code and kept: ${rescued.join(', ')}`);
    }
    if (conflicts.length > 0)
      void this.#ask(
        linked,
        list,
        conflicts.map(({ message }) => message),
      ).catch(report);
  }

  async #ask({ host }: LinkedList, entry: TaskListEntry, messages: readonly string[]): Promise<void> {
    const ours = vscode.l10n.t('Use the List');
    const theirs = vscode.l10n.t('Use Claude Code');
    const chosen = await vscode.window.showWarningMessage(messages.join('\n'), ours, theirs);
    if (chosen === undefined) return;
    await this.sync(host, entry, { prefer: chosen === ours ? 'list' : 'claude' });
  }
}

function isUnsaved(uri: vscode.Uri): boolean {
  return vscode.workspace.textDocuments.some(
    (document) => document.isDirty && document.uri.toString() === uri.toString(),
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
