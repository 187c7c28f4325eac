import { isoTimeOf } from '../../base/localTime.ts';
import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import type { IsolatedSession } from '../../model/isolated.ts';
import { type ReviewComment, readReviewComments } from '../../model/reviewComment.ts';
import type { IsolatedContext } from './context.ts';
import { retryIsolated } from './control.ts';
import { folderKey, type RecordContext, requireIsolated } from './records.ts';

export interface CommentOptions {
  /** ID of the session, or of its work item. */
  readonly id: string;
  /** Relative to the worktree. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** Comments of a session, in the order in which they were made. */
export async function readComments({ ports }: RecordContext, id: string): Promise<readonly ReviewComment[]> {
  return readReviewComments(await ports.localState.read(commentsKey(id)));
}

/**
 * Keeps what a person says about a line of a session's work, until it is sent.
 *
 * @throws BatonError `unknown-isolated`, `invalid-argument` without a text, or for a line that the file in the worktree does not have
 */
export async function commentIsolated(
  context: IsolatedContext,
  { id, path, line, text }: CommentOptions,
): Promise<{ readonly session: IsolatedSession; readonly comment: ReviewComment }> {
  const session = await requireIsolated(context, id);
  if (text.trim() === '') throw new BatonError('invalid-argument', 'A comment needs a text');
  const { files } = await context.isolated.portsOf(session.worktree);
  const content = await files.readText(path);
  const lineText = content?.split(/\r\n|\r|\n/)[line - 1];
  if (lineText === undefined) {
    throw new BatonError('invalid-argument', phrase`There is no line ${line} in ${path} of the worktree`, {
      hint: '`baton isolated changes ID` lists the files that the session has changed.',
      data: { path, line },
    });
  }
  const at = isoTimeOf(context.ports.clock.now());
  const after = await changeComments(context, session.id, (comments) => {
    const number = Math.max(0, ...comments.map((one) => Number(one.id.replace(/^c-/, '')) || 0)) + 1;
    return [...comments, { id: `c-${number}`, path, line, lineText: lineText.trim(), text: text.trim(), at }];
  });
  const comment = after.at(-1);
  if (comment === undefined) throw new BatonError('io-failed', 'The comment was not written');
  return { session, comment };
}

/**
 * Takes comments back that were not sent yet.
 *
 * @throws BatonError `unknown-isolated`
 */
export async function removeComments(
  context: RecordContext,
  { id, comments: ids }: { readonly id: string; readonly comments: readonly string[] },
): Promise<void> {
  const session = await requireIsolated(context, id);
  await changeComments(context, session.id, (comments) =>
    comments.filter((one) => one.sentAt !== undefined || !ids.includes(one.id)),
  );
}

/**
 * Sends a session back to work with the comments that it was not told yet. Only when it is queued they count as sent.
 *
 * @throws BatonError `unknown-item` where there is nothing to send, and what `retryIsolated` throws: `wrong-state` while it is at work
 */
export async function sendComments(
  context: IsolatedContext,
  { id, message }: { readonly id: string /** Said before them. */; readonly message?: string },
): Promise<{ readonly session: IsolatedSession; readonly sent: readonly ReviewComment[] }> {
  const { id: session } = await requireIsolated(context, id);
  const sent = (await readComments(context, session)).filter(({ sentAt }) => sentAt === undefined);
  if (sent.length === 0) {
    throw new BatonError('unknown-item', phrase`There are no comments on ${id} that were not sent`, {
      hint: 'Make one with `baton isolated comment ID FILE:LINE TEXT`, or on a line of its changes in VS Code.',
    });
  }
  const after = await retryIsolated(context, { id: session, message: describeComments(sent, message) });
  const sentAt = isoTimeOf(context.ports.clock.now());
  const ids = new Set(sent.map((one) => one.id));
  await changeComments(context, session, (comments) =>
    comments.map((one) => (ids.has(one.id) ? { ...one, sentAt } : one)),
  );
  return { session: after, sent };
}

/** What the agent is told. */
function describeComments(comments: readonly ReviewComment[], message: string | undefined): string {
  const lines = comments.map(
    ({ path, line, lineText, text }) => `- ${path}:${line} (\`${lineText}\`): ${text.replaceAll('\n', '\n  ')}`,
  );
  const head = 'The person has read your changes and comments on these lines:';
  const given = message?.trim() ?? '';
  return [...(given === '' ? [] : [given]), [head, ...lines].join('\n')].join('\n\n');
}

async function changeComments(
  { ports }: RecordContext,
  id: string,
  change: (comments: readonly ReviewComment[]) => readonly ReviewComment[],
): Promise<readonly ReviewComment[]> {
  const after = await ports.localState.update(commentsKey(id), (value) => ({
    baton: 'comments/1',
    comments: change(readReviewComments(value)),
  }));
  return readReviewComments(after);
}

function commentsKey(id: string): string {
  return `${folderKey(id)}/comments.json`;
}
