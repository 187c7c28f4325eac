import * as vscode from 'vscode';
import type { IsolatedContext } from '../../core/actions/isolated/context.ts';
import { type ChangeScope, readIsolatedChanges } from '../../core/actions/isolated/isolatedChanges.ts';
import type { IsolatedSession } from '../../core/model/isolated.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { revisionUri } from './revisionDocuments.ts';
import { nowMark } from './showChanges.ts';

/** More diffs than this in one editor help nobody. */
const mostFiles = 300;

/**
 * Shows what an isolated session has changed, from where it started, its last verdict or its last turn to its worktree as it is now; of a
 * merged one what the merge brought.
 *
 * @returns the paths that were changed
 * @throws BatonError `not-a-repository` where its worktree is gone, `review-missing`
 */
export async function showIsolatedChanges(
  host: ProjectHost,
  context: IsolatedContext,
  session: IsolatedSession,
  scope: ChangeScope = 'start',
): Promise<readonly string[]> {
  const { files, from, to, folder: after } = await readIsolatedChanges(context, session, scope);
  const title = titleOf(session, scope);
  if (files.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('{0} has changed no files.', session.item.id));
    return [];
  }
  const side = (path: string, hash: string, binary: boolean) =>
    revisionUri({ folder: host.id, repository: '', path, hash, binary });
  const rows = files.slice(0, mostFiles).map((file): readonly (vscode.Uri | undefined)[] => {
    const binary = file.binary === true;
    const now =
      to === undefined && !binary ? vscode.Uri.file(`${after}/${file.path}`) : side(file.path, to ?? nowMark, binary);
    const before = file.kind === 'added' ? undefined : side(file.from ?? file.path, from, binary);
    return [vscode.Uri.file(`${after}/${file.path}`), before, file.kind === 'deleted' ? undefined : now];
  });
  await vscode.commands.executeCommand('vscode.changes', title, rows);
  if (files.length > mostFiles) {
    const note = vscode.l10n.t('The first {0} of {1} files are shown.', mostFiles, files.length);
    void vscode.window.showInformationMessage(note);
  }
  return files.map(({ path }) => path);
}

function titleOf({ item, branch }: IsolatedSession, scope: ChangeScope): string {
  if (scope === 'review') return vscode.l10n.t('{0} since its last verdict', item.id);
  if (scope === 'turn') return vscode.l10n.t('{0} in its last turn', item.id);
  return vscode.l10n.t('{0} on {1}', item.id, branch);
}
