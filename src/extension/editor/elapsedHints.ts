import * as vscode from 'vscode';
import { findStateMarks } from '../../core/language/stateMarks.ts';
import { formatMinutes, minutesBetween } from '../views/times.ts';
import type { StateDocument } from './stateDocuments.ts';

/** How long the work on active sessions and tasks goes on, behind their lines. */
export function provideElapsed({ workspace, path, document }: StateDocument, range: vscode.Range): vscode.InlayHint[] {
  return findStateMarks(workspace, path).flatMap(({ line, since }) => {
    const minutes = since === undefined ? undefined : minutesBetween(since);
    if (minutes === undefined || line < range.start.line || line > range.end.line || line >= document.lineCount)
      return [];
    const hint = new vscode.InlayHint(document.lineAt(line).range.end, formatMinutes(minutes));
    hint.paddingLeft = true;
    hint.tooltip = vscode.l10n.t('Worked on since {0}', since ?? '');
    return [hint];
  });
}
