import { isoTimeOf } from '../../base/localTime.ts';
import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import { type IsolatedSession, liveStatuses } from '../../model/isolated.ts';
import { isQueued, type ReviewComment, readReviewComments } from '../../model/reviewComment.ts';
import type { IsolatedContext } from './context.ts';
import { retryIsolated } from './control.ts';
import { folderKey, moveIsolated, type RecordContext, requireIsolated } from './records.ts';

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

/** Why a session that had its verdict goes on. */
const commentedWhy = 'The person has commented on your changes.';

/** What becomes of comments that were sent. */
export interface SentComments {
  readonly session: IsolatedSession;
  readonly sent: readonly ReviewComment[];
  /** The session was at work: it is told when its turn ends. One that rested has been sent back to work. */
  readonly isAtWork: boolean;
}

/**
 * Has a session told the comments that it was not told yet: one that is at work with its next turn, one that rests is sent back to work.
 *
 * @throws BatonError `unknown-item` where there is nothing to send, and what `retryIsolated` throws
 */
export async function sendComments(
  context: IsolatedContext,
  { id, message }: { readonly id: string /** Said before them. */; readonly message?: string },
): Promise<SentComments> {
  const found = await requireIsolated(context, id);
  const isAtWork = await takesMore(context, found);
  const waiting = (await readComments(context, found.id)).filter(({ sentAt }) => sentAt === undefined);
  const sent = isAtWork ? waiting.filter((one) => !isQueued(one)) : waiting;
  if (sent.length === 0) {
    throw new BatonError('unknown-item', phrase`There are no comments on ${id} that were not sent`, {
      hint: 'Make one with `baton isolated comment ID FILE:LINE TEXT`, or on a line of its changes in VS Code.',
    });
  }
  await markQueued(context, found.id, sent, isAtWork ? message : undefined);
  const session = isAtWork ? await requireIsolated(context, found.id) : found;
  if (isAtWork && (await takesMore(context, session))) return { session, sent, isAtWork: true };
  // Its turn ended at that very moment, maybe with the comments.
  if (isAtWork && !(await readComments(context, session.id)).some(isQueued)) return { session, sent, isAtWork: true };
  try {
    const why = message?.trim() || commentedWhy;
    return { session: await retryIsolated(context, { id: session.id, message: why }), sent, isAtWork: false };
  } catch (error) {
    const now = await requireIsolated(context, session.id);
    if (await takesMore(context, now)) return { session: now, sent, isAtWork: true };
    await changeComments(context, session.id, (comments) => comments.map(withoutQueue));
    throw error;
  }
}

/**
 * Takes what the session is to be told now, once: whoever asks first gets it.
 *
 * @returns undefined where there is nothing
 */
export async function takeComments(context: RecordContext, id: string): Promise<string | undefined> {
  if (!(await readComments(context, id)).some(isQueued)) return undefined;
  const sentAt = isoTimeOf(context.ports.clock.now());
  let taken: readonly ReviewComment[] = [];
  let said: string | undefined;
  await context.ports.localState.update(commentsKey(id), (value) => {
    const comments = readReviewComments(value);
    taken = comments.filter(isQueued);
    said = saidOf(value);
    return { baton: 'comments/1', comments: comments.map((one) => (isQueued(one) ? { ...one, sentAt } : one)) };
  });
  return taken.length === 0 ? undefined : describeComments(taken, said);
}

/**
 * Sends a session back to work that came to its verdict while comments were queued for its next turn.
 *
 * @throws BatonError `unknown-isolated`
 */
export async function continueCommented(context: RecordContext, id: string): Promise<void> {
  if (!(await readComments(context, id)).some(isQueued)) return;
  const { status } = await requireIsolated(context, id);
  if (status !== 'approved' && status !== 'rejected') return;
  await moveIsolated(context, id, 'queued', {
    why: commentedWhy,
    from: ['approved', 'rejected'],
    change: ({ attempt }) => ({ attempt: attempt + 1 }),
    drop: ['phase'],
  });
}

/** Whether a session takes comments without being sent back to work: it waits for its turn, or is in the middle of one. */
async function takesMore(context: IsolatedContext, { status }: IsolatedSession): Promise<boolean> {
  if (status === 'queued') return true;
  return liveStatuses.includes(status) && (await context.isolated.supervisors.isRunning());
}

async function markQueued(
  { ports }: RecordContext,
  id: string,
  sent: readonly ReviewComment[],
  message: string | undefined,
): Promise<void> {
  const queuedAt = isoTimeOf(ports.clock.now());
  const ids = new Set(sent.map((one) => one.id));
  await ports.localState.update(commentsKey(id), (value) => {
    const said = [saidOf(value), message?.trim()].filter(Boolean).join('\n\n');
    const comments = readReviewComments(value).map((one) => (ids.has(one.id) ? { ...one, queuedAt } : one));
    return { baton: 'comments/1', comments, ...(said !== '' && { said }) };
  });
}

function withoutQueue(comment: ReviewComment): ReviewComment {
  if (!isQueued(comment)) return comment;
  const { queuedAt: _, ...rest } = comment;
  return rest;
}

/** What was said before comments that wait for the session's next turn. */
function saidOf(record: unknown): string | undefined {
  const said = typeof record === 'object' && record !== null && 'said' in record ? record.said : undefined;
  return typeof said === 'string' ? said : undefined;
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
  const after = await ports.localState.update(commentsKey(id), (value) => {
    const said = saidOf(value);
    return { baton: 'comments/1', comments: change(readReviewComments(value)), ...(said !== undefined && { said }) };
  });
  return readReviewComments(after);
}

function commentsKey(id: string): string {
  return `${folderKey(id)}/comments.json`;
}
