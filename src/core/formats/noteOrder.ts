/** Lines that belong before a line of a text, or behind the last one. */
export interface NotePlacement {
  /** Index of a line; undefined: at the end. */
  readonly before?: number;
  readonly lines: readonly string[];
}

interface Note {
  readonly at: number;
  readonly lines: readonly string[];
  /** Minutes since the midnight before the session started; undefined where it says no time. */
  readonly minutes: number | undefined;
}

const bullet = /^[-*+]\s/;
const timed = /^[-*+]\s+\[(\d{1,2}):(\d{2})\]/;
/** A note with which an earlier attempt at the session ended; what stands above it is older than anything that is moved. */
const attemptEnd =
  /^[-*+]\s+\[\d{1,2}:\d{2}\]\s+(?:Failed:|Rolled back \(|Verified \d+\/\d+:|Completed without verification)/;

/**
 * Places notes among those that stand there already, such that all are in the order of their times. Notes say only the time of day, so one
 * that is earlier than the note before it (or than `since`, `HH:MM`, when the session started) is of the next day. A note that stands
 * there already is left out.
 */
export function placeNotes(existing: readonly string[], moved: readonly string[], since?: string): NotePlacement[] {
  const start = existing.findLastIndex((line) => attemptEnd.test(line)) + 1;
  const there = datedNotes(notesIn(existing, start), since);
  const unmatched = [...there];
  const placements: { before?: number; lines: string[] }[] = [];
  let day: number | undefined = minutesOf(since);
  for (const note of datedNotes(notesIn(moved, 0), since)) {
    day = note.minutes ?? day;
    const same = unmatched.findIndex(({ lines }) => textOf(lines) === textOf(note.lines));
    if (same !== -1) {
      unmatched.splice(same, 1);
      continue;
    }
    const next = there.find(({ minutes }) => minutes !== undefined && minutes > (day ?? -1));
    const last = placements.at(-1);
    if (last !== undefined && last.before === next?.at) last.lines.push(...note.lines);
    else placements.push({ ...(next && { before: next.at }), lines: [...note.lines] });
  }
  return placements;
}

/** Each bullet with the lines that belong to it; lines before the first bullet are one note. */
function notesIn(lines: readonly string[], start: number): { at: number; lines: string[] }[] {
  const notes: { at: number; lines: string[] }[] = [];
  for (let at = start; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const open = notes.at(-1);
    if (open !== undefined && !bullet.test(line)) open.lines.push(line);
    else notes.push({ at, lines: [line] });
  }
  return notes;
}

function datedNotes(notes: readonly { at: number; lines: string[] }[], since: string | undefined): Note[] {
  let previous = minutesOf(since) ?? 0;
  return notes.map((note) => {
    const match = timed.exec(note.lines[0] ?? '');
    if (!match) return { ...note, minutes: undefined };
    let minutes = Number(match[1]) * 60 + Number(match[2]);
    while (minutes < previous) minutes += minutesOfDay;
    previous = minutes;
    return { ...note, minutes };
  });
}

const minutesOfDay = 24 * 60;

function minutesOf(time: string | undefined): number | undefined {
  const match = /^(\d{1,2}):(\d{2})$/.exec(time ?? '');
  return match ? Number(match[1]) * 60 + Number(match[2]) : undefined;
}

function textOf(lines: readonly string[]): string {
  return lines
    .map((line) => line.trim())
    .join('\n')
    .trim();
}
