import type { Command } from 'commander';
import type { ReadyTasksResult } from '../../../core/actions/tasks/readyTasks.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import type { Output } from '../../output.ts';
import { printNextStep, quoteArgument } from '../../sessionTable.ts';
import { describeTaskCounts, printTasks } from '../../taskTable.ts';
import { toTaskListView, toTaskView } from '../../taskViews.ts';
import { plainText } from '../../text.ts';

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

/** The `data` of `--json`. */
export function toReadyData({ list, ready, criticalPath }: ReadyTasksResult) {
  return { list: toTaskListView(list), tasks: ready.map(toTaskView), criticalPath };
}

/** Prints what is ready, and how the first one is started. */
export function printReady(out: Output, { list, ready }: ReadyTasksResult): void {
  const [first] = ready;
  if (first === undefined) {
    out.line(`No task of ${plainText(list.list.id)} is ready: ${describeTaskCounts(list)}.`);
    return;
  }
  printTasks(out, ready);
  printNextStep(out, `baton tasks set ${quoteArgument(list.list.id)} ${quoteArgument(first.id)} in_progress`);
}
