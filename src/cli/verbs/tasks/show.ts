import type { Command } from 'commander';
import { revisionOfText } from '../../../platform/utf8.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { printTaskList, toShownData } from '../../taskOutput.ts';

/** `baton tasks show LIST` */
export function declareTasksShow(tasks: Command, cli: Cli): void {
  declareVerb(tasks, {
    name: 'show',
    summary: 'Show a task list: tasks, sessions, handoff',
    details:
      'Of a list with more than 500 tasks those are printed that are in progress and ready. ' +
      '--json: list, tasks[] with id, title, status, after[], waitingFor[], unblocks[], unblocksCount, ready, critical, session, ' +
      'updated, error, claim, rescued; sessions[] with number, started, ended, who, completed[]; criticalPath[], handoff, revision.',
    examples: [['baton tasks show database-migration-x3f9', 'the list with this ID, or the only one with this title']],
  })
    .argument('<list>', 'ID of the list')
    .option('--all', 'print every task of a long list')
    .action((list: string, { all }: { readonly all?: boolean }, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { showTaskList } = await import('../../../core/actions/tasks/showTaskList.ts');
        const result = await showTaskList(context, { list });
        return {
          data: toShownData(result, revisionOfText(result.list.list.text)),
          warnings: result.warnings,
          print: (out) => printTaskList(out, result, { all: all === true }),
        };
      }),
    );
}
