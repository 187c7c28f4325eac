export interface PauseOptions {
  readonly reason?: string;
}

export interface PauseResult {
  readonly session: string;
  /** Where the session waits. */
  readonly path: string;
  readonly warnings: readonly string[];
}
