import type { WaveSettings } from './waves/waveSettings.ts';

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
  /** `agentic`: agents are dispatched without a question; else dispatching asks first. */
  readonly mode: WorkMode;
  /** How many isolated sessions run at a time. */
  readonly maxParallel: number;
  /** A shell line that makes a new worktree ready (`npm ci`); it runs after approval only. */
  readonly setUp?: string;
  /** Globs of ignored files that a new worktree needs and gets a copy of (`.env`). */
  readonly worktreeInclude: readonly string[];
  /** Globs of ignored files and folders that a new worktree shares with the main one by links (`node_modules`). */
  readonly worktreeLink: readonly string[];
  /** After so many minutes without an answer a worker is told so and may go on; absent: it waits. The question stays open. */
  readonly questionTimeoutMinutes?: number;
  /** Wave runs; only what the file says. */
  readonly waves?: WaveSettings;
}

/** How agents are worked with: dispatched to isolated sessions, side by side with the person, or by the person's hand alone. */
export const workModes = ['agentic', 'collaborative', 'direct'] as const;
export type WorkMode = (typeof workModes)[number];

/** The defaults of design.md, and the places where people keep such files by hand. */
export const defaultConfig: BatonConfig = {
  plans: ['docs/**/*_PROMPTS.md', '*_PROMPTS.md', 'docs/**/*_PLAN.md'],
  progress: ['docs/progress/*.md', 'docs/**/*PROGRESS*.md', '*PROGRESS*.md'],
  sessionFile: 'docs/sessions/SESSION.md',
  pausedFolder: 'docs/sessions/paused',
  taskFolder: 'docs/tasks',
  repositories: {},
  verificationTimeoutMinutes: 15,
  mode: 'collaborative',
  maxParallel: 3,
  worktreeInclude: [],
  worktreeLink: [],
};
