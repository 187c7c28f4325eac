import { readObject } from './sessionLock.ts';

/** What a `.jsonl` file says: its records, and how many lines are none (a writer was killed in the last one, say). */
export interface JsonLines {
  readonly records: readonly Readonly<Record<string, unknown>>[];
  readonly broken: number;
}

/** Reads lines of JSON objects; blank ones do not count, what is no object is counted and passed over. */
export function readJsonLines(text: string): JsonLines {
  const records: Record<string, unknown>[] = [];
  let broken = 0;
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const record = readObject(line);
    if (record === undefined) broken += 1;
    else records.push(record);
  }
  return { records, broken };
}
