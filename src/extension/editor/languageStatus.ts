import * as vscode from 'vscode';
import { problemSource } from '../commands/problemList.ts';
import { commandLink } from '../registration.ts';
import type { Projects } from '../workspace/projects.ts';

/** What stands in the language status of a state file in front: its problems, and the session that is active in its folder. */
export class LanguageStatus implements vscode.Disposable {
  readonly #projects: Projects;
  readonly #owned: vscode.Disposable[];
  #item: vscode.LanguageStatusItem | undefined;

  constructor(projects: Projects) {
    this.#projects = projects;
    this.#owned = [
      projects.onDidChange(() => this.update()),
      vscode.window.onDidChangeActiveTextEditor(() => this.update()),
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        const front = vscode.window.activeTextEditor?.document.uri.toString();
        if (uris.some((uri) => uri.toString() === front)) this.update();
      }),
    ];
    this.update();
  }

  /** What is shown, for tests; undefined where no state file is in front. */
  get shown(): { readonly text: string; readonly detail: string | undefined; readonly severity: number } | undefined {
    return this.#item && { text: this.#item.text, detail: this.#item.detail, severity: this.#item.severity };
  }

  update(): void {
    const document = vscode.window.activeTextEditor?.document;
    const host = document && this.#projects.find(document.uri);
    const path = document && host?.pathOf(document.uri);
    if (document === undefined || host === undefined || path === undefined || host.store.rolesOf(path).length === 0) {
      this.#item?.dispose();
      this.#item = undefined;
      return;
    }
    const selector = { scheme: document.uri.scheme, pattern: document.uri.fsPath.replace(/[[\]{}*?]/g, '?') };
    this.#item ??= vscode.languages.createLanguageStatusItem('baton.stateFile', selector);
    const problems = vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === problemSource);
    const hasErrors = problems.some(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
    this.#item.selector = selector;
    this.#item.name = vscode.l10n.t('Baton: State File');
    this.#item.text = problemText(problems.length);
    const id = host.workspace?.sessionFile?.kind === 'session' ? host.workspace.sessionFile.id : undefined;
    this.#item.detail = id === undefined ? vscode.l10n.t('No session is active') : vscode.l10n.t('{0} is active', id);
    this.#item.severity =
      problems.length === 0
        ? vscode.LanguageStatusSeverity.Information
        : hasErrors
          ? vscode.LanguageStatusSeverity.Error
          : vscode.LanguageStatusSeverity.Warning;
    this.#item.command =
      problems.length === 0
        ? commandLink('baton.showActions', vscode.l10n.t('What Can Be Done Now'), { folder: host.id })
        : { command: 'workbench.actions.view.problems', title: vscode.l10n.t('Show Problems') };
  }

  dispose(): void {
    this.#item?.dispose();
    for (const one of this.#owned) one.dispose();
  }
}

function problemText(count: number): string {
  if (count === 0) return vscode.l10n.t('Baton: no problems');
  return count === 1 ? vscode.l10n.t('Baton: 1 problem') : vscode.l10n.t('Baton: {0} problems', count);
}
