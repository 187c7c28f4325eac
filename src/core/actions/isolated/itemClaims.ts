import type { IsolatedSession, WorkItem } from '../../model/isolated.ts';
import type { ActionContext } from '../context.ts';
import { dispatchKey, isIsolatedId, stateKey } from './records.ts';

type ClaimContext = { readonly ports: Pick<ActionContext['ports'], 'claims' | 'clock' | 'localState'> };

/** The longest that a claim lasts; a session that takes longer has its dispatch key still. */
const claimMs = 7 * 24 * 60 * 60_000;

/** Claims an item for a session, for those to see who look at claims; false where somebody else has claimed it. */
export async function claimItem(
  { ports }: ClaimContext,
  { source, id, list }: WorkItem,
  session: string,
): Promise<boolean> {
  // Beads has its own.
  if (source === 'beads') return true;
  const key = { item: id, ...(list !== undefined && { list }) };
  const known = await ports.claims.read(key);
  const attempt = await ports.claims.claim({
    ...key,
    owner: session,
    isNamed: true,
    ttlMs: claimMs,
    takeover: known?.isExpired === true || isIsolatedId(known?.owner ?? ''),
  });
  return 'claim' in attempt;
}

/** Gives back what a session had of its item: the dispatch key, and its claim. */
export async function freeItem(
  { ports }: ClaimContext,
  { id, item }: Pick<IsolatedSession, 'id' | 'item'>,
): Promise<void> {
  await ports.localState.remove(dispatchKey(ports, item));
  const claim = await ports.claims.read({ item: item.id, ...(item.list !== undefined && { list: item.list }) });
  if (claim?.owner === id) await ports.claims.release(claim);
}

/** Gives back the claims of sessions that are gone. */
export async function freeLostClaims({ ports }: ClaimContext): Promise<void> {
  for (const claim of await ports.claims.list()) {
    const isLost = isIsolatedId(claim.owner) && (await ports.localState.read(stateKey(claim.owner))) === undefined;
    if (isLost) await ports.claims.release(claim);
  }
}
