import { copyFile, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outboxFolder, taskFile } from '../../core/actions/isolated/workPrompt.ts';
import { isFields, readFields } from '../../core/formats/agents/fields.ts';
import {
  type OutboxAnswer,
  type OutboxQuestion,
  type OutboxReview,
  readAnswers,
  readQuestions,
  readReview,
  writeAnswers,
} from '../../core/formats/isolated/outbox.ts';

/** A file that stays unreadable for so long is not being written any more. */
const unreadableMs = 3_000;

/** Characters of a summary that go into the record; the file has all of it. */
const longestSummary = 4_000;

/** What was found in the outbox. */
export interface Collected {
  readonly questions: readonly OutboxQuestion[];
  readonly isReviewing: boolean;
  /** Files that were moved aside since they cannot be understood. */
  readonly unreadable: readonly string[];
}

/** The outbox of one worker: an ignored folder of its worktree, since agents may not be able to write under `.git`. */
export class Outbox {
  readonly folder: string;

  /** `name`: of one of several workers in the same tree. */
  constructor(worktree: string, name = '') {
    this.folder = join(worktree, outboxFolder, name);
  }

  /** Makes it ready for a run: the verdict of an earlier one is out of the way, its questions and answers stay. */
  async open(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    for (const name of ['review.json', 'phase.json']) {
      const path = join(this.folder, name);
      await rename(path, join(this.folder, `earlier-${name}`)).catch(() => undefined);
    }
  }

  /** Keeps what the worker is told at its beginning where it finds it again. */
  async keepTask(text: string): Promise<void> {
    await writeFile(join(this.folder, taskFile), `${text}\n`);
  }

  async collect(): Promise<Collected> {
    const unreadable: string[] = [];
    const questions = await this.#read('questions.json', readQuestions, unreadable);
    const phase = await readFile(join(this.folder, 'phase.json'), 'utf8').catch(() => '');
    const fields = readFields(phase);
    return {
      questions: questions ?? [],
      isReviewing: isFields(fields) && fields['phase'] === 'review',
      unreadable,
    };
  }

  /** The verdict of this run; one that cannot be understood is moved aside and named. */
  async review(): Promise<{ readonly review: OutboxReview | undefined; readonly unreadable: readonly string[] }> {
    const unreadable: string[] = [];
    const review = await this.#read('review.json', readReview, unreadable, 0);
    return { review, unreadable };
  }

  /** Keeps what the worker wrote for the person, where it wrote something, and gives its beginning. */
  async keepSummary(to: string): Promise<string | undefined> {
    const path = join(this.folder, 'summary.md');
    try {
      await copyFile(path, to);
      const text = (await readFile(path, 'utf8')).trim();
      return text.length > longestSummary ? `${text.slice(0, longestSummary)}…` : text;
    } catch {
      return undefined;
    }
  }

  /** Adds answers to `answers.json`, where a worker that still runs finds them. */
  async answer(answers: readonly OutboxAnswer[]): Promise<void> {
    if (answers.length === 0) return;
    const path = join(this.folder, 'answers.json');
    const known = readAnswers(await readFile(path, 'utf8').catch(() => '[]'));
    const ids = new Set(known.map(({ questionId }) => questionId));
    await this.#replace(path, writeAnswers([...known, ...answers.filter(({ questionId }) => !ids.has(questionId))]));
  }

  /** Notes in `answers.json` that nobody has answered; an answer that comes after all takes the note's place. */
  async tellUnanswered(notes: readonly { readonly questionId: string; readonly note: string }[]): Promise<void> {
    if (notes.length === 0) return;
    const path = join(this.folder, 'answers.json');
    const known = readAnswers(await readFile(path, 'utf8').catch(() => '[]'));
    await this.#replace(path, writeAnswers(known, notes));
  }

  async #replace(path: string, text: string): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const temporary = `${path}.${process.pid}.tmp`;
    await writeFile(temporary, text);
    await rename(temporary, path);
  }

  async #read<T>(
    name: string,
    read: (text: string) => T | undefined,
    unreadable: string[],
    patienceMs = unreadableMs,
  ): Promise<T | undefined> {
    const path = join(this.folder, name);
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined || text.trim() === '') return undefined;
    const value = read(text);
    if (value !== undefined) return value;
    // It may be half written; a file that nobody goes on with is kept aside, and the person is told.
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs < patienceMs) return undefined;
    const aside = `unreadable-${Date.now()}-${name}`;
    await rename(path, join(this.folder, aside)).catch(() => undefined);
    unreadable.push(aside);
    return undefined;
  }
}
