import type { Finding } from '../../model/waves/finding.ts';

/** From how many repetitions a finding is worth a record. */
const leastOccurrences = 3;

/** Whose finding it is. */
export interface StagnationSource {
  /** Label of the run, as metrics name it. */
  readonly session: string;
  readonly wave: number;
  /** Kind of agent (`code-implementer`), or its key. */
  readonly agent: string;
}

/**
 * The fields of a `stagnation_detected` record (formats.md §1.4), in their documented order; `event` and `timestamp` are the envelope's.
 * Undefined for what is no stagnation: a turn limit, a warning of what had happened twice.
 */
export function stagnationFields(
  finding: Finding,
  source: StagnationSource,
): Readonly<Record<string, unknown>> | undefined {
  if (finding.pattern === 'turn-limit' || finding.occurrences < leastOccurrences) return undefined;
  return {
    session: source.session,
    wave: source.wave,
    agent: source.agent,
    pattern: finding.pattern,
    source: 'coordinator',
    ...(finding.pattern === 'error-echo' && { error_class: finding.errorClass ?? 'other' }),
    file: finding.file ?? null,
    occurrences: finding.occurrences,
  };
}
