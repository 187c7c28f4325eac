import {
  collectQuestions,
  isWaitedFor,
  noteUnanswered,
  questionsOf,
  takeAnswers,
  unansweredWhy,
} from '../core/actions/isolated/questions.ts';
import { updateIsolated } from '../core/actions/isolated/records.ts';
import { isoTimeOf } from '../core/base/localTime.ts';
import type { OutboxAnswer } from '../core/formats/isolated/outbox.ts';
import type { InboxItem } from '../core/model/inbox.ts';
import type { Outbox } from '../platform/agents/outbox.ts';
import type { SupervisorContext } from './context.ts';

/** Carries questions of one worker from its outbox to the inbox, and answers back. */
export class WorkerQuestions {
  readonly #context: SupervisorContext;
  readonly #id: string;
  readonly #outbox: Outbox;
  /** Put where a running worker finds them; whether it has read them shows when its turn ends. */
  #untold: OutboxAnswer[] = [];
  /** Nobody answered these while it ran. */
  #late: InboxItem[] = [];

  constructor(context: SupervisorContext, id: string, outbox: Outbox) {
    this.#context = context;
    this.#id = id;
    this.#outbox = outbox;
  }

  /** Takes what the worker left; tells whether it says that it reviews. */
  async collect(): Promise<{ readonly isReviewing: boolean }> {
    const { questions, isReviewing, unreadable } = await this.#outbox.collect();
    await this.reportUnreadable(unreadable);
    await collectQuestions(this.#context, this.#id, questions);
    return { isReviewing };
  }

  /** Questions that the worker cannot go on without. */
  async open(): Promise<readonly InboxItem[]> {
    return (await questionsOf(this.#context, this.#id)).filter(isWaitedFor);
  }

  /** Answers that the worker has not been told, for its next turn. */
  async take(): Promise<readonly OutboxAnswer[]> {
    const answers = await takeAnswers(this.#context, await questionsOf(this.#context, this.#id));
    await this.#outbox.answer(answers);
    const untold = this.#untold;
    this.#untold = [];
    return [...untold, ...answers];
  }

  /** Questions that nobody answered in time, for its next turn. */
  takeLate(): readonly InboxItem[] {
    const late = this.#late;
    this.#late = [];
    return late;
  }

  /** Gives answers to a worker whose process lives; while it waits for one, it is waiting. */
  async deliver(): Promise<void> {
    const items = await questionsOf(this.#context, this.#id);
    if (items.length === 0) return;
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
    const waits = items.some((item) => isWaitedFor(item) && !unanswered.includes(item));
    await updateIsolated(this.#context, this.#id, (one) => {
      const [from, status] = waits ? (['running', 'waiting'] as const) : (['waiting', 'running'] as const);
      if (one.status !== from) return undefined;
      const at = isoTimeOf(this.#context.ports.clock.now());
      return { ...one, status, history: [...one.history, { status, at }] };
    });
  }

  async reportUnreadable(files: readonly string[]): Promise<void> {
    const questions = files.map((file) => ({
      id: file,
      question: `${this.#id} wrote a file that cannot be understood: ${this.#outbox.folder}/${file}`,
      options: [],
      context: 'Look at it; the session goes on meanwhile.',
      blocking: false,
    }));
    await collectQuestions(this.#context, this.#id, questions);
  }
}
