/**
 * Records that are volatile and local to the machine, in `<common-dir>/baton/` of the clone: shared by its worktrees, never committed.
 * Keys are `/`-separated, of `[A-Za-z0-9._-]` parts; `keyPart` makes one of any text.
 */
export interface LocalState {
  /** Undefined where there is none or it cannot be read as JSON. */
  read(key: string): Promise<unknown>;
  /** Replaces the record atomically, durable when the promise resolves. */
  write(key: string, value: unknown): Promise<void>;
  /** Creates the record; false where there is one already. Exclusive among all processes. */
  create(key: string, value: unknown): Promise<boolean>;
  /**
   * Reads the record and writes what `change` makes of it, with no other process between; nothing is written where that is undefined.
   * Returns what is there afterwards. `change` may be called once only, and must be quick: others wait.
   *
   * @throws BatonError `locked`, and whatever `change` throws
   */
  update(key: string, change: (value: unknown) => unknown): Promise<unknown>;
  remove(key: string): Promise<void>;
  /** Moves all records and logs below a key's folder to another one, which must not be there. */
  moveFolder(from: string, to: string): Promise<void>;
  /** Keys that begin with `prefix`, sorted; with `levels` those of so many parts behind it may be all, which spares looking into every folder. */
  list(prefix: string, options?: { readonly levels?: number }): Promise<readonly string[]>;
  /** Absolute path of a log or record, to be shown to people. */
  locate(key: string): string;
  /** Names this worktree among those of the clone. */
  readonly worktreeKey: string;
  /** Encodes any text, a session ID say, as one part of a key; different texts give different parts. */
  keyPart(text: string): string;
}
