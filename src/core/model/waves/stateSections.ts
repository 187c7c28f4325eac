import type { Range } from '../../base/range.ts';
import type { DocsTask } from './wavePlan.ts';

/** How urgent an open question is. */
export const questionPriorities = ['high', 'medium', 'low'] as const;
export type QuestionPriority = (typeof questionPriorities)[number];

/** A line of `## Open Questions`. */
export interface OpenQuestion {
  readonly question: string;
  /** Who asks: `W2/agent`; undefined in a line of another form. */
  readonly source?: string;
  readonly priority?: QuestionPriority;
  readonly isAnswered: boolean;
  readonly answer?: string;
  /** Its line. */
  readonly range: Range;
}

/** An entry of `## What Not To Retry`. */
export interface NotToRetry {
  readonly approach: string;
  readonly why: string;
  readonly session: string;
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** Its line and those below that belong to it. */
  readonly range: Range;
}

/** A line of `## Deviations`. */
export interface Deviation {
  /** As it stands in the brackets. */
  readonly at?: string;
  readonly message: string;
  readonly range: Range;
}

/** What STATE.md says besides what `WaveState` has. */
export interface StateSections {
  /** The line of `## Current Wave`. */
  readonly currentWave?: string;
  readonly deviations: readonly Deviation[];
  readonly questions: readonly OpenQuestion[];
  readonly notToRetry: readonly NotToRetry[];
  readonly docsTasks: readonly DocsTask[];
}
