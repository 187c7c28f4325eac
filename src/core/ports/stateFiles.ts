import type { TextEdit } from '../base/textEdit.ts';
import type { ProjectPath } from './fileSystem.ts';

/** Plans edits against the text just read; undefined text: there is no such file. Called again where the file changed meanwhile. */
export type EditPlanner = (text: string | undefined) => readonly TextEdit[];

/** What a write did. */
export interface WriteOutcome {
  /** The text before; undefined where the file was created. */
  readonly before: string | undefined;
  readonly after: string;
  /** `revisionOf(after)`. */
  readonly revision: string;
  readonly changed: boolean;
  /** In VS Code: the edit is in an open, unsaved editor and was left unsaved there, on the user's setting. */
  readonly unsaved?: boolean;
}

export interface WriteOptions {
  /** The revision that the caller saw; another one on disk is a `conflict` whose data carries the current text and revision. */
  readonly expectedRevision?: string;
  /** True: the file must not be there yet, else `already-exists`. */
  readonly create?: boolean;
}

/**
 * The one write path of every host (design.md, Edits and locks): minimal edits against the text just read, temporary file, fsync, short
 * lock, revision check, rename; mode, BOM and line endings kept.
 *
 * @throws BatonError `read-only`, `disk-full`, `locked`, `conflict`, `unreadable-file`, `outside-project`, `io-failed`; the old file is then intact.
 */
export interface StateFiles {
  update(path: ProjectPath, plan: EditPlanner, options?: WriteOptions): Promise<WriteOutcome>;
  /** Moves a file, making folders as needed; refuses (`already-exists`) where `to` is there. */
  move(from: ProjectPath, to: ProjectPath): Promise<void>;
  /** Removes a file; none there is fine. */
  remove(path: ProjectPath): Promise<void>;
  /**
   * Refuses what `update` would refuse whatever the edit is, and changes nothing: so that a verb of several steps need not stop half-way.
   *
   * @throws BatonError `read-only`, `unreadable-file`, `outside-project`
   */
  assertWritable(path: ProjectPath): Promise<void>;
}
