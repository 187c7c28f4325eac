import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { toTaskListView } from '../../taskViews.ts';
import { plainText } from '../../text.ts';
import { toChangeResult } from './changeResult.ts';

interface MoveOptions {
  readonly before?: string;
  readonly revision?: string;
}

/** `baton tasks move LIST TASK TARGET` */
export function declareTasksMove(tasks: Command, cli: Cli): void {
  declareVerb(tasks, {
    name: 'move',
    summary: 'Move a task to another list',
    details: '--json: target (the list that it is in now), changed, list (the one that it left), revision.',
    examples: [['baton tasks move database-migration-x3f9 docs release-7b2k', 'to the end of that list']],
  })
    .argument('<list>', 'ID of the list')
    .argument('<task>', 'ID of the task')
    .argument('<target>', 'ID of the other list')
    .option('--before <task>', 'before this task of the other list')
    .option('--revision <revision>', 'refuse when the list is no longer what you saw')
    .action((list: string, task: string, target: string, options: MoveOptions, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { moveTask } = await import('../../../core/actions/tasks/moveTask.ts');
        const { before, revision } = options;
        const result = await moveTask(context, {
          list,
          task,
          toList: target,
          ...(before !== undefined && { before }),
          ...(revision !== undefined && { expectedRevision: revision }),
        });
        return toChangeResult(result, { target: toTaskListView(result.target) }, (out) =>
          out.line(`Moved ${plainText(task)} to ${plainText(result.target.list.id)}.`),
        );
      }),
    );
}
