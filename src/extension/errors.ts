import * as vscode from 'vscode';
import { BatonError, type ErrorCode } from '../core/errors.ts';
import type { Log } from './log.ts';

/** What was reported last, for tests that cannot see notifications. */
export interface Reported {
  readonly code: ErrorCode | 'bug';
  readonly message: string;
}

let log: Log | undefined;
const reported: Reported[] = [];

/** Gives `report` its log; called once, at activation. */
export function setErrorLog(target: Log): void {
  log = target;
}

/** Everything that was reported in this window, oldest first (the last hundred). */
export function reportedErrors(): readonly Reported[] {
  return reported;
}

/** Tells the person what failed and what to do next. */
export async function report(error: unknown): Promise<void> {
  if (error instanceof vscode.CancellationError) return;
  const { presentError, showError } = await import('./presentError.ts');
  const presented = presentError(error);
  const { presentation, message } = presented;
  if (presentation.severity === 'none') return;
  const known = BatonError.is(error) ? error : undefined;
  reported.push({ code: known?.code ?? 'bug', message });
  if (reported.length > 100) reported.shift();
  if (presentation.severity === 'error') log?.error(message, known === undefined ? error : known.cause);
  else log?.info(message);
  const output = known?.data?.['output'];
  if (typeof output === 'string') log?.info(output);
  // Not awaited by callers: a notification stays until the person acts, the command is over.
  void showError(presented, error, log);
}
