import { readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { phrase } from '../core/base/phrase.ts';
import { BatonError } from '../core/errors.ts';
import { createWholeFile, writeWholeFile } from './atomicFile.ts';
import { isMissing, readOnlyError, writeError } from './ioErrors.ts';
import { realPath } from './projectFolder.ts';

/**
 * Reads a text file that the caller names, relative to the current folder, inside the project or not; `-` is the standard input.
 *
 * @throws BatonError `invalid-argument` where it cannot be read
 */
export async function readCallerFile(file: string): Promise<string> {
  try {
    return file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new BatonError('invalid-argument', phrase`${file} cannot be read: ${cause}`, {
      hint: 'Name a text file.',
      cause: error,
    });
  }
}

/** What may happen to a file that is there already. */
export interface WriteCallerFileOptions {
  /** Replace it whatever it is. */
  readonly force: boolean;
  /** Tells by its text whether it is an earlier one of ours, which may be replaced. */
  readonly isOurs: (text: string) => boolean;
}

/**
 * Writes a text file that the caller names, relative to the current folder, inside the project or not: whole or not at all, through
 * symbolic links, with the mode that it had. What is no file (a device, a pipe) is written to as it is. Returns its absolute path.
 *
 * @throws BatonError `invalid-argument` where its folder is missing or it is a folder, `already-exists` where another's file is there,
 * `read-only`, `disk-full`, `io-failed`
 */
export async function writeCallerFile(
  file: string,
  content: string,
  { force, isOurs }: WriteCallerFileOptions,
): Promise<string> {
  const path = resolve(file);
  const bytes = new TextEncoder().encode(content);
  try {
    const target = await realPath(path);
    const there = await stat(target).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    if (there === undefined) {
      await assertFolder(dirname(target), file);
      if (!(await createWholeFile(target, bytes))) throw existsAlready(file);
      return path;
    }
    if (there.isDirectory()) {
      throw new BatonError('invalid-argument', phrase`${file} is a folder`, { hint: 'Name a file in it.' });
    }
    if (!there.isFile()) {
      await writeFile(target, bytes);
      return path;
    }
    if (!force && !isOurs(await readFile(target, 'utf8'))) throw existsAlready(file);
    if ((there.mode & 0o222) === 0) throw readOnlyError(file);
    await writeWholeFile(target, bytes, { mode: there.mode & 0o777 });
    return path;
  } catch (error) {
    throw writeError(error, file);
  }
}

async function assertFolder(folder: string, file: string): Promise<void> {
  const there = await stat(folder).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (there?.isDirectory()) return;
  throw new BatonError('invalid-argument', phrase`${file} cannot be written: there is no folder ${folder}`, {
    hint: 'Make the folder first, or name another file.',
  });
}

function existsAlready(file: string): BatonError {
  return new BatonError('already-exists', phrase`${file} is there already and is nothing that Baton wrote`, {
    hint: 'Name another file, or replace it with --force.',
    data: { path: file },
  });
}
