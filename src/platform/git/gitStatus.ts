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
  const tracked: FileChange[] = [];
  const untracked = new Set<string>();
  const entries = output.split('\0');
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at] ?? '';
    if (entry.startsWith('1 ')) tracked.push(ordinary(entry));
    else if (entry.startsWith('2 ')) tracked.push(renamed(entry, entries[++at] ?? ''));
    else if (entry.startsWith('u ')) tracked.push({ path: afterFields(entry, 10), kind: 'conflicted', staged: true });
    // With each file listed, only a repository of its own is listed as a folder: what is in it is not this repository's.
    else if (entry.startsWith('? ') && !entry.endsWith('/') && !isTemporary(entry.slice(2)))
      untracked.add(entry.slice(2));
  }
  const known = tracked.flatMap((change) => withFileThatIsThere(change, untracked));
  return [...known, ...[...untracked].map((path): FileChange => ({ path, kind: 'untracked', staged: false }))];
}

/** What another writer has on its way to a state file (atomicFile.ts): gone in a moment, and never to be committed. */
export function isTemporary(path: string): boolean {
  return /(?:^|\/)\.[^/]+\.\d+(\.\d+)?\.tmp$/.test(path);
}

/** A file that was only taken out of the index is listed as gone and as untracked: against HEAD it is at most modified. */
function withFileThatIsThere(change: FileChange, untracked: Set<string>): readonly FileChange[] {
  const { path, kind, from, staged } = change;
  if (kind === 'deleted' && untracked.delete(path)) return [{ path, kind: 'modified', staged: true }];
  // What git took for its new name is then a file of its own.
  if (from === undefined || !untracked.delete(from)) return [change];
  return [
    { path, kind: 'added', staged },
    { path: from, kind: 'modified', staged: true },
  ];
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
