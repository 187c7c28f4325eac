import type { FileProblems } from '../model/workspace.ts';

export interface CheckOptions {
  /** Only problems of these files. */
  readonly files?: readonly string[];
  /** Applies the safe fixes first. */
  readonly fix?: boolean;
}

export interface CheckResult {
  /** What is left, per file. */
  readonly problems: readonly FileProblems[];
  readonly fixed: number;
  /** How many files were checked. */
  readonly files: number;
  readonly warnings: readonly string[];
}
