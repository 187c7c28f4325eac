import { isoTimeOf } from '../../base/localTime.ts';
import { revisionOf } from '../../base/revision.ts';
import { BatonError } from '../../errors.ts';
import type { InboxItem } from '../../model/inbox.ts';
import { slugOf } from '../../model/slug.ts';
import { readWorkspace } from '../beginVerb.ts';
import type { ActionContext } from '../context.ts';
import { inboxKey, requireItem } from './records.ts';

export interface AskOptions {
  readonly question: string;
  /** Answers to propose. */
  readonly options?: readonly string[];
  /** What the person needs to know to answer. */
  readonly context?: string;
  /** The asker cannot go on without the answer. */
  readonly blocking?: boolean;
  /** The isolated session that asks, and its own name for the question. */
  readonly isolated?: string;
  readonly askedAs?: string;
  /** Or the wave run whose agent asks, and that agent's key. */
  readonly wave?: string;
  readonly waveAgent?: string;
}

/**
 * Puts a question to the person into the inbox. Nobody is waited for: hosts look again with `readAnswer`.
 *
 * @throws BatonError `invalid-argument` for an empty question
 */
export async function ask(context: ActionContext, options: AskOptions): Promise<{ readonly item: InboxItem }> {
  const question = options.question.trim();
  if (question === '') {
    throw new BatonError('invalid-argument', 'The question is empty', { hint: 'Say what the person is to answer.' });
  }
  const { clock, localState, owners } = context.ports;
  const { sessionFile } = await readWorkspace(context);
  const now = clock.now();
  const background = options.context?.trim();
  for (let attempt = 0; ; attempt++) {
    // Random enough among all who ask here: creating is exclusive, and who loses takes another one.
    const unique = revisionOf(`${question}\n${now.epochMs}\n${owners.self.pid}\n${owners.self.startTime}\n${attempt}`);
    const item: InboxItem = {
      id: `${asciiSlug(question)}-${unique.slice(0, 6)}`,
      kind: 'question',
      question,
      options: (options.options ?? []).map((option) => option.trim()).filter((option) => option !== ''),
      ...(background && { context: background }),
      blocking: options.blocking ?? false,
      askedAt: isoTimeOf(now),
      ...(options.isolated !== undefined && { isolated: options.isolated }),
      ...(options.askedAs !== undefined && { askedAs: options.askedAs }),
      ...(options.wave !== undefined && { wave: options.wave }),
      ...(options.waveAgent !== undefined && { waveAgent: options.waveAgent }),
      ...(sessionFile?.kind === 'session' && sessionFile.id !== undefined && { session: sessionFile.id }),
    };
    if (await localState.create(inboxKey(item.id), item)) return { item };
  }
}

/**
 * Looks whether a question has been answered: `item.answer`.
 *
 * @throws BatonError `unknown-item`
 */
export async function readAnswer(
  context: Pick<ActionContext, 'ports'>,
  { id }: { readonly id: string },
): Promise<{ readonly item: InboxItem }> {
  return { item: await requireItem(context.ports.localState, id) };
}

/** The first words of a question, as the beginning of an ID that is typed. */
function asciiSlug(question: string): string {
  const words = slugOf(question, 'question')
    .replace(/[^a-z0-9-]+/g, '')
    .split('-')
    .filter((word) => word !== '')
    .slice(0, 4);
  return words.length === 0 ? 'question' : words.join('-').slice(0, 32).replace(/-+$/, '');
}
