import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { plainText } from '../../text.ts';
import { toChangeResult } from './changeResult.ts';

interface RemoveOptions {
  readonly force?: boolean;
  readonly revision?: string;
}

/** `baton tasks remove LIST TASK` */
export function declareTasksRemove(tasks: Command, cli: Cli): void {
  declareVerb(tasks, {
    name: 'remove',
    summary: 'Remove a task; the list notes that it was',
    details: '--json: removed {id, title, status}, changed, list, revision.',
    examples: [
      ['baton tasks remove database-migration-x3f9 docs', 'one that is pending and that no other comes after'],
    ],
  })
    .argument('<list>', 'ID of the list')
    .argument('<task>', 'ID of the task')
    .option('--force', 'although others come after it, or work on it has begun')
    .option('--revision <revision>', 'refuse when the list is no longer what you saw')
    .action((list: string, task: string, options: RemoveOptions, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { removeTask } = await import('../../../core/actions/tasks/removeTask.ts');
        const { force, revision } = options;
        const result = await removeTask(context, {
          list,
          task,
          ...(force === true && { force }),
          ...(revision !== undefined && { expectedRevision: revision }),
        });
        const { id, title, status } = result.removed;
        return toChangeResult(result, { removed: { id, title, status } }, (out) =>
          out.line(`Removed ${plainText(id)}: ${plainText(title)}`),
        );
      }),
    );
}
