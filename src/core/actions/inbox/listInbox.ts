import type { InboxItem } from '../../model/inbox.ts';
import { readIsolatedSession } from '../../model/isolated.ts';
import type { LocalState } from '../../ports/localState.ts';
import type { ActionContext } from '../context.ts';
import { archiveKey, isIsolatedId, stateKey } from '../isolated/records.ts';
import { readItems } from './records.ts';

/**
 * Lists what waits for a person: what blocks somebody first, among those what more work waits for. What a session asked that was merged or put
 * away since waits no more. With `all` also that, and what has been answered.
 */
export async function listInbox(
  context: Pick<ActionContext, 'ports'>,
  { all = false }: { readonly all?: boolean } = {},
): Promise<{ readonly items: readonly InboxItem[] }> {
  const { localState, approvals } = context.ports;
  const items = await readItems(localState);
  if (all) return { items };
  const open: InboxItem[] = [];
  for (const item of items) {
    const isSettled =
      item.kind === 'approval' ? await approvals.isApproved(item.commands ?? []) : item.answer !== undefined;
    if (!isSettled) open.push(item);
  }
  return { items: await byWaiting(localState, open) };
}

async function byWaiting(localState: LocalState, items: readonly InboxItem[]): Promise<readonly InboxItem[]> {
  const counts = new Map<string, number | undefined>();
  for (const { isolated } of items) {
    if (isolated !== undefined && !counts.has(isolated)) counts.set(isolated, await countWaiting(localState, isolated));
  }
  const countOf = ({ isolated }: InboxItem): number => counts.get(isolated ?? '') ?? 0;
  return items
    .filter(({ isolated }) => isolated === undefined || counts.get(isolated) !== undefined)
    .toSorted((a, b) => Number(b.blocking) - Number(a.blocking) || countOf(b) - countOf(a));
}

/** How many items wait for a session's; undefined for a session in the archive. */
async function countWaiting(localState: LocalState, id: string): Promise<number | undefined> {
  if (!isIsolatedId(id)) return 0;
  const session = readIsolatedSession(await localState.read(stateKey(id)));
  if (session !== undefined) return session.item.unblocksCount;
  return (await localState.read(`${archiveKey(id)}/state.json`)) === undefined ? 0 : undefined;
}
