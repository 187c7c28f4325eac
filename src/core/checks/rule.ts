import type { Diagnostic } from '../model/diagnostic.ts';
import type { Workspace } from '../model/workspace.ts';

/** What only git and the machine know, for the rules that need it. */
export interface CheckFacts {
  /** Those hashes of the tables' commit cells (`commitHashes`) that git does not know. */
  readonly unknownCommits: readonly string[];
  /** IDs of sessions that run in an isolated worktree now. */
  readonly liveIsolated: readonly string[];
}

/** A problem and the file that has it. */
export interface Finding {
  readonly path: string;
  readonly diagnostic: Diagnostic;
}

/** Looks for one kind of problem over all files of a workspace. */
export type Rule = (workspace: Workspace, facts: CheckFacts) => readonly Finding[];
