import type { FileDifference } from '../../core/ports/git.ts';
import type { GitClient } from './gitClient.ts';
import { isTemporary } from './gitStatus.ts';

/** Nothing that configuration could add, renames as git itself finds them. */
const diffOptions: readonly string[] = ['--raw', '-z', '--find-renames', '--no-ext-diff', '--no-color', '--no-abbrev'];

/** Compares two commits or trees, with one process. */
export async function compareTrees(git: GitClient, from: string, to: string): Promise<readonly FileDifference[]> {
  const args = ['diff-tree', '-r', ...diffOptions, '--numstat', from, to, '--'];
  return byPath(parseDifferences(await git.output({ args })));
}

/** Compares a commit with the working tree, with two processes; what is untracked is added, and no lines are counted. */
export async function compareWithWorkingTree(git: GitClient, from: string): Promise<readonly FileDifference[]> {
  const [differing, untracked] = await Promise.all([
    // Not diff-index: that takes a file for changed whose time alone is another.
    git.output({ args: ['diff', ...diffOptions, '--ignore-submodules=dirty', '--no-relative', from, '--'] }),
    git.output({ args: ['ls-files', '--others', '--exclude-standard', '-z'] }),
  ]);
  const found = new Map(parseDifferences(differing).map((one) => [one.path, one]));
  for (const path of untracked.split('\0')) {
    if (path === '' || path.endsWith('/') || isTemporary(path)) continue;
    // Taken out of the index alone, it is there still.
    found.set(path, found.has(path) ? { path, kind: 'modified' } : { path, kind: 'added' });
  }
  return byPath([...found.values()]);
}

/** Reads `--raw -z`, and behind it, where asked for, `--numstat -z` (git-diff(1), "raw output format" and "other diff formats"). */
export function parseDifferences(output: string): readonly FileDifference[] {
  const found = new Map<string, FileDifference>();
  const fields = output.split('\0');
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at] ?? '';
    if (field.startsWith(':')) {
      const letter = field.split(' ')[4]?.charAt(0) ?? '';
      const isPair = letter === 'R' || letter === 'C';
      const [first = '', second = ''] = [fields[at + 1], fields[at + 2]];
      at += isPair ? 2 : 1;
      const path = isPair ? second : first;
      found.set(path, { path, kind: kindOf(letter), ...(letter === 'R' && { from: first }) });
      continue;
    }
    const counts = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(field);
    if (!counts) continue;
    const [, added = '', removed = '', name = ''] = counts;
    // A rename has its two paths in fields of their own.
    const path = name === '' ? (fields[at + 2] ?? '') : name;
    if (name === '') at += 2;
    const known = found.get(path);
    if (!known) continue;
    found.set(
      path,
      added === '-' ? { ...known, binary: true } : { ...known, added: Number(added), removed: Number(removed) },
    );
  }
  return [...found.values()];
}

function kindOf(letter: string): FileDifference['kind'] {
  switch (letter) {
    case 'A':
    case 'C':
      return 'added';
    case 'D':
      return 'deleted';
    case 'R':
      return 'renamed';
    case 'T':
      return 'type-changed';
    default:
      return 'modified';
  }
}

function byPath(files: readonly FileDifference[]): readonly FileDifference[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
