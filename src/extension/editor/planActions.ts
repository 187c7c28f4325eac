import * as vscode from 'vscode';
import type { TextEdit } from '../../core/base/textEdit.ts';
import { planMissingRow } from '../../core/language/addRow.ts';
import { planXmlConversion } from '../../core/language/convertXmlPlan.ts';
import { planNormalTable } from '../../core/language/normalizeTable.ts';
import { uriOf } from './idNavigation.ts';
import { createRangeFinder } from './ranges.ts';
import type { StateDocument } from './stateDocuments.ts';

/** What a plan, a table or a plan's session can be made into at the cursor. */
export function providePlanActions(
  file: StateDocument,
  range: vscode.Range,
  context: vscode.CodeActionContext,
): vscode.CodeAction[] {
  const { workspace, path, text, document } = file;
  const offset = document.offsetAt(range.start);
  const actions: vscode.CodeAction[] = [];
  const add = (
    title: string,
    kind: vscode.CodeActionKind,
    change: { readonly path: string; readonly text: string; readonly edits: readonly TextEdit[] },
  ): void => {
    const action = new vscode.CodeAction(title, kind);
    action.edit = new vscode.WorkspaceEdit();
    const rangeOf = createRangeFinder(change.text);
    for (const edit of change.edits) action.edit.replace(uriOf(file, change.path), rangeOf(edit), edit.newText);
    actions.push(action);
  };
  const missing = planMissingRow(workspace, path, offset);
  if (missing !== undefined) {
    const name = missing.path.split('/').at(-1) ?? missing.path;
    add(vscode.l10n.t('Add row for {0} to {1}', missing.entry.id, name), vscode.CodeActionKind.QuickFix, missing);
  }
  // No light bulb in every row of every table: what can be rewritten is offered to who asks.
  if (context.triggerKind === vscode.CodeActionTriggerKind.Automatic && context.only === undefined) return actions;
  const even = planNormalTable(text, offset);
  if (even !== undefined) {
    add(vscode.l10n.t('Normalise table widths'), vscode.CodeActionKind.RefactorRewrite, { path, text, edits: even });
  }
  const plan = workspace.plans.find((one) => one.path === path);
  const isInXml = plan?.sessions.some(
    ({ form, range: own }) => form === 'xml' && own.start <= offset && offset <= own.end,
  );
  const converted = isInXml ? planXmlConversion(text, path) : undefined;
  if (converted !== undefined) {
    const title =
      converted.kept.length === 0
        ? vscode.l10n.t('Convert XML plan to markdown')
        : vscode.l10n.t('Convert XML plan to markdown, all but {0}', converted.kept.join(', '));
    add(title, vscode.CodeActionKind.RefactorRewrite, { path, text, edits: converted.edits });
  }
  return actions;
}
