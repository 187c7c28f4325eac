export interface RecoverResult {
  /** The verb that was finished. */
  readonly finished?: string;
  /** The verb that was undone. */
  readonly undone?: string;
  readonly session?: string;
  /** What was done, one short phrase each. */
  readonly steps: readonly string[];
  readonly warnings: readonly string[];
}
