import type * as vscode from 'vscode';

/**
 * Appends text of a file as text, such that lines can break between its words: `appendText` alone makes every space one
 * that cannot break, and a long note then runs out of the hover.
 */
export function appendWords(tooltip: vscode.MarkdownString, text: string): void {
  for (const [index, word] of text.trim().split(/\s+/).entries()) {
    if (index > 0) tooltip.appendMarkdown(' ');
    tooltip.appendText(word);
  }
}
