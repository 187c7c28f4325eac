/** How an agent goes round in circles (formats.md §1.4). */
export const stagnationPatterns = ['spiral', 'pagination-spiral', 'turn-key-repetition', 'error-echo'] as const;
export type StagnationPattern = (typeof stagnationPatterns)[number];

export const errorClasses = ['edit-format-friction', 'scope-denied', 'command-blocked', 'other'] as const;
export type ErrorClass = (typeof errorClasses)[number];

/** What the circuit breaker found in one agent's events. */
export interface Finding {
  readonly pattern: StagnationPattern | 'turn-limit';
  /** Of an error echo. */
  readonly errorClass?: ErrorClass;
  /** `warning`: one more and it is stopped. */
  readonly severity: 'warning' | 'stop';
  /** The file that it is about. */
  readonly file?: string;
  readonly occurrences: number;
  /** The events that show it, a line each, the oldest first, at most ten. */
  readonly evidence: readonly string[];
  /** ISO 8601 with zone. */
  readonly at: string;
}

/** The last line of an agent: `STATUS: done — …` and its like. */
export interface AgentReport {
  readonly status: 'done' | 'partial' | 'failed';
  readonly note: string;
  readonly remaining?: string;
  /** `STATUS: no-tests-needed`. */
  readonly noTestsNeeded?: boolean;
}
