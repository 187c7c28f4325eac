import * as vscode from 'vscode';
import type { ApprovalAnswer, FileChoice, Prompt } from '../../core/ports/prompt.ts';

/** What commands ask beyond the port of core: answers that VS Code's own dialogs give. */
export interface WindowPrompt extends Prompt {
  /** Whether to save the unsaved editors of files that a command is about to change or commit. */
  saveEditors(files: readonly string[]): Promise<boolean>;
}

/** Asks by the dialogs of VS Code, which are loaded with the first question. */
export function createWindowPrompt(): WindowPrompt {
  const load = () => import('./windowDialogs.ts');
  return {
    approveCommands: async (request) => (await load()).approveCommands(request),
    chooseFiles: async (request) => (await load()).chooseFiles(request),
    confirm: async (request) => (await load()).confirm(request),
    saveEditors: async (files) => (await load()).saveEditors(files),
  };
}

/** Passes everything on to one prompt that tests can replace: VS Code refuses modal dialogs while tests run. */
export class ReplaceablePrompt implements WindowPrompt {
  readonly #own: WindowPrompt;
  #current: WindowPrompt;

  constructor(own: WindowPrompt) {
    this.#own = own;
    this.#current = own;
  }

  /** Answers by `prompt` (where it has an answer) until the returned value is disposed. */
  use(prompt: Partial<WindowPrompt>): vscode.Disposable {
    const replaced: WindowPrompt = { ...this.#own, ...prompt };
    this.#current = replaced;
    return new vscode.Disposable(() => {
      if (this.#current === replaced) this.#current = this.#own;
    });
  }

  approveCommands(request: Parameters<Prompt['approveCommands']>[0]): Promise<ApprovalAnswer | undefined> {
    return this.#current.approveCommands(request);
  }

  chooseFiles(request: FileChoice): Promise<readonly string[] | undefined> {
    return this.#current.chooseFiles(request);
  }

  confirm(request: Parameters<Prompt['confirm']>[0]): Promise<boolean | undefined> {
    return this.#current.confirm(request);
  }

  saveEditors(files: readonly string[]): Promise<boolean> {
    return this.#current.saveEditors(files);
  }
}
