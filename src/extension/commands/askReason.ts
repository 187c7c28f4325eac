import * as vscode from 'vscode';

/** Asks why; undefined where the person gave it up. */
export function askReason(title: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Why? It is kept with the verdict.'),
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('A decision of yours needs a reason.') : undefined),
  });
}
