import type { Command } from 'commander';
import { parseText } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { printNextStep, quoteArgument } from '../sessionTable.ts';
import { plainText } from '../text.ts';

interface FailOptions {
  readonly message: string;
}

/** `baton fail [ID] -m WHY` */
export function declareFail(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'fail',
    summary: 'End the active session as failed',
    details:
      'Its notes move to the progress file, its row says failed; the work stays in the working tree.\n\n--json: session.',
    examples: [['baton fail -m "the vendor API cannot do this"', 'the reason goes to the progress file']],
  })
    .argument('[id]', 'ID of the active session, to be sure')
    .requiredOption('-m, --message <why>', 'why it failed', parseText)
    .action((id: string | undefined, { message }: FailOptions, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { fail } = await import('../../core/actions/fail.ts');
        const { session, warnings } = await fail(context, { why: message, ...(id === undefined ? {} : { id }) });
        return {
          data: { session },
          warnings,
          print: (out) => {
            out.line(`${out.paint('warn', 'Failed')} ${plainText(session)}: ${plainText(message)}`);
            printNextStep(
              out,
              `baton rollback --session ${quoteArgument(session)}`,
              `or: baton start ${quoteArgument(session)}`,
            );
          },
        };
      }),
    );
}
