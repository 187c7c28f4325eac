import * as vscode from 'vscode';
import type { Peer } from '../../../core/model/waves/sessionLock.ts';
import { formatMinutes } from '../times.ts';
import { createFactsTooltip } from '../tooltipText.ts';

/** The row above the other sessions of the clone. */
export function peersItem(count: number): vscode.TreeItem {
  const label = vscode.l10n.t('Other Sessions Here');
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.iconPath = new vscode.ThemeIcon('organization');
  item.description = String(count);
  item.contextValue = 'peers';
  item.accessibilityInformation = { label: `${label}, ${count}` };
  return item;
}

/** The row of another session. */
export function peerItem(peer: Peer): vscode.TreeItem {
  const label = peer.label ?? peer.sessionId;
  const item = new vscode.TreeItem(label);
  const parts = peerParts(peer);
  item.description = parts.join(' · ');
  item.iconPath = new vscode.ThemeIcon(peer.isAbandoned === true ? 'circle-slash' : 'account');
  item.contextValue = 'peer';
  item.accessibilityInformation = { label: [label, ...parts].join(', ') };
  const { tooltip, line } = createFactsTooltip(label, '');
  line(vscode.l10n.t('Session'), peer.sessionId);
  line(vscode.l10n.t('State'), parts.join(' · '));
  line(vscode.l10n.t('Folder'), peer.worktreePath);
  line(vscode.l10n.t('Last sign of life'), peer.lastHeartbeat?.slice(0, 16).replace('T', ' '));
  item.tooltip = tooltip;
  return item;
}

/** What is known of another session, in words. */
export function peerParts({ mode, ageHours, currentWave, isHere, isAbandoned, worktreePath }: Peer): readonly string[] {
  const parts = [
    mode,
    isAbandoned === true ? vscode.l10n.t('abandoned') : undefined,
    currentWave === undefined || currentWave === 0 ? undefined : vscode.l10n.t('wave {0}', currentWave),
    ageHours === undefined || ageHours < 0
      ? undefined
      : vscode.l10n.t('for {0}', formatMinutes(Math.floor(ageHours * 60))),
    isHere ? undefined : worktreePath?.split(/[\\/]/).at(-1),
  ];
  return parts.filter((part): part is string => part !== undefined && part !== '');
}
