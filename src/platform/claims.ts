import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { phrase } from '../core/base/phrase.ts';
import { BatonError } from '../core/errors.ts';
import type { Claim, ClaimKey, ClaimRequest, Claims } from '../core/ports/claims.ts';
import type { Owners } from '../core/ports/owner.ts';
import { isMissing } from './ioErrors.ts';
import { dropLease, type LeaseRecord, readLease, replaceLease, tryLease } from './leases.ts';
import { encodeKeyPart } from './stateKeys.ts';

/** So often a claim is tried that others take and give back at the same time. */
const maximumAttempts = 10;

/** Claims as leases that end by time, in `<common-dir>/baton/claims/`. */
export function createNodeClaims(stateFolder: string, owners: Owners): Claims {
  const folder = join(stateFolder, 'claims');
  const pathOf = ({ item, list }: ClaimKey): string =>
    join(folder, `${encodeKeyPart(JSON.stringify([list ?? '', item]))}.claim`);
  const readAt = async (path: string): Promise<{ record: LeaseRecord; claim: Claim } | undefined> => {
    const record = await readLease(path);
    const claim = record && toClaim(record);
    return record && claim && { record, claim };
  };
  return {
    async claim(request) {
      const path = pathOf(request);
      const options = { owners, ttlMs: request.ttlMs, kind: 'time' as const, ...describe(request) };
      // A lease that is over would be taken by `tryLease` without a word, so what is there is looked at first.
      for (let attempt = 0; ; attempt++) {
        const current = await readAt(path);
        if (current !== undefined && !mayReplace(current.claim, request)) return { heldBy: current.claim };
        if (current === undefined) {
          const taken = await tryLease(path, options);
          const claim = 'lease' in taken ? toClaim(taken.lease.record) : undefined;
          if (claim) return { claim };
        } else {
          const lease = await replaceLease(path, current.record, options);
          const claim = lease && toClaim(lease.record);
          if (claim) return { claim, replaced: current.claim };
        }
        if (attempt >= maximumAttempts) throw unreadableClaim(request);
        await sleep(attempt * 20);
      }
    },
    async read(key) {
      return (await readAt(pathOf(key)))?.claim;
    },
    async release(claim) {
      const path = pathOf(claim);
      const current = await readAt(path);
      const isSame = current?.claim.owner === claim.owner && current.claim.claimedAtMs === claim.claimedAtMs;
      return current !== undefined && isSame && (await dropLease(path, current.record));
    },
    async list() {
      const names = await readdir(folder).catch((error: unknown) => {
        if (isMissing(error)) return [];
        throw error;
      });
      const found = await Promise.all(
        names.filter((name) => name.endsWith('.claim')).map((name) => readAt(join(folder, name))),
      );
      return found.flatMap((one) => (one === undefined ? [] : [one.claim]));
    },
  };
}

function unreadableClaim({ item }: ClaimKey): BatonError {
  return new BatonError('locked', phrase`${item} is being claimed by others at this moment`, { hint: 'Try again.' });
}

function describe({ item, list, owner, isNamed }: ClaimRequest) {
  return {
    purpose: phrase`${owner} works on ${list === undefined ? item : `${list}/${item}`}`,
    details: { item, owner, named: String(isNamed), ...(list !== undefined && { list }) },
  };
}

/** The owner's own claim, or an expired one that is to be taken over. */
function mayReplace(current: Claim, { owner, isNamed, takeover }: ClaimRequest): boolean {
  const isOwn = isNamed && current.isNamed && current.owner === owner;
  return isOwn || (current.isExpired && takeover === true);
}

function toClaim(record: LeaseRecord): Claim | undefined {
  const { item, list, owner, named } = record.details ?? {};
  if (item === undefined || owner === undefined) return undefined;
  return {
    item,
    ...(list !== undefined && { list }),
    owner,
    isNamed: named === 'true',
    claimedAtMs: record.acquiredAt,
    expiresAtMs: record.expiresAt,
    isExpired: Date.now() > record.expiresAt,
  };
}
