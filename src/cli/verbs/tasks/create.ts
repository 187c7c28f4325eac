import type { Command } from 'commander';
import { createdLine, sessionLine, taskLine } from '../../../core/actions/tasks/seedLines.ts';
import { readCallerFile } from '../../../platform/callerFile.ts';
import { collect } from '../../arguments.ts';
import { callerName } from '../../callerName.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { printNextStep, quoteArgument } from '../../sessionTable.ts';
import { toTaskListView, toTaskView } from '../../taskViews.ts';
import { plainText } from '../../text.ts';

interface CreateOptions {
  readonly task?: readonly string[];
  readonly id?: string;
  readonly from?: string;
  readonly plan?: string;
  readonly outline?: string;
  readonly who?: string;
}

/** `baton tasks create TITLE` */
export function declareTasksCreate(tasks: Command, cli: Cli): void {
  declareVerb(tasks, {
    name: 'create',
    summary: 'Make a task list, and open its session 1',
    details:
      'A task is written "ID: TITLE after A,B". The ID may be left out; a final "after …" counts only when every name in it is a ' +
      'task of this list. An outline is a markdown list (ticked items are complete, those below an item come before it) or YAML.\n\n' +
      '--json: id, path, session, list, tasks[], revision.',
    examples: [
      [
        'baton tasks create "Database migration" --task "schema: Migrate schema" --task "data: Move data after schema"',
        'with two tasks',
      ],
      ['baton tasks create --plan docs/SHOP_PROMPTS.md', 'a task for each session of a plan'],
      ['baton tasks create "Second try" --from database-migration-x3f9', 'the same tasks, all pending'],
      ['baton tasks create --outline todo.md', 'from a list in markdown or YAML; "-" reads the standard input'],
    ],
  })
    .argument('[title]', 'what the list is for')
    .option('--task <task>', 'a task: "ID: TITLE after A,B"; may be given again', collect)
    .option('--id <id>', 'the ID of the list; else it is made of the title')
    .option('--from <list>', 'copy the tasks of another list, all pending')
    .option('--plan <file>', 'a task for each session of this plan')
    .option('--outline <file>', 'the tasks of this outline')
    .option('--who <name>', 'who works in this session')
    .action((title: string | undefined, options: CreateOptions, command: Command) =>
      cli.run(command, async ({ context, toPath }) => {
        const { createTaskList } = await import('../../../core/actions/tasks/createTaskList.ts');
        const { id, from, plan, outline } = options;
        const result = await createTaskList(context, {
          ...(title !== undefined && { title }),
          ...(id !== undefined && { id }),
          ...(from !== undefined && { fromList: from }),
          ...(plan !== undefined && { fromPlan: toPath(plan) }),
          ...(outline !== undefined && { outline: await readCallerFile(outline) }),
          specs: options.task ?? [],
          who: callerName(options.who),
        });
        const { list, path, revision, session } = result;
        const listId = list.list.id;
        return {
          data: {
            id: listId,
            path,
            session,
            list: toTaskListView(list),
            tasks: list.tasks.map(toTaskView),
            revision,
          },
          warnings: result.warnings,
          print: (out) => {
            out.line(sessionLine(session));
            out.line(createdLine(plainText(listId)));
            list.tasks.forEach((task, index) => {
              out.line(plainText(taskLine({ number: index + 1, id: task.id, status: task.status })));
            });
            printNextStep(out, `baton tasks ready ${quoteArgument(listId)}`);
          },
        };
      }),
    );
}
