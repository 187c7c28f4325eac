import type { Command } from 'commander';
import { parseText } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { plainText } from '../text.ts';
import { toInboxView } from './inbox.ts';

/** `baton answer ITEM TEXT` */
export function declareAnswer(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'answer',
    summary: 'Answer a question of the inbox',
    details: 'The number of an option, or its text, means that option. An answer is never replaced.\n\n--json: item.',
    examples: [
      ['baton answer which-port-1f0c2a 8080', 'any text'],
      ['baton answer drop-the-table-9be001 2', 'the second option'],
    ],
  })
    .argument('<item>', 'ID of the question', parseText)
    .argument('<text...>', 'the answer')
    .action((id: string, words: readonly string[], _options: object, command: Command) =>
      cli.run(command, async ({ context, root }) => {
        const { answer } = await import('../../core/actions/inbox/answer.ts');
        const { item } = await answer(context, { id, text: words.join(' ') });
        if ((item.isolated ?? item.wave) !== undefined) {
          const [{ continueAnswered }, { openIsolated }] = await Promise.all([
            import('../../core/actions/isolated/questions.ts'),
            import('../../platform/openIsolated.ts'),
          ]);
          await continueAnswered(await openIsolated(context, root), item);
        }
        return {
          data: { item: toInboxView(item) },
          print: (out) => out.line(`${out.paint('good', 'Answered')} ${id}: ${plainText(item.answer ?? '')}`),
        };
      }),
    );
}
