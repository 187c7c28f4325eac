import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { plainText } from '../../text.ts';
import { toChangeResult } from './changeResult.ts';
import { toNames } from './taskArguments.ts';

interface EditOptions {
  readonly title?: string;
  readonly after?: string;
  readonly id?: string;
  readonly revision?: string;
}

/** `baton tasks edit LIST TASK` */
export function declareTasksEdit(tasks: Command, cli: Cli): void {
  declareVerb(tasks, {
    name: 'edit',
    summary: "Change a task's title, dependencies or ID",
    details: '--json: task, changed, list, revision.',
    examples: [
      ['baton tasks edit database-migration-x3f9 data --title "Move all data"', 'another title'],
      [
        'baton tasks edit database-migration-x3f9 data --after schema,backup',
        'these dependencies; --after none: no more',
      ],
    ],
  })
    .argument('<list>', 'ID of the list')
    .argument('<task>', 'ID of the task')
    .option('--title <title>', 'its new title')
    .option('--after <tasks>', 'all tasks that it comes after, divided by commas; "none" for none')
    .option('--id <id>', 'its new ID; dependencies follow')
    .option('--revision <revision>', 'refuse when the list is no longer what you saw')
    .action((list: string, task: string, options: EditOptions, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { editTask } = await import('../../../core/actions/tasks/editTask.ts');
        const { title, after, id, revision } = options;
        const result = await editTask(context, {
          list,
          task,
          ...(title !== undefined && { title }),
          ...(after !== undefined && { after: toNames(after) }),
          ...(id !== undefined && { id }),
          ...(revision !== undefined && { expectedRevision: revision }),
        });
        return toChangeResult(result, {}, (out) =>
          out.line(`Changed ${plainText(result.task.id)}: ${plainText(result.task.title)}`),
        );
      }),
    );
}
