import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { type AskOptions, ask, readAnswer } from '../../core/actions/inbox/ask.ts';
import { noteDelivered } from '../../core/actions/isolated/questions.ts';
import { BatonError } from '../../core/errors.ts';
import type { InboxItem } from '../../core/model/inbox.ts';
import { askByOutbox, findLeftQuestion, outboxAfter, readLeftQuestion } from '../../platform/agents/leftQuestion.ts';
import { workerOutbox } from '../../platform/agents/workerOutbox.ts';
import { workerAsker } from '../../platform/workerSession.ts';
import { given } from '../sessionViews.ts';
import { defineTool, type ToolAnswer, type ToolRun } from '../tool.ts';
import { message } from './fields.ts';

/** Many clients end a call after 60 seconds. */
const longestWaitSeconds = 50;
const pollMs = 250;

export const askQuestion = defineTool({
  name: 'ask_question',
  description:
    'Ask the person. status "waiting": go on with other work and call again with the id; never answer in their place.',
  effect: 'changes',
  waits: true,
  input: z.strictObject({
    question: z.string().optional(),
    options: z.array(z.string()).optional(),
    context: z.string().optional(),
    blocking: z.boolean().optional(),
    id: z.string().describe('of a question asked before').optional(),
    wait_seconds: z.number().min(0).max(longestWaitSeconds).optional(),
  }),
  output: z.object({
    ...message,
    id: z.string(),
    status: z.enum(['answered', 'waiting', 'unanswered']),
    answer: z.string().optional(),
  }),
  async run(run, { question, options, context: background, blocking, id, wait_seconds = longestWaitSeconds }) {
    if ((question === undefined) === (id === undefined)) {
      throw new BatonError('invalid-argument', 'Give either a question, or the id of one that was asked before', {
        hint: 'A new question gets its id with the first answer of this tool.',
      });
    }
    const asked =
      id === undefined
        ? await put(run, {
            question: question ?? '',
            ...given('options', options),
            ...given('context', background),
            ...given('blocking', blocking),
          })
        : await findAsked(run, id);
    const answered = await waitForAnswer(run, asked, Date.now() + wait_seconds * 1000);
    // What was left in the outbox is told there, by the supervisor.
    if (asked.outbox === undefined) await noteDelivered(run.context, answered);
    return toAnswer(answered, asked.outbox !== undefined);
  },
});

/** A question, and the outbox that it lies in where the inbox could not be written. */
interface Asked {
  readonly item: InboxItem;
  readonly outbox?: string;
}

async function put({ context }: ToolRun, question: AskOptions): Promise<Asked> {
  try {
    return await ask(context, { ...question, ...workerAsker() });
  } catch (error) {
    const outbox = outboxAfter(error);
    if (outbox === undefined) throw error;
    const { options = [], blocking = false, ...rest } = question;
    const left = { question: rest.question, options, blocking, ...given('context', rest.context) };
    return { item: await askByOutbox(outbox, left, context.ports.clock), outbox };
  }
}

async function findAsked({ context }: ToolRun, id: string): Promise<Asked> {
  const left = await findLeftQuestion(id, context.ports.clock);
  const outbox = workerOutbox();
  return left === undefined || outbox === undefined ? await readAnswer(context, { id }) : { item: left, outbox };
}

async function waitForAnswer({ context, signal }: ToolRun, asked: Asked, until: number): Promise<InboxItem> {
  const look = async ({ id }: InboxItem) =>
    asked.outbox === undefined
      ? (await readAnswer(context, { id })).item
      : await readLeftQuestion(asked.outbox, asked.item, context.ports.clock);
  for (let item = await look(asked.item); ; ) {
    const leftMs = until - Date.now();
    if (item.answer !== undefined || item.noAnswerAt !== undefined || leftMs <= 0 || signal.aborted) return item;
    // A wait that is cancelled ends like one that is over: the question stays.
    await sleep(Math.min(pollMs, leftMs), undefined, { signal }).catch(() => undefined);
    item = await look(item);
  }
}

function toAnswer({ id, question, answer, noAnswerAt }: InboxItem, isLeft: boolean): ToolAnswer {
  if (answer !== undefined) {
    return { message: `The person answered "${question}": ${answer}`, data: { id, status: 'answered', answer } };
  }
  if (noAnswerAt !== undefined) {
    return {
      message: `Nobody has answered "${question}" in the time that is set; that is neither yes nor no, and the question stays open. Do what does not depend on it.`,
      data: { id, status: 'unanswered' },
    };
  }
  return {
    message: `No answer yet to "${question}". Call ask_question with id "${id}" again.${isLeft ? '' : ` The person answers with: baton answer ${id} TEXT`}`,
    data: { id, status: 'waiting' },
  };
}
