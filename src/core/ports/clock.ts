/** A moment as a person here reads it. */
export interface LocalTime {
  /** Milliseconds since the epoch. */
  readonly epochMs: number;
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Minutes east of UTC. */
  readonly offsetMinutes: number;
}

/** Tells the time; the only source of it in core. */
export interface Clock {
  now(): LocalTime;
}
