import type { Disposable } from '../../core/base/disposable.ts';

/** File events come in bursts (an atomic rename is a Create and, 100 ms later, a Change): the first acts at once, further ones together. */
const coalesceMs = 50;

/** Collects values of a burst of events: the first is handed over at once, those that follow within `coalesceMs` together. */
export class Burst<T> implements Disposable {
  readonly #act: (values: ReadonlySet<T>) => void;
  readonly #waiting = new Set<T>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(act: (values: ReadonlySet<T>) => void) {
    this.#act = act;
  }

  add(value: T): void {
    this.#waiting.add(value);
    if (this.#timer !== undefined) return;
    this.#flush();
    this.#timer = setTimeout(() => this.#end(), coalesceMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #end(): void {
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    this.#flush();
    this.#timer = setTimeout(() => this.#end(), coalesceMs);
  }

  #flush(): void {
    const values = new Set(this.#waiting);
    this.#waiting.clear();
    this.#act(values);
  }
}
