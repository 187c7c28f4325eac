/** What a tree has at a path: nothing where it is undefined. */
export interface TreeEntry {
  /** Six digits: `100644`, `100755`, `120000` a link, `160000` a repository of its own. */
  readonly mode: string;
  readonly hash: string;
}

/** A path at which two trees differ. */
export interface TreeChange {
  readonly path: string;
  readonly before: TreeEntry | undefined;
  readonly after: TreeEntry | undefined;
}

/** Reads `git diff-index -z --raw --no-abbrev` (git-diff(1), "Raw output format"): a line of modes and hashes, then its path. */
export function parseTreeChanges(output: string): readonly TreeChange[] {
  const parts = output.split('\0');
  const changes: TreeChange[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [oldMode = '', mode = '', oldHash = '', hash = ''] = (parts[at] ?? '').replace(/^:/, '').split(' ');
    const path = parts[at + 1] ?? '';
    changes.push({ path, before: toEntry(oldMode, oldHash), after: toEntry(mode, hash) });
  }
  return changes;
}

function toEntry(mode: string, hash: string): TreeEntry | undefined {
  return /^0*$/.test(mode) ? undefined : { mode, hash };
}

/** Tells whether two trees have the same at a path. */
export function isSameEntry(a: TreeEntry | undefined, b: TreeEntry | undefined): boolean {
  return a?.mode === b?.mode && a?.hash === b?.hash;
}
