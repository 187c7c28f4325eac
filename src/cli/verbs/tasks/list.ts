import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { printTaskLists, toListsData } from '../../taskOutput.ts';

/** `baton tasks list` */
export function declareTasksList(tasks: Command, cli: Cli): void {
  declareVerb(tasks, {
    name: 'list',
    summary: 'List the task lists',
    details:
      '--json: lists[] with id, title, path, archived, createdAt, session (opened last), openSession, ' +
      'counts {pending, inProgress, complete, total}.',
    examples: [
      ['baton tasks list', 'those that are in use'],
      ['baton tasks list --archived', 'archived ones too'],
    ],
  })
    .option('--archived', 'archived ones too')
    .action((options: { readonly archived?: boolean }, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { listTaskLists } = await import('../../../core/actions/tasks/listTaskLists.ts');
        const { lists, warnings } = await listTaskLists(context, options);
        return {
          data: toListsData(lists),
          warnings,
          print: (out) => printTaskLists(out, lists),
        };
      }),
    );
}
