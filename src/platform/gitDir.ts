import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { isMissing } from './ioErrors.ts';

/** Where a repository's parts are; all absolute and real. */
export interface GitLocation {
  /** The working tree's top folder. */
  readonly topLevel: string;
  /** This worktree's own git directory (HEAD, index). */
  readonly gitDir: string;
  /** The git directory that all worktrees of the clone share. */
  readonly commonDir: string;
  /** Name of a linked worktree, undefined for the main one. */
  readonly worktree: string | undefined;
}

/** Finds the repository whose working tree holds `folder`, by reading `.git` and `commondir` (gitrepository-layout(5)): git is not started. */
export async function findGitLocation(folder: string): Promise<GitLocation | undefined> {
  const start = await realpath(folder).catch(() => undefined);
  if (start === undefined) return undefined;
  for (let at = start; ; at = dirname(at)) {
    const gitDir = await readGitDir(join(at, '.git'));
    if (gitDir !== undefined) return { topLevel: at, gitDir, ...(await readCommonDir(gitDir)) };
    if (dirname(at) === at) return undefined;
  }
}

/** `.git` is the directory itself, or (worktrees, submodules, --separate-git-dir) a file that names it. */
async function readGitDir(dotGit: string): Promise<string | undefined> {
  try {
    if ((await stat(dotGit)).isDirectory()) return await ifGitDir(dotGit);
    const named = /^gitdir: (.+?)[\r\n]*$/s.exec(await readFile(dotGit, 'utf8'))?.[1];
    return named === undefined ? undefined : await ifGitDir(resolve(dirname(dotGit), named));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Git passes over a `.git` without HEAD, and so do we. */
async function ifGitDir(folder: string): Promise<string | undefined> {
  await stat(join(folder, 'HEAD'));
  return realpath(folder);
}

async function readCommonDir(
  gitDir: string,
): Promise<{ readonly commonDir: string; readonly worktree: string | undefined }> {
  try {
    const named = (await readFile(join(gitDir, 'commondir'), 'utf8')).trim();
    const commonDir = await realpath(isAbsolute(named) ? named : resolve(gitDir, named));
    return { commonDir, worktree: basename(gitDir) };
  } catch (error) {
    if (isMissing(error)) return { commonDir: gitDir, worktree: undefined };
    throw error;
  }
}
