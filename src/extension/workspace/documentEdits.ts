import * as vscode from 'vscode';
import { editsBetween } from '../../core/base/editsBetween.ts';
import type { TextEdit } from '../../core/base/textEdit.ts';

/**
 * Brings edits by offsets into edits by positions of the document as it is now.
 *
 * @param shift how many units the text that the edits were planned against has before the document's (1 for a BOM)
 */
export function toDocumentEdits(
  document: vscode.TextDocument,
  edits: readonly TextEdit[],
  shift = 0,
): vscode.TextEdit[] {
  return edits.map((edit) => {
    const start = document.positionAt(Math.max(0, edit.start - shift));
    return vscode.TextEdit.replace(new vscode.Range(start, document.positionAt(edit.end - shift)), edit.newText);
  });
}

/** Plans the smallest edits that make the document say `text` (with `\n`). */
export function planReplacement(document: vscode.TextDocument, text: string): vscode.TextEdit[] {
  const wanted = document.eol === vscode.EndOfLine.CRLF ? text.replace(/\n/g, '\r\n') : text;
  return toDocumentEdits(document, editsBetween(document.getText(), wanted));
}
