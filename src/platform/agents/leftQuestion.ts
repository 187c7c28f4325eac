import { isoTimeOf } from '../../core/base/localTime.ts';
import { BatonError } from '../../core/errors.ts';
import type { OutboxQuestion } from '../../core/formats/isolated/outbox.ts';
import type { InboxItem } from '../../core/model/inbox.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { workerAsker } from '../workerSession.ts';
import { findLeft, isLeftUnanswered, leaveQuestion, readLeftAnswer, workerOutbox } from './workerOutbox.ts';

/** Where a worker leaves its question, after an attempt to ask failed with `error`; undefined where that has another cause or there is no outbox. */
export function outboxAfter(error: unknown): string | undefined {
  // The local records cannot be written: a sandbox may keep a worker from everything under `.git`.
  if (!BatonError.is(error, 'read-only', 'io-failed')) return undefined;
  return Object.keys(workerAsker()).length === 0 ? undefined : workerOutbox();
}

/**
 * Leaves a question where the supervisor collects it. Its ID is the worker's own; in the inbox it gets another.
 *
 * @throws BatonError what `leaveQuestion` throws
 */
export async function askByOutbox(
  folder: string,
  question: Omit<OutboxQuestion, 'id'>,
  clock: Clock,
): Promise<InboxItem> {
  return toItem(await leaveQuestion(folder, question), clock);
}

/** A question that was left in this worker's outbox before; undefined where there is none of that ID. */
export async function findLeftQuestion(id: string, clock: Clock): Promise<InboxItem | undefined> {
  const folder = workerOutbox();
  const question = folder === undefined ? undefined : await findLeft(folder, id);
  return question && toItem(question, clock);
}

function toItem(question: OutboxQuestion, clock: Clock): InboxItem {
  return { ...question, kind: 'question', askedAs: question.id, askedAt: isoTimeOf(clock.now()) };
}

/** The question with what became of it meanwhile. */
export async function readLeftQuestion(folder: string, item: InboxItem, clock: Clock): Promise<InboxItem> {
  const answered = await readLeftAnswer(folder, item.id);
  if (answered !== undefined) return { ...item, answer: answered.answer, answeredAt: answered.answeredAt };
  return (await isLeftUnanswered(folder, item.id)) ? { ...item, noAnswerAt: isoTimeOf(clock.now()) } : item;
}
