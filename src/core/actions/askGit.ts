import { BatonError } from '../errors.ts';

/**
 * Asks git something that a view can do without: undefined where git may not be run (Restricted Mode), is not there, or fails.
 */
export async function askGit<T>(question: () => Promise<T>): Promise<T | undefined> {
  try {
    return await question();
  } catch (error) {
    if (BatonError.is(error, 'untrusted', 'git-failed', 'process-failed')) return undefined;
    throw error;
  }
}
