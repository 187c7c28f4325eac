import * as vscode from 'vscode';
import type { IsolatedContext } from '../../core/actions/isolated/context.ts';
import { BatonError } from '../../core/errors.ts';
import type { IsolatedSession } from '../../core/model/isolated.ts';
import type { FileDifference } from '../../core/ports/git.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { revisionUri } from './revisionDocuments.ts';
import { nowMark } from './showChanges.ts';

/** More diffs than this in one editor help nobody. */
const mostFiles = 300;

/**
 * Shows what an isolated session has changed, from the commit that it started from to its worktree as it is now; of a merged one what the
 * merge brought.
 *
 * @returns the paths that were changed
 * @throws BatonError `not-a-repository` where its worktree is gone
 */
export async function showIsolatedChanges(
  host: ProjectHost,
  context: IsolatedContext,
  session: IsolatedSession,
): Promise<readonly string[]> {
  const { files, from, to, after } = await findChanges(context, session);
  const title = vscode.l10n.t('{0} on {1}', session.item.id, session.branch);
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

interface Found {
  readonly files: readonly FileDifference[];
  readonly from: string;
  /** Undefined: the worktree as it is. */
  readonly to: string | undefined;
  /** The folder in which the files are now. */
  readonly after: string;
}

async function findChanges(context: IsolatedContext, session: IsolatedSession): Promise<Found> {
  const { mergeCommit, base, worktree } = session;
  if (mergeCommit !== undefined) {
    const git = await context.ports.git('');
    const from = await git?.resolve(`${mergeCommit}^1`);
    if (git === undefined || from === undefined) throw goneError(session);
    return { files: await git.compare(from, mergeCommit), from, to: mergeCommit, after: git.topLevel };
  }
  const git = await (await context.isolated.portsOf(worktree)).git('');
  if (git === undefined) throw goneError(session);
  const found = await git.compareWorkingTree(base.commit);
  const files = found.filter(({ path }) => !path.startsWith('.baton/'));
  return { files, from: base.commit, to: undefined, after: git.topLevel };
}

function goneError({ item }: IsolatedSession): BatonError {
  return new BatonError('not-a-repository', vscode.l10n.t('The worktree of {0} is gone.', item.id), {
    hint: vscode.l10n.t('If it was put away, its notification or the command line brings it back.'),
  });
}
