import * as vscode from 'vscode';
import { mergeTexts } from '../../core/base/merge.ts';
import { revisionOf } from '../../core/base/revision.ts';
import { applyEdits, type TextEdit } from '../../core/base/textEdit.ts';
import { BatonError } from '../../core/errors.ts';
import type { FileSystem, ProjectPath } from '../../core/ports/fileSystem.ts';
import type { EditPlanner, StateFiles, WriteOptions, WriteOutcome } from '../../core/ports/stateFiles.ts';
import { readSetting } from '../registration.ts';
import { showConflict } from './conflictView.ts';
import { planReplacement, toDocumentEdits } from './documentEdits.ts';
import { comparable, type OpenFiles } from './openFiles.ts';

/** How long VS Code may take to show in a clean editor what was just written to its file. */
const reloadWaitMs = 1_000;

/** How often, and how far apart, an edit is tried that VS Code refuses though the text is as planned. */
const applyTries = 80;
const applyPauseMs = 25;

/** Runs something while this process holds the lock of a file that all writers share. */
export type FileLock = <T>(path: ProjectPath, act: () => Promise<T>) => Promise<T>;

export interface StateFileWriterOptions {
  /** URI of the project's root. */
  readonly root: vscode.Uri;
  readonly files: FileSystem;
  /** The write path for files that no editor has open. */
  readonly disk: StateFiles;
  readonly lock: FileLock;
  readonly open: OpenFiles;
  /** Told when an edit was left unsaved in an editor. */
  readonly leftUnsaved: (document: vscode.TextDocument) => void;
}

/**
 * Writes state files in VS Code. A file that is open in an editor is edited there, so that nothing that was typed is overwritten and
 * undo works; one with unsaved changes is first merged with what its file got from outside. Every other file takes the path of all hosts.
 */
export class StateFileWriter implements StateFiles {
  readonly #options: StateFileWriterOptions;

  constructor(options: StateFileWriterOptions) {
    this.#options = options;
  }

  async update(path: ProjectPath, plan: EditPlanner, options: WriteOptions = {}): Promise<WriteOutcome> {
    const { disk, lock } = this.#options;
    const document = this.#options.open.find(this.#uri(path));
    if (document === undefined || options.create === true) return disk.update(path, plan, options);
    if (!document.isDirty && !(await this.#canSave(document, path))) return disk.update(path, plan, options);
    const done = await lock(path, async () => {
      const text = await this.#read(path, options);
      return document.isDirty
        ? this.#updateDirty(document, path, text, plan)
        : this.#updateClean(document, path, text, plan);
    });
    if (done !== undefined) return done;
    // VS Code would not save what nobody typed in: it goes the way of closed files, and the editor reloads.
    await revert(document);
    return disk.update(path, plan, options);
  }

  async move(from: ProjectPath, to: ProjectPath): Promise<void> {
    this.#refuseUnsaved(from);
    await this.#options.disk.move(from, to);
  }

  async remove(path: ProjectPath): Promise<void> {
    this.#refuseUnsaved(path);
    await this.#options.disk.remove(path);
  }

  async assertWritable(path: ProjectPath): Promise<void> {
    await this.#options.disk.assertWritable(path);
  }

  /** Whether saving this document would change its file by nothing but the edits, and by the bytes that it has. */
  async #canSave(document: vscode.TextDocument, path: ProjectPath): Promise<boolean> {
    const text = await this.#options.files.readText(path);
    if (text === undefined || hasMixedEndings(text) || !/^utf8(bom)?$/.test(document.encoding)) return false;
    if (savingReformats(document)) return false;
    return this.#waitForReload(document, text);
  }

  async #waitForReload(document: vscode.TextDocument, text: string): Promise<boolean> {
    const wanted = comparable(text);
    for (const end = Date.now() + reloadWaitMs; ; await new Promise((done) => setTimeout(done, 20))) {
      if (document.isDirty || document.isClosed) return document.isDirty;
      if (comparable(document.getText()) === wanted && hasFormOf(document, text)) return true;
      if (Date.now() >= end) return false;
    }
  }

  /** Undefined where VS Code refused to save, because it knows the file in an older state. */
  async #updateClean(
    document: vscode.TextDocument,
    path: ProjectPath,
    text: string,
    plan: EditPlanner,
  ): Promise<WriteOutcome | undefined> {
    const edits = plan(text);
    if (edits.length === 0) return outcome(text, text);
    await this.#apply(document, path, text, edits);
    return (await this.#isSaved(document, path)) ? outcome(text, await this.#read(path)) : undefined;
  }

  async #updateDirty(
    document: vscode.TextDocument,
    path: ProjectPath,
    text: string,
    plan: EditPlanner,
  ): Promise<WriteOutcome> {
    const base = this.#options.open.baseOf(document);
    const theirs = comparable(text);
    if (base !== undefined && base !== theirs) await this.#takeOver(document, path, base, text);
    const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
    const before = bom + document.getText();
    const edits = plan(before);
    if (edits.length === 0) return outcome(before, before);
    await this.#apply(document, path, before, edits);
    const after = applyEdits(before, edits);
    if (readSetting('baton.files.saveDirtyEditors', document.uri) !== 'always') {
      this.#options.leftUnsaved(document);
      return { ...outcome(before, after), unsaved: true };
    }
    if (await this.#isSaved(document, path)) return outcome(before, await this.#read(path));
    throw this.#conflict(path, text, vscode.l10n.t('The editor of {0} could not be saved.', path));
  }

  /**
   * Brings what the file got from outside into an editor with unsaved changes. The revert tells VS Code that the file's new state is
   * known, else saving would be refused, or (same size) overwrite it; undo still reaches what was typed.
   */
  async #takeOver(document: vscode.TextDocument, path: ProjectPath, base: string, text: string): Promise<void> {
    const ours = comparable(document.getText());
    const theirs = comparable(text);
    const merged = mergeTexts(base, ours, theirs);
    if (!merged.ok) {
      await showConflict(document, text);
      throw this.#conflict(
        path,
        text,
        vscode.l10n.t('{0} was changed outside in the same lines as in its unsaved editor.', path),
      );
    }
    await revert(document);
    // Auto save may have written in between: then the editor shows that now, and what was merged is merged with it.
    const now = comparable(document.getText());
    this.#options.open.rebase(document, now);
    const wanted = mergeTexts(theirs, merged.text, now);
    await this.#applyWhileSame(document, path, now, () => planReplacement(document, wanted.ok ? wanted.text : ours));
    if (!wanted.ok) throw this.#conflict(path, now);
  }

  async #apply(
    document: vscode.TextDocument,
    path: ProjectPath,
    text: string,
    edits: readonly TextEdit[],
  ): Promise<void> {
    const shift = text.startsWith('\uFEFF') ? 1 : 0;
    await this.#applyWhileSame(document, path, text, () => toDocumentEdits(document, edits, shift));
  }

  /** VS Code refuses an edit while it is still telling of an earlier change; as long as the text is the planned one, it is tried again. */
  async #applyWhileSame(
    document: vscode.TextDocument,
    path: ProjectPath,
    text: string,
    edits: () => vscode.TextEdit[],
  ): Promise<void> {
    const expected = comparable(text);
    for (let attempt = 1; attempt <= applyTries; attempt += 1) {
      if (comparable(document.getText()) === expected) {
        const planned = edits();
        // VS Code says of nothing that it was not applied.
        if (planned.length === 0) return;
        const workspaceEdit = new vscode.WorkspaceEdit();
        workspaceEdit.set(document.uri, planned);
        if (await vscode.workspace.applyEdit(workspaceEdit)) return;
      }
      await new Promise((done) => setTimeout(done, applyPauseMs));
    }
    throw this.#conflict(path, text);
  }

  async #isSaved(document: vscode.TextDocument, path: ProjectPath): Promise<boolean> {
    const isSaved = await document.save();
    const text = await this.#options.files.readText(path);
    return isSaved && text !== undefined && comparable(text) === comparable(document.getText());
  }

  async #read(path: ProjectPath, options: WriteOptions = {}): Promise<string> {
    const text = await this.#options.files.readText(path);
    if (text === undefined) {
      throw this.#conflict(path, '', vscode.l10n.t('{0} was deleted while an editor has it open.', path));
    }
    if (options.expectedRevision !== undefined && options.expectedRevision !== revisionOf(text))
      throw this.#conflict(path, text);
    return text;
  }

  #refuseUnsaved(path: ProjectPath): void {
    if (this.#options.open.find(this.#uri(path))?.isDirty !== true) return;
    throw new BatonError('conflict', vscode.l10n.t('{0} has unsaved changes.', path), {
      hint: vscode.l10n.t('Save or revert the editor first.'),
      data: { path, uri: this.#uri(path).toString() },
    });
  }

  #conflict(path: ProjectPath, text: string, message = vscode.l10n.t('{0} changed meanwhile.', path)): BatonError {
    return new BatonError('conflict', message, {
      hint: vscode.l10n.t('Look at the file and do it again.'),
      data: { path, uri: this.#uri(path).toString(), text, revision: revisionOf(text) },
    });
  }

  #uri(path: ProjectPath): vscode.Uri {
    return vscode.Uri.joinPath(this.#options.root, path);
  }
}

function outcome(before: string, after: string): WriteOutcome {
  return { before, after, revision: revisionOf(after), changed: before !== after };
}

/** Whether the document was loaded from a file with this byte order mark and these line endings. */
function hasFormOf(document: vscode.TextDocument, text: string): boolean {
  const isCrlf = document.eol === vscode.EndOfLine.CRLF;
  return (
    (document.encoding === 'utf8bom') === text.startsWith('\uFEFF') &&
    (isCrlf === text.includes('\r\n') || !text.includes('\n'))
  );
}

/** An editor gives all lines the same ending when it saves. */
function hasMixedEndings(text: string): boolean {
  const all = text.match(/\r\n|\r|\n/g) ?? [];
  return all.some((ending) => ending !== all[0]) || all[0] === '\r';
}

/** Whether the person's settings let a save change more than what was typed. */
function savingReformats(document: vscode.TextDocument): boolean {
  const files = vscode.workspace.getConfiguration('files', document);
  const editor = vscode.workspace.getConfiguration('editor', document);
  const actions = Object.values(editor.get<Record<string, unknown>>('codeActionsOnSave', {}) ?? {});
  return (
    ['trimTrailingWhitespace', 'insertFinalNewline', 'trimFinalNewlines'].some((name) => files.get(name) === true) ||
    editor.get('formatOnSave') === true ||
    actions.some((value) => value !== false && value !== 'never')
  );
}

/** Reverting works on the active editor only. */
async function revert(document: vscode.TextDocument): Promise<void> {
  const before = vscode.window.activeTextEditor;
  await vscode.window.showTextDocument(document, { preview: false });
  await vscode.commands.executeCommand('workbench.action.files.revert');
  if (before !== undefined && before.document !== document) {
    await vscode.window.showTextDocument(before.document, { viewColumn: before.viewColumn, preview: false });
  }
}
