import type { Command } from 'commander';
import type { ResumeTaskListResult } from '../../../core/actions/tasks/resumeTaskList.ts';
import { loadedLine, preservedLine, sessionLine } from '../../../core/actions/tasks/seedLines.ts';
import { callerName } from '../../callerName.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { printHandoff, toHandoffView } from '../../handoff.ts';
import type { Output } from '../../output.ts';
import { printNextStep, quoteArgument } from '../../sessionTable.ts';
import { toTaskListView, toTaskView } from '../../taskViews.ts';
import { plainText } from '../../text.ts';

interface ResumeOptions {
  readonly who?: string;
  readonly revision?: string;
}

/** `baton tasks resume LIST` */
export function declareTasksResume(tasks: Command, cli: Cli): void {
  declareVerb(tasks, {
    name: 'resume',
    summary: 'Continue a list: rejoin the session that is open here, else open the next one',
    details:
      '--json: id, session, rejoined, deadOwner (or null), preserved[{id, status}], handoff (or null) {text, fresh, staleness}, ' +
      'next (or null), list, tasks[], revision.',
    examples: [['baton tasks resume database-migration-x3f9', 'with the ID that the last session reported']],
  })
    .argument('<list>', 'ID of the list')
    .option('--who <name>', 'who works in this session')
    .option('--revision <revision>', 'refuse when the list is no longer what you saw')
    .action((list: string, options: ResumeOptions, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { resumeTaskList } = await import('../../../core/actions/tasks/resumeTaskList.ts');
        const { revision } = options;
        const result = await resumeTaskList(context, {
          list,
          who: callerName(options.who),
          ...(revision !== undefined && { expectedRevision: revision }),
        });
        const { deadOwner, handoff, next } = result;
        return {
          data: {
            id: result.list.list.id,
            session: result.session,
            rejoined: result.rejoined,
            deadOwner: deadOwner ?? null,
            preserved: result.preserved,
            handoff: toHandoffView(handoff),
            next: next === undefined ? null : toTaskView(next),
            list: toTaskListView(result.list),
            tasks: result.list.tasks.map(toTaskView),
            revision: result.revision,
          },
          warnings: result.warnings,
          print: (out) => printResumed(out, result),
        };
      }),
    );
}

function printResumed(out: Output, result: ResumeTaskListResult): void {
  const { list, deadOwner, handoff, next } = result;
  const id = list.list.id;
  out.line(sessionLine(result.session));
  out.line(loadedLine(plainText(id)));
  result.preserved.forEach((task, index) => {
    out.line(plainText(preservedLine({ ...task, number: index + 1 })));
  });
  if (deadOwner !== undefined) {
    out.line(`Rejoined: the process that had it (${deadOwner.pid} on ${plainText(deadOwner.host)}) has ended.`);
  } else if (result.rejoined) out.line('Rejoined: this session was open here.');
  if (handoff !== undefined) printHandoff(out, handoff);
  out.line();
  if (next === undefined) printNextStep(out, `baton tasks verify ${quoteArgument(id)}`);
  else {
    const status = next.status === 'IN_PROGRESS' ? 'complete' : 'in_progress';
    printNextStep(out, `baton tasks set ${quoteArgument(id)} ${quoteArgument(next.id)} ${status}`);
  }
}
