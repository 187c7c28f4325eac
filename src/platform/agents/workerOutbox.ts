import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { phrase } from '../../core/base/phrase.ts';
import { BatonError } from '../../core/errors.ts';
import { type OutboxQuestion, readAnswers, readQuestions, readUnanswered } from '../../core/formats/isolated/outbox.ts';
import { writeWholeFile } from '../atomicFile.ts';
import { writeError } from '../ioErrors.ts';
import { waitForLease } from '../leases.ts';
import { createNodeOwners } from '../owners.ts';

const lockMs = 10_000;

/** The outbox that this process may leave questions in: its supervisor says so in the environment. */
export function workerOutbox(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folder = env.BATON_OUTBOX;
  return folder !== undefined && isAbsolute(folder) ? folder : undefined;
}

/**
 * Leaves a question in an outbox, beside those that are there; the supervisor puts it into the inbox. For workers whose sandbox keeps them
 * from writing under `.git`.
 *
 * @throws BatonError `read-only`, `disk-full`, `io-failed`, `locked`
 */
export async function leaveQuestion(folder: string, question: Omit<OutboxQuestion, 'id'>): Promise<OutboxQuestion> {
  const path = join(folder, 'questions.json');
  const left: OutboxQuestion = { id: `q-${randomBytes(4).toString('hex')}`, ...question };
  try {
    await mkdir(folder, { recursive: true });
    const attempt = await waitForLease(`${path}.lock`, {
      owners: createNodeOwners({ mayStartProcesses: false }),
      ttlMs: lockMs,
      waitMs: lockMs,
    });
    if (!('lease' in attempt)) throw new BatonError('locked', phrase`${path} is being changed by another process`);
    try {
      const known = readQuestions(await readFile(path, 'utf8').catch(() => '[]')) ?? [];
      await writeWholeFile(path, Buffer.from(`${JSON.stringify([...known, left], null, 2)}\n`));
    } finally {
      await attempt.lease.release();
    }
  } catch (error) {
    throw writeError(error, path);
  }
  return left;
}

/** A question that was left. */
export async function findLeft(folder: string, id: string): Promise<OutboxQuestion | undefined> {
  const text = await readFile(join(folder, 'questions.json'), 'utf8').catch(() => '[]');
  return readQuestions(text)?.find((question) => question.id === id);
}

/** The answer to a question that was left, once it is there. */
export async function readLeftAnswer(
  folder: string,
  id: string,
): Promise<{ readonly answer: string; readonly answeredAt: string } | undefined> {
  const text = await readFile(join(folder, 'answers.json'), 'utf8').catch(() => '[]');
  return readAnswers(text).find(({ questionId }) => questionId === id);
}

/** Tells whether a question that was left has waited so long that its worker goes on without an answer. */
export async function isLeftUnanswered(folder: string, id: string): Promise<boolean> {
  const text = await readFile(join(folder, 'answers.json'), 'utf8').catch(() => '[]');
  return readUnanswered(text).includes(id);
}
