import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The folder of the extension with what webviews may load. */
export function webviewFolder(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, 'dist', 'webview');
}

/**
 * The page of the dashboard: its script by a nonce, its styles and pictures from the extension's own folder, and nothing else. All
 * that it shows comes by messages.
 *
 * @param folder URI of the workspace folder, which the page keeps in its state: by it the panel is found again after a reload
 */
export function dashboardHtml(webview: vscode.Webview, extension: vscode.Uri, folder: string): string {
  const nonce = randomBytes(24).toString('base64url');
  const uriOf = (name: string) => escapeHtml(webview.asWebviewUri(vscode.Uri.joinPath(webviewFolder(extension), name)));
  const { cspSource } = webview;
  const policy = [
    "default-src 'none'",
    `img-src ${cspSource}`,
    `style-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uriOf('dashboard.css')}">
<title>${escapeHtml(vscode.l10n.t('Dashboard'))}</title>
</head>
<body>
<div id="root" data-folder="${escapeHtml(folder)}"></div>
<script type="module" nonce="${nonce}" src="${uriOf('dashboard.js')}"></script>
</body>
</html>
`;
}

function escapeHtml(value: string | vscode.Uri): string {
  return value.toString().replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
