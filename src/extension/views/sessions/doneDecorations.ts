import * as vscode from 'vscode';

const scheme = 'baton-session';

/** Names a done session, so that its row can be dimmed. */
export function doneUri(key: string): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${encodeURIComponent(key)}` });
}

/** Dims the rows of done sessions. */
export function registerDoneDecorations(): vscode.Disposable {
  const color = new vscode.ThemeColor('disabledForeground');
  return vscode.window.registerFileDecorationProvider({
    provideFileDecoration: (uri) => (uri.scheme === scheme ? { color } : undefined),
  });
}
