export interface InitOptions {
  readonly project: string;
  /** Names of repositories; from the plan's sessions where empty and a plan is given. */
  readonly repositories: readonly string[];
  /** Path of the plan. */
  readonly plan?: string;
}

export interface InitResult {
  /** The progress file. */
  readonly path: string;
  /** Files that were made or changed. */
  readonly created: readonly string[];
  readonly warnings: readonly string[];
}
