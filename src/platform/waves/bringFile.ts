import { chmod, constants, copyFile, lstat, mkdir, readlink, rename, rm, rmdir, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isMissing } from '../ioErrors.ts';

let counter = 0;

/** Beside its target, and named so that no tree takes it for a file of its own (`isTemporary`). */
function temporaryBeside(path: string): string {
  counter += 1;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return join(dirname(path), `.${name}.${process.pid}.${counter}.tmp`);
}

/** Puts the file or link at `from` at `to`, whole, with its executable bits, in place of what is there. */
export async function bringFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const temporary = temporaryBeside(to);
  try {
    if ((await lstat(from)).isSymbolicLink()) await symlink(await readlink(from), temporary);
    else {
      await copyFile(from, temporary, constants.COPYFILE_FICLONE);
      await chmod(temporary, (await stat(from)).mode & 0o777);
    }
    await rename(temporary, to);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Removes a file, and the folders up to `root` that are empty without it, as git does. */
export async function removeFile(root: string, path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: unknown) => {
    // Another kind of file took the place of one of its folders.
    if (!isMissing(error)) throw error;
  });
  for (let folder = dirname(path); folder.length > root.length && folder.startsWith(root); folder = dirname(folder)) {
    const isRemoved = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!isRemoved) return;
  }
}
