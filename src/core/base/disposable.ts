/** Something that holds resources until it is disposed. Disposing twice is allowed and does nothing. */
export interface Disposable {
  dispose(): void;
}

/** Owns disposables and disposes them together; one that is added after that is disposed at once. */
export class DisposableStore implements Disposable {
  readonly #owned = new Set<Disposable>();
  #disposed = false;

  /** Takes ownership of `disposable` and returns it. */
  add<T extends Disposable>(disposable: T): T {
    if (this.#disposed) disposable.dispose();
    else this.#owned.add(disposable);
    return disposable;
  }

  /** Disposes everything, also when one of them throws; the first error is thrown afterwards. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const errors: unknown[] = [];
    for (const disposable of this.#owned) {
      try {
        disposable.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    this.#owned.clear();
    if (errors.length > 0) throw errors[0];
  }
}
