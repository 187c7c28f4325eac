/** What `.baton.yaml` says, with its defaults filled in. Paths and globs are relative to the project's root, `/` between parts. */
export interface BatonConfig {
  /** Globs of plans. */
  readonly plans: readonly string[];
  /** Globs of progress files. */
  readonly progress: readonly string[];
  /** Path of SESSION.md. */
  readonly sessionFile: string;
  /** Folder of paused sessions. */
  readonly pausedFolder: string;
  /** Folder of task lists; archived ones are in its `archive/`. */
  readonly taskFolder: string;
  /** Progress files' `Repository:` names → folders, where a project spans several. */
  readonly repositories: Readonly<Record<string, string>>;
  /** Time limit of one verification command, in minutes. */
  readonly verificationTimeoutMinutes: number;
  /** Overrides the project's name in commits. */
  readonly project?: string;
}

/** The defaults of design.md, and the places where people keep such files by hand. */
export const defaultConfig: BatonConfig = {
  plans: ['docs/**/*_PROMPTS.md', '*_PROMPTS.md', 'docs/**/*_PLAN.md'],
  progress: ['docs/progress/*.md', 'docs/**/*PROGRESS*.md', '*PROGRESS*.md'],
  sessionFile: 'docs/sessions/SESSION.md',
  pausedFolder: 'docs/sessions/paused',
  taskFolder: 'docs/tasks',
  repositories: {},
  verificationTimeoutMinutes: 15,
};
