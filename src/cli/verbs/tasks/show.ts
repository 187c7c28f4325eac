import type { Command } from 'commander';
import type { ShowTaskListResult } from '../../../core/actions/tasks/showTaskList.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import type { Output } from '../../output.ts';
import { describeTaskCounts, printTasks } from '../../taskTable.ts';
import { toListSessionView, toTaskListView, toTaskView } from '../../taskViews.ts';
import { harmlessText, plainText } from '../../text.ts';

/** `baton tasks show LIST` */
export function declareTasksShow(tasks: Command, cli: Cli): void {
  declareVerb(tasks, {
    name: 'show',
    summary: 'Show a task list: tasks, sessions, handoff',
    details:
      '--json: list, tasks[] with id, title, status, after[], waitingFor[], unblocks[], unblocksCount, ready, critical, session, ' +
      'updated, error, claim; sessions[] with number, started, ended, who, completed[]; criticalPath[], handoff, revision.',
    examples: [['baton tasks show database-migration-x3f9', 'the list with this ID, or the only one with this title']],
  })
    .argument('<list>', 'ID of the list')
    .action((list: string, _options: object, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { showTaskList } = await import('../../../core/actions/tasks/showTaskList.ts');
        const result = await showTaskList(context, { list });
        return { data: toShownData(result), warnings: result.warnings, print: (out) => printTaskList(out, result) };
      }),
    );
}

/** The `data` of `--json`. */
export function toShownData({ list, revision, criticalPath, handoff }: ShowTaskListResult) {
  return {
    list: toTaskListView(list),
    tasks: list.tasks.map(toTaskView),
    sessions: list.list.sessions.map(toListSessionView),
    criticalPath,
    handoff: handoff ?? null,
    revision,
  };
}

/** Prints a whole list. */
export function printTaskList(out: Output, { list: entry, criticalPath, handoff }: ShowTaskListResult): void {
  const { list, tasks } = entry;
  out.line(`${out.paint('title', plainText(list.id))}  ${plainText(list.title)}`);
  out.line(`${describeTaskCounts(entry)}${list.archived ? ', archived' : ''}`);
  printTasks(out, tasks);
  if (criticalPath.length > 0) out.wrapped(criticalPath.map(plainText).join(' → '), { label: 'Critical path: ' });
  for (const { number, started, ended, who, completed } of list.sessions) {
    const by = who === '' ? '' : ` by ${plainText(who)}`;
    const done = completed.length === 0 ? '' : `, completed ${completed.map(plainText).join(', ')}`;
    const end = ended === undefined ? 'open' : `to ${plainText(ended)}`;
    out.line(`Session ${number}${by}: ${plainText(started)} ${end}${done}`);
  }
  if (handoff === undefined || handoff === '') return;
  out.line('Handoff:');
  for (const line of handoff.split(/\r\n|\n|\r/)) {
    if (!/^\s*<!--.*-->\s*$/.test(line)) out.line(`  ${harmlessText(line)}`);
  }
}
