import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { BatonError } from '../core/errors.ts';

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
    throw new BatonError('invalid-argument', `${file} cannot be read: ${cause}`, {
      hint: 'Name a text file.',
      cause: error,
    });
  }
}
