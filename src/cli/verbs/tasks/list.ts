import type { Command } from 'commander';
import type { TaskListEntry } from '../../../core/model/taskList.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import type { Output } from '../../output.ts';
import { printNextStep } from '../../sessionTable.ts';
import { describeTaskCounts } from '../../taskTable.ts';
import { toTaskListView } from '../../taskViews.ts';
import { plainText } from '../../text.ts';

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
          data: { lists: lists.map(toTaskListView) },
          warnings,
          print: (out) => printTaskLists(out, lists),
        };
      }),
    );
}

/** Prints lists, one a line. */
export function printTaskLists(out: Output, lists: readonly TaskListEntry[]): void {
  if (lists.length === 0) {
    out.line('There are no task lists.');
    printNextStep(out, 'baton tasks create "TITLE" --task "ID: TITLE"');
    return;
  }
  const rows = lists.map((entry) => [
    { text: plainText(entry.list.id), paint: (text: string) => out.paint('title', text) },
    { text: plainText(entry.list.title) },
    { text: describeTaskCounts(entry) },
    { text: entry.list.archived ? 'archived' : entry.openSession ? `session ${entry.openSession.number} open` : '' },
  ]);
  out.table([{ grows: true }, { grows: true }, {}, {}], rows);
}
