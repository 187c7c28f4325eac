import { phrase } from '../../../base/phrase.ts';
import { revisionOf } from '../../../base/revision.ts';
import type { InboxItem } from '../../../model/inbox.ts';
import type { WaveRun } from '../../../model/waves/waveRun.ts';
import { inboxKey, readItems } from '../../inbox/records.ts';
import type { RunHandle } from './runHandle.ts';

/** A question of the coordinator to the person. */
export interface WaveQuestion {
  /** What it is about, and which time: the same for the same occasion, so that nothing is asked twice. */
  readonly about: string;
  readonly question: string;
  readonly options: readonly string[];
  /** One of `options`. */
  readonly recommended: string;
  /** What the person needs to know to answer: the evidence. */
  readonly context?: string;
}

/** The item of a question: the same for the same run and occasion, however often the engine comes by. */
export function waveQuestionId(run: string, about: string): string {
  const plain = about
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `wave-${plain}-${revisionOf(`${run}\n${about}`).slice(0, 6)}`;
}

/**
 * Puts a question into the inbox, once, and notes that the run waits for its answer. What comes up again after an answer is another question: an
 * answer is given to what the person saw.
 */
export async function askPerson(handle: RunHandle, asked: WaveQuestion): Promise<void> {
  const { answered = [] } = await handle.read();
  const times = answered.filter((about) => about === asked.about).length;
  const again = { about: `${asked.about} #${times + 1}`, question: phrase`${asked.question} (time ${times + 1})` };
  const question = times === 0 ? asked : { ...asked, ...again };
  const { about, options, recommended } = question;
  const id = waveQuestionId(handle.id, about);
  const item: InboxItem = {
    id,
    kind: 'question',
    question: question.question,
    options,
    ...(question.context !== undefined && { context: question.context }),
    blocking: true,
    askedAt: handle.now(),
    wave: handle.id,
    recommended,
    askedAs: about,
  };
  await handle.context.ports.localState.create(inboxKey(id), item);
  await handle.update((run) =>
    run.questions.some((one) => one.item === id)
      ? undefined
      : { ...run, questions: [...run.questions, { about, item: id }] },
  );
}

/** Questions that the run waits for, with their answers where they have one. */
export async function openQuestions(
  handle: RunHandle,
): Promise<readonly { readonly about: string; readonly item: InboxItem }[]> {
  const { questions } = await handle.read();
  if (questions.length === 0) return [];
  const items = await readItems(handle.context.ports.localState);
  return questions.flatMap(({ about, item }) => {
    const found = items.find(({ id }) => id === item);
    return found === undefined ? [] : [{ about, item: found }];
  });
}

/** The record when a question has been answered, and the answer is taken. */
export function withoutQuestion(run: WaveRun, item: string): WaveRun {
  const found = run.questions.find((one) => one.item === item);
  if (found === undefined) return run;
  return {
    ...run,
    questions: run.questions.filter((one) => one !== found),
    answered: [...(run.answered ?? []), found.about.replace(/ #\d+$/, '')],
  };
}

/** The record without any question: what they were about is over. */
export function withoutQuestions(run: WaveRun): WaveRun {
  return run.questions.reduce((one, { item }) => withoutQuestion(one, item), run);
}

/** Takes questions out of the inbox that nobody waits for any more. */
export async function withdrawQuestions(handle: RunHandle): Promise<void> {
  for (const { item } of await openQuestions(handle)) {
    if (item.answer === undefined) await handle.context.ports.localState.remove(inboxKey(item.id));
  }
}
