import { diffLines, type LineChange, splitLines } from './lineDiff.ts';

/** A place that both sides changed in different ways. */
export interface MergeConflict {
  /** Zero-based line in the base text. */
  readonly line: number;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

export type MergeResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly conflicts: readonly MergeConflict[] };

/**
 * Merges two texts that were both made from `base`, by lines. Finer than a plain diff3 where state files need it: neighbouring lines
 * changed by one side each do not conflict, cells of one table row are merged one by one, and rows or list items that both sides added
 * at one place are all kept, ours first.
 */
export function mergeTexts(base: string, ours: string, theirs: string): MergeResult {
  if (ours === theirs || base === theirs) return { ok: true, text: ours };
  if (base === ours) return { ok: true, text: theirs };
  const baseLines = splitLines(base);
  const merger = new Merger(baseLines);
  const groups = groupChanges(
    diffLines(baseLines, splitLines(ours)).flatMap((change) => refine(change, baseLines)),
    diffLines(baseLines, splitLines(theirs)).flatMap((change) => refine(change, baseLines)),
  );
  for (const group of groups) merger.take(group);
  return merger.finish();
}

/** Changes of both sides that meet. */
interface Group {
  readonly start: number;
  readonly end: number;
  readonly ours: readonly LineChange[];
  readonly theirs: readonly LineChange[];
}

class Merger {
  readonly #base: readonly string[];
  readonly #conflicts: MergeConflict[] = [];
  readonly #out: string[] = [];
  #at = 0;

  constructor(base: readonly string[]) {
    this.#base = base;
  }

  take(group: Group): void {
    this.#out.push(...this.#base.slice(this.#at, group.start));
    this.#at = group.end;
    const base = this.#base.slice(group.start, group.end);
    const ours = applyTo(base, group.start, group.ours);
    const theirs = applyTo(base, group.start, group.theirs);
    const merged = mergeLines(base, ours, theirs, group);
    if (merged) this.#out.push(...merged);
    else {
      this.#conflicts.push({ line: group.start, base: base.join(''), ours: ours.join(''), theirs: theirs.join('') });
    }
  }

  finish(): MergeResult {
    if (this.#conflicts.length > 0) return { ok: false, conflicts: this.#conflicts };
    return { ok: true, text: [...this.#out, ...this.#base.slice(this.#at)].join('') };
  }
}

function mergeLines(
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
  group: Group,
): readonly string[] | undefined {
  if (group.theirs.length === 0 || same(ours, theirs)) return ours;
  if (group.ours.length === 0) return theirs;
  const [line, ourLine, theirLine] = [base[0], ours[0], theirs[0]];
  if (base.length === 0 && isUnion(ours, theirs)) return [...ours, ...theirs];
  if (base.length !== 1 || ours.length !== 1 || theirs.length !== 1) return undefined;
  if (line === undefined || ourLine === undefined || theirLine === undefined) return undefined;
  const row = mergeRow(line, ourLine, theirLine);
  return row === undefined ? undefined : [row];
}

/** Rows and list items with line endings can stand in any order; two rows with one key cannot both be right. */
function isUnion(ours: readonly string[], theirs: readonly string[]): boolean {
  const all = [...ours, ...theirs];
  const keys = all.map(rowKey).filter((key) => key !== undefined);
  return all.every((line) => /^\s*(?:\||[-*+]\s|\d+[.)]\s).*[\r\n]$/.test(line)) && new Set(keys).size === keys.length;
}

/** Merges one table row cell by cell. */
function mergeRow(base: string, ours: string, theirs: string): string | undefined {
  const isRow = [base, ours, theirs].every((line) => line.trimStart().startsWith('|'));
  if (!isRow) return undefined;
  const [cells, ourCells, theirCells] = [splitCells(base), splitCells(ours), splitCells(theirs)];
  if (cells.length !== ourCells.length || cells.length !== theirCells.length) return undefined;
  const merged: string[] = [];
  for (const [at, cell] of cells.entries()) {
    const our = ourCells[at] ?? '';
    const their = theirCells[at] ?? '';
    if (our !== cell && their !== cell && our !== their) return undefined;
    merged.push(our === cell ? their : our);
  }
  return merged.join('|');
}

function splitCells(line: string): string[] {
  return line.split(/(?<!\\)\|/);
}

/** The first cell of a table row, which names it. */
function rowKey(line: string): string | undefined {
  return line.trimStart().startsWith('|') ? splitCells(line)[1]?.trim() : undefined;
}

/** Splits a change into smaller ones, line by line, so that only the very lines that both sides changed can conflict. */
function refine(change: LineChange, base: readonly string[]): LineChange[] {
  const old = base.slice(change.start, change.end);
  if (old.length === 0 || change.lines.length === 0) return [change];
  const pairs =
    old.length === change.lines.length
      ? old.map((_, at): readonly [number, number] => [at, at])
      : pairRows(old, change.lines);
  if (pairs.length === 0) return [change];
  const parts: LineChange[] = [];
  let atOld = 0;
  let atNew = 0;
  const add = (endOld: number, endNew: number): void => {
    if (endOld === atOld && endNew === atNew) return;
    parts.push({ start: change.start + atOld, end: change.start + endOld, lines: change.lines.slice(atNew, endNew) });
    atOld = endOld;
    atNew = endNew;
  };
  for (const [inOld, inNew] of pairs) {
    add(inOld, inNew);
    add(inOld + 1, inNew + 1);
  }
  add(old.length, change.lines.length);
  return parts.filter(({ start, end, lines }) => !same(base.slice(start, end), lines));
}

/** Pairs rows that have the same first cell, in order. */
function pairRows(old: readonly string[], fresh: readonly string[]): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  let from = 0;
  for (const [inOld, line] of old.entries()) {
    const key = rowKey(line);
    if (!key) continue;
    const inNew = fresh.findIndex((other, at) => at >= from && rowKey(other) === key);
    if (inNew < 0) continue;
    pairs.push([inOld, inNew]);
    from = inNew + 1;
  }
  return pairs;
}

/** Puts changes of both sides that overlap, or that insert at one place, into one group. */
function groupChanges(ours: readonly LineChange[], theirs: readonly LineChange[]): Group[] {
  const groups: Group[] = [];
  const left = [...ours];
  const right = [...theirs];
  while (left.length > 0 || right.length > 0) {
    const first = isBefore(left[0], right[0]) ? left : right;
    const seed = first.shift();
    if (!seed) break;
    const group = { start: seed.start, end: seed.end, ours: [] as LineChange[], theirs: [] as LineChange[] };
    (first === left ? group.ours : group.theirs).push(seed);
    for (let grew = true; grew; ) {
      grew = absorb(group, left, group.ours) || absorb(group, right, group.theirs);
    }
    groups.push(group);
  }
  return groups;
}

function absorb(group: { start: number; end: number }, from: LineChange[], into: LineChange[]): boolean {
  const next = from[0];
  if (!next || !meets(group, next)) return false;
  from.shift();
  into.push(next);
  group.end = Math.max(group.end, next.end);
  return true;
}

function meets(group: { readonly start: number; readonly end: number }, next: LineChange): boolean {
  if (next.start < group.end) return next.end > group.start || next.start > group.start;
  return next.start === group.start && next.end === next.start && group.end === group.start;
}

function isBefore(a: LineChange | undefined, b: LineChange | undefined): boolean {
  if (!a || !b) return a !== undefined;
  return a.start < b.start || (a.start === b.start && a.end <= b.end);
}

function applyTo(base: readonly string[], start: number, changes: readonly LineChange[]): string[] {
  const out: string[] = [];
  let at = 0;
  for (const change of changes) {
    out.push(...base.slice(at, change.start - start), ...change.lines);
    at = change.end - start;
  }
  return [...out, ...base.slice(at)];
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, at) => line === b[at]);
}
