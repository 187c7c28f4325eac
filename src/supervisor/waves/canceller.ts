import type { Cancellation } from '../../core/base/cancellation.ts';

/** A cancellation and the way to cancel, once. */
export function createCanceller(): { readonly cancellation: Cancellation; cancel(): void } {
  const listeners = new Set<() => void>();
  let isCancelled = false;
  return {
    cancellation: {
      get isCancelled() {
        return isCancelled;
      },
      onCancel(listener) {
        if (isCancelled) listener();
        else listeners.add(listener);
        return { dispose: () => void listeners.delete(listener) };
      },
    },
    cancel() {
      if (isCancelled) return;
      isCancelled = true;
      for (const listener of [...listeners]) listener();
    },
  };
}
