import type { Command } from 'commander';
import type { SessionStatus } from '../../core/model/sessionStatus.ts';
import { collectStatuses } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { printFound, toSessionsData } from '../sessionsOutput.ts';
import { plainText } from '../text.ts';

interface SessionsOptions {
  readonly project?: string;
  readonly repository?: string;
  readonly status?: readonly SessionStatus[];
  readonly text?: string;
  readonly ready?: boolean;
}

/** `baton sessions` */
export function declareSessions(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'sessions',
    summary: 'List the sessions of the plans and progress tables',
    details:
      '--json: sessions[] with id, title, status, statusUnknown, project, repository, section, dependencies[{id, status, met, ' +
      'reason}], waitingFor[], unblocks[], started, completed, commit, notes, model, estimate, plan, progress, ready, activeHere. ' +
      'What is not known is null. With --ready also dispatched[] {id, session, status}: what an agent has. status: pending, active, paused, blocked, done, failed or retry.',
    examples: [
      ['baton sessions --ready', 'what can be started, what unblocks most first'],
      ['baton sessions --status active,paused', 'what is under way'],
      ['baton sessions --text payment --json', 'search, for programs'],
    ],
  })
    .option('--project <name>', 'only of this project')
    .option('--repository <name>', 'only of this repository')
    .option('--status <status>', 'only in this state; several with commas', collectStatuses)
    .option('--text <text>', 'only with this in ID or title')
    .option('--ready', 'only what can be started, in order of what it unblocks')
    .action((options: SessionsOptions, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { listSessions } = await import('../../core/actions/listSessions.ts');
        const { sessions, dispatched } = await listSessions(context, options);
        return {
          data: { ...toSessionsData(sessions), ...(options.ready === true && { dispatched }) },
          print: (out) => {
            printFound(out, sessions, options, context.store.workspace);
            for (const { id, session, status } of dispatched) {
              out.wrapped(plainText(`${id} is with an agent: ${session}, ${status}`), { tone: 'quiet' });
            }
          },
        };
      }),
    );
}
