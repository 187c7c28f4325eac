import * as vscode from 'vscode';
import type { Range } from '../../core/base/range.ts';
import { BatonError } from '../../core/errors.ts';
import { dashboardViewType } from '../dashboard/dashboardTarget.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';

/**
 * Opens a file of the project, at a range of its text where one is given.
 *
 * @param text what the range was found in; an editor with other text is searched for the range's first line
 * @throws BatonError `unreadable-file` where it cannot be opened
 */
export async function openText(
  host: ProjectHost,
  path: string,
  at?: { readonly range: Range; readonly text: string; readonly selects?: boolean; readonly keepsFocus?: boolean },
): Promise<void> {
  const uri = host.uriOf(path);
  let document: vscode.TextDocument;
  try {
    document = await vscode.workspace.openTextDocument(uri);
  } catch (error) {
    throw new BatonError('unreadable-file', vscode.l10n.t('{0} cannot be opened.', path), { cause: error });
  }
  if (at === undefined) {
    await vscode.window.showTextDocument(document, { viewColumn: columnOfText() });
    return;
  }
  const shift = at.text.startsWith('\uFEFF') ? 1 : 0;
  const wanted = at.text.slice(at.range.start, at.range.end);
  const current = document.getText();
  let start = at.range.start - shift;
  if (current.slice(start, start + wanted.length) !== wanted) {
    const found = current.indexOf(wanted.split(/\r?\n/)[0] ?? wanted);
    start = Math.max(0, found);
  }
  const from = document.positionAt(start);
  const to = at.selects === true ? document.positionAt(start + wanted.length) : from;
  const preserveFocus = at.keepsFocus === true;
  const selection = new vscode.Range(from, to);
  await vscode.window.showTextDocument(document, { viewColumn: columnOfText(), selection, preserveFocus });
}

/** Where texts open: not in front of a dashboard that stands beside other editors, for it is there to be watched. */
function columnOfText(): vscode.ViewColumn {
  const { activeTabGroup, all } = vscode.window.tabGroups;
  const input = activeTabGroup.activeTab?.input;
  const isDashboard = input instanceof vscode.TabInputWebview && input.viewType.endsWith(dashboardViewType);
  const other = isDashboard ? all.find((group) => group !== activeTabGroup) : undefined;
  return other?.viewColumn ?? vscode.ViewColumn.Active;
}
