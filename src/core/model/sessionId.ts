let collator: Intl.Collator | undefined;

/**
 * Tells whether `text` can be the ID of a session: people use `BE-04`, `SOL-SKILLS-01`, `G.C.1`, `4½`, so whatever holds neither white
 * space nor a pipe nor control characters, and does not begin with `-` (which a command line would take for an option).
 */
export function isSessionId(text: string): boolean {
  return /^[^-\s|\p{Cc}][^\s|\p{Cc}]*$/u.test(text);
}

/** Orders IDs as people count: `BE-2` before `BE-10`. Different IDs never compare as equal. */
export function compareSessionIds(a: string, b: string): number {
  // Made when it is needed: it takes longer than reading a small project.
  collator ??= new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/**
 * At most three of `all` that `id` may be a slip of, the nearest first: few letters differ, or one begins with the other. Where only upper
 * and lower case differ, nothing else is meant.
 */
export function nearestIds(id: string, all: readonly string[]): string[] {
  const wanted = id.toLowerCase();
  // In a short ID two letters are all of it.
  const limit = Math.min(wanted.length - 1, Math.max(2, Math.floor(wanted.length / 3)));
  return [...new Set(all)]
    .map((candidate) => ({ candidate, distance: distanceBetween(wanted, candidate.toLowerCase(), limit) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || compareSessionIds(a.candidate, b.candidate))
    .filter(({ distance }, _, [nearest]) => distance === 0 || nearest?.distance !== 0)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

function distanceBetween(a: string, b: string, limit: number): number {
  if (a !== '' && b !== '' && (a.startsWith(b) || b.startsWith(a))) return Math.min(1, Math.abs(a.length - b.length));
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  return editDistance(a, b);
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
