import { minutesOf, readTimetable } from './timetable.js';

/** The next departures from a pier at a time of day, soonest first. */
export function nextDepartures(pier, time, limit = 3, timetable = readTimetable()) {
  return timetable
    .filter(({ from }) => from === pier)
    .flatMap(({ line, to, departs }) => departs.map((departure) => ({ line, to, departure })))
    .filter(({ departure }) => minutesOf(departure) >= minutesOf(time))
    .sort((a, b) => minutesOf(a.departure) - minutesOf(b.departure))
    .slice(0, limit);
}
