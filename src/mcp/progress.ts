import type { ServerContext } from '@modelcontextprotocol/server';
import type { Disposable } from '../core/base/disposable.ts';

const beatMs = 10_000;

/** Tells a client that asked for it how a call goes on, also while nothing new is to be said: many end a call that is silent for a minute. */
export function startProgress({ mcpReq }: ServerContext): Disposable & { readonly report: (message: string) => void } {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return { report: () => undefined, dispose: () => undefined };
  let progress = 0;
  let last = 'Working';
  const report = (message: string): void => {
    last = message;
    progress += 1;
    // Whoever has gone away needs no progress.
    mcpReq
      .notify({ method: 'notifications/progress', params: { progressToken, progress, message } })
      .catch(() => undefined);
  };
  const timer = setInterval(() => report(last), beatMs);
  return { report, dispose: () => clearInterval(timer) };
}
