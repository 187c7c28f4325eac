import { copyFile, mkdir, mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { phrase } from '../../core/base/phrase.ts';
import { BatonError } from '../../core/errors.ts';
import type { GitLocation } from '../gitDir.ts';
import { isMissing } from '../ioErrors.ts';
import { type GitClient, gitFailed, pathsOnInput } from './gitClient.ts';
import type { GitCall } from './simpleGit.ts';

/**
 * Makes the tree object of the working tree with all its changes, less `without`, through a copy of the index: what is unchanged is not
 * read again, and the index itself is not touched. What fits one of `asIndexed` (globs) stays as the index has it.
 */
export async function writeWorkingTree(
  git: GitClient,
  location: GitLocation,
  without: readonly string[],
  asIndexed: readonly string[] = [],
): Promise<string> {
  return await withWorkingTree(git, location, asIndexed, async (scratch) => {
    if (without.length > 0) {
      const args = ['rm', '--cached', '-r', '--force', '--quiet', '--ignore-unmatch', ...pathsOnInput];
      await git.output({ args, nulInput: without, scratch, writes: true });
    }
    return (await git.output({ args: ['write-tree'], scratch })).trim();
  });
}

/** What differs between a tree and the working tree with all its changes, as `git diff-index --raw -z` says it; renames are not looked for. */
export async function diffWorkingTree(
  git: GitClient,
  location: GitLocation,
  { since, asIndexed }: { readonly since: string; readonly asIndexed: readonly string[] },
): Promise<string> {
  const args = ['diff-index', '--cached', '--raw', '-z', '--no-abbrev', '--no-renames', `${since}^{tree}`];
  return await withWorkingTree(git, location, asIndexed, (scratch) => git.output({ args, scratch }));
}

/** Has `work` done with an index of its own that has all of the working tree. */
async function withWorkingTree<T>(
  git: GitClient,
  location: GitLocation,
  asIndexed: readonly string[],
  work: (scratch: NonNullable<GitCall['scratch']>) => Promise<T>,
): Promise<T> {
  return await inTemporaryFolder(async (folder) => {
    const index = join(folder, 'index');
    await copyIndex(join(location.gitDir, 'index'), index);
    const scratch = { cwd: location.topLevel, env: { GIT_INDEX_FILE: index } };
    const left = [notTemporary, ...asIndexed.map((glob) => `:(exclude,glob)${glob}`)];
    const args = ['add', '--all', '--ignore-errors', '--', '.', ...left];
    const added = await git.result({ args, scratch, writes: true, usesMagic: true, accept: [1] });
    if (added.exitCode !== 0 && !isOnlyEmptyRepositories(added.stderr)) throw gitFailed(args, added);
    return await work(scratch);
  });
}

/** A repository inside this one that has no commit cannot be named in a tree; everything else has been added. */
function isOnlyEmptyRepositories(stderr: string): boolean {
  const errors = stderr.split(/\r?\n/).filter((line) => /^(?:error|fatal):/.test(line));
  return errors.length > 0 && errors.every((line) => line.includes('does not have a commit checked out'));
}

/** What another writer has on its way to a state file (atomicFile.ts) belongs to no tree. */
const notTemporary = ':(exclude,glob)**/.*.[0-9]*.tmp';

/** The copy must not look newer than the index: git reads a file again whose time is not before the index's. */
async function copyIndex(from: string, to: string): Promise<void> {
  try {
    const { mtimeMs } = await stat(from);
    await copyFile(from, to);
    await utimes(to, Math.floor(mtimeMs / 1000), Math.floor(mtimeMs / 1000));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/**
 * Works out what HEAD would be with the inverse of commits applied, and gives the tree object. It happens in a git directory, an index and
 * a working tree of its own, so neither a conflict nor a kill leaves anything behind in the repository. Paths in `keep` stay as HEAD has
 * them, whatever the commits did to them.
 *
 * @throws BatonError `revert-conflict` with data.files and data.commits
 */
export async function writeRevertedTree(
  git: GitClient,
  location: GitLocation,
  hashes: readonly string[],
  keep: readonly string[] = [],
): Promise<string> {
  return await inTemporaryFolder(async (folder) => {
    const scratch = { cwd: join(folder, 'tree'), env: await makeScratchRepository(git, location, folder) };
    try {
      await git.output({ args: ['read-tree', 'HEAD'], scratch, writes: true });
      for (const group of await groupCommits(git, hashes, keep.length > 0)) {
        await revertGroup(git, group, { scratch, keep });
      }
      return (await git.output({ args: ['write-tree'], scratch })).trim();
    } finally {
      // Git notes a revert that has begun, also when it was told not to commit; that matters where the git directory is the real one.
      await git.attempt({ args: ['revert', '--quit'], scratch, writes: true });
    }
  });
}

/** What git makes for a linked worktree (gitrepository-layout(5)), but known to nobody: HEAD, and the way to objects and configuration. */
async function makeScratchRepository(
  git: GitClient,
  location: GitLocation,
  folder: string,
): Promise<Record<string, string>> {
  const env = { GIT_WORK_TREE: join(folder, 'tree'), GIT_INDEX_FILE: join(folder, 'index') };
  await mkdir(env.GIT_WORK_TREE);
  // There HEAD is no file, and only git itself can make a worktree.
  if (await stat(join(location.commonDir, 'reftable')).catch(() => undefined))
    return { ...env, GIT_DIR: location.gitDir };
  const gitDir = join(folder, 'git');
  await mkdir(gitDir);
  await writeFile(join(gitDir, 'HEAD'), await git.output({ args: ['rev-parse', '--verify', 'HEAD'] }));
  await writeFile(join(gitDir, 'commondir'), `${location.commonDir}\n`);
  return { ...env, GIT_DIR: gitDir };
}

interface RevertGroup {
  readonly hashes: readonly string[];
  /** Reverted against their first parent. */
  readonly areMerges: boolean;
}

/**
 * Neighbours of one kind together, because `-m` is right for merges only; each commit alone where paths are kept, so that it can go on
 * behind a conflict.
 */
async function groupCommits(
  git: GitClient,
  hashes: readonly string[],
  isEach: boolean,
): Promise<readonly RevertGroup[]> {
  const output = await git.output({ args: ['rev-list', '--no-walk=unsorted', '--parents', ...hashes] });
  const groups: { hashes: string[]; areMerges: boolean }[] = [];
  for (const line of output.trim().split('\n')) {
    const [hash = '', ...parents] = line.split(' ');
    const areMerges = parents.length > 1;
    const last = groups.at(-1);
    if (!isEach && last?.areMerges === areMerges) last.hashes.push(hash);
    else groups.push({ hashes: [hash], areMerges });
  }
  return groups;
}

async function revertGroup(
  git: GitClient,
  group: RevertGroup,
  { scratch, keep }: { readonly scratch: NonNullable<GitCall['scratch']>; readonly keep: readonly string[] },
): Promise<void> {
  const mainline = group.areMerges ? ['--mainline', '1'] : [];
  const result = await git.result({
    args: ['revert', '--no-commit', ...mainline, ...group.hashes],
    scratch,
    writes: true,
    accept: [1],
  });
  const unmerged = result.exitCode === 0 ? [] : await unmergedFiles(git, scratch);
  const conflicts = unmerged.filter((path) => !keep.includes(path));
  if (conflicts.length > 0 || (result.exitCode !== 0 && unmerged.length === 0)) {
    throw revertConflict(conflicts, group.hashes);
  }
  if (keep.length === 0) return;
  // Kept paths go back to what HEAD has, conflicts in them included, before the next commit is reverted.
  await git.attempt({ args: ['reset', '--quiet', 'HEAD', ...pathsOnInput], nulInput: keep, scratch, writes: true });
  if (result.exitCode !== 0) await git.attempt({ args: ['revert', '--quit'], scratch, writes: true });
  // Files that git has written there would count as local changes; missing ones do not.
  await rm(scratch.cwd, { recursive: true, force: true });
  await mkdir(scratch.cwd);
}

async function unmergedFiles(git: GitClient, scratch: NonNullable<GitCall['scratch']>): Promise<readonly string[]> {
  const unmerged = await git.output({ args: ['ls-files', '--unmerged', '-z'], scratch });
  const files = unmerged.split('\0').flatMap((entry) => (entry === '' ? [] : [entry.slice(entry.indexOf('\t') + 1)]));
  return [...new Set(files)];
}

/** The refusal of a revert that does not fit what is there now. */
export function revertConflict(files: readonly string[], commits: readonly string[]): BatonError {
  return new BatonError(
    'revert-conflict',
    phrase`Later changes stand in the way in ${files.join(', ') || phrase`the same files`}; nothing was changed`,
    {
      hint: 'Commit or put away your own changes in these files, or revert the commits by hand with "git revert".',
      data: { files, commits },
    },
  );
}

/** Gives `work` a folder that is removed when it has ended. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-git-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
