import { watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ActionContext } from '../core/actions/context.ts';
import { type SyncTaskListResult, syncTaskList } from '../core/actions/tasks/syncTaskList.ts';
import { BatonError } from '../core/errors.ts';
import type { ClaudeTasks } from '../core/ports/claudeTasks.ts';

/** Events come in bursts; so long it must be quiet. */
const settleMs = 60;

/** File systems of other machines send no events: both sides are looked at anyway. */
const pollMs = 2_000;

/** A file that others write is looked at again after this. */
const retryMs = 500;

export interface SyncWatchOptions {
  readonly context: ActionContext;
  /** Absolute path of the project. */
  readonly root: string;
  readonly list: string;
  readonly claudeTasks: ClaudeTasks;
  /** After each sync that did or found something new, and after the first. */
  readonly onSync: (result: SyncTaskListResult) => void;
  /** A sync that could not be done for now; it is tried again. */
  readonly onFailure: (error: BatonError) => void;
}

/**
 * Keeps a list and Claude Code's tasks in step until the context's cancellation, and gives back the last sync.
 *
 * @throws BatonError what `syncTaskList` throws the first time, and later where the list is gone
 */
export async function watchSync(options: SyncWatchOptions): Promise<SyncTaskListResult> {
  const { context, root, list, claudeTasks } = options;
  const { cancellation } = context;
  let last = await syncTaskList(context, { list, claudeTasks });
  options.onSync(last);
  const { id, path } = last.list.list;
  const waiter = new Waiter();
  const file = join(root, path);
  const fileWatcher = watch(dirname(file), { persistent: false }, (_event, name) => {
    if (name === null || name === basename(file)) waiter.wake();
  });
  fileWatcher.on('error', () => undefined);
  const storeWatcher = await claudeTasks.watch(id, () => waiter.wake());
  const cancelled = cancellation.onCancel(() => waiter.wake());
  try {
    for (let pauseMs = pollMs; ; ) {
      await waiter.wait(pauseMs);
      if (cancellation.isCancelled) return last;
      const before = JSON.stringify([last.conflicts, last.rescued, last.problems, last.revision]);
      try {
        last = await syncTaskList(context, { list: id, claudeTasks });
        pauseMs = pollMs;
      } catch (error) {
        if (!BatonError.is(error) || BatonError.is(error, 'unknown-list', 'wrong-state')) throw error;
        options.onFailure(error);
        pauseMs = retryMs;
        continue;
      }
      const after = JSON.stringify([last.conflicts, last.rescued, last.problems, last.revision]);
      if (last.changes.length > 0 || after !== before) options.onSync(last);
    }
  } finally {
    cancelled.dispose();
    storeWatcher.dispose();
    fileWatcher.close();
  }
}

/** Waits for the next event and the quiet after it, or for the time to pass. */
class Waiter {
  #isAwake = false;
  #wake: (() => void) | undefined;

  wake(): void {
    this.#isAwake = true;
    this.#wake?.();
  }

  async wait(timeoutMs: number): Promise<void> {
    if (!this.#isAwake) {
      await new Promise<void>((done) => {
        const timer = setTimeout(done, timeoutMs);
        this.#wake = () => {
          clearTimeout(timer);
          done();
        };
      });
      this.#wake = undefined;
    }
    if (this.#isAwake) await new Promise((done) => setTimeout(done, settleMs));
    this.#isAwake = false;
  }
}
