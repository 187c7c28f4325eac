import type { FileChange } from '../../core/ports/git.ts';

/** Arguments whose output `parseStatus` reads. */
export const statusArgs: readonly string[] = [
  'status',
  '--porcelain=v2',
  // Prints something in a clean tree too: simple-git waits another 50 ms for a command that prints nothing.
  '--branch',
  '--untracked-files=all',
  '--ignore-submodules=dirty',
  '--find-renames',
  '-z',
];

/** Reads `git status --porcelain=v2 -z` (git-status(1)). Paths are relative to the top level. */
export function parseStatus(output: string): readonly FileChange[] {
  const changes = new Map<string, FileChange>();
  const entries = output.split('\0');
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at] ?? '';
    if (entry.startsWith('1 ')) add(changes, ordinary(entry));
    else if (entry.startsWith('2 ')) add(changes, renamed(entry, entries[++at] ?? ''));
    else if (entry.startsWith('u ')) add(changes, { path: afterFields(entry, 10), kind: 'conflicted', staged: true });
    else if (entry.startsWith('? ')) add(changes, { path: entry.slice(2), kind: 'untracked', staged: false });
  }
  return [...changes.values()];
}

/** A file that was only taken out of the index is listed twice, as deleted and as untracked: against HEAD it is at most modified. */
function add(changes: Map<string, FileChange>, change: FileChange): void {
  const other = changes.get(change.path);
  const isBoth = other?.kind === 'deleted' && change.kind === 'untracked';
  changes.set(change.path, isBoth ? { path: change.path, kind: 'modified', staged: true } : change);
}

function ordinary(entry: string): FileChange {
  const index = entry.charAt(2);
  const tree = entry.charAt(3);
  return { path: afterFields(entry, 8), kind: kindOf(index, tree), staged: index !== '.' };
}

function kindOf(index: string, tree: string): FileChange['kind'] {
  if (tree === 'D' || index === 'D') return 'deleted';
  if (index === 'A' || tree === 'A') return 'added';
  return index === 'T' || tree === 'T' ? 'type-changed' : 'modified';
}

/** Staged as a rename (or, if so configured, a copy: then the source is there still, and this file is new). */
function renamed(entry: string, from: string): FileChange {
  const path = afterFields(entry, 9);
  if (entry.charAt(2) === 'C' || entry.charAt(3) === 'C')
    return { path, kind: 'added', staged: entry.charAt(2) !== '.' };
  return { path, kind: 'renamed', from, staged: entry.charAt(2) !== '.' };
}

/** What follows the first `count` fields; a path may hold spaces. */
function afterFields(entry: string, count: number): string {
  let at = 0;
  for (let field = 0; field < count; field++) at = entry.indexOf(' ', at) + 1;
  return entry.slice(at);
}
