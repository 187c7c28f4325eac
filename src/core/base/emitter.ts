import type { Disposable } from './disposable.ts';

/** Subscribes to an event until the returned value is disposed. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** Holds the listeners of one event; expose `event`, keep `fire` private to the owner. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<(value: T) => void>();
  #disposed = false;

  /** The subscribing side, to be handed out. */
  readonly event: Event<T> = (listener) => {
    if (this.#disposed) return { dispose() {} };
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  };

  /** False where nobody would hear: what is costly to tell need not be made then. */
  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  /** Calls every listener that is subscribed when the call begins. */
  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  dispose(): void {
    this.#disposed = true;
    this.#listeners.clear();
  }
}
