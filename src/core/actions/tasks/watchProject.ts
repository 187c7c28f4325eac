import type { Disposable } from '../../base/disposable.ts';
import { BatonError } from '../../errors.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Watcher } from '../../ports/watcher.ts';
import { findTaskList } from '../../store/findTaskList.ts';
import { readySessions } from '../../store/lookup.ts';
import { withClaims } from '../../store/markTasks.ts';
import { readWorkspace } from '../beginVerb.ts';
import type { ActionContext } from '../context.ts';
import { toClaimInfo } from './claimInfo.ts';

export interface WatchOptions {
  readonly watcher: Watcher;
  /** Waits until something becomes ready, not for any change. */
  readonly ready?: boolean;
  /** Counts what is ready already. */
  readonly initial?: boolean;
  /** Only this list. */
  readonly list?: string;
  /** Gives up after this time. */
  readonly timeoutMs?: number;
}

/** Something that can be started, and that nobody has claimed. */
export interface ReadyItem {
  readonly kind: 'task' | 'session';
  readonly id: string;
  readonly title: string;
  /** ID of the task's list. */
  readonly list?: string;
  /** Name of the session's project. */
  readonly project?: string;
}

export interface WatchResult {
  /** What has become ready. */
  readonly ready: readonly ReadyItem[];
  /** Files that changed since watching began. */
  readonly files: readonly string[];
  readonly timedOut: boolean;
  readonly warnings: readonly string[];
}

/**
 * Blocks until a state file changes, or (`ready`) until a task or session becomes ready that was not.
 *
 * @throws BatonError `cancelled`, `unknown-list`
 */
export async function watchProject(context: ActionContext, options: WatchOptions): Promise<WatchResult> {
  const first = await readWorkspace(context);
  if (options.list !== undefined) findTaskList(first.taskLists, options.list);
  let known = new Map((await readyItems(context, first, options)).map((item) => [keyOf(item), item]));
  if (options.ready === true && options.initial === true && known.size > 0) return found([...known.values()], []);
  const changed = new Set<string>();
  const changes = context.store.onDidChange(({ files }) => {
    for (const file of files) changed.add(file);
  });
  const signal = new Signal(context, options, foldersOf(first));
  try {
    for (;;) {
      const event = await signal.next();
      if (event === 'cancelled') throw new BatonError('cancelled', 'Watching was cancelled');
      if (event === 'timeout') return { ...found([], [...changed]), timedOut: true };
      const items = await readyItems(context, await context.store.refresh(), options);
      const fresh = items.filter((item) => !known.has(keyOf(item)));
      known = new Map(items.map((item) => [keyOf(item), item]));
      if (options.ready === true ? fresh.length > 0 : changed.size > 0) return found(fresh, [...changed]);
    }
  } finally {
    signal.dispose();
    changes.dispose();
  }
}

function found(ready: readonly ReadyItem[], files: readonly string[]): WatchResult {
  return { ready, files: [...files].sort(), timedOut: false, warnings: [] };
}

function keyOf({ kind, id, list = '', project = '' }: ReadyItem): string {
  return JSON.stringify([kind, list, project, id]);
}

async function readyItems(
  { ports }: ActionContext,
  workspace: Workspace,
  { list }: WatchOptions,
): Promise<readonly ReadyItem[]> {
  const { offsetMinutes } = ports.clock.now();
  const claims = (await ports.claims.list()).map((claim) => toClaimInfo(claim, offsetMinutes));
  const lists = list === undefined ? workspace.taskLists : [findTaskList(workspace.taskLists, list)];
  const tasks = lists
    .filter((entry) => !entry.list.archived)
    .flatMap((entry) =>
      withClaims(entry, claims)
        .tasks.filter(({ ready, claim }) => ready && (claim === undefined || claim.expired))
        .map(({ id, title }) => ({ kind: 'task' as const, id, title, list: entry.list.id })),
    );
  if (list !== undefined) return tasks;
  const taken = new Set(claims.filter((claim) => claim.list === undefined && !claim.expired).map(({ item }) => item));
  const sessions = readySessions(workspace).filter(({ id }) => !taken.has(id));
  return [...tasks, ...sessions.map(({ id, title, project }) => ({ kind: 'session' as const, id, title, project }))];
}

/** Folders that hold state files, or may come to. */
function foldersOf({ config, plans, progress, taskLists, sessionFile }: Workspace): readonly string[] {
  const paths = [...plans, ...progress, ...taskLists.map(({ list }) => list), ...(sessionFile ? [sessionFile] : [])];
  const folders = paths.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/'))));
  const configured = [config.taskFolder, config.pausedFolder, config.sessionFile.replace(/\/?[^/]*$/, '')];
  return [...new Set([...folders, ...configured, ''])];
}

/** Waits for changes, the end of the time, or cancelling. */
class Signal implements Disposable {
  readonly #parts: Disposable[] = [];
  readonly #context: ActionContext;
  #isChanged = false;
  #wake: (() => void) | undefined;
  #isOver = false;

  constructor(context: ActionContext, { watcher, timeoutMs }: WatchOptions, folders: readonly string[]) {
    this.#context = context;
    const wake = (): void => this.#wake?.();
    this.#parts.push(
      watcher.watch(folders, () => {
        this.#isChanged = true;
        wake();
      }),
      context.cancellation.onCancel(wake),
    );
    if (timeoutMs !== undefined) {
      this.#parts.push(
        watcher.after(timeoutMs, () => {
          this.#isOver = true;
          wake();
        }),
      );
    }
  }

  async next(): Promise<'changed' | 'timeout' | 'cancelled'> {
    while (!this.#isChanged && !this.#isOver && !this.#context.cancellation.isCancelled) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#context.cancellation.isCancelled) return 'cancelled';
    if (this.#isOver) return 'timeout';
    this.#isChanged = false;
    return 'changed';
  }

  dispose(): void {
    for (const part of this.#parts) part.dispose();
  }
}
