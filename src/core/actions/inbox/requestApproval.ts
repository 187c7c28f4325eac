import { isoTimeOf } from '../../base/localTime.ts';
import { phrase } from '../../base/phrase.ts';
import { revisionOf } from '../../base/revision.ts';
import type { InboxItem } from '../../model/inbox.ts';
import type { ActionContext } from '../context.ts';
import { inboxKey } from './records.ts';

/** Commands that may not run yet. */
export interface ApprovalRequest {
  readonly commands: readonly string[];
  /** What they are for: `verifying BE-02`. */
  readonly purpose: string;
  readonly session?: string;
}

/** Lets the inbox show that commands wait for approval; once for the same commands and purpose. Approves nothing. */
export async function requestApproval(
  { ports }: Pick<ActionContext, 'ports'>,
  { commands, purpose, session }: ApprovalRequest,
): Promise<{ readonly id: string }> {
  const id = `approve-${revisionOf(JSON.stringify([purpose, commands])).slice(0, 6)}`;
  const item: InboxItem = {
    id,
    kind: 'approval',
    question: phrase`May these commands run for ${purpose}?`,
    options: [],
    context: 'Run `baton verify` in a terminal, or "Baton: Verify Session" in VS Code: each shows them and asks.',
    commands,
    blocking: true,
    askedAt: isoTimeOf(ports.clock.now()),
    ...(session !== undefined && { session }),
  };
  await ports.localState.create(inboxKey(id), item);
  return { id };
}
