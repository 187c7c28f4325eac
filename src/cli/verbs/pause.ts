import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { printNextStep, quoteArgument } from '../sessionTable.ts';
import { plainText } from '../text.ts';

/** `baton pause` */
export function declarePause(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'pause',
    summary: 'Put the active session aside',
    details: 'SESSION.md moves to the paused sessions; the work itself stays as it is.\n\n--json: session, path.',
    examples: [['baton pause -m "waits for the API key"', 'the reason goes to the notes']],
  })
    .option('-m, --message <why>', 'why')
    .action(({ message }: { readonly message?: string }, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { pause } = await import('../../core/actions/pause.ts');
        const { session, path, warnings } = await pause(context, message === undefined ? {} : { reason: message });
        return {
          data: { session, path },
          warnings,
          print: (out) => {
            out.line(`${out.paint('good', 'Paused')} ${plainText(session)}: ${path}`);
            printNextStep(out, `baton resume ${quoteArgument(session)}`, 'or: baton sessions --ready');
          },
        };
      }),
    );
}
