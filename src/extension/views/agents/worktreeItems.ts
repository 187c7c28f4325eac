import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { WorktreeInfo } from '../../../core/ports/worktrees.ts';

/** The row above the worktrees that Baton did not make. */
export function worktreesItem(count: number): vscode.TreeItem {
  const label = vscode.l10n.t('Other Worktrees');
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.iconPath = new vscode.ThemeIcon('list-tree');
  item.description = String(count);
  item.contextValue = 'worktrees';
  item.tooltip = vscode.l10n.t('Worktrees that Baton did not make. It never removes them.');
  item.accessibilityInformation = { label: `${label}, ${count}` };
  return item;
}

/** The row of a worktree that Baton did not make. */
export function worktreeItem({ path, branch, locked }: WorktreeInfo): vscode.TreeItem {
  const label = basename(path);
  const item = new vscode.TreeItem(label);
  const parts = [branch ?? vscode.l10n.t('no branch'), ...(locked === undefined ? [] : [vscode.l10n.t('locked')])];
  item.description = parts.join(' · ');
  item.iconPath = new vscode.ThemeIcon('folder');
  // Without a branch there is nothing to merge later.
  item.contextValue = branch === undefined ? 'worktree' : 'worktree adopt';
  item.tooltip = path;
  item.accessibilityInformation = { label: [label, ...parts].join(', ') };
  return item;
}
