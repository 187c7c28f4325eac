import { readFileSync } from 'node:fs';

const file = new URL('../data/timetable.json', import.meta.url);

/** Reads the timetable; throws when a departure is not a time of day. */
export function readTimetable(text = readFileSync(file, 'utf8')) {
  const lines = JSON.parse(text);
  for (const { line, departs } of lines) {
    for (const time of departs) {
      if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) throw new Error(`${line}: "${time}" is not a time of day`);
    }
  }
  return lines;
}

/** Minutes since midnight. */
export function minutesOf(time) {
  const [hours, minutes] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
