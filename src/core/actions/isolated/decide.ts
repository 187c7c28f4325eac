import { isoTimeOf } from '../../base/localTime.ts';
import { BatonError } from '../../errors.ts';
import type { IsolatedSession, ReviewVerdict } from '../../model/isolated.ts';
import type { IsolatedContext } from './context.ts';
import { folderKey, moveIsolated, requireIsolated, updateIsolated } from './records.ts';
import { readReviewedTree } from './reviewedTree.ts';

export interface DecideOptions {
  /** ID of the session, or of its work item. */
  readonly id: string;
  readonly reason: string;
}

/**
 * Approves a session's work as it is now, in place of its own review; who did that and why is recorded with the tree.
 *
 * @throws BatonError `unknown-isolated`, `wrong-state` while it runs, `invalid-argument` without a reason
 */
export async function approveIsolated(context: IsolatedContext, options: DecideOptions): Promise<IsolatedSession> {
  return await decide(context, options, 'approved');
}

/** Rejects a session's work: it is not merged, and stays where it is. `retry` sends it back. */
export async function rejectIsolated(context: IsolatedContext, options: DecideOptions): Promise<IsolatedSession> {
  return await decide(context, options, 'rejected');
}

async function decide(
  context: IsolatedContext,
  { id, reason }: DecideOptions,
  decision: ReviewVerdict['decision'],
): Promise<IsolatedSession> {
  if (reason.trim() === '') {
    throw new BatonError('invalid-argument', 'A decision of yours needs a reason', { hint: 'Give it with -m.' });
  }
  const session = await requireIsolated(context, id);
  const tree = await readReviewedTree(context, session);
  const review: ReviewVerdict = {
    decision,
    summary: session.review?.summary ?? reason.trim(),
    reviewedBy: 'person',
    at: isoTimeOf(context.ports.clock.now()),
    tree,
    byPerson: { reason: reason.trim() },
  };
  const after =
    session.status === decision
      ? await updateIsolated(context, session.id, (one) => ({ ...one, review }))
      : await moveIsolated(context, session.id, decision, {
          why: reason.trim(),
          from: decidable,
          change: () => ({ review }),
        });
  await context.ports.localState.write(`${folderKey(session.id)}/review.json`, review);
  return after;
}

/** While a session runs its work is not finished, and nobody can have looked at it. */
const decidable = ['waiting', 'stopped', 'failed', 'rejected', 'approved', 'conflict', 'paused'] as const;
