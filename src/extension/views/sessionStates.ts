import * as vscode from 'vscode';
import type { SessionStatus } from '../../core/model/sessionStatus.ts';
import type { ShownState } from '../../core/model/shownState.ts';
import type { SessionEntry } from '../../core/model/workspace.ts';

const icons: Readonly<Record<ShownState, readonly [icon: string, color: string]>> = {
  active: ['circle-filled', 'testing.iconQueued'],
  ready: ['circle-outline', 'testing.iconUnset'],
  waiting: ['circle-slash', 'testing.iconSkipped'],
  paused: ['debug-pause', 'testing.iconQueued'],
  blocked: ['circle-slash', 'testing.iconErrored'],
  failed: ['error', 'testing.iconFailed'],
  retry: ['debug-restart', 'testing.iconErrored'],
  done: ['pass-filled', 'testing.iconPassed'],
  unknown: ['question', 'testing.iconUnset'],
};

/** The icon of a state, in the colours that test results have. */
export function stateIcon(state: ShownState): vscode.ThemeIcon {
  const [icon, color] = icons[state];
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
}

/** The word for a state. */
export function stateWord(state: ShownState): string {
  switch (state) {
    case 'active':
      return vscode.l10n.t('active');
    case 'ready':
      return vscode.l10n.t('ready');
    case 'waiting':
      return vscode.l10n.t('waiting');
    case 'paused':
      return vscode.l10n.t('paused');
    case 'blocked':
      return vscode.l10n.t('blocked');
    case 'failed':
      return vscode.l10n.t('failed');
    case 'retry':
      return vscode.l10n.t('retry');
    case 'done':
      return vscode.l10n.t('done');
    case 'unknown':
      return vscode.l10n.t('status not understood');
  }
}

/** Says what a session waits for, with the state of each: `waits for BE-02 (active), BE-03 (pending)`; undefined where for nothing. */
export function waitingReason(entry: SessionEntry): string | undefined {
  if (entry.waitingFor.length === 0 || entry.status === 'done') return undefined;
  const parts = entry.dependencies
    .filter((dependency) => !dependency.met)
    .map(
      (dependency) =>
        `${dependency.id} (${dependency.status === 'unknown' ? vscode.l10n.t('unknown') : stateWordOf(dependency.status)})`,
    );
  return vscode.l10n.t('waits for {0}', parts.join(', '));
}

function stateWordOf(status: SessionStatus): string {
  return status === 'pending' ? vscode.l10n.t('pending') : stateWord(status);
}
