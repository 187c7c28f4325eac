import { isoTimeOf } from '../../base/localTime.ts';
import type { OutboxAnswer, OutboxQuestion } from '../../formats/isolated/outbox.ts';
import type { InboxItem } from '../../model/inbox.ts';
import { type IsolatedSession, liveStatuses } from '../../model/isolated.ts';
import type { ActionContext } from '../context.ts';
import { ask } from '../inbox/ask.ts';
import { readItems, unansweredKey } from '../inbox/records.ts';
import type { IsolatedContext } from './context.ts';
import { folderKey, readIsolatedSessions } from './records.ts';

/** Who asks from an outbox: an isolated session by its ID, or an agent of a wave run. */
export type Asker = string | { readonly wave: string; readonly waveAgent: string };

/** The record that a question of a worker has become an item: created exclusively, so that it is put to the person once. */
function askedKey({ localState }: ActionContext['ports'], asker: Asker, question: OutboxQuestion): string {
  const folder = typeof asker === 'string' ? folderKey(asker) : `waves/${asker.wave}/${asker.waveAgent}`;
  return `${folder}/asked/${localState.keyPart(`${question.id}\n${question.question}`)}.json`;
}

/** The record that an answer was given to whoever asked: the first of those who can give it creates it. */
function deliveredKey(item: string): string {
  return `inbox/delivered/${item}.json`;
}

/** Puts questions of a worker into the inbox, each once, however often it writes them. Gives those that are new. */
export async function collectQuestions(
  context: ActionContext,
  asker: Asker,
  questions: readonly OutboxQuestion[],
): Promise<readonly InboxItem[]> {
  const fresh: InboxItem[] = [];
  for (const question of questions) {
    const key = askedKey(context.ports, asker, question);
    if (!(await context.ports.localState.create(key, { question: question.id }))) continue;
    const { item } = await ask(context, {
      question: question.question,
      options: question.options,
      blocking: question.blocking,
      ...(typeof asker === 'string' ? { isolated: asker } : asker),
      askedAs: question.id,
      ...(question.context !== undefined && { context: question.context }),
    });
    fresh.push(item);
  }
  return fresh;
}

/** Items of the inbox that a worker asked, answered or not. */
export async function questionsOf(
  { ports }: Pick<ActionContext, 'ports'>,
  asker: Asker,
): Promise<readonly InboxItem[]> {
  return (await readItems(ports.localState)).filter(({ isolated, wave, waveAgent }) =>
    typeof asker === 'string' ? isolated === asker : wave === asker.wave && waveAgent === asker.waveAgent,
  );
}

/** Its worker cannot go on without the answer, and has not been told to. */
export function isWaitedFor({ blocking, answer, noAnswerAt }: InboxItem): boolean {
  return blocking && answer === undefined && noAnswerAt === undefined;
}

/**
 * Records of those that have waited for so many minutes that nobody answered, and gives them: their worker goes on without. Nothing where no
 * limit is set. The questions stay open.
 */
export async function noteUnanswered(
  { ports }: Pick<ActionContext, 'ports'>,
  items: readonly InboxItem[],
  minutes: number | undefined,
): Promise<readonly InboxItem[]> {
  if (minutes === undefined) return [];
  const now = ports.clock.now();
  const late = items.filter((item) => isWaitedFor(item) && now.epochMs - Date.parse(item.askedAt) >= minutes * 60_000);
  for (const { id } of late) await ports.localState.create(unansweredKey(id), { at: isoTimeOf(now) });
  return late;
}

/** What a worker is told whose questions nobody has answered in time. */
export function unansweredWhy(items: readonly InboxItem[]): string {
  const asked = items.map(({ question }) => `"${question}"`).join(', ');
  return `Nobody has answered ${asked} in the time that is set. That is no answer, neither yes nor no, and the question stays open. Do what does not depend on it, or what is easily taken back; say in the summary what you left out or assumed. Where nothing is left to do without it, reject with that reason.`;
}

/** Notes that whoever asked has the answer, so that it is not told again when the worker is continued. */
export async function noteDelivered(
  { ports }: Pick<ActionContext, 'ports'>,
  { id, isolated, waveAgent, answer }: InboxItem,
): Promise<void> {
  if ((isolated ?? waveAgent) !== undefined && answer !== undefined)
    await ports.localState.create(deliveredKey(id), { item: id });
}

/** After an answer: sees that somebody continues the session or the wave run that waits for it. A supervisor ends when all that is left is questions. */
export async function continueAnswered(
  context: IsolatedContext,
  { isolated, wave, answer }: InboxItem,
): Promise<IsolatedSession | undefined> {
  if (wave !== undefined && answer !== undefined) await context.isolated.supervisors.ensure();
  if (isolated === undefined || answer === undefined) return undefined;
  const session = (await readIsolatedSessions(context.ports.localState)).find(({ id }) => id === isolated);
  if (session === undefined || !liveStatuses.includes(session.status)) return undefined;
  await context.isolated.supervisors.ensure();
  return session;
}

/**
 * Takes the answers that nobody has given to the worker yet. Each answer is taken once, by whoever comes first: the call of the worker
 * that waits for it, or the supervisor that continues the worker.
 */
export async function takeAnswers(
  { ports }: Pick<ActionContext, 'ports'>,
  items: readonly InboxItem[],
): Promise<readonly OutboxAnswer[]> {
  const taken: OutboxAnswer[] = [];
  for (const { id, askedAs, answer, answeredAt } of items) {
    if (answer === undefined) continue;
    if (!(await ports.localState.create(deliveredKey(id), { item: id }))) continue;
    taken.push({ questionId: askedAs ?? id, answer, answeredAt: answeredAt ?? '' });
  }
  return taken;
}
