import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import type { Watcher } from '../../ports/watcher.ts';

/** Something to be done in a pool. */
export interface PoolItem {
  /** Unique in the pool. */
  readonly id: string;
  /** IDs of items of this pool, or of others that `isDone` knows: all of them must be done first. */
  readonly dependencies: readonly string[];
}

/** What became of an item. `left`: it was not begun, or not waited for to its end. */
export type PoolOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error?: unknown }
  | { readonly kind: 'blocked'; readonly by: string }
  | { readonly kind: 'left' };

export interface PoolOptions {
  readonly items: readonly PoolItem[];
  /** At least 1. */
  readonly maxParallel: number;
  /** Works on an item; true where what depends on it can begin. What it throws concerns that item only. */
  readonly run: (id: string) => Promise<boolean>;
  /** Whether a dependency that is not in the pool is done. */
  readonly isDone: (id: string) => boolean;
  /** Called as soon as it is known that an item will not be begun, because what it depends on is not done. */
  readonly onBlocked: (id: string, by: string) => Promise<void>;
  /** Asked before each item is begun: false, and nothing more is. */
  readonly mayBegin: () => boolean;
  /** Called with the way to end the wait: what runs is waited for `drainTimeoutMs` longer then, and nothing more is begun. */
  readonly onAbort: (abort: () => void) => void;
  readonly drainTimeoutMs: number;
  readonly timer: Pick<Watcher, 'after'>;
}

/**
 * Works on items, so many at a time, each as soon as its dependencies are done and a place is free, in their order. One that fails holds up only
 * what depends on it. Without an abort everything that was begun is waited for, however long it takes.
 *
 * @throws BatonError `invalid-argument` for an ID that is there twice
 */
export async function runPool(options: PoolOptions): Promise<ReadonlyMap<string, PoolOutcome>> {
  assertUnique(options.items);
  return await new Pool(options).run();
}

function assertUnique(items: readonly PoolItem[]): void {
  const seen = new Set<string>();
  for (const { id } of items) {
    if (seen.has(id)) throw new BatonError('invalid-argument', phrase`${id} is there twice`, { data: { id } });
    seen.add(id);
  }
}

class Pool {
  readonly #options: PoolOptions;
  readonly #outcomes = new Map<string, PoolOutcome>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #aborted: Promise<void>;
  #isAborted = false;
  /** Goes up with everything that begins, ends or is blocked. */
  #moves = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#aborted = new Promise((resolve) => {
      options.onAbort(() => {
        if (this.#isAborted) return;
        this.#isAborted = true;
        resolve();
      });
    });
  }

  async run(): Promise<ReadonlyMap<string, PoolOutcome>> {
    for (;;) {
      const before = this.#moves;
      await this.#begin();
      if (this.#isAborted) break;
      // What ended while others were being begun may be what the next one waits for.
      if (this.#running.size === 0 && this.#moves === before) break;
      if (this.#running.size > 0) await Promise.race([...this.#running.values(), this.#aborted]);
    }
    if (this.#running.size > 0) await this.#drain();
    return new Map(this.#options.items.map(({ id }) => [id, this.#outcomes.get(id) ?? { kind: 'left' }]));
  }

  /** Begins as many as there are places for; one that cannot be begun any more may be what another one waits for. */
  async #begin(): Promise<void> {
    const { items, maxParallel, mayBegin } = this.#options;
    const before = this.#moves;
    for (const item of items) {
      if (this.#outcomes.has(item.id) || this.#running.has(item.id)) continue;
      const missing = item.dependencies.find((id) => this.#isOpen(id) || !this.#isDone(id));
      if (missing !== undefined && !this.#isOpen(missing)) {
        await this.#block(item, missing);
        // From the start: it may stand in the way of one that came before it.
        return await this.#begin();
      }
      const isFree = this.#running.size < Math.max(1, maxParallel) && !this.#isAborted && mayBegin();
      if (missing === undefined && isFree) this.#start(item.id);
    }
    if (this.#moves === before) await this.#breakCycle();
  }

  #start(id: string): void {
    const work = this.#options
      .run(id)
      .then((isDone): PoolOutcome => (isDone ? { kind: 'done' } : { kind: 'failed' }))
      .catch((error: unknown): PoolOutcome => ({ kind: 'failed', error }))
      .then((outcome) => {
        this.#outcomes.set(id, outcome);
        this.#running.delete(id);
        this.#moves++;
      });
    this.#running.set(id, work);
    this.#moves++;
  }

  /** It has not ended, and still can. */
  #isOpen(id: string): boolean {
    return this.#options.items.some((item) => item.id === id) && !this.#outcomes.has(id);
  }

  #isDone(id: string): boolean {
    const outcome = this.#outcomes.get(id);
    return outcome === undefined ? this.#options.isDone(id) : outcome.kind === 'done';
  }

  async #block({ id }: PoolItem, by: string): Promise<void> {
    this.#outcomes.set(id, { kind: 'blocked', by });
    this.#moves++;
    await this.#options.onBlocked(id, by);
  }

  /** Nothing runs, and all that is left waits for each other. */
  async #breakCycle(): Promise<void> {
    if (this.#running.size > 0 || this.#isAborted || !this.#options.mayBegin()) return;
    const left = this.#options.items.filter(({ id }) => !this.#outcomes.has(id));
    for (const item of left) {
      const by = item.dependencies.find((id) => this.#isOpen(id) || !this.#isDone(id));
      if (by !== undefined) await this.#block(item, by);
    }
  }

  async #drain(): Promise<void> {
    const { timer, drainTimeoutMs } = this.#options;
    let stopWaiting = (): void => {};
    const over = new Promise<void>((resolve) => {
      const waiting = timer.after(drainTimeoutMs, resolve);
      stopWaiting = () => waiting.dispose();
    });
    await Promise.race([Promise.all(this.#running.values()), over]);
    stopWaiting();
  }
}
