import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import type { ClaimInfo } from '../../model/taskList.ts';
import type { Claim } from '../../ports/claims.ts';
import type { ActionContext } from '../context.ts';
import { toClaimInfo } from './claimInfo.ts';
import { assertRevision, readTaskLists, revisionOfList } from './readLists.ts';

export interface ReleaseOptions {
  /** ID of a task (`LIST/TASK` too), or of a session of a plan. */
  readonly item: string;
  readonly list?: string;
  /** Who gives it back; a claim with an owner's name is given back by that owner alone. */
  readonly owner?: string;
  /** Gives back another owner's claim too. */
  readonly force?: boolean;
  /** The revision of the task's list that the caller saw; another one is a `conflict`. Of a session it says nothing. */
  readonly expectedRevision?: string;
}

export interface ReleaseResult {
  /** What was given back. */
  readonly claim: ClaimInfo;
  /** Of the task's list; undefined for a session, and where the list is gone. */
  readonly revision?: string;
  readonly warnings: readonly string[];
}

/**
 * Gives a claim back.
 *
 * @throws BatonError `not-claimed` where there is none, `claimed` where it is another owner's, `ambiguous-task`, `conflict`
 */
export async function release(context: ActionContext, options: ReleaseOptions): Promise<ReleaseResult> {
  const { claims, clock } = context.ports;
  const found = findClaim(await claims.list(), options);
  const info = toClaimInfo(found, clock.now().offsetMinutes);
  const isOwn = !found.isNamed || found.owner === options.owner?.trim() || found.isExpired;
  if (!isOwn && options.force !== true) {
    throw new BatonError('claimed', phrase`${found.item} is claimed by ${found.owner} until ${info.expiresAt}`, {
      hint: 'Say who you are with `--owner`, or give it back all the same with `--force`.',
      data: { item: found.item, claim: info, expired: info.expired },
    });
  }
  const { lists } = await readTaskLists(context);
  const entry = lists.find(({ list }) => list.id === found.list);
  if (entry) assertRevision(entry, options.expectedRevision);
  if (!(await claims.release(found))) throw notClaimed(found.item);
  return { claim: info, ...(entry && { revision: revisionOfList(entry) }), warnings: [] };
}

function findClaim(all: readonly Claim[], { item, list }: ReleaseOptions): Claim {
  const slash = item.indexOf('/');
  const [inList, id] = list !== undefined || slash < 0 ? [list, item] : [item.slice(0, slash), item.slice(slash + 1)];
  const found = all.filter((claim) => claim.item === id && (inList === undefined || claim.list === inList));
  const [only, second] = found;
  if (only === undefined) throw notClaimed(item);
  if (second === undefined) return only;
  const places = found.map((claim) => claim.list ?? phrase`the sessions`);
  throw new BatonError('ambiguous-task', phrase`${id} is claimed in ${places.join(' and in ')}`, {
    hint: phrase`Name the list: ${found.find((claim) => claim.list !== undefined)?.list ?? 'LIST'}/${id}.`,
    data: { item: id, lists: places },
  });
}

function notClaimed(item: string): BatonError {
  return new BatonError('not-claimed', phrase`Nobody has claimed ${item}`, { data: { item } });
}
