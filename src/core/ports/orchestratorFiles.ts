import type { VaultFolder } from '../model/waves/vault.ts';
import type { ProjectPath } from './fileSystem.ts';

/** A working tree of the clone, as far as sessions in it are looked for. */
export interface SiblingTree {
  /** Absolute: the folder in it that is this project's root here. */
  readonly root: string;
  /** Undefined when detached. */
  readonly branch?: string;
}

/**
 * Files below `.orchestrator/` of one working tree, which other programs read and write at the same time and by their own rules
 * (formats.md §1.6, §1.8). All methods throw BatonError `read-only`, `disk-full`, `io-failed` or `outside-project` where the system refuses.
 */
export interface OrchestratorFiles {
  /** Absolute path of the tree's root. */
  readonly root: string;
  /** This machine's name, as it is. */
  readonly host: string;
  /** This process. */
  readonly pid: number;
  /** Folder of STATE.md that the environment prefers (`SO_STATE_DIR`, `SO_PLATFORM`), `.claude` where it says nothing. */
  readonly stateFolder: ProjectPath;
  /** Undefined where there is no such file, or it cannot be read. */
  readText(path: ProjectPath): Promise<string | undefined>;
  /** Names in a folder, sorted; none where there is no such folder. */
  list(folder: ProjectPath): Promise<readonly string[]>;
  /** Creates the file with its text in one step (a hard link); false where it is there already. */
  create(path: ProjectPath, text: string): Promise<boolean>;
  /** Puts the text in the file's place in one step. */
  replace(path: ProjectPath, text: string): Promise<void>;
  /** Adds a line in one write; a last line without newline, which somebody left broken, is ended before. */
  append(path: ProjectPath, line: string): Promise<void>;
  /** False where there was no such file. */
  remove(path: ProjectPath): Promise<boolean>;
  /** Removes a folder and those in it where no file is left in them; none there is fine. */
  removeEmptyFolder(folder: ProjectPath): Promise<void>;
  /**
   * Does `work` while the lock file is held, by the same protocol as the reference: `{pid, host, acquiredAt, holder}`, created by hard link
   * under a guard file; a lock of a dead process of this machine is taken over.
   *
   * @throws BatonError `locked` where it is not free within `waitMs` (10 s unless told)
   */
  exclusively<T>(
    lock: ProjectPath,
    options: { readonly holder: string; readonly waitMs?: number },
    work: () => Promise<T>,
  ): Promise<T>;
  /** Tells whether a process of this machine with that PID runs, whoever it is. */
  isRunning(pid: number): boolean;
  /** What `work` gives; undefined where that takes longer than `timeoutMs`, or fails. */
  within<T>(timeoutMs: number, work: Promise<T>): Promise<T | undefined>;
  pause(timeMs: number): Promise<void>;
  /** A new random UUID. */
  newId(): string;
  /** The same for another folder, absolute. */
  at(root: string): OrchestratorFiles;
  /** All working trees of the clone that are there, this one first; read from git's files. Only this one where there is no repository. */
  siblings(): Promise<readonly SiblingTree[]>;
  /** A vault of markdown notes: relative to the root, or absolute. */
  vault(path: string): Promise<VaultFolder>;
  /** The user's registry of sessions (`SO_SESSION_REGISTRY_DIR`, else `sessions` in the reference's private folder): `active/<id>.json`. */
  registry(): OrchestratorFiles;
}
