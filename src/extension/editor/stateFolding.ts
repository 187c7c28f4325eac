import * as vscode from 'vscode';
import { findFolds } from '../../core/language/stateFolds.ts';
import type { StateDocument } from './stateDocuments.ts';

/** What folds besides markdown's own sections. Sessions that are done are regions, so that "Fold All Regions" puts them away. */
export function provideFolds({ workspace, path, text }: StateDocument): vscode.FoldingRange[] {
  return findFolds(workspace, path, text).map(
    ({ line, endLine, kind }) =>
      new vscode.FoldingRange(line, endLine, kind === 'done' ? vscode.FoldingRangeKind.Region : undefined),
  );
}
