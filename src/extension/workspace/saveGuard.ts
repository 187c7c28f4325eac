import * as vscode from 'vscode';
import { showConflict } from './conflictView.ts';
import { comparable, type OpenFiles } from './openFiles.ts';

/** What the guard asks of the project that a document belongs to. */
export interface GuardedFile {
  /** The file's text on disk; undefined where there is none. */
  read(): Promise<string | undefined>;
  /** Keeps a text that is about to be overwritten; answers where. */
  keep(text: string): Promise<string>;
}

/**
 * Guards the saving of state files. VS Code refuses to overwrite a file only if both its time and its size differ from what the editor
 * loaded: `[ ]` made `[x]` outside would be lost without a word, also by auto save. So what the disk has beyond the editor's base is
 * merged into every save.
 *
 * @param find the project's file behind a document; undefined for one that is no state file
 */
export function guardSaves(
  open: OpenFiles,
  find: (document: vscode.TextDocument) => GuardedFile | undefined,
): vscode.Disposable {
  return vscode.workspace.onWillSaveTextDocument((event) => {
    const file = find(event.document);
    const base = open.baseOf(event.document);
    if (file === undefined || base === undefined || !event.document.isDirty) return;
    event.waitUntil(mergeIntoSave(event.document, base, file));
  });
}

async function mergeIntoSave(
  document: vscode.TextDocument,
  base: string,
  file: GuardedFile,
): Promise<vscode.TextEdit[]> {
  const onDisk = await file.read();
  if (onDisk === undefined) return [];
  const theirs = comparable(onDisk);
  const ours = comparable(document.getText());
  if (theirs === base || theirs === ours) return [];
  const [{ mergeTexts }, { planReplacement }] = await Promise.all([
    import('../../core/base/merge.ts'),
    import('./documentEdits.ts'),
  ]);
  const merged = mergeTexts(base, ours, theirs);
  if (merged.ok) return planReplacement(document, merged.text);
  // A save cannot be stopped from here: what it overwrites is kept.
  const place = await file.keep(onDisk);
  void offerComparison(document, onDisk, place);
  return [];
}

async function offerComparison(document: vscode.TextDocument, onDisk: string, place: string): Promise<void> {
  const name = document.uri.path.split('/').at(-1) ?? '';
  const compare = vscode.l10n.t('Compare');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('{0} was changed outside in the same lines as here. What was on disk is kept in {1}.', name, place),
    compare,
  );
  if (chosen === compare) await showConflict(document, onDisk);
}
