import type { CalendarTime } from '../base/localTime.ts';

/** A moment, in numbers and as a point in time. */
export interface LocalTime extends CalendarTime {
  /** Milliseconds since the epoch. */
  readonly epochMs: number;
}

/** Tells the time; the only source of it in core. */
export interface Clock {
  now(): LocalTime;
}
