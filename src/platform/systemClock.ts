import type { Clock } from '../core/ports/clock.ts';

/** The system's time in the zone of this process. */
export const systemClock: Clock = {
  now() {
    const date = new Date();
    return {
      epochMs: date.getTime(),
      year: date.getFullYear(),
      month: date.getMonth() + 1,
      day: date.getDate(),
      hour: date.getHours(),
      minute: date.getMinutes(),
      second: date.getSeconds(),
      offsetMinutes: -date.getTimezoneOffset(),
    };
  },
};
