import type { Command } from 'commander';
import type { HandOffResult } from '../../../core/actions/tasks/handOffTaskList.ts';
import {
  preservedLine,
  saveLine,
  sessionCompleteLine,
  sessionLine,
  taskLine,
} from '../../../core/actions/tasks/seedLines.ts';
import { collect } from '../../arguments.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import type { Output } from '../../output.ts';
import { printNextStep, quoteArgument } from '../../sessionTable.ts';
import { toTaskListView } from '../../taskViews.ts';
import { plainText } from '../../text.ts';

interface HandoffOptions {
  readonly end?: boolean;
  readonly question?: readonly string[];
  readonly note?: string;
  readonly revision?: string;
}

/** `baton tasks handoff LIST` */
export function declareTasksHandoff(tasks: Command, cli: Cli): void {
  declareVerb(tasks, {
    name: 'handoff',
    summary: 'Write what the next session needs into the list; --end ends this one',
    details:
      'States, what this session did, what is next, open questions, commits and files: from the list and from git. What people ' +
      'wrote into the section stays.\n\n--json: id, session, ended, text, list, revision.',
    examples: [
      ['baton tasks handoff database-migration-x3f9 --end', 'this session is over'],
      ['baton tasks handoff database-migration-x3f9 --question "Keep the old table?"', 'with an open question'],
    ],
  })
    .argument('<list>', 'ID of the list')
    .option('--end', 'end the session')
    .option('--question <text>', 'what the next session has to find out; may be given again', collect)
    .option('--note <text>', 'one more thing that it should know')
    .option('--revision <revision>', 'refuse when the list is no longer what you saw')
    .action((list: string, options: HandoffOptions, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { handOffTaskList } = await import('../../../core/actions/tasks/handOffTaskList.ts');
        const { end, question, note, revision } = options;
        const result = await handOffTaskList(context, {
          list,
          ...(end === true && { end }),
          ...(question !== undefined && { questions: question }),
          ...(note !== undefined && { note }),
          ...(revision !== undefined && { expectedRevision: revision }),
        });
        return {
          data: {
            id: result.list.list.id,
            session: result.session,
            ended: result.ended,
            text: result.text,
            list: toTaskListView(result.list),
            revision: result.revision,
          },
          warnings: result.warnings,
          print: (out) => printHandedOff(out, result),
        };
      }),
    );
}

function printHandedOff(out: Output, { list, session, ended }: HandOffResult): void {
  const id = plainText(list.list.id);
  out.line(sessionLine(session));
  list.tasks.forEach((task, index) => {
    const line = { number: index + 1, id: task.id, status: task.status };
    const isDone = task.status === 'COMPLETE';
    if (isDone && task.session === String(session)) out.line(plainText(taskLine({ ...line, from: 'IN_PROGRESS' })));
    else out.line(plainText(isDone ? preservedLine(line) : taskLine(line)));
  });
  out.line();
  if (!ended) {
    out.line(`The handoff of session ${session} is in ${plainText(list.list.path)}.`);
    printNextStep(out, `baton tasks handoff ${quoteArgument(id)} --end`, 'when the session is over');
    return;
  }
  out.line(sessionCompleteLine(session));
  out.line(saveLine(id, session + 1));
}
