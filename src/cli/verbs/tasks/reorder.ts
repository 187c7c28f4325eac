import { type Command, Option } from 'commander';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { plainText } from '../../text.ts';
import { numberOf, toChangeResult } from './changeResult.ts';

interface ReorderOptions {
  readonly before?: string;
  readonly behind?: string;
  readonly first?: boolean;
  readonly last?: boolean;
  readonly revision?: string;
}

/** `baton tasks reorder LIST TASK` */
export function declareTasksReorder(tasks: Command, cli: Cli): void {
  declareVerb(tasks, {
    name: 'reorder',
    summary: 'Move a task to another place in its list',
    details: '--json: order[] (the IDs), changed, list, revision.',
    examples: [['baton tasks reorder database-migration-x3f9 docs --first', 'or --last, --before TASK, --behind TASK']],
  })
    .argument('<list>', 'ID of the list')
    .argument('<task>', 'ID of the task')
    .addOption(new Option('--before <task>', 'before this task').conflicts(['behind', 'first', 'last']))
    .addOption(new Option('--behind <task>', 'behind this task').conflicts(['first', 'last']))
    .addOption(new Option('--first', 'to the top').conflicts(['last']))
    .option('--last', 'to the end')
    .option('--revision <revision>', 'refuse when the list is no longer what you saw')
    .action((list: string, task: string, options: ReorderOptions, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { reorderTask } = await import('../../../core/actions/tasks/reorderTask.ts');
        const { before, behind, first, last, revision } = options;
        const result = await reorderTask(context, {
          list,
          task,
          ...(before !== undefined && { before }),
          ...(behind !== undefined && { after: behind }),
          ...((first === true || last === true) && { to: first === true ? 'first' : 'last' }),
          ...(revision !== undefined && { expectedRevision: revision }),
        });
        return toChangeResult(result, { order: result.list.tasks.map(({ id }) => id) }, (out) =>
          out.line(`${plainText(task)} is number ${numberOf(result, task)} of ${result.list.tasks.length} now.`),
        );
      }),
    );
}
