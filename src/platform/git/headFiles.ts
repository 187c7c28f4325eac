import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitLocation } from '../gitDir.ts';
import { isMissing } from '../ioErrors.ts';

/** Where HEAD is; `hash` is undefined on a branch without commits. */
export interface HeadFiles {
  readonly hash: string | undefined;
  /** Undefined when detached. */
  readonly branch: string | undefined;
}

/**
 * Reads HEAD from git's files, as they are at this moment, without starting git (gitrepository-layout(5)): a loose ref, else one in
 * `packed-refs`, which git writes before it removes the loose one.
 *
 * @returns undefined where it is not of the plain kind (reftable, a symbolic branch, a link): git must be asked
 */
export async function readHeadFiles({ gitDir, commonDir }: GitLocation): Promise<HeadFiles | undefined> {
  // A reftable has a HEAD too, which says nothing.
  if (await isThere(join(commonDir, 'reftable'))) return undefined;
  const head = (await readText(join(gitDir, 'HEAD')))?.trimEnd();
  if (head === undefined) return undefined;
  if (isHash(head)) return { hash: head, branch: undefined };
  const branch = /^ref: refs\/heads\/([^\0\r\n]+)$/.exec(head)?.[1];
  if (branch === undefined || branch.split('/').includes('..')) return undefined;
  const loose = (await readText(join(commonDir, 'refs', 'heads', ...branch.split('/'))))?.trimEnd();
  if (loose !== undefined) return isHash(loose) ? { hash: loose, branch } : undefined;
  return { hash: await readPacked(commonDir, `refs/heads/${branch}`), branch };
}

async function readPacked(commonDir: string, ref: string): Promise<string | undefined> {
  const text = (await readText(join(commonDir, 'packed-refs'))) ?? '';
  const line = text.split('\n').find((one) => one.trimEnd().endsWith(` ${ref}`));
  const hash = line?.slice(0, line.indexOf(' '));
  return hash !== undefined && isHash(hash) ? hash : undefined;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error) || isFolder(error)) return undefined;
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

/** `refs/heads/a` is a folder while the branch `a` is packed and there is a branch `a/b`, or was one. */
function isFolder(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EISDIR';
}

function isHash(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}
