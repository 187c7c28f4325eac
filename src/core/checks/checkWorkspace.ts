import type { Diagnostic } from '../model/diagnostic.ts';
import type { FileProblems, Workspace } from '../model/workspace.ts';
import { findCyclicDependencies } from './cyclicDependency.ts';
import { findDuplicateIds } from './duplicateId.ts';
import { findForeignSessionFile } from './foreignSessionFile.ts';
import { findMissingPlans } from './missingPlan.ts';
import { findMissingRows } from './missingRow.ts';
import type { CheckFacts, Rule } from './rule.ts';
import { findSessionProgressDisagreements } from './sessionProgressDisagree.ts';
import { findTaskListProblems } from './taskLists.ts';
import { findTwoActive } from './twoActive.ts';
import { findUnknownCommits } from './unknownCommit.ts';
import { findUnknownDependencies } from './unknownDependency.ts';

/** The rules over several files. What one file alone shows is found when it is parsed. */
const rules: readonly Rule[] = [
  findDuplicateIds,
  findUnknownDependencies,
  findCyclicDependencies,
  findTwoActive,
  findSessionProgressDisagreements,
  findUnknownCommits,
  findMissingRows,
  findMissingPlans,
  findForeignSessionFile,
  findTaskListProblems,
];

/** Finds every problem of the state files: what parsing found and what only shows over several files; by path, then by place. */
export function checkWorkspace(workspace: Workspace, facts: CheckFacts): readonly FileProblems[] {
  const byPath = new Map<string, Diagnostic[]>();
  const add = (path: string, diagnostic: Diagnostic): void => {
    const known = byPath.get(path);
    if (known) known.push(diagnostic);
    else byPath.set(path, [diagnostic]);
  };
  for (const { path, diagnostics } of workspace.problems) for (const one of diagnostics) add(path, one);
  for (const { path, message } of workspace.unreadable) {
    add(path, { code: 'unreadable-file', severity: 'error', message, range: { start: 0, end: 0 } });
  }
  for (const rule of rules) for (const { path, diagnostic } of rule(workspace, facts)) add(path, diagnostic);
  return [...byPath]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, diagnostics]) => ({ path, diagnostics: diagnostics.sort((a, b) => a.range.start - b.range.start) }));
}
