/** Paths are relative to the project's root, with `/` between parts and no leading `/`; a port refuses one that leaves the root. */
export type ProjectPath = string;

/** What is known of a file without reading it. */
export interface FileStat {
  readonly kind: 'file' | 'folder';
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

/** Reads files of one project. In VS Code an open document's unsaved text is not seen here: this is the disk. */
export interface FileSystem {
  /**
   * Reads UTF-8 text, a BOM kept as U+FEFF. Undefined where there is no such file.
   *
   * @throws BatonError `unreadable-file` where it is there but cannot be read or is not UTF-8, `outside-project` for a path outside.
   */
  readText(path: ProjectPath): Promise<string | undefined>;
  stat(path: ProjectPath): Promise<FileStat | undefined>;
  /**
   * Where a path leads with symbolic links followed, also for a file that is not there yet; `../…` where that is outside the project's root
   * but in its repository.
   *
   * @throws BatonError `outside-project`, `unreadable-file` where links go round
   */
  realPath(path: ProjectPath): Promise<string>;
  /** Files that match any of the globs (`*`, `**`, `?`, `{a,b}`), sorted, without `.git`, `node_modules`, `.worktrees` and what lies in them. */
  findFiles(globs: readonly string[]): Promise<readonly ProjectPath[]>;
}
