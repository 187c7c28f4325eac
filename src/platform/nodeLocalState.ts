import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, realpath, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { phrase } from '../core/base/phrase.ts';
import { BatonError } from '../core/errors.ts';
import type { LocalState } from '../core/ports/localState.ts';
import { createWholeFile, type FileIo, writeWholeFile } from './atomicFile.ts';
import type { GitLocation } from './gitDir.ts';
import { isMissing, writeError } from './ioErrors.ts';
import { type Lease, waitForLease } from './leases.ts';
import { createNodeOwners } from './owners.ts';
import { assertKey, encodeKeyPart } from './stateKeys.ts';
import { userStateFolder } from './userFolders.ts';

/** Where a project's local records are, and which of the worktrees that share them this is. */
export interface LocalStatePlace {
  /** Absolute. */
  readonly folder: string;
  readonly worktreeKey: string;
}

/** In `<common-dir>/baton/` of the clone; for a project in no repository in the user's state folder, by the hash of its path. */
export async function findLocalStatePlace(root: string, git: GitLocation | undefined): Promise<LocalStatePlace> {
  const real = await realpath(root).catch(() => root);
  if (git === undefined) {
    const hash = createHash('sha256').update(real).digest('hex').slice(0, 32);
    return { folder: join(userStateFolder(), 'projects', hash), worktreeKey: 'main' };
  }
  const worktree = git.worktree === undefined ? 'main' : `worktree-${encodeKeyPart(git.worktree)}`;
  // Several projects can live in one repository; each has its own active session.
  const project = real === git.topLevel ? '' : `.${encodeKeyPart(real.slice(git.topLevel.length))}`;
  return { folder: join(git.commonDir, 'baton'), worktreeKey: worktree + project };
}

/** Local records as files below a folder: a key is a path in it, a record is JSON. */
export function createNodeLocalState(place: LocalStatePlace, io?: FileIo): LocalState {
  const pathOf = (key: string): string => {
    assertKey(key);
    return join(place.folder, ...key.split('/'));
  };
  const encode = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  const options = io === undefined ? {} : { io };
  const read = async (key: string): Promise<unknown> => {
    try {
      // At once: for a small file the way through the pool of threads costs ten times as much, and records are read all the time.
      return JSON.parse(readFileSync(pathOf(key), 'utf8'));
    } catch (error) {
      // A record is volatile: one that is torn or that somebody edited is no record.
      if (isMissing(error) || error instanceof SyntaxError) return undefined;
      throw writeError(error, pathOf(key));
    }
  };
  const write = async (key: string, value: unknown): Promise<void> => {
    const path = pathOf(key);
    await writeWholeFile(path, encode(value), options).catch((error: unknown) => {
      throw writeError(error, path);
    });
  };
  return {
    worktreeKey: place.worktreeKey,
    keyPart: encodeKeyPart,
    locate: pathOf,
    read,
    write,
    async update(key, change) {
      const lease = await lockRecord(pathOf(key));
      try {
        const before = await read(key);
        const after = change(before);
        if (after === undefined) return before;
        await write(key, after);
        return after;
      } finally {
        await lease.release();
      }
    },
    async create(key, value) {
      const path = pathOf(key);
      return await createWholeFile(path, encode(value), options).catch((error: unknown) => {
        throw writeError(error, path);
      });
    },
    async remove(key) {
      const path = pathOf(key);
      await unlink(path).catch((error: unknown) => {
        if (!isMissing(error)) throw writeError(error, path);
      });
    },
    async moveFolder(from, to) {
      const target = pathOf(to);
      await mkdir(dirname(target), { recursive: true });
      await rename(pathOf(from), target).catch((error: unknown) => {
        throw writeError(error, target);
      });
    },
    list: (prefix, { levels } = {}) => listKeys(place.folder, prefix, levels),
  };
}

/** A record is changed within milliseconds; one who holds it for longer has died. */
const recordLeaseMs = 10_000;

async function lockRecord(path: string): Promise<Lease> {
  const attempt = await waitForLease(`${path}.lock`, {
    owners: createNodeOwners({ mayStartProcesses: false }),
    ttlMs: recordLeaseMs,
    waitMs: 15_000,
    purpose: 'update',
  });
  if ('lease' in attempt) return attempt.lease;
  const holder = attempt.heldBy === undefined ? phrase`another process` : phrase`process ${attempt.heldBy.owner.pid}`;
  throw new BatonError('locked', phrase`${path} is being changed by ${holder}`, {
    hint: 'Wait for it, or end that process if it hangs, then try again.',
    data: { path },
  });
}

/** Keys that begin with `prefix`, sorted; only the folder that the prefix names is read. */
async function listKeys(folder: string, prefix: string, levels = Number.POSITIVE_INFINITY): Promise<readonly string[]> {
  const base = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  if (base !== '') assertKey(base.slice(0, -1));
  const found: string[] = [];
  const visit = async (path: string, left: number): Promise<void> => {
    const entries = await readdir(join(folder, path), { withFileTypes: true }).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw writeError(error, join(folder, path));
    });
    for (const entry of entries) {
      const key = path + entry.name;
      if (entry.isDirectory()) {
        if (left > 1) await visit(`${key}/`, left - 1);
      } else if (key.startsWith(prefix) && !/\.(?:tmp|lock|takeover)$/.test(entry.name)) found.push(key);
    }
  };
  await visit(base, levels);
  return found.sort();
}
