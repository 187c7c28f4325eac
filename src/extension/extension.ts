import * as vscode from 'vscode';

/** Starts the extension: composition only. */
export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(vscode.window.createOutputChannel('Baton', { log: true }));
}
