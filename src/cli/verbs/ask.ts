import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { ActionContext } from '../../core/actions/context.ts';
import { BatonError } from '../../core/errors.ts';
import type { InboxItem } from '../../core/model/inbox.ts';
import { workerSession } from '../../platform/workerSession.ts';
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
          const isolated = workerSession();
          const asked = await ask(context, {
            question: words.join(' '),
            blocking,
            ...(option === undefined ? {} : { options: option }),
            ...(background === undefined ? {} : { context: background }),
            ...(isolated === undefined ? {} : { isolated }),
          });
          const item = blocking ? await waitForAnswer(context, asked.item) : asked.item;
          await noteDelivered(context, item);
          return {
            data: { item: toInboxView(item) },
            print: (out) => {
              if (item.answer !== undefined) out.line(plainText(item.answer));
              else {
                out.line(`${out.paint('good', 'Asked')} ${item.id}`);
                printNextStep(out, `baton answer ${item.id} "…"`, 'for the person');
              }
            },
          };
        }),
    );
}

async function waitForAnswer(context: ActionContext, { id }: InboxItem): Promise<InboxItem> {
  const { readAnswer } = await import('../../core/actions/inbox/ask.ts');
  for (;;) {
    const { item } = await readAnswer(context, { id });
    if (item.answer !== undefined) return item;
    if (context.cancellation.isCancelled) {
      throw new BatonError('cancelled', `Nobody has answered ${id} yet; the question stays in the inbox`, {
        hint: 'Its answer will be in "baton inbox --all".',
        data: { id },
      });
    }
    await sleep(pollMs);
  }
}
