import type { Cancellation } from '../core/base/cancellation.ts';
import type { Disposable } from '../core/base/disposable.ts';
import { exitCodes } from './errors.ts';

const exitCodeOf = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated, SIGHUP: exitCodes.hungUp } as const;

/** The signals that ask a run to stop. */
export type StopSignal = keyof typeof exitCodeOf;

const stopSignals: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Turns Ctrl-C and its like into cancelling: the first one lets the verb stop in good order, a second one ends the process at once.
 */
export class Interruption implements Cancellation {
  readonly #listeners = new Set<() => void>();
  readonly #announce: (signal: StopSignal) => void;
  #signal: StopSignal | undefined;

  /** @param announce tells the person that the first signal was heard */
  constructor(announce: (signal: StopSignal) => void) {
    this.#announce = announce;
  }

  /** Listens to the process's signals until its end. */
  listen(): void {
    for (const signal of stopSignals) process.on(signal, () => this.interrupt(signal));
  }

  get isCancelled(): boolean {
    return this.#signal !== undefined;
  }

  /** The exit code of the signal that was heard. */
  get exitCode(): number | undefined {
    return this.#signal === undefined ? undefined : exitCodeOf[this.#signal];
  }

  onCancel(listener: () => void): Disposable {
    if (this.isCancelled) listener();
    else this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** What a signal does; also called for Ctrl-C at a question, where the terminal sends a key and no signal. */
  interrupt(signal: StopSignal): void {
    if (this.#signal !== undefined) process.exit(exitCodeOf[signal]);
    this.#signal = signal;
    this.#announce(signal);
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}
