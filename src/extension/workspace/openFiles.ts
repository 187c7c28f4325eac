import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';

/**
 * The text as an editor's model has it: without BOM and with `\n` alone, because a document has one kind of line ending and never a
 * BOM, whatever the file has. Only texts in this form may be compared or merged.
 */
export function comparable(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
}

function isStateFileName({ isUntitled, uri }: vscode.TextDocument): boolean {
  return !isUntitled && /\.(md|ya?ml)$/i.test(uri.path);
}

/**
 * Knows the open documents and for each its base: the text when it was last loaded or saved. What the disk has beyond that came from
 * outside, what the document has beyond it was typed.
 */
export class OpenFiles implements Disposable {
  readonly #bases = new Map<string, string>();
  readonly #owned = new DisposableStore();

  constructor() {
    this.#owned.add(vscode.workspace.onDidOpenTextDocument((document) => this.#settle(document)));
    this.#owned.add(vscode.workspace.onDidSaveTextDocument((document) => this.#settle(document)));
    this.#owned.add(vscode.workspace.onDidCloseTextDocument((document) => this.#bases.delete(document.uri.toString())));
    this.#owned.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document.isDirty) return;
        // Without changes: it was saved, reverted or undone. With: a reload, or the first typed character, which VS Code tells before
        // it tells that the document is unsaved.
        if (contentChanges.length === 0) this.#settle(document);
        else void this.#settleIfLoaded(document);
      }),
    );
    for (const document of vscode.workspace.textDocuments) this.#settle(document);
  }

  /** The open document of a file. */
  find(uri: vscode.Uri): vscode.TextDocument | undefined {
    const wanted = uri.toString();
    return vscode.workspace.textDocuments.find((document) => !document.isClosed && document.uri.toString() === wanted);
  }

  /** Undefined where the document was unsaved already when it was opened (restored by VS Code after a crash). */
  baseOf(document: vscode.TextDocument): string | undefined {
    return this.#bases.get(document.uri.toString());
  }

  /** Tells that the file's text is known now: what the document has beyond it was typed. */
  rebase(document: vscode.TextDocument, onDisk: string): void {
    this.#bases.set(document.uri.toString(), comparable(onDisk));
  }

  dispose(): void {
    this.#owned.dispose();
    this.#bases.clear();
  }

  /** Only what is on disk can be a base. */
  async #settleIfLoaded(document: vscode.TextDocument): Promise<void> {
    const text = comparable(document.getText());
    const bytes = await Promise.resolve(vscode.workspace.fs.readFile(document.uri)).catch(() => undefined);
    if (bytes === undefined || comparable(new TextDecoder().decode(bytes)) !== text) return;
    if (isStateFileName(document)) this.#bases.set(document.uri.toString(), text);
  }

  #settle(document: vscode.TextDocument): void {
    if (document.isDirty || !isStateFileName(document)) return;
    this.#bases.set(document.uri.toString(), comparable(document.getText()));
  }
}
