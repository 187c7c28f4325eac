import * as vscode from 'vscode';
import type { FileDifference } from '../../core/ports/git.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { revisionUri } from './revisionDocuments.ts';
import { nowMark } from './showChanges.ts';

/** More diffs than this in one editor help nobody. */
const mostFiles = 300;

/** Files that changed in a folder. */
export interface FolderChanges {
  readonly title: string;
  /** Said where nothing changed. */
  readonly none: string;
  readonly files: readonly FileDifference[];
  /** Full hash of a commit or tree. */
  readonly from: string;
  /** Full hash of a commit or tree; undefined: the files as they are now. */
  readonly to?: string | undefined;
  /** Absolute path of the folder in which the files are now. */
  readonly folder: string;
}

/**
 * Shows how files of a worktree changed, in the editor for several diffs.
 *
 * @returns the paths that were changed
 */
export async function showFolderChanges(host: ProjectHost, changes: FolderChanges): Promise<readonly string[]> {
  const { title, none, files, from, to, folder: after } = changes;
  if (files.length === 0) {
    void vscode.window.showInformationMessage(none);
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
