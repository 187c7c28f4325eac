import * as vscode from 'vscode';
import type { Range } from '../../core/base/range.ts';
import type { TextEdit } from '../../core/base/textEdit.ts';
import { createLineIndex } from '../../core/markdown/lines.ts';

/** The place of offsets in an open document. */
export function toRange(document: vscode.TextDocument, { start, end }: Range): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** The edits of an open document. */
export function toTextEdits(document: vscode.TextDocument, edits: readonly TextEdit[]): vscode.TextEdit[] {
  return edits.map((edit) => vscode.TextEdit.replace(toRange(document, edit), edit.newText));
}

/**
 * Turns offsets in a file's text into places of the editor that would show it: VS Code takes a BOM away and ends lines where we do.
 * One pass over the text for any number of ranges.
 */
export function createRangeFinder(text: string): (range: Range) => vscode.Range {
  const lines = createLineIndex(text);
  const bom = text.startsWith('\uFEFF') ? 1 : 0;
  const at = (offset: number): vscode.Position => {
    const { line, column } = lines.positionAt(offset);
    return new vscode.Position(line, line === 0 ? Math.max(0, column - bom) : column);
  };
  return ({ start, end }) => new vscode.Range(at(start), at(end));
}
