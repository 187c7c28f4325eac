/** A moment as a person here reads it, in numbers. */
export interface CalendarTime {
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

/** `HH:MM` */
export function clockOf(time: Pick<CalendarTime, 'hour' | 'minute'>): string {
  return `${two(time.hour)}:${two(time.minute)}`;
}

/** ISO 8601 with zone: `2026-01-02T09:00:00+01:00`. */
export function isoTimeOf(time: CalendarTime): string {
  const offset = Math.abs(time.offsetMinutes);
  const zone = `${time.offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(offset / 60))}:${two(offset % 60)}`;
  const date = `${String(time.year).padStart(4, '0')}-${two(time.month)}-${two(time.day)}`;
  return `${date}T${clockOf(time)}:${two(time.second)}${zone}`;
}

/** `YYYYMMDD-HHMMSS`, for names of files. */
export function fileTimeOf(time: CalendarTime): string {
  const [date = '', clock = ''] = isoTimeOf(time).slice(0, 19).split('T');
  return `${date.replaceAll('-', '')}-${clock.replaceAll(':', '')}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
