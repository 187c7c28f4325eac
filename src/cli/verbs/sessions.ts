import type { Command } from 'commander';
import type { SessionStatus } from '../../core/model/sessionStatus.ts';
import type { SessionEntry, Workspace } from '../../core/model/workspace.ts';
import { collectStatuses } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { explainNone } from '../explainNone.ts';
import type { Output } from '../output.ts';
import { printNextStep, printSessions, quoteArgument } from '../sessionTable.ts';
import { countOf } from '../text.ts';
import { toSessionView } from '../views.ts';

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
      'What is not known is null. status: pending, active, paused, blocked, done, failed or retry.',
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
        const { sessions } = await listSessions(context, options);
        return {
          data: { sessions: sessions.map(toSessionView) },
          print: (out) =>
            sessions.length === 0 ? printNone(out, options, context.store.workspace) : printAll(out, sessions, options),
        };
      }),
    );
}

function printAll(out: Output, sessions: readonly SessionEntry[], { ready = false }: SessionsOptions): void {
  printSessions(out, sessions);
  const [first] = sessions;
  if (!ready || first === undefined) return;
  out.line();
  printNextStep(out, `baton start ${quoteArgument(first.id)}`, `of ${countOf(sessions.length, 'ready session')}`);
}

function printNone(out: Output, options: SessionsOptions, workspace: Workspace | undefined): void {
  if (options.ready === true) {
    out.line('No session is ready.');
    printNextStep(out, 'baton sessions', 'what each one waits for');
  } else if (Object.keys(options).some((key) => ['project', 'repository', 'status', 'text'].includes(key))) {
    out.line('No session fits these filters.');
    printNextStep(out, 'baton sessions', 'all of them');
  } else explainNone(out, workspace);
}
