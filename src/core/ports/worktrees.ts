/** A working tree of the clone. */
export interface WorktreeInfo {
  /** Absolute. */
  readonly path: string;
  /** Undefined when detached. */
  readonly branch?: string;
  /** Full hash; undefined without commits. */
  readonly head?: string;
  readonly isMain: boolean;
  /** Why it is locked, `''` where nobody said. */
  readonly locked?: string;
  /** Its folder is gone. */
  readonly isGone: boolean;
}

/** What is in a worktree, for whoever is about to remove it. */
export interface WorktreeSheet {
  readonly path: string;
  readonly branch?: string;
  readonly head: string;
  /** Everything that was committed in it is in the base too. */
  readonly merged: boolean;
  /** Commits that the base does not have. */
  readonly ahead: number;
  readonly modified: readonly string[];
  readonly untracked: readonly string[];
  /** Ignored files and folders, the largest first; `bytes` is undefined where counting would take too long. */
  readonly ignored: readonly { readonly path: string; readonly bytes?: number }[];
  /** Processes that work in it. */
  readonly processes: readonly { readonly pid: number; readonly command: string }[];
}

/** A worktree in the trash. */
export interface TrashedWorktree {
  readonly id: string;
  /** Where it was. */
  readonly from: string;
  /** Where it is. */
  readonly path: string;
  readonly branch?: string;
  readonly head: string;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/** A ref of Baton's that nothing has any more. */
export interface StrayRef {
  /** A branch without a worktree, or what kept the commits of a worktree in the trash. */
  readonly kind: 'branch' | 'rescue';
  /** In full. */
  readonly ref: string;
  /** Full hash. */
  readonly head: string;
  /** Its commits are elsewhere too. */
  readonly merged: boolean;
}

/** How a new worktree was filled with ignored files that it needs. */
export interface IncludedFiles {
  /** Relative to the worktree. */
  readonly copied: readonly string[];
  /** Relative to the worktree: links to what the main working tree has there. */
  readonly linked: readonly string[];
  readonly warnings: readonly string[];
}

/** A shell line that makes a worktree ready, and the file that says it. */
export interface SetUpCommand {
  readonly command: string;
  readonly source: string;
}

/** Worktrees of one clone. */
export interface Worktrees {
  /** Absolute path of the folder for new ones, `.worktrees` in the main working tree. */
  readonly folder: string;
  /** All of them, the main one first. */
  list(): Promise<readonly WorktreeInfo[]>;
  /**
   * Makes one with a new branch, or, with `again`, on the branch that is there from a worktree whose folder is gone. The folder for them is
   * ignored before (`info/exclude`).
   *
   * @throws BatonError `already-exists` for a branch or folder that is there, `disk-space` (data.freeBytes, data.neededBytes), `git-failed`
   */
  add(options: {
    readonly path: string;
    readonly branch: string;
    readonly commit: string;
    readonly again?: boolean;
  }): Promise<void>;
  /** Copies ignored files into it: what `patterns` and the project's own conventions name, and nothing that git knows; those of `links` are linked. */
  include(path: string, patterns: readonly string[], links?: readonly string[]): Promise<IncludedFiles>;
  /** Bytes of everything in a folder; undefined where counting would take too long. */
  measure(path: string): Promise<number | undefined>;
  /** What the project says elsewhere about making a worktree ready: `.cursor/worktrees.json`, `conductor.json`. */
  setUpCommands(): Promise<readonly SetUpCommand[]>;
  /** @throws BatonError `unknown-item` where there is no such worktree */
  inspect(path: string, base: string): Promise<WorktreeSheet>;
  /**
   * Moves one into the trash, whole; its branch stays and a ref of its own keeps its commits.
   *
   * @throws BatonError `unknown-item`, `wrong-state` for the main one and for one that cannot be moved
   */
  trash(path: string, id: string): Promise<TrashedWorktree>;
  listTrash(): Promise<readonly TrashedWorktree[]>;
  /** Brings one back to where it was. @throws BatonError `unknown-item`, `already-exists` */
  restore(id: string): Promise<TrashedWorktree>;
  /**
   * Removes one from the trash for ever, with its branch where that is merged into `base`.
   *
   * @throws BatonError `unknown-item`; `conflict` where it holds work that is nowhere else and `unmergedToo` is not given (data.sheet)
   */
  purge(id: string, options: { readonly base: string; readonly unmergedToo?: boolean }): Promise<void>;
  /** Refs of Baton's that no worktree has, in the trash neither. */
  strayRefs(base: string): Promise<readonly StrayRef[]>;
  /** Removes one where it stands as it did. @throws BatonError `conflict` where its commits are nowhere else, `git-failed` where it moved */
  removeStrayRef(ref: StrayRef, base: string): Promise<void>;
}
