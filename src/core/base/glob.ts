import picomatch from 'picomatch';

/** A glob split into the folder that holds all its matches and a test for paths. */
export interface Glob {
  /** Relative to the root, `''` for the root itself. */
  readonly base: string;
  /** How many parts a matching path has at most; Infinity with `**`. */
  readonly depth: number;
  /** Whether a folder whose name begins with a dot can hold matches. */
  readonly findsHidden: boolean;
  matches(path: string): boolean;
}

/** Compiles a glob (`*`, `**`, `?`, `{a,b}`) for `/`-separated paths. Names that begin with a dot match only where the glob says the dot. */
export function compileGlob(glob: string): Glob {
  const clean = glob.replace(/^(\.\/)+/, '');
  const parts = clean.split('/');
  const firstWild = parts.findIndex((part) => /[*?{]/.test(part));
  // Brackets, parentheses and `!` are no part of our globs but ordinary characters in people's folder names.
  const test = picomatch(clean.replace(/[[\]()!+@|^$\\]/g, '\\$&'));
  return {
    base: (firstWild < 0 ? parts.slice(0, -1) : parts.slice(0, firstWild)).join('/'),
    depth: clean.includes('**') ? Number.POSITIVE_INFINITY : clean.replace(/\{[^}]*\}/g, longest).split('/').length,
    findsHidden: parts.slice(Math.max(firstWild, 0)).some((part) => /(^|[{,])\./.test(part)),
    matches: (path) => test(path),
  };
}

/** The alternative with the most folders in it, so that `{a,b/c}` is searched deep enough. */
function longest(braces: string): string {
  return braces
    .slice(1, -1)
    .split(',')
    .reduce((most, one) => (one.split('/').length > most.split('/').length ? one : most));
}

/** Folders that are never searched unless a glob names them in its static part. */
const skippedFolders: ReadonlySet<string> = new Set(['.git', 'node_modules', '.worktrees']);

/** Tells whether a search leaves out the folder of this name. */
export function isSkippedFolder(name: string): boolean {
  return skippedFolders.has(name);
}

/** Tells whether a file search for `globs` would find `path`: a glob matches, and no skipped folder lies below the glob's static part. */
export function isFoundBy(globs: readonly Glob[], path: string): boolean {
  return globs.some(({ base, matches }) => matches(path) && !foldersBelow(path, base).some(isSkippedFolder));
}

/** Names of the folders between `base` and the file. */
function foldersBelow(path: string, base: string): readonly string[] {
  const start = base === '' ? 0 : base.split('/').length;
  return path.split('/').slice(start, -1);
}
