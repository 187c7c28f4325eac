import type { Range } from '../base/range.ts';
import type { ChecklistItem } from './checklist.ts';
import type { ModelSettings, VerificationCommand } from './plan.ts';

/**
 * `session`: Baton's or the reference script's, with an active (or paused) session. `cleared`: says that there is none.
 * `foreign`: neither; never overwritten without consent.
 */
export type SessionFileKind = 'session' | 'cleared' | 'foreign';

/** A SESSION.md (or a paused one). */
export interface SessionFile {
  readonly path: string;
  readonly text: string;
  readonly kind: SessionFileKind;
  /** True where Baton's frontmatter (`baton: session/1`) is there. */
  readonly byBaton: boolean;
  readonly id?: string;
  readonly title?: string;
  readonly project?: string;
  readonly repository?: string;
  /** Path of the plan, relative to the project's root. */
  readonly plan?: string;
  readonly status?: 'active' | 'paused';
  /** ISO 8601 with zone, or the local `YYYY-MM-DD HH:MM` of the reference script. */
  readonly startedAt?: string;
  readonly startRef?: string;
  /** How many checkpoints were made. */
  readonly checkpoints: number;
  readonly taskList?: string;
  readonly modelSettings: ModelSettings;
  /** Every check box of the verification checklist, else of the completion checklist. */
  readonly checklist: readonly ChecklistItem[];
  readonly commands: readonly VerificationCommand[];
  /** Notes under `## Session Notes`, without the placeholder. */
  readonly notes: readonly string[];
  readonly notesRange?: Range;
  readonly prompt?: { readonly text: string; readonly range: Range };
}
