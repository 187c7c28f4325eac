import { type Command, Option } from 'commander';
import { taskLine } from '../../../core/actions/tasks/seedLines.ts';
import { readCallerFile } from '../../../platform/callerFile.ts';
import { collect } from '../../arguments.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { toTaskListView, toTaskView } from '../../taskViews.ts';
import { plainText } from '../../text.ts';

interface AddOptions {
  readonly task?: readonly string[];
  readonly outline?: string;
  readonly before?: string;
  readonly behind?: string;
  readonly last?: boolean;
  readonly revision?: string;
}

/** `baton tasks add LIST` */
export function declareTasksAdd(tasks: Command, cli: Cli): void {
  declareVerb(tasks, {
    name: 'add',
    summary: 'Add tasks to a list',
    details:
      'Where in the table they go follows from their IDs and dependencies, so that two branches that add tasks merge; ' +
      '--before, --behind and --last say it.\n\n--json: added[], list, tasks[], revision.',
    examples: [
      ['baton tasks add database-migration-x3f9 --task "docs: Write it down after data"', 'one task'],
      ['baton tasks add database-migration-x3f9 "Write it down" --last', 'by its title, at the end'],
    ],
  })
    .argument('<list>', 'ID of the list')
    .argument('[task...]', 'tasks: "ID: TITLE after A,B"')
    .option('--task <task>', 'a task: "ID: TITLE after A,B"; may be given again', collect)
    .option('--outline <file>', 'the tasks of this outline, markdown or YAML; "-" reads the standard input')
    .addOption(new Option('--before <task>', 'put them before this task').conflicts(['behind', 'last']))
    .addOption(new Option('--behind <task>', 'put them behind this task').conflicts(['last']))
    .option('--last', 'put them at the end')
    .option('--revision <revision>', 'refuse when the list is no longer what you saw')
    .action((list: string, given: readonly string[], options: AddOptions, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { addTasks } = await import('../../../core/actions/tasks/addTasks.ts');
        const { outline, before, behind, last, revision } = options;
        const result = await addTasks(context, {
          list,
          specs: [...given, ...(options.task ?? [])],
          ...(outline !== undefined && { outline: await readCallerFile(outline) }),
          ...(before !== undefined && { before }),
          ...(behind !== undefined && { afterRow: behind }),
          ...(last === true && { last }),
          ...(revision !== undefined && { expectedRevision: revision }),
        });
        const added = new Set(result.added);
        return {
          data: {
            added: result.added,
            list: toTaskListView(result.list),
            tasks: result.list.tasks.map(toTaskView),
            revision: result.revision,
          },
          warnings: result.warnings,
          print: (out) =>
            result.list.tasks.forEach(({ id, status }, index) => {
              if (added.has(id)) out.line(`Added ${plainText(taskLine({ number: index + 1, id, status }))}`);
            }),
        };
      }),
    );
}
