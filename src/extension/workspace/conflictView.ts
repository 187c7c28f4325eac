import * as vscode from 'vscode';

/** Documents that show a text as it was, beside an editor: `baton-text:/<name>?<number>`. */
const scheme = 'baton-text';

/** How many texts are kept for their diff views. */
const mostTexts = 50;

const texts = new Map<string, string>();
let counter = 0;

/** Lets editors show texts that are in no file. */
export function registerTextDocuments(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
  });
}

/** Makes a read-only document of a text, named like `path`. */
export function textDocumentOf(path: string, text: string): vscode.Uri {
  counter += 1;
  const uri = vscode.Uri.from({ scheme, path: `/${path.replace(/^\/+/, '')}`, query: String(counter) });
  texts.set(uri.toString(), text);
  const oldest = texts.keys().next().value;
  if (texts.size > mostTexts && oldest !== undefined) texts.delete(oldest);
  return uri;
}

/** Shows what its file has beside what an unsaved editor has. */
export async function showConflict(document: vscode.TextDocument, onDisk: string): Promise<void> {
  const name = document.uri.path.split('/').at(-1) ?? '';
  const left = textDocumentOf(document.uri.path, onDisk);
  await vscode.commands.executeCommand(
    'vscode.diff',
    left,
    document.uri,
    vscode.l10n.t('{0}: on disk ↔ unsaved', name),
  );
}
