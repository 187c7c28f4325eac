import type { Command } from 'commander';
import { collect, parseText } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { countOf, plainText } from '../text.ts';
import { toCommitView } from '../views.ts';

interface CheckpointOptions {
  readonly message: string;
  readonly done?: readonly string[];
  readonly remaining?: readonly string[];
}

/** `baton checkpoint -m MSG` */
export function declareCheckpoint(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'checkpoint',
    summary: 'Commit work in progress as a numbered checkpoint',
    details:
      'What is done and what remains come from the checklist, unless given.\n\n' +
      '--json: session, number, commit {hash, subject, date}, files[].',
    examples: [
      ['baton checkpoint -m "models and migrations"', 'done and remaining from the checklist'],
      ['baton checkpoint -m models --done models --remaining API --remaining docs', 'told'],
    ],
  })
    .requiredOption('-m, --message <text>', 'what was reached, in one line', parseText)
    .option('--done <text>', 'something that is done; again for each', collect)
    .option('--remaining <text>', 'something that remains; again for each', collect)
    .action((options: CheckpointOptions, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { checkpoint } = await import('../../core/actions/checkpoint.ts');
        const { message, done, remaining } = options;
        const lists = { ...(done === undefined ? {} : { done }), ...(remaining === undefined ? {} : { remaining }) };
        const { session, number, commit, files, warnings } = await checkpoint(context, { message, ...lists });
        return {
          data: { session, number, commit: toCommitView(commit), files },
          warnings,
          print: (out) => {
            const hash = commit.hash.slice(0, 7);
            out.line(
              `${out.paint('good', `Checkpoint ${number}`)} of ${plainText(session)}: ${hash}  ${plainText(message)}`,
            );
            out.line(
              `${countOf(files.length, 'file')} committed. "baton rollback --to checkpoint-${number}" comes back to here.`,
            );
          },
        };
      }),
    );
}
