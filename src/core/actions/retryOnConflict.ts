import { BatonError } from '../errors.ts';

/** SESSION.md may be changed by others between planning and writing; so often a verb is planned again. */
const maximumAttempts = 3;

/** Plans and runs a verb again where a file was changed meanwhile and the verb has been taken back. */
export async function retryOnConflict<T>(attempt: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      const isTakenBack = BatonError.is(error, 'conflict') && error.data?.['halfDone'] !== true;
      if (count >= maximumAttempts || !isTakenBack) throw error;
    }
  }
}
