import { createRequire } from 'node:module';
import { join } from 'node:path';
import { BatonError } from '../core/errors.ts';

/**
 * Loads another bundle that lies beside this one, by its path: a host never imports another, and what is not needed is never read.
 *
 * @throws BatonError `process-failed` where it is not there
 */
export async function loadBeside(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const path = join(__dirname, file);
    return createRequire(path)(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND')) throw error;
    throw new BatonError('process-failed', `${file} is not beside the command line (${__dirname})`, {
      hint: 'Install Baton again: its files belong together.',
      cause: error,
    });
  }
}
