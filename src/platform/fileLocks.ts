import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { phrase } from '../core/base/phrase.ts';
import { BatonError } from '../core/errors.ts';
import type { Owners } from '../core/ports/owner.ts';
import { findGitLocation } from './gitDir.ts';
import { errnoOf } from './ioErrors.ts';
import { type Lease, waitForLease } from './leases.ts';
import { createNodeOwners } from './owners.ts';
import { userStateFolder } from './userFolders.ts';

/** Locks files against every other writer that goes through Baton, on this machine and (by expiry) on others that share the folder. */
export interface FileLocks {
  /**
   * Locks the file with this real path.
   *
   * @throws BatonError `locked` where another process that lives has it for too long.
   */
  acquire(realPath: string): Promise<Lease>;
}

/** A lock is held for milliseconds; one of an owner that cannot be checked (another host) is given up after this. */
const lockTtlMs = 10_000;

/** Locks live in `<common-dir>/baton/locks/`, for files in no repository in the user's state folder. */
export function createFileLocks(options: { readonly owners?: Owners; readonly waitMs?: number } = {}): FileLocks {
  // Locking happens in Restricted Mode too, where no process may be started.
  const owners = options.owners ?? createNodeOwners({ mayStartProcesses: false });
  const waitMs = options.waitMs ?? 15_000;
  const folders = new Map<string, Promise<string>>();
  const folderFor = (folder: string) => {
    const known = folders.get(folder) ?? findLockFolder(folder);
    folders.set(folder, known);
    return known;
  };
  return {
    async acquire(realPath) {
      const name = `${createHash('sha256').update(realPath).digest('hex').slice(0, 32)}.lock`;
      const leaseOptions = { owners, ttlMs: lockTtlMs, waitMs, purpose: 'write' };
      const attempt = await waitForLease(join(await folderFor(dirname(realPath)), name), leaseOptions).catch(
        (error: unknown) => {
          // Sandboxed agents may write to the working tree but not under .git.
          if (!isForbidden(error)) throw error;
          return waitForLease(join(userStateFolder(), 'locks', name), leaseOptions);
        },
      );
      if ('lease' in attempt) return attempt.lease;
      throw lockedError(realPath, attempt.heldBy?.owner);
    },
  };
}

async function findLockFolder(folder: string): Promise<string> {
  let existing = folder;
  for (;;) {
    const location = await findGitLocation(existing);
    if (location !== undefined) return join(location.commonDir, 'baton', 'locks');
    // The folder may be about to be made: its parents tell.
    if (dirname(existing) === existing) return join(userStateFolder(), 'locks');
    existing = dirname(existing);
  }
}

function isForbidden(error: unknown): boolean {
  const code = errnoOf(error);
  return code === 'EACCES' || code === 'EROFS' || code === 'EPERM';
}

function lockedError(path: string, owner: { readonly pid: number; readonly host: string } | undefined): BatonError {
  const holder =
    owner === undefined ? phrase`another process` : phrase`process ${owner.pid} on ${owner.host.split(' ')[0]}`;
  return new BatonError('locked', phrase`${path} is being written by ${holder}`, {
    hint: 'Wait for it, or end that process if it hangs, then run it again.',
    data: { path, ...(owner === undefined ? {} : { pid: owner.pid, host: owner.host }) },
  });
}
