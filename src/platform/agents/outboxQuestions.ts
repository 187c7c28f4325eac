import type { IsolatedContext } from '../../core/actions/isolated/context.ts';
import {
  type Asker,
  collectQuestions,
  isWaitedFor,
  noteUnanswered,
  questionsOf,
  takeAnswers,
  unansweredWhy,
} from '../../core/actions/isolated/questions.ts';
import { phrase } from '../../core/base/phrase.ts';
import type { OutboxAnswer } from '../../core/formats/isolated/outbox.ts';
import type { InboxItem } from '../../core/model/inbox.ts';
import type { Outbox } from './outbox.ts';

/** Carries questions of one worker from its outbox to the inbox, and answers back. */
export class OutboxQuestions {
  readonly #context: IsolatedContext;
  readonly #asker: Asker;
  readonly #outbox: Outbox;
  /** Put where a running worker finds them; whether it has read them shows when its turn ends. */
  #untold: OutboxAnswer[] = [];
  /** Nobody answered these while it ran. */
  #late: InboxItem[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(context: IsolatedContext, asker: Asker, outbox: Outbox) {
    this.#context = context;
    this.#asker = asker;
    this.#outbox = outbox;
  }

  /** Takes what the worker left; tells whether it says that it reviews. */
  collect(): Promise<{ readonly isReviewing: boolean }> {
    return this.#inTurn(async () => {
      const { questions, isReviewing, unreadable } = await this.#outbox.collect();
      await this.reportUnreadable(unreadable);
      await collectQuestions(this.#context, this.#asker, questions);
      return { isReviewing };
    });
  }

  /** Questions that the worker cannot go on without. */
  async open(): Promise<readonly InboxItem[]> {
    return (await questionsOf(this.#context, this.#asker)).filter(isWaitedFor);
  }

  /** Answers that the worker has not been told, for its next turn. */
  take(): Promise<readonly OutboxAnswer[]> {
    return this.#inTurn(async () => {
      const answers = await takeAnswers(this.#context, await questionsOf(this.#context, this.#asker));
      await this.#outbox.answer(answers);
      const untold = this.#untold;
      this.#untold = [];
      return [...untold, ...answers];
    });
  }

  /** Questions that nobody answered in time, for its next turn. */
  takeLate(): readonly InboxItem[] {
    const late = this.#late;
    this.#late = [];
    return late;
  }

  /** Gives answers to a worker whose process lives; tells whether it waits for one. Undefined where it has asked nothing. */
  deliver(): Promise<boolean | undefined> {
    return this.#inTurn(() => this.#deliver());
  }

  async #deliver(): Promise<boolean | undefined> {
    const items = await questionsOf(this.#context, this.#asker);
    if (items.length === 0) return undefined;
    const minutes = this.#context.store.workspace?.config.questionTimeoutMinutes;
    const unanswered = await noteUnanswered(this.#context, items, minutes);
    await this.#outbox.tellUnanswered(
      unanswered.map((item) => ({ questionId: item.askedAs ?? item.id, note: unansweredWhy([item]) })),
    );
    this.#late.push(...unanswered);
    const answers = await takeAnswers(
      this.#context,
      items.filter(({ askedAs }) => askedAs !== undefined),
    );
    await this.#outbox.answer(answers);
    this.#untold.push(...answers);
    return items.some((item) => isWaitedFor(item) && !unanswered.includes(item));
  }

  /** One after another: the look at the end of a turn must not miss what a look that is under way has taken and not yet recorded. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async reportUnreadable(files: readonly string[]): Promise<void> {
    const questions = files.map((file) => ({
      id: file,
      question: phrase`${nameOf(this.#asker)} wrote a file that cannot be understood: ${this.#outbox.folder}/${file}`,
      options: [],
      context: 'Look at it; the work goes on meanwhile.',
      blocking: false,
    }));
    await collectQuestions(this.#context, this.#asker, questions);
  }
}

function nameOf(asker: Asker): string {
  return typeof asker === 'string' ? asker : `${asker.waveAgent} of ${asker.wave}`;
}
