import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { printReady, toReadyData } from '../../taskOutput.ts';

/** `baton tasks ready LIST` */
export function declareTasksReady(tasks: Command, cli: Cli): void {
  declareVerb(tasks, {
    name: 'ready',
    summary: 'List the tasks that can be started, what unblocks most first',
    details: '--json: list, tasks[] as in "tasks show", criticalPath[].',
    examples: [['baton tasks ready database-migration-x3f9', 'the first one is to be done next']],
  })
    .argument('<list>', 'ID of the list')
    .action((list: string, _options: object, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { readyTasks } = await import('../../../core/actions/tasks/readyTasks.ts');
        const result = await readyTasks(context, { list });
        return { data: toReadyData(result), warnings: result.warnings, print: (out) => printReady(out, result) };
      }),
    );
}
