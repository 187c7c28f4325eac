import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findGitLocation } from './gitDir.ts';

/** Tells whether a project's clone has records of items that were dispatched, without opening them (`dispatchKey` makes their names). */
export async function hasDispatchedItems(root: string): Promise<boolean> {
  const git = await findGitLocation(root);
  const keys = git === undefined ? [] : await readdir(join(git.commonDir, 'baton/isolated/keys')).catch(() => []);
  return keys.length > 0;
}
