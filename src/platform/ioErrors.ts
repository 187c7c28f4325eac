import { phrase } from '../core/base/phrase.ts';
import { BatonError } from '../core/errors.ts';

/** The system's code of an error (`ENOENT`, …), undefined where it has none. */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Tells whether the error says that there is no such file. */
export function isMissing(error: unknown): boolean {
  const code = errnoOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

const diskFull: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const readOnly: ReadonlySet<string | undefined> = new Set(['EROFS', 'EACCES', 'EPERM']);

/** Turns what the system threw while `path` was written into what a person can act on; a BatonError stays as it is. */
export function writeError(error: unknown, path: string): BatonError {
  if (error instanceof BatonError) return error;
  const code = errnoOf(error);
  const details = { data: { path, ...(code === undefined ? {} : { errno: code }) }, cause: error };
  if (diskFull.has(code)) {
    return new BatonError('disk-full', phrase`There is no room to write ${path}; it is as it was`, {
      ...details,
      hint: 'Free some space (or raise the quota or the file size limit) and run it again.',
    });
  }
  if (readOnly.has(code)) return readOnlyError(path, details);
  const reason = error instanceof Error ? error.message : String(error);
  return new BatonError('io-failed', phrase`${path} cannot be written: ${reason}`, {
    ...details,
    hint: 'Look at the path and its folder, then run it again.',
  });
}

/** The refusal to write a file that is, or lies in a folder that is, write-protected. */
export function readOnlyError(path: string, details: { readonly cause?: unknown } = {}): BatonError {
  return new BatonError('read-only', phrase`${path} may not be written`, {
    data: { path },
    ...details,
    hint: phrase`Make it writable (chmod u+w ${JSON.stringify(path)}), its folder too, and run it again.`,
  });
}

/** The refusal of a file that is there but is no text that can be read. */
export function unreadableError(path: string, reason: string, cause?: unknown): BatonError {
  return new BatonError('unreadable-file', phrase`${path} cannot be read: ${reason}`, {
    hint: 'Save it as UTF-8 text that you may read, and run it again.',
    data: { path },
    ...(cause === undefined ? {} : { cause }),
  });
}
