import type { Command } from 'commander';
import type { InboxItem } from '../../core/model/inbox.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import type { Output } from '../output.ts';
import { printNextStep } from '../sessionTable.ts';
import { plainText } from '../text.ts';

/** `baton inbox` */
export function declareInbox(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'inbox',
    summary: 'Show what waits for your answer',
    details:
      'What blocks somebody comes first. --json: items[{id, kind (question or approval), question, options[], commands[], context, blocking, askedAt, session, isolated (the isolated session that asks), answer, answeredAt, noAnswerAt (its worker goes on without an answer)}].',
    examples: [
      ['baton inbox', 'what is open'],
      ['baton inbox --all', 'also what has been answered'],
    ],
  })
    .option('--all', 'also what has been answered')
    .action(({ all = false }: { readonly all?: boolean }, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { listInbox } = await import('../../core/actions/inbox/listInbox.ts');
        const { items } = await listInbox(context, { all });
        return { data: { items: items.map(toInboxView) }, print: (out) => printInbox(out, items) };
      }),
    );
}

/** What `--json` shows of an inbox item; what is not known is null. */
export function toInboxView({
  context,
  session,
  isolated,
  answer,
  answeredAt,
  noAnswerAt,
  commands,
  ...item
}: InboxItem) {
  return {
    ...item,
    commands: commands ?? [],
    context: context ?? null,
    session: session ?? null,
    isolated: isolated ?? null,
    answer: answer ?? null,
    answeredAt: answeredAt ?? null,
    noAnswerAt: noAnswerAt ?? null,
  };
}

function printInbox(out: Output, items: readonly InboxItem[]): void {
  if (items.length === 0) out.line('Nothing waits for an answer.');
  for (const { id, question, options, commands = [], context, blocking, session, isolated, answer } of items) {
    const asker = isolated ?? session;
    const who = asker === undefined ? '' : `  ${out.paint('quiet', plainText(asker))}`;
    const urgent = blocking && answer === undefined ? `  ${out.paint('warn', 'blocks')}` : '';
    out.line(`${out.paint('title', id)}${who}${urgent}`);
    out.wrapped(plainText(question), { label: '  ' });
    for (const line of context?.split(/\r?\n/) ?? []) {
      if (line.trim() !== '') out.wrapped(plainText(line), { label: '  ', tone: 'quiet' });
    }
    for (const [index, option] of options.entries()) out.wrapped(plainText(option), { label: `  ${index + 1}. ` });
    for (const command of commands) out.line(`  $ ${out.paint('command', plainText(command))}`);
    if (answer !== undefined) out.wrapped(plainText(answer), { label: '  Answer: ' });
  }
  const open = items.find((item) => item.kind === 'question' && item.answer === undefined);
  if (open) printNextStep(out, `baton answer ${open.id} "…"`);
}
