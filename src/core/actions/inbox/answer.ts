import { isoTimeOf } from '../../base/localTime.ts';
import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import type { InboxItem } from '../../model/inbox.ts';
import type { ActionContext } from '../context.ts';
import { answerKey, requireItem } from './records.ts';

export interface AnswerOptions {
  readonly id: string;
  /** The answer; the number of a proposed one, counted from 1, or its text in any case means that one. */
  readonly text: string;
}

/**
 * Answers an item of the inbox. An answer is never replaced.
 *
 * @throws BatonError `unknown-item`, `wrong-state` where it has been answered (`data.answer`) or waits for approval, `invalid-argument` for an empty answer
 */
export async function answer(
  context: Pick<ActionContext, 'ports'>,
  { id, text }: AnswerOptions,
): Promise<{ readonly item: InboxItem }> {
  const { clock, localState } = context.ports;
  const item = await requireItem(localState, id);
  if (item.kind === 'approval') {
    throw new BatonError(
      'wrong-state',
      phrase`${id} is not answered by words: the commands have to be read and approved`,
      {
        hint: 'Run `baton verify` in a terminal, or "Baton: Verify Session" in VS Code.',
        data: { id, commands: item.commands ?? [] },
      },
    );
  }
  const chosen = chooseAnswer(item, text.trim());
  if (chosen === '') throw new BatonError('invalid-argument', 'The answer is empty', { hint: 'Say something.' });
  if (item.answer !== undefined) throw alreadyAnswered(item, item.answer);
  const record = { answer: chosen, answeredAt: isoTimeOf(clock.now()) };
  if (await localState.create(answerKey(id), record)) return { item: { ...item, ...record } };
  const { answer: other = '' } = await requireItem(localState, id);
  throw alreadyAnswered(item, other);
}

function chooseAnswer({ options }: InboxItem, text: string): string {
  const exact = options.find((option) => option.toLowerCase() === text.toLowerCase());
  const numbered = /^[1-9]\d?$/.test(text) ? options[Number(text) - 1] : undefined;
  return exact ?? numbered ?? text;
}

function alreadyAnswered({ id }: InboxItem, other: string): BatonError {
  return new BatonError('wrong-state', phrase`${id} has been answered: ${other}`, {
    hint: 'Tell whoever asked directly, or wait for the next question.',
    data: { id, answer: other },
  });
}
