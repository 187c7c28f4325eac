import * as vscode from 'vscode';
import { joinFixes } from '../../core/checks/joinFixes.ts';
import { type QuickFix, quickFixes } from '../../core/language/quickFixes.ts';
import { sessionStatuses, writeStatus } from '../../core/model/sessionStatus.ts';
import { codeOf } from '../commands/problemList.ts';
import { localized } from '../localized.ts';
import { createRangeFinder, toRange, toTextEdits } from './ranges.ts';
import type { StateDocument } from './stateDocuments.ts';

/** Mends everything in a file that has one safe meaning; people run it on save by its name. */
export const fixAllKind = vscode.CodeActionKind.SourceFixAll.append('baton');

/** The quick fixes of the problems that are shown in a range, and "Fix all" where it is asked for. */
export async function provideProblemFixes(
  file: StateDocument,
  { diagnostics, only }: vscode.CodeActionContext,
): Promise<vscode.CodeAction[]> {
  if (only?.contains(fixAllKind)) return fixAll(file);
  const wantsFixes = only === undefined || only.contains(vscode.CodeActionKind.QuickFix);
  const shown = diagnostics.filter((one) => codeOf(one) !== undefined);
  if (!wantsFixes || shown.length === 0) return [];
  const actions = file.problems().flatMap((problem) => {
    const range = toRange(file.document, problem.range);
    const marker = shown.find((one) => codeOf(one) === problem.code && one.range.isEqual(range));
    return marker === undefined
      ? []
      : quickFixes(file.workspace, file.path, problem).map((fix) => toAction(file, fix, marker));
  });
  return Promise.all(actions);
}

async function toAction(file: StateDocument, fix: QuickFix, marker: vscode.Diagnostic): Promise<vscode.CodeAction> {
  if (fix.kind === 'goTo') return goTo(file, fix, marker);
  const action = new vscode.CodeAction(titleOf(fix), vscode.CodeActionKind.QuickFix);
  action.diagnostics = [marker];
  action.isPreferred = fix.kind === 'rule' && fix.safe;
  action.edit = editOf(file, fix.edits);
  return action;
}

function titleOf(fix: Exclude<QuickFix, { kind: 'goTo' }>): string {
  switch (fix.kind) {
    case 'rule':
      return localized(fix.title);
    case 'replaceId':
      return vscode.l10n.t('Replace by {0}', fix.id);
    case 'setStatus': {
      const session = sessionStatuses.find((status) => status === fix.status);
      const isWritten = session !== undefined && fix.edits[0]?.newText === writeStatus(session);
      return vscode.l10n.t('Set to {0}', isWritten ? writeStatus(session) : fix.status);
    }
  }
}

async function goTo(
  file: StateDocument,
  { path, range }: Extract<QuickFix, { kind: 'goTo' }>,
  marker: vscode.Diagnostic,
): Promise<vscode.CodeAction> {
  const isHere = path === file.path;
  const { plans, progress, taskLists } = file.workspace;
  const text = [...plans, ...progress, ...taskLists.map(({ list }) => list)].find((one) => one.path === path)?.text;
  const selection = isHere ? toRange(file.document, range) : createRangeFinder(text ?? '')(range);
  const uri = isHere ? file.document.uri : file.host.uriOf(path);
  const title = isHere
    ? vscode.l10n.t('Go to line {0}', selection.start.line + 1)
    : vscode.l10n.t('Go to line {0} of {1}', selection.start.line + 1, path);
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [marker];
  action.command = { command: 'vscode.open', title, arguments: [uri, { selection }] };
  return action;
}

function fixAll(file: StateDocument): vscode.CodeAction[] {
  const { edits, count } = joinFixes(file.problems());
  if (count === 0) return [];
  const action = new vscode.CodeAction(vscode.l10n.t('Mend what has one safe meaning'), fixAllKind);
  action.edit = editOf(file, edits);
  return [action];
}

/** One edit, which is undone as one. */
function editOf({ document }: StateDocument, edits: Parameters<typeof toTextEdits>[1]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, toTextEdits(document, edits));
  return edit;
}
