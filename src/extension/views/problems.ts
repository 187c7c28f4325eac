import * as vscode from 'vscode';
import type { DiagnosticCode, Severity } from '../../core/model/diagnostic.ts';
import type { Workspace } from '../../core/model/workspace.ts';
import { localized } from '../localized.ts';
import { briefly } from './briefly.ts';

/** Problems because of which sessions would be missing from the views. */
const hidingProblems: readonly DiagnosticCode[] = [
  'no-progress-table',
  'merge-markers',
  'unreadable-frontmatter',
  'unreadable-config',
  'malformed-row',
  'foreign-session-file',
];

/** The first file because of which something is not shown, and where. */
export interface HidingProblem {
  readonly path: string;
  readonly message: string;
  /** In the file's text. */
  readonly offset: number;
}

/** Finds what keeps sessions from being shown, the worst first. */
export function findHidingProblems(workspace: Workspace): readonly HidingProblem[] {
  const unreadable = workspace.unreadable.map(({ path, message }) => ({ path, message, offset: 0 }));
  const problems = workspace.problems.flatMap(({ path, diagnostics }) =>
    diagnostics
      .filter(({ code, severity }) => hidingProblems.includes(code) && !isAside(code, severity))
      .map(({ code, message, range }) => ({ path, message, offset: range.start, rank: hidingProblems.indexOf(code) })),
  );
  return [...unreadable, ...problems.sort((a, b) => a.rank - b.rank)];
}

/** Tables of other things stand beside the progress table in many files; nothing is missing then. */
function isAside(code: DiagnosticCode, severity: Severity): boolean {
  return code === 'no-progress-table' && severity === 'info';
}

/** Says in one paragraph what is not shown, why, and what would help; undefined where all is well. */
export function describeProblem(workspace: Workspace): string | undefined {
  const problems = findHidingProblems(workspace);
  const [first] = problems;
  if (first === undefined) return undefined;
  const text = `${first.path}: ${briefly(localized(first.message))}`;
  const help = vscode.l10n.t(
    '“Baton: Check State Files” lists every problem with its line and mends those that it can.',
  );
  if (problems.length === 1) return `${text} ${help}`;
  return `${text} ${vscode.l10n.t('And {0} more.', problems.length - 1)} ${help}`;
}
