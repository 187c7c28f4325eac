import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { printHandoff, toHandoffView } from '../handoff.ts';
import { printNextStep } from '../sessionTable.ts';
import { plainText } from '../text.ts';

/** `baton resume [ID]` */
export function declareResume(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'resume',
    summary: 'Take a paused session up again',
    details: '--json: session, path (of SESSION.md), handoff (or null) {text, fresh, staleness}.',
    examples: [
      ['baton resume', 'where one session is paused'],
      ['baton resume BE-04', 'where several are'],
      ['baton resume BE-04 --project Shop', 'where two projects have a BE-04'],
    ],
  })
    .argument('[id]', 'ID of the session')
    .option('--project <name>', 'the project that it belongs to')
    .action((id: string | undefined, options: { readonly project?: string }, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { resume } = await import('../../core/actions/resume.ts');
        const { session, path, handoff, warnings } = await resume(context, {
          ...options,
          ...(id === undefined ? {} : { id }),
        });
        return {
          data: { session, path, handoff: toHandoffView(handoff) },
          warnings,
          print: (out) => {
            out.line(`${out.paint('good', 'Resumed')} ${plainText(session)}`);
            out.line(`Read   ${path}`);
            if (handoff !== undefined) printHandoff(out, handoff);
            printNextStep(out, 'baton status');
          },
        };
      }),
    );
}
