import { phrase } from '../base/phrase.ts';
import { runEffects } from '../effects/runner.ts';
import { BatonError } from '../errors.ts';
import { writeStatus } from '../model/sessionStatus.ts';
import { requireActive } from './activeSession.ts';
import { beginVerb } from './beginVerb.ts';
import { clearEffect, forgetEffect, receiptNote } from './closeSession.ts';
import type { ActionContext } from './context.ts';
import { findReady } from './nextSessions.ts';
import { progressEffects, timedNote } from './progressChanges.ts';
import { retryOnConflict } from './retryOnConflict.ts';
import { readSessionReceipt, receiptOwner } from './runVerification.ts';
import { unsavedWarnings } from './stateCommit.ts';

export interface FailOptions {
  /** The session that the caller takes for the active one; another does not fail instead. */
  readonly id?: string;
  readonly why: string;
}

export interface FailResult {
  readonly session: string;
  readonly warnings: readonly string[];
}

/**
 * Gives the active session up: its row becomes Failed, its notes and the reason go to the progress file, SESSION.md is cleared. The working
 * tree stays as it is, and nothing is committed.
 *
 * @throws BatonError `no-active-session`, `unknown-session` and `wrong-state` for `id`, `no-progress`, `invalid-argument` for an empty reason
 */
export async function fail(context: ActionContext, options: FailOptions): Promise<FailResult> {
  return retryOnConflict(() => tryFail(context, options));
}

async function tryFail(context: ActionContext, options: FailOptions): Promise<FailResult> {
  const why = options.why.trim();
  if (why === '') {
    throw new BatonError('invalid-argument', 'The reason is empty', { hint: 'Say why the session failed: `-m WHY`.' });
  }
  const { workspace, warnings } = await beginVerb(context);
  const session = requireActive(workspace, warnings, options.id);
  if (session.progressPath === undefined) throw noPlaceForNotes(session.id);
  const { clock, localState } = context.ports;
  const now = clock.now();
  const receipt = await readSessionReceipt(localState, receiptOwner(session));
  const outcome = await runEffects(context, 'fail', session.id, [
    ...progressEffects(workspace, session, {
      now,
      cells: { status: writeStatus('failed') },
      notesOf: session.file,
      notes: [...(receipt ? [receiptNote(now, receipt)] : []), timedNote(now, `Failed: ${why}`)],
    }),
    clearEffect(session, now, findReady(workspace, session.entry)),
    forgetEffect(localState),
  ]);
  await context.store.refresh();
  return { session: session.id, warnings: [...warnings, ...unsavedWarnings(outcome)] };
}

/** The refusal where clearing SESSION.md would lose its notes. */
export function noPlaceForNotes(id: string): BatonError {
  return new BatonError('no-progress', phrase`${id} has no progress file, so its notes would be lost`, {
    hint: 'Create one with `baton init <project>`, and try again.',
  });
}
