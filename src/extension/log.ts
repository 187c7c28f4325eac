import * as vscode from 'vscode';
import type { Logger } from '../core/ports/logger.ts';

/** The output channel "Baton": what ran and what went wrong, for people to read. */
export interface Log extends Logger, vscode.Disposable {
  show(): void;
}

/** Opens the log channel. */
export function createLog(): Log {
  const channel = vscode.window.createOutputChannel('Baton', { log: true });
  return {
    info: (message) => channel.info(message),
    warn: (message) => channel.warn(message),
    error: (message, error) => (error === undefined ? channel.error(message) : channel.error(message, error)),
    show: () => channel.show(true),
    dispose: () => channel.dispose(),
  };
}
