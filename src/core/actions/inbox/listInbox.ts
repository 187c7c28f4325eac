import type { InboxItem } from '../../model/inbox.ts';
import type { ActionContext } from '../context.ts';
import { readItems } from './records.ts';

/** Lists what waits for a person, what blocks somebody first; with `all` also what has been answered. */
export async function listInbox(
  context: Pick<ActionContext, 'ports'>,
  { all = false }: { readonly all?: boolean } = {},
): Promise<{ readonly items: readonly InboxItem[] }> {
  const items = await readItems(context.ports.localState);
  if (all) return { items };
  const open: InboxItem[] = [];
  for (const item of items) {
    const isSettled =
      item.kind === 'approval'
        ? await context.ports.approvals.isApproved(item.commands ?? [])
        : item.answer !== undefined;
    if (!isSettled) open.push(item);
  }
  return { items: open };
}
