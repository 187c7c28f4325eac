import { isoTimeOf } from '../../base/localTime.ts';
import type { ClaimInfo } from '../../model/taskList.ts';
import type { Claim } from '../../ports/claims.ts';

/** Translates a claim for people and programs: its times with the zone of this machine. */
export function toClaimInfo(
  { item, list, owner, claimedAtMs, expiresAtMs, isExpired }: Claim,
  offsetMinutes: number,
): ClaimInfo {
  return {
    item,
    ...(list !== undefined && { list }),
    owner,
    claimedAt: isoOf(claimedAtMs, offsetMinutes),
    expiresAt: isoOf(expiresAtMs, offsetMinutes),
    expired: isExpired,
  };
}

function isoOf(epochMs: number, offsetMinutes: number): string {
  const date = new Date(epochMs + offsetMinutes * 60_000);
  return isoTimeOf({
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    offsetMinutes,
  });
}
