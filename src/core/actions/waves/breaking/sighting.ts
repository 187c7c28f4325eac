import type { Finding } from '../../../model/waves/finding.ts';

/** What one watch of the circuit breaker saw; the evidence not masked yet. */
export type Sighting = Omit<Finding, 'at'>;

/** Repetitions that stop an agent; one less warns (formats.md §1.4). */
export const repetitions = 3;

const mostLines = 10;

/** Adds a line of evidence; of many the first and the latest are kept. */
export function addEvidence(lines: string[], turn: number, text: string): void {
  lines.push(`turn ${turn}: ${text}`.slice(0, 260));
  if (lines.length > mostLines) lines.splice(1, 1);
}

/** Says how grave a growing count is: once a warning, one before the limit, and a stop at the limit and at each further round of as many. */
export class Alarm {
  #hasWarned = false;
  #stoppedAt: number | undefined;

  check(count: number, limit: number = repetitions): Finding['severity'] | undefined {
    if (count >= limit && (this.#stoppedAt === undefined || count - this.#stoppedAt >= repetitions)) {
      this.#stoppedAt = count;
      return 'stop';
    }
    if (count < limit - 1 || this.#hasWarned || this.#stoppedAt !== undefined) return undefined;
    this.#hasWarned = true;
    return 'warning';
  }
}

/** Sets a member of a map that holds at most so many: the one that was set longest ago goes. */
export function setBounded<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= most) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    break;
  }
}
