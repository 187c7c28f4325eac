import * as vscode from 'vscode';
import { findStateMarks } from '../../core/language/stateMarks.ts';
import type { ShownState } from '../../core/model/shownState.ts';
import { onDidChangeSetting, readSetting } from '../registration.ts';
import type { Projects } from '../workspace/projects.ts';
import type { StateDocuments } from './stateDocuments.ts';
import { stateIcons } from './stateIcons.ts';

/** After the last keystroke. */
const quietMs = 200;

/** Draws the state of sessions and tasks in the gutter of the editors that can be seen. */
export class GutterIcons implements vscode.Disposable {
  readonly #documents: StateDocuments;
  readonly #selector: vscode.DocumentSelector;
  readonly #types = new Map<ShownState, vscode.TextEditorDecorationType>();
  readonly #owned: { dispose(): void }[];
  readonly #drawn = new WeakSet<vscode.TextEditor>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDisposed = false;

  constructor(projects: Projects, documents: StateDocuments, selector: vscode.DocumentSelector) {
    this.#documents = documents;
    this.#selector = selector;
    for (const { state, dark, light } of stateIcons) {
      const icon = (uri: string) => ({ gutterIconPath: vscode.Uri.parse(uri), gutterIconSize: '80%' });
      this.#types.set(state, vscode.window.createTextEditorDecorationType({ dark: icon(dark), light: icon(light) }));
    }
    const soon = () => this.#soon();
    this.#owned = [
      ...this.#types.values(),
      projects.onDidChange(soon),
      vscode.window.onDidChangeVisibleTextEditors(soon),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (vscode.window.visibleTextEditors.some((editor) => editor.document === document)) soon();
      }),
      onDidChangeSetting(['baton.editor.gutterIcons'], soon),
    ];
    this.#soon(0);
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    for (const one of this.#owned) one.dispose();
  }

  #soon(delayMs = quietMs): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      for (const editor of vscode.window.visibleTextEditors) void this.#draw(editor);
    }, delayMs);
  }

  async #draw(editor: vscode.TextEditor): Promise<void> {
    const { document } = editor;
    if (vscode.languages.match(this.#selector, document) === 0 && !this.#drawn.has(editor)) return;
    const { version } = document;
    const isOn = readSetting('baton.editor.gutterIcons', document.uri);
    const file = isOn ? await this.#documents.find(document).catch(() => undefined) : undefined;
    // What was typed meanwhile is drawn by the next call.
    if (this.#isDisposed || document.version !== version) return;
    const marks = file === undefined ? [] : findStateMarks(file.workspace, file.path);
    if (marks.length === 0 && !this.#drawn.has(editor)) return;
    this.#drawn.add(editor);
    for (const [state, type] of this.#types) {
      const lines = marks.filter((mark) => mark.state === state && mark.line < document.lineCount);
      editor.setDecorations(
        type,
        lines.map(({ line }) => new vscode.Range(line, 0, line, 0)),
      );
    }
  }
}
