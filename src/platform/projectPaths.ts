import { phrase } from '../core/base/phrase.ts';
import { BatonError } from '../core/errors.ts';

/**
 * Brings a project path into its normal form (`docs/../a//b` → `a/b`; `''` is the root), by its text alone.
 *
 * @throws BatonError `outside-project` for an absolute path, one that leaves the root, or one with a NUL.
 */
export function normalizeProjectPath(path: string): string {
  const parts: string[] = [];
  const isAbsolute = /^([A-Za-z]:)?[\\/]/.test(path) || /^[A-Za-z]:/.test(path);
  let leaves = isAbsolute || path.includes('\0');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) leaves = true;
  }
  if (leaves) throw outsideProject(path);
  return parts.join('/');
}

/** The refusal of a path that is not inside the project. */
export function outsideProject(path: string): BatonError {
  return new BatonError('outside-project', phrase`${JSON.stringify(path)} is outside the project`, {
    hint: 'Name a file inside the project, relative to its root.',
    data: { path },
  });
}
