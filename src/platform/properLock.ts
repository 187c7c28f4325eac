import { mkdir, rmdir, stat, utimes } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { phrase } from '../core/base/phrase.ts';
import { BatonError } from '../core/errors.ts';
import { errnoOf, isMissing, writeError } from './ioErrors.ts';

/** A lock whose modification time is older than this is given up by everybody who follows the protocol. */
const staleMs = 10_000;

/** How often a lock that is held is refreshed. */
const refreshMs = 3_000;

/** How long a lock is waited for, longer than one that nobody holds any more. */
const waitMs = 15_000;

/**
 * Runs `work` while holding the lock of a file by the protocol of the npm package `proper-lockfile`, with which Claude Code locks its task
 * files: the folder `<file>.lock` is made, kept fresh by its modification time, and removed.
 *
 * @param file its real path
 * @throws BatonError `locked` where others hold it for 15 seconds
 */
export async function withProperLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const path = `${file}.lock`;
  let mtimeMs = await acquire(path, file);
  let isOurs = true;
  const timer = setInterval(() => {
    void refresh(path, mtimeMs).then((fresh) => {
      if (fresh === undefined) isOurs = false;
      else mtimeMs = fresh;
    });
  }, refreshMs);
  timer.unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
    // A process that slept for too long may have lost it to another one.
    if (isOurs && (await modifiedAt(path)) === mtimeMs) await rmdir(path).catch(() => undefined);
  }
}

async function acquire(path: string, file: string): Promise<number> {
  const end = performance.now() + waitMs;
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 1.5, 50)) {
    try {
      await mkdir(path);
      const made = await modifiedAt(path);
      if (made !== undefined) return made;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw writeError(error, path);
    }
    const since = await modifiedAt(path);
    if (since !== undefined && since < Date.now() - staleMs) {
      await rmdir(path).catch((error: unknown) => {
        if (!isMissing(error)) throw writeError(error, path);
      });
      continue;
    }
    if (performance.now() > end) throw lockedError(file, path);
    await sleep(pauseMs * (0.5 + Math.random()));
  }
}

/** Undefined where the lock is no longer the one that was taken. */
async function refresh(path: string, mtimeMs: number): Promise<number | undefined> {
  if ((await modifiedAt(path)) !== mtimeMs) return undefined;
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
  return modifiedAt(path);
}

async function modifiedAt(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw writeError(error, path);
  }
}

function lockedError(file: string, path: string): BatonError {
  return new BatonError('locked', phrase`${file} is locked by another process`, {
    hint: phrase`Try again in a moment; where no Claude Code runs any more, remove ${path}.`,
    data: { path },
  });
}
