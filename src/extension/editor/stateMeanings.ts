import * as vscode from 'vscode';
import type { SessionStatus } from '../../core/model/sessionStatus.ts';

/** What a state of a session means, for completions and hovers. */
export function stateMeaning(status: SessionStatus): string {
  switch (status) {
    case 'pending':
      return vscode.l10n.t('Nobody works on it yet. It is ready when everything it depends on is done.');
    case 'active':
      return vscode.l10n.t('It is worked on now. One session can be active in a worktree.');
    case 'paused':
      return vscode.l10n.t('It was interrupted and can be resumed where it stopped.');
    case 'blocked':
      return vscode.l10n.t('Somebody wrote that it cannot go on. Sessions that only wait for others stay Pending.');
    case 'done':
      return vscode.l10n.t('It is finished, and sessions that depend on it may start.');
    case 'failed':
      return vscode.l10n.t('It was given up. It can be started again.');
    case 'retry':
      return vscode.l10n.t('It was rolled back and is to be started again.');
  }
}
