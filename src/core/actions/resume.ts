export interface ResumeOptions {
  /** May be left out where one session is paused. */
  readonly id?: string;
}

export interface ResumeResult {
  readonly session: string;
  /** Path of SESSION.md. */
  readonly path: string;
  readonly warnings: readonly string[];
}
