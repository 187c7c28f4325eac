import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { ActionContext } from '../../core/actions/context.ts';
import { BatonError } from '../../core/errors.ts';
import type { OutboxQuestion } from '../../core/formats/isolated/outbox.ts';
import type { InboxItem } from '../../core/model/inbox.ts';
import { askByOutbox, outboxAfter, readLeftQuestion } from '../../platform/agents/leftQuestion.ts';
import { workerAsker } from '../../platform/workerSession.ts';
import { collect } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { printNextStep } from '../sessionTable.ts';
import { plainText } from '../text.ts';
import { toInboxView } from './inbox.ts';

interface AskOptions {
  readonly option?: readonly string[];
  readonly context?: string;
  readonly blocking?: boolean;
}

const pollMs = 250;

/** `baton ask TEXT` */
export function declareAsk(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'ask',
    summary: 'Put a question to the person, for agents',
    details:
      'The question goes to the inbox. With --blocking the command ends when it has been answered, and prints the answer.\n\n' +
      '--json: item.',
    examples: [
      ['baton ask "Which port?" --blocking', 'prints the answer'],
      ['baton ask "Drop the table?" --option yes --option no', 'goes on at once'],
    ],
  })
    .argument('<text...>', 'the question')
    .option('--option <text>', 'an answer to propose; again for each', collect)
    .option('--context <text>', 'what the person needs to know to answer')
    .option('--blocking', 'wait for the answer')
    .action(
      (words: readonly string[], { option, context: background, blocking = false }: AskOptions, command: Command) =>
        cli.run(command, async ({ context }) => {
          const { ask } = await import('../../core/actions/inbox/ask.ts');
          const { noteDelivered } = await import('../../core/actions/isolated/questions.ts');
          const asker = workerAsker();
          const question = {
            question: words.join(' '),
            blocking,
            ...(option === undefined ? {} : { options: option }),
            ...(background === undefined ? {} : { context: background }),
          };
          let outbox: string | undefined;
          const item = await ask(context, { ...question, ...asker }).then(
            async (asked) => {
              const answered = blocking ? await waitForAnswer(context, asked.item) : asked.item;
              await noteDelivered(context, answered);
              return answered;
            },
            async (error: unknown) => {
              outbox = outboxAfter(error);
              if (outbox === undefined) throw error;
              return await leaveInOutbox(context, outbox, { options: [], ...question });
            },
          );
          return {
            data: { item: toInboxView(item) },
            print: (out) => {
              if (item.answer !== undefined) out.line(plainText(item.answer));
              else if (item.noAnswerAt !== undefined)
                out.wrapped(
                  'Nobody has answered in the time that is set; that is neither yes nor no. The question stays open.',
                );
              else if (item.askedAs !== undefined)
                out.line(`${out.paint('good', 'Asked')}; the answer comes to ${outbox}`);
              else {
                out.line(`${out.paint('good', 'Asked')} ${item.id}`);
                printNextStep(out, `baton answer ${item.id} "…"`, 'for the person');
              }
            },
          };
        }),
    );
}

/** Leaves the question where the supervisor collects it, and waits for the answer there. */
async function leaveInOutbox(
  context: ActionContext,
  folder: string,
  question: Omit<OutboxQuestion, 'id'>,
): Promise<InboxItem> {
  const { clock } = context.ports;
  for (let item = await askByOutbox(folder, question, clock); ; ) {
    item = await readLeftQuestion(folder, item, clock);
    if (!question.blocking || item.answer !== undefined || item.noAnswerAt !== undefined) return item;
    throwIfCancelled(context, item.id);
    await sleep(pollMs);
  }
}

async function waitForAnswer(context: ActionContext, { id }: InboxItem): Promise<InboxItem> {
  const { readAnswer } = await import('../../core/actions/inbox/ask.ts');
  for (;;) {
    const { item } = await readAnswer(context, { id });
    if (item.answer !== undefined || item.noAnswerAt !== undefined) return item;
    throwIfCancelled(context, id);
    await sleep(pollMs);
  }
}

function throwIfCancelled({ cancellation }: ActionContext, id: string): void {
  if (!cancellation.isCancelled) return;
  throw new BatonError('cancelled', `Nobody has answered ${id} yet; the question stays in the inbox`, {
    hint: 'Its answer will be in "baton inbox --all".',
    data: { id },
  });
}
