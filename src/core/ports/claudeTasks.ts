import type { Disposable } from '../base/disposable.ts';

/** A list in Claude Code's own task store, as it is at one moment. */
export interface ClaudeStore {
  /** Its task files by number (the name without `.json`). */
  readonly files: ReadonlyMap<string, string>;
  /** Files that cannot be read, and why. */
  readonly unreadable: ReadonlyMap<string, string>;
  /** The highest number that was ever given away, as far as the store's `.highwatermark` knows. */
  readonly highWaterMark: number;
}

/** A change of one task file, planned against the text that was read. */
export type ClaudeTaskChange =
  /** Only where nobody has taken the number or a higher one meanwhile. */
  | { readonly kind: 'create'; readonly number: string; readonly text: string }
  | { readonly kind: 'write'; readonly number: string; readonly before: string; readonly after: string }
  | { readonly kind: 'remove'; readonly number: string; readonly before: string };

/** Claude Code's task lists on this machine (`~/.claude/tasks/`). All methods take the ID of our list. */
export interface ClaudeTasks {
  /** The folder, absolute, to be shown to people. */
  locate(list: string): string;
  /** Undefined where Claude Code has no such list. */
  read(list: string): Promise<ClaudeStore | undefined>;
  /**
   * Makes the changes under Claude Code's own locks, the list's folder as needed. A change whose file is no longer what was read is left
   * out.
   *
   * @returns the numbers of those that were left out
   * @throws BatonError `locked` where Claude Code (or a dead process, for 10 seconds) holds the lock, `read-only`, `disk-full`, `io-failed`
   */
  apply(list: string, changes: readonly ClaudeTaskChange[]): Promise<ReadonlySet<string>>;
  /**
   * Runs `work` while no other process of Baton on this machine does so for the same list.
   *
   * @throws BatonError `locked`
   */
  exclusively<T>(list: string, work: () => Promise<T>): Promise<T>;
  /** Calls `changed` when files of the list come, change or go; the folder is made where it is not there. */
  watch(list: string, changed: () => void): Promise<Disposable>;
}
