/** A run of lines that differs: `[start, end)` of the old lines is replaced by `lines`. */
export interface LineChange {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/** Beyond this many differing lines the search would cost more than it tells; the rest is then one change. */
const maximumDistance = 1_500;

/** Splits a text into lines that keep their endings; joined they are the text. */
export function splitLines(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
}

/** Finds what must be replaced to make `after` of `before`: ordered, never touching each other. */
export function diffLines(before: readonly string[], after: readonly string[]): LineChange[] {
  let prefix = 0;
  while (prefix < before.length && prefix < after.length && before[prefix] === after[prefix]) prefix++;
  let suffix = 0;
  const rest = Math.min(before.length, after.length) - prefix;
  while (suffix < rest && before[before.length - 1 - suffix] === after[after.length - 1 - suffix]) suffix++;
  const old = before.slice(prefix, before.length - suffix);
  const fresh = after.slice(prefix, after.length - suffix);
  if (old.length === 0 && fresh.length === 0) return [];
  const matches = old.length === 0 || fresh.length === 0 ? [] : matchLines(old, fresh);
  return changesBetween(matches, old.length, fresh).map((change) => ({
    start: change.start + prefix,
    end: change.end + prefix,
    lines: change.lines,
  }));
}

function changesBetween(
  matches: readonly (readonly [number, number])[],
  oldLength: number,
  fresh: readonly string[],
): LineChange[] {
  const changes: LineChange[] = [];
  let atOld = 0;
  let atFresh = 0;
  for (const [inOld, inFresh] of [...matches, [oldLength, fresh.length] as const]) {
    if (inOld > atOld || inFresh > atFresh) {
      changes.push({ start: atOld, end: inOld, lines: fresh.slice(atFresh, inFresh) });
    }
    atOld = inOld + 1;
    atFresh = inFresh + 1;
  }
  return changes;
}

/** Pairs of equal lines in order, by Myers' greedy algorithm; none where the texts differ too much. */
function matchLines(old: readonly string[], fresh: readonly string[]): (readonly [number, number])[] {
  const limit = Math.min(old.length + fresh.length, maximumDistance);
  const width = 2 * limit + 3;
  const furthest = new Int32Array(width);
  const trail: Int32Array[] = [];
  const middle = limit + 1;
  for (let distance = 0; distance <= limit; distance++) {
    trail.push(furthest.slice(middle - distance - 1, middle + distance + 2));
    for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
      const down =
        diagonal === -distance ||
        (diagonal !== distance && at(furthest, middle + diagonal - 1) < at(furthest, middle + diagonal + 1));
      let x = down ? at(furthest, middle + diagonal + 1) : at(furthest, middle + diagonal - 1) + 1;
      while (x < old.length && x - diagonal < fresh.length && old[x] === fresh[x - diagonal]) x++;
      furthest[middle + diagonal] = x;
      if (x >= old.length && x - diagonal >= fresh.length) return trace(trail, old.length, fresh.length);
    }
  }
  return [];
}

/** Walks back through the trail; `trail[d]` holds the diagonals -d-1 to d+1 before step d. */
function trace(trail: readonly Int32Array[], oldLength: number, freshLength: number): (readonly [number, number])[] {
  const matches: (readonly [number, number])[] = [];
  let x = oldLength;
  let y = freshLength;
  for (let distance = trail.length - 1; distance >= 0; distance--) {
    const known = trail[distance] ?? new Int32Array();
    const middle = distance + 1;
    const diagonal = x - y;
    const down =
      diagonal === -distance ||
      (diagonal !== distance && at(known, middle + diagonal - 1) < at(known, middle + diagonal + 1));
    const previous = down ? diagonal + 1 : diagonal - 1;
    const fromX = distance === 0 ? 0 : at(known, middle + previous);
    const fromY = distance === 0 ? 0 : fromX - previous;
    while (x > fromX && y > fromY) matches.push([--x, --y]);
    x = fromX;
    y = fromY;
  }
  return matches.reverse();
}

function at(values: Int32Array, index: number): number {
  return values[index] ?? 0;
}
