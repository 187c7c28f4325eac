import * as vscode from 'vscode';
import type { Ports } from '../../core/ports/ports.ts';
import { createFileLocks } from '../../platform/fileLocks.ts';
import { createProjectFolder } from '../../platform/projectFolder.ts';
import { inTurn } from '../../platform/textFiles.ts';
import { readSetting } from '../registration.ts';
import type { OpenFiles } from './openFiles.ts';
import { type FileLock, StateFileWriter } from './stateFileWriter.ts';

/** Makes the write path of a folder's state files in this window. */
export function createWriter(
  folder: vscode.WorkspaceFolder,
  { files, stateFiles }: Ports,
  open: OpenFiles,
): StateFileWriter {
  return new StateFileWriter({
    root: folder.uri,
    files,
    disk: stateFiles,
    lock: createLock(folder.uri.fsPath),
    open,
    leftUnsaved: (document) => void offerSave(document),
  });
}

/** The lock that the write path of all hosts takes, for edits that go through an editor. */
function createLock(root: string): FileLock {
  const projectFolder = createProjectFolder(root);
  const locks = createFileLocks();
  return async (path, act) => {
    const realPath = await projectFolder.resolve(path);
    return inTurn(realPath, async () => {
      const lease = await locks.acquire(realPath);
      try {
        return await act();
      } finally {
        await lease.release();
      }
    });
  };
}

/** Documents whose unsaved state the person was told of, so that ten ticks give one message. */
const told = new WeakSet<vscode.TextDocument>();

async function offerSave(document: vscode.TextDocument): Promise<void> {
  if (readSetting('baton.files.saveDirtyEditors', document.uri) !== 'ask' || told.has(document)) return;
  told.add(document);
  const name = document.uri.path.split('/').at(-1) ?? '';
  const save = vscode.l10n.t('Save');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('{0} has unsaved changes: Baton’s change is in the editor and not saved yet.', name),
    save,
  );
  told.delete(document);
  if (chosen === save) await document.save();
}
