import type { Command } from 'commander';
import { BatonError } from '../../../core/errors.ts';
import { wholeNumber } from '../../arguments.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { printNextStep } from '../../sessionTable.ts';
import { countOf, harmlessText } from '../../text.ts';
import { errorsOf, printProblems, toPlanView } from '../../waveViews.ts';

interface InitFlags {
  readonly plan?: string;
  readonly session?: string;
  readonly project?: string;
  readonly out?: string;
  readonly waves?: number;
}

/** `baton wave init` */
export function declareWaveInit(wave: Command, cli: Cli): void {
  declareVerb(wave, {
    name: 'init',
    summary: 'Make a wave plan of a session, to be edited, or check one',
    details:
      'The waves come from the session’s prompt where it has some, else from its sub-agents by their roles, else there is one agent with the ' +
      'prompt and one for the checklist. A document that has waves already is read, checked and printed as Baton understands it.\n\n' +
      'Without --session the active session is meant. A --plan that is not there yet is where the document is written.\n\n' +
      '--json: path (null: not written), text, plan, problems[]; with errors in it the exit code is 1 (in error.data).',
    examples: [
      ['baton wave init --session BE-04', 'print it'],
      ['baton wave init --session BE-04 --plan docs/BE-04_WAVES.md', 'write it'],
      ['baton wave init --plan docs/BE-04_WAVES.md', 'check it after it was edited'],
    ],
  })
    .option('--plan <file>', 'the document: to check, or to write where it is not there')
    .option('--session <id>', 'the session')
    .option('--project <name>', 'where the ID is in several projects')
    .option('--out <file>', 'write the document there')
    .option('--waves <n>', 'over how many waves its roles are spread', wholeNumber)
    .action((flags: InitFlags, command: Command) =>
      cli.run(command, async ({ context, toPath }) => {
        const { initWavePlan } = await import('../../../core/actions/waves/initWavePlan.ts');
        const { plan, session, project, out, waves } = flags;
        const made = await initWavePlan(context, {
          ...(plan !== undefined && { plan: toPath(plan) }),
          ...(session !== undefined && { session }),
          ...(project !== undefined && { project }),
          ...(out !== undefined && { out: toPath(out) }),
          ...(waves !== undefined && { waves }),
        });
        const errors = errorsOf(made.problems);
        const data = { path: made.path ?? null, text: made.text, ...toPlanView(made) };
        return {
          data,
          ...(errors.length > 0 && {
            failure: new BatonError('invalid-wave-plan', `The plan has ${countOf(errors.length, 'error')}`, { data }),
          }),
          print: (output) => {
            printProblems(cli.err, made.problems);
            if (made.path === undefined) {
              for (const line of made.text.trimEnd().split('\n')) output.line(harmlessText(line));
              return;
            }
            const agents = made.plan.waves.reduce((sum, one) => sum + one.agents.length, 0);
            output.line(
              `${output.paint('good', 'written')} ${made.path}: ${countOf(made.plan.waves.length, 'wave')}, ${countOf(agents, 'agent')}`,
            );
            printNextStep(output, `baton wave run --plan ${made.path}`);
          },
        };
      }),
    );
}
