export interface FailOptions {
  readonly why: string;
}

export interface FailResult {
  readonly session: string;
  readonly warnings: readonly string[];
}
