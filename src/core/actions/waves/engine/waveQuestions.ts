import { phrase } from '../../../base/phrase.ts';
import { revisionOf } from '../../../base/revision.ts';
import type { InboxItem } from '../../../model/inbox.ts';
import { inboxKey, readItems } from '../../inbox/records.ts';
import { countRollBacks, type RunHandle } from './runHandle.ts';

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
 * Puts a question into the inbox, once, and notes that the run waits for its answer. What comes up again when a wave was rolled back is another
 * question: an answer is given to what the person saw.
 */
export async function askPerson(handle: RunHandle, asked: WaveQuestion): Promise<void> {
  const { wave, ...run } = await handle.read();
  const times = countRollBacks(run, wave);
  const question =
    times === 0
      ? asked
      : {
          ...asked,
          about: `${asked.about} r${times}`,
          question: phrase`${asked.question} (rolled back before: ${times})`,
        };
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
