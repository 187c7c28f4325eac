import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { plainText } from '../../text.ts';
import { toChangeResult } from './changeResult.ts';

/** `baton tasks archive LIST` */
export function declareTasksArchive(tasks: Command, cli: Cli): void {
  declareVerb(tasks, {
    name: 'archive',
    summary: 'Put a list into the archive, or bring it back',
    details: '--json: path, changed, list, revision.',
    examples: [
      ['baton tasks archive database-migration-x3f9', 'it moves to the folder archive/'],
      ['baton tasks archive database-migration-x3f9 --restore', 'and back'],
    ],
  })
    .argument('<list>', 'ID of the list')
    .option('--restore', 'bring it back')
    .action((list: string, options: { readonly restore?: boolean }, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { archiveTaskList } = await import('../../../core/actions/tasks/archiveTaskList.ts');
        const result = await archiveTaskList(context, { list, ...options });
        return toChangeResult(result, { path: result.path }, (out) =>
          out.line(`${plainText(result.list.list.id)} is in ${plainText(result.path)} now.`),
        );
      }),
    );
}
