import * as vscode from 'vscode';

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

/** A tooltip that says what it is about, and then one fact a line. */
export interface FactsTooltip {
  readonly tooltip: vscode.MarkdownString;
  /** Adds a fact; one without a value is left out. */
  readonly line: (name: string, value: string | undefined) => void;
}

/** Begins a tooltip. Text from files is only appended as text: nothing in it becomes a link or a picture. */
export function createFactsTooltip(id: string, title: string): FactsTooltip {
  const tooltip = new vscode.MarkdownString(undefined, true);
  tooltip.appendMarkdown('**').appendText(id).appendMarkdown('** ');
  appendWords(tooltip, title);
  tooltip.appendMarkdown('\n\n');
  const line = (name: string, value: string | undefined) => {
    if (value === undefined || value === '') return;
    tooltip.appendMarkdown(`${name}: `);
    appendWords(tooltip, value);
    // Two spaces: a new line, not a new paragraph.
    tooltip.appendMarkdown('  \n');
  };
  return { tooltip, line };
}
