/** A change of the working tree against HEAD. */
export interface FileChange {
  /** Relative to the folder of the repository that the port is bound to (its top level), `/` between parts. */
  readonly path: string;
  readonly kind: 'added' | 'modified' | 'deleted' | 'renamed' | 'untracked' | 'conflicted' | 'type-changed';
  /** For `renamed`: the old path. */
  readonly from?: string;
  /** True where the index has (part of) it. */
  readonly staged: boolean;
}

/** How a file differs between two states. Paths relative to the top level. */
export interface FileDifference {
  readonly path: string;
  readonly kind: 'added' | 'modified' | 'deleted' | 'renamed' | 'type-changed';
  /** For `renamed`: the old path. */
  readonly from?: string;
  /** Lines, where they were counted: not for binary files, and not for the working tree. */
  readonly added?: number;
  readonly removed?: number;
  /** Git takes it for no text. */
  readonly binary?: boolean;
}

/** Where the repository stands. */
export interface HeadState {
  /** Full hash; undefined in a repository without commits. */
  readonly hash: string | undefined;
  /** Undefined when detached. */
  readonly branch: string | undefined;
  /** A merge, rebase, … that has begun and is not concluded. */
  readonly operation: 'merge' | 'rebase' | 'cherry-pick' | 'revert' | 'bisect' | 'am' | undefined;
}

export interface Commit {
  readonly hash: string;
  readonly parents: readonly string[];
  /** ISO 8601 with zone. */
  readonly date: string;
  readonly author: string;
  /** The whole message. */
  readonly message: string;
}

/** A file as one commit has it, beside what the commit's parents have. */
export interface FileVersion {
  readonly commit: Commit;
  /** Undefined where the commit does not have the file. */
  readonly text?: string;
  /** For each parent the file's text there; undefined where it has none. */
  readonly before: readonly (string | undefined)[];
}

/**
 * What became of a merge: its commit, or the files in which both sides changed the same. With `wasIn` all of the branch was there before, and
 * the commit is the one that was checked out.
 */
export type MergeOutcome =
  | { readonly commit: Commit; readonly wasIn?: boolean }
  | { readonly conflicts: readonly string[] };

/** Git in one repository. IDs, messages and paths never reach it as options. */
export interface Git {
  /** Absolute path of the top level. */
  readonly topLevel: string;
  /** Path of the project's root (or mapped folder) inside the repository, `''` where they are the same, else ending in `/`. */
  readonly prefix: string;
  head(): Promise<HeadState>;
  /** True while a git process is changing the index (or one that was killed has left its lock): a commit with slow hooks, say. */
  isLocked(): Promise<boolean>;
  /** True where git would find a name and an e-mail to commit with. */
  hasIdentity(): Promise<boolean>;
  /** All changes, untracked files one by one, ignored ones and untracked repositories inside this one left out. */
  changes(): Promise<readonly FileChange[]>;
  /**
   * Commits exactly `paths` (relative to the top level, literal, additions and deletions included); other staged changes stay staged.
   *
   * @throws BatonError `nothing-to-commit`, `hook-failed` (data.output), `no-identity`, `merge-in-progress`, `git-failed`
   */
  commit(options: { readonly paths: readonly string[]; readonly message: string }): Promise<Commit>;
  /** Commits, newest first. `range` as `from..to` or one revision; undefined where a revision in it is unknown. */
  log(options?: {
    readonly range?: string;
    readonly limit?: number;
    readonly containing?: string;
  }): Promise<readonly Commit[] | undefined>;
  /** Full hash of a revision (`HEAD`, an abbreviated hash, …); undefined where there is none. */
  resolve(revision: string): Promise<string | undefined>;
  /** Full hash of the commit from which two revisions went apart; undefined where they have none in common. */
  mergeBase(one: string, other: string): Promise<string | undefined>;
  /** Those of the (abbreviated) hashes that are no commit here. One process however many. */
  unknownCommits(hashes: readonly string[]): Promise<readonly string[]>;
  /** Tree object of the working tree with all changes, as if committed, less `without` (paths relative to the top level). Neither index nor HEAD changes. */
  workingTree(without: readonly string[]): Promise<string>;
  /** Files that differ between two commits or trees. */
  changedFiles(from: string, to: string): Promise<readonly string[]>;
  /** How files differ between two commits or trees, by path; renames are found, lines counted. */
  compare(from: string, to: string): Promise<readonly FileDifference[]>;
  /** How the working tree differs from a commit or tree, by path, untracked files included; no lines counted, nothing written. */
  compareWorkingTree(from: string): Promise<readonly FileDifference[]>;
  /**
   * Applies the inverse of commits (given newest first) to index and working tree without committing. Paths in `keep` (relative to the
   * top level) are left out: whatever the commits did to them, and whatever is uncommitted in them, stays, and they cannot conflict.
   *
   * @throws BatonError `revert-conflict` with data.files; index and working tree are then as they were before.
   */
  revert(hashes: readonly string[], keep?: readonly string[]): Promise<void>;
  /**
   * Merges a branch into the one that is checked out, with a merge commit always. Where that meets conflicts it is given up cleanly: index
   * and working tree are as they were, and the files are named.
   *
   * @throws BatonError `merge-in-progress`, `wrong-state` where uncommitted changes are in the way (data.files), `hook-failed`, `no-identity`, `git-failed`
   */
  merge(options: { readonly branch: string; readonly message: string }): Promise<MergeOutcome>;
  /** Puts paths back to HEAD, in index and working tree. Paths that HEAD does not have are removed. */
  restore(paths: readonly string[]): Promise<void>;
  /**
   * Puts changes of paths (relative to the top level, literal, untracked files too) away as a stash entry; they are as in HEAD then.
   *
   * @throws BatonError `git-failed`
   */
  stash(options: { readonly paths: readonly string[]; readonly message: string }): Promise<void>;
  /** Appends patterns to `info/exclude` where they are not ignored yet. */
  exclude(patterns: readonly string[]): Promise<void>;
  /**
   * The versions of a file (its path relative to the top level, also of one that is gone), newest first, its renames followed: every commit
   * that changed it, merges too where they differ from a parent.
   */
  fileVersions(path: string): Promise<readonly FileVersion[]>;
  /** Content of a file at a revision; undefined where it is not there. */
  show(revision: string, path: string): Promise<string | undefined>;
}

/** Finds the repository of a folder of the project (`''`: its root); undefined where it is in none. */
export type GitFinder = (folder: string) => Promise<Git | undefined>;
