import type { SessionEntry } from '../model/workspace.ts';

/** Which session to start, and how. */
export interface StartOptions {
  readonly id: string;
  /** Path of the plan, where the ID is in several. */
  readonly plan?: string;
  readonly project?: string;
  /** Overrides what the plan or the recommendation says. */
  readonly model?: string;
  /** Starts in spite of unmet dependencies or a state that forbids it, keeps a foreign SESSION.md aside; recorded. */
  readonly force?: boolean;
  /** Keeps a SESSION.md that is not Baton's aside without asking. */
  readonly keepForeign?: boolean;
}

/** The model of a session. */
export interface SessionModel {
  readonly model: string;
  readonly thinking?: string;
  /** Why, where it was recommended. */
  readonly reason?: string;
  /** False where the caller or the plan named it. */
  readonly recommended: boolean;
}

export interface StartResult {
  readonly session: SessionEntry;
  /** Path of SESSION.md. */
  readonly path: string;
  readonly model: SessionModel;
  /** What was overridden, one sentence each. */
  readonly forced: readonly string[];
  /** Where a foreign SESSION.md was kept. */
  readonly keptAs?: string;
  readonly warnings: readonly string[];
}
