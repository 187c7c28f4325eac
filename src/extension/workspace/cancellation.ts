import type * as vscode from 'vscode';
import type { Cancellation } from '../../core/base/cancellation.ts';

/** Hands a token of VS Code to core. */
export function toCancellation(token: vscode.CancellationToken): Cancellation {
  return {
    get isCancelled() {
      return token.isCancellationRequested;
    },
    onCancel(listener) {
      if (!token.isCancellationRequested) return token.onCancellationRequested(() => listener());
      listener();
      return { dispose() {} };
    },
  };
}
