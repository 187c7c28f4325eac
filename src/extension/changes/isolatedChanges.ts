import * as vscode from 'vscode';
import type { IsolatedContext } from '../../core/actions/isolated/context.ts';
import { type ChangeScope, readIsolatedChanges } from '../../core/actions/isolated/isolatedChanges.ts';
import type { IsolatedSession } from '../../core/model/isolated.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { showFolderChanges } from './changedFiles.ts';

/**
 * Shows what an isolated session has changed, from where it started, its last checkpoint, verdict or turn to its worktree as it is now; of a
 * merged one what the merge brought.
 *
 * @returns the paths that were changed
 * @throws BatonError `not-a-repository` where its worktree is gone, `review-missing`, `unknown-checkpoint`
 */
export async function showIsolatedChanges(
  host: ProjectHost,
  context: IsolatedContext,
  session: IsolatedSession,
  scope: ChangeScope = 'start',
): Promise<readonly string[]> {
  const changes = await readIsolatedChanges(context, session, scope);
  const none = vscode.l10n.t('{0} has changed no files.', session.item.id);
  return showFolderChanges(host, { ...changes, title: titleOf(session, scope), none });
}

function titleOf({ item, branch }: IsolatedSession, scope: ChangeScope): string {
  if (scope === 'checkpoint') return vscode.l10n.t('{0} since its last checkpoint', item.id);
  if (scope === 'review') return vscode.l10n.t('{0} since its last verdict', item.id);
  if (scope === 'turn') return vscode.l10n.t('{0} in its last turn', item.id);
  return vscode.l10n.t('{0} on {1}', item.id, branch);
}
