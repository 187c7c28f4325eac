import { isAbsolute, relative, resolve, sep } from 'node:path';
import process from 'node:process';
import type { Cancellation } from '../core/base/cancellation.ts';
import { BatonError } from '../core/errors.ts';
import type { ProjectPath } from '../core/ports/fileSystem.ts';

/** Makes `folder` the current one, as `git -C` does: paths among the arguments are then relative to it. */
export function enterFolder(folder: string, option = '--cwd'): void {
  try {
    process.chdir(folder);
  } catch (error) {
    throw new BatonError('invalid-argument', `${option} ${folder}: there is no such folder, or it cannot be entered.`, {
      hint: 'Name an existing folder of the project.',
      cause: error,
    });
  }
}

/** Turns a path argument (relative to the current folder, or absolute) into one of the project. */
export function toProjectPath(root: string, argument: string): ProjectPath {
  const path = relative(root, resolve(argument));
  if (path === '' || path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) {
    throw new BatonError('outside-project', `${argument} is not a file inside the project ${root}.`);
  }
  return path.split(sep).join('/');
}

/** Throws `cancelled` where the run was asked to stop. */
export function throwIfCancelled(cancellation: Cancellation): void {
  if (cancellation.isCancelled) throw new BatonError('cancelled', 'Cancelled.');
}
