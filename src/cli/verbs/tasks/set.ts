import type { Command } from 'commander';
import { taskLine } from '../../../core/actions/tasks/seedLines.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { plainText } from '../../text.ts';
import { numberOf, toChangeResult } from './changeResult.ts';

interface SetOptions {
  readonly force?: boolean;
  readonly revision?: string;
}

/** `baton tasks set LIST TASK STATUS` */
export function declareTasksSet(tasks: Command, cli: Cli): void {
  declareVerb(tasks, {
    name: 'set',
    summary: 'Set the state of a task: pending, in_progress or complete',
    details:
      'A task whose dependencies are not complete is not started, and a complete one does not fall back, but with --force, ' +
      'which is written down in the list.\n\n' +
      '--json: task, from, to, session (that it is put down to), forced[], newlyReady[], changed, list, revision.',
    examples: [
      ['baton tasks set database-migration-x3f9 schema in_progress', 'work on it begins'],
      ['baton tasks set database-migration-x3f9 schema complete', 'it is done'],
    ],
  })
    .argument('<list>', 'ID of the list')
    .argument('<task>', 'ID of the task')
    .argument('<status>', 'pending, in_progress or complete')
    .option('--force', 'in spite of dependencies that are not complete, or of a complete state')
    .option('--revision <revision>', 'refuse when the list is no longer what you saw')
    .action((list: string, task: string, status: string, options: SetOptions, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { setTask } = await import('../../../core/actions/tasks/setTask.ts');
        const { force, revision } = options;
        const result = await setTask(context, {
          list,
          task,
          status,
          ...(force === true && { force }),
          ...(revision !== undefined && { expectedRevision: revision }),
        });
        const { from, to, session, forced, newlyReady } = result;
        const number = numberOf(result, result.task.id);
        return toChangeResult(result, { from, to, session, forced, newlyReady }, (out) => {
          out.line(plainText(taskLine({ number, id: result.task.id, status: to, from })));
          for (const text of forced) out.wrapped(plainText(text), { label: 'Forced: ', tone: 'warn' });
          if (newlyReady.length > 0) out.wrapped(newlyReady.map(plainText).join(', '), { label: 'Ready now: ' });
        });
      }),
    );
}
