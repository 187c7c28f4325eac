export const gateSteps = ['lint', 'typecheck', 'test'] as const;
export type GateStep = (typeof gateSteps)[number];

/** What runs after a wave: nothing (Discovery), the incremental gate, the full one, or a look at git's status (formats.md §1.9). */
export type GateKind = 'none' | 'incremental' | 'full' | 'status';

/** How one shell line of a gate ended. */
export interface GateCommandResult {
  readonly step: GateStep;
  readonly command: string;
  /** 124 where the time limit ended it; undefined where it was cancelled. */
  readonly exitCode: number | undefined;
  readonly durationMs: number;
  /** The last 50 lines, secrets masked. */
  readonly tail: string;
}

/** One gate with all its attempts. */
export interface GateResult {
  readonly wave: number;
  readonly kind: GateKind;
  readonly passed: boolean;
  /** The project has no command for a gate: it is let through, and nothing was checked. */
  readonly isUnset?: true;
  /** From 1; each further one after a fixer. */
  readonly attempts: readonly (readonly GateCommandResult[])[];
  /** It turned green though nothing was changed between two attempts. */
  readonly flaky: boolean;
  /** Tests passed and failed, where the output says so. */
  readonly tests?: { readonly passed: number; readonly failed: number };
  /** ISO 8601 with zone. */
  readonly at: string;
  /** Path of the diagnostics bundle of a final failure, relative to the root. */
  readonly bundle?: string;
}
