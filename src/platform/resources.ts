import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { phrase } from '../core/base/phrase.ts';
import { BatonError } from '../core/errors.ts';
import type { Owners } from '../core/ports/owner.ts';
import type { ResourceHolder, Resources } from '../core/ports/resources.ts';
import { findGitLocation } from './gitDir.ts';
import { type LeaseRecord, readLease, tryLease } from './leases.ts';
import { findLocalStatePlace } from './nodeLocalState.ts';
import { encodeKeyPart } from './stateKeys.ts';

/** Counts only where it cannot be seen whether the holder lives, on another machine: so long nobody else gets the resource. */
const unseenHolderMs = 12 * 60 * 60 * 1000;

/** Long enough for a name that says what it is for, short enough for a file's name. */
const namePattern = /^[\w][\w.:@/-]{0,99}$/;

/** The resources of the clone that holds a folder. */
export async function openResources(root: string, owners: Owners): Promise<Resources> {
  const place = await findLocalStatePlace(root, await findGitLocation(root));
  return createNodeResources(place.folder, owners);
}

/** Resources as leases that end with their holder, in `<common-dir>/baton/resources/`. */
export function createNodeResources(stateFolder: string, owners: Owners): Resources {
  const folder = join(stateFolder, 'resources');
  return {
    async acquire(name, { holder, onWait, cancellation }) {
      if (!namePattern.test(name)) {
        throw new BatonError('invalid-argument', phrase`"${name}" cannot be the name of a resource`, {
          hint: 'Use letters, digits and "._:@/-", at most 100 of them: build, db:test, port:3000.',
        });
      }
      const path = join(folder, `${encodeKeyPart(name)}.lease`);
      const details = { name, holder };
      let waitsFor: string | undefined;
      for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 1.4, 250)) {
        if (cancellation.isCancelled) {
          throw new BatonError('cancelled', phrase`Waiting for ${name} was cancelled`, { data: { resource: name } });
        }
        const attempt = await tryLease(path, { owners, ttlMs: unseenHolderMs, purpose: holder, details });
        if ('lease' in attempt) return { release: () => attempt.lease.release() };
        const nonce = attempt.heldBy?.nonce ?? '';
        if (nonce !== waitsFor) onWait?.(attempt.heldBy && holderOf(attempt.heldBy));
        waitsFor = nonce;
        await sleep(pauseMs * (0.75 + Math.random() / 2));
      }
    },
    async list() {
      const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.lease')).sort();
      const records = await Promise.all(names.map((name) => readLease(join(folder, name))));
      const held: ResourceHolder[] = [];
      for (const record of records) {
        if (record?.details?.name === undefined) continue;
        if ((await owners.stateOf(record.owner)) !== 'dead') held.push(holderOf(record));
      }
      return held;
    },
  };
}

function holderOf({ details, owner, acquiredAt, purpose }: LeaseRecord): ResourceHolder {
  return {
    name: details?.name ?? '',
    holder: details?.holder ?? purpose ?? '',
    pid: owner.pid,
    sinceMs: acquiredAt,
  };
}
