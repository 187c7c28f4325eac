import { readObject } from './sessionLock.ts';

/** What becomes of a line of a `.jsonl` file: `keep` as it stands, `remove`, or another record. */
export type LineChange = 'keep' | 'remove' | Readonly<Record<string, unknown>>;

/**
 * Changes records of a `.jsonl` file line by line; lines that are no records, and those that are kept, stay byte for byte. Undefined where
 * nothing changes.
 */
export function editJsonLines(
  text: string,
  change: (record: Readonly<Record<string, unknown>>) => LineChange,
): string | undefined {
  const lines = text.split(/(?<=\n)/);
  const edited = lines.map((line) => {
    const [, body = '', end = ''] = /^(.*?)(\r?\n?)$/s.exec(line) ?? [];
    const record = readObject(body);
    const next = record === undefined ? 'keep' : change(record);
    if (next === 'keep') return line;
    return next === 'remove' ? '' : JSON.stringify(next) + end;
  });
  const after = edited.join('');
  return after === text ? undefined : after;
}
