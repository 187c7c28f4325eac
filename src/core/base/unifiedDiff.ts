import { diffLines, splitLines } from './lineDiff.ts';

const contextLines = 3;

/** Shows a change as `diff -u` does; undefined: there is no such file. `''` where nothing changes. */
export function unifiedDiff(path: string, before: string | undefined, after: string | undefined): string {
  if (before === after) return '';
  const old = splitLines(before ?? '');
  const changes = diffLines(old, splitLines(after ?? ''));
  const head = [
    `--- ${before === undefined ? '/dev/null' : nameOf('a', path)}\n`,
    `+++ ${after === undefined ? '/dev/null' : nameOf('b', path)}\n`,
  ];
  const hunks: string[] = [];
  let shift = 0;
  for (let at = 0; at < changes.length; ) {
    let last = at;
    // Changes whose surroundings touch belong together.
    while (last + 1 < changes.length && gap(changes[last], changes[last + 1]) <= 2 * contextLines) last++;
    const hunk = changes.slice(at, last + 1);
    hunks.push(formatHunk(old, hunk, shift));
    for (const { start, end, lines } of hunk) shift += lines.length - (end - start);
    at = last + 1;
  }
  return [...head, ...hunks].join('');
}

/** Paths of a repository get git's prefix; absolute ones are named as they are. */
function nameOf(side: 'a' | 'b', path: string): string {
  return path.startsWith('/') ? path : `${side}/${path}`;
}

type Changes = ReturnType<typeof diffLines>;

function gap(first: Changes[number] | undefined, second: Changes[number] | undefined): number {
  return (second?.start ?? 0) - (first?.end ?? 0);
}

function formatHunk(old: readonly string[], hunk: Changes, shift: number): string {
  const first = hunk[0]?.start ?? 0;
  const from = Math.max(0, first - contextLines);
  const to = Math.min(old.length, (hunk.at(-1)?.end ?? 0) + contextLines);
  const body: string[] = [];
  let at = from;
  let added = 0;
  let removed = 0;
  for (const { start, end, lines } of hunk) {
    body.push(...old.slice(at, start).map((line) => formatLine(' ', line)));
    body.push(...old.slice(start, end).map((line) => formatLine('-', line)));
    body.push(...lines.map((line) => formatLine('+', line)));
    added += lines.length;
    removed += end - start;
    at = end;
  }
  body.push(...old.slice(at, to).map((line) => formatLine(' ', line)));
  const oldCount = to - from;
  const newCount = oldCount + added - removed;
  return `@@ -${position(from, oldCount)} +${position(from + shift, newCount)} @@\n${body.join('')}`;
}

/** A hunk without lines stands behind the line before it. */
function position(from: number, count: number): string {
  return `${count === 0 ? from : from + 1},${count}`;
}

function formatLine(mark: string, line: string): string {
  const text = line.replace(/\r?\n$|\r$/, '');
  return text === line ? `${mark}${text}\n\\ No newline at end of file\n` : `${mark}${text}\n`;
}
