import type { Disposable } from './disposable.ts';

/** Lets the caller of long work ask it to stop. Core has no `AbortSignal` (it is a host type); hosts adapt theirs. */
export interface Cancellation {
  readonly isCancelled: boolean;
  /** Calls `listener` once, when cancelling is asked for; at once where it already was. */
  onCancel(listener: () => void): Disposable;
}

/** A cancellation that never happens. */
export const neverCancelled: Cancellation = { isCancelled: false, onCancel: () => ({ dispose() {} }) };
