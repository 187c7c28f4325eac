import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { printNextStep } from '../sessionTable.ts';
import { plainText } from '../text.ts';

/** `baton recover` */
export function declareRecover(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'recover',
    summary: 'Finish or undo what a killed command left half done',
    details:
      'Only when the process that began it is dead. The next changing command does the same by itself.\n\n' +
      '--json: finished, undone (the verb, or null), session, steps[].',
    examples: [['baton recover', '"baton status" tells beforehand what is half done']],
  }).action((_options: object, command: Command) =>
    cli.run(command, async ({ context }) => {
      const { recover } = await import('../../core/actions/recover.ts');
      const { finished, undone, session, steps, warnings } = await recover(context);
      return {
        data: { finished: finished ?? null, undone: undone ?? null, session: session ?? null, steps },
        warnings,
        print: (out) => {
          const verb = finished ?? undone ?? '';
          const whom = session === undefined ? '' : ` of ${plainText(session)}`;
          out.line(`${out.paint('good', finished === undefined ? 'Undone' : 'Finished')}: ${verb}${whom}`);
          for (const step of steps) out.wrapped(plainText(step), { label: '  - ' });
          printNextStep(out, 'baton status');
        },
      };
    }),
  );
}
