import * as vscode from 'vscode';
import { show } from '../../core/actions/show.ts';
import { BatonError } from '../../core/errors.ts';
import type { Git } from '../../core/ports/git.ts';
import { folderOf } from '../../core/store/lookup.ts';
import { textDocumentOf } from '../workspace/conflictView.ts';
import type { SelectedSession } from './selectSession.ts';

/**
 * Shows what a commit of a session changed, in VS Code's editor for several files. Git is asked by Baton's own port, so that it works
 * also where the built-in git extension is off.
 *
 * @param hash the commit; absent: the one of the session's row, else the last one that names the session
 */
export async function showCommit({ host, entry }: SelectedSession, hash: string | undefined): Promise<void> {
  const { workspace } = host;
  if (workspace === undefined) return;
  const git = await host.ports.git(folderOf(workspace, entry));
  if (git === undefined) {
    throw new BatonError('not-a-repository', vscode.l10n.t('{0} is in no git repository.', host.folder.name));
  }
  const wanted =
    hash ??
    entry.commit ??
    (await show(host.createContext(), { id: entry.id, project: entry.project })).commits[0]?.hash;
  if (wanted === undefined) {
    throw new BatonError('unknown-checkpoint', vscode.l10n.t('{0} has no commits yet.', entry.id), {
      hint: vscode.l10n.t('Make a checkpoint or complete the session first.'),
    });
  }
  const commit = await git.resolve(wanted);
  if (commit === undefined) {
    throw new BatonError('git-failed', vscode.l10n.t('Git does not know the commit {0}.', wanted), {
      hint: vscode.l10n.t('It may be in another clone or repository.'),
    });
  }
  await vscode.commands.executeCommand(
    'vscode.changes',
    `${entry.id} ${commit.slice(0, 7)}`,
    await changesOf(git, commit),
  );
}

/** What git calls the tree of a repository without files. */
const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

type FileChange = [file: vscode.Uri, before: vscode.Uri | undefined, after: vscode.Uri | undefined];

async function changesOf(git: Git, commit: string): Promise<FileChange[]> {
  const parent = (await git.resolve(`${commit}^`)) ?? emptyTree;
  const paths = await git.changedFiles(parent, commit);
  return Promise.all(
    paths.map(async (path): Promise<FileChange> => {
      const [before, after] = await Promise.all([git.show(parent, path), git.show(commit, path)]);
      return [
        vscode.Uri.file(`${git.topLevel}/${path}`),
        before === undefined ? undefined : textDocumentOf(path, before),
        after === undefined ? undefined : textDocumentOf(path, after),
      ];
    }),
  );
}
