import type { ListOptions } from '../core/actions/listSessions.ts';
import type { SessionEntry, Workspace } from '../core/model/workspace.ts';
import { explainNone } from './explainNone.ts';
import type { Output } from './output.ts';
import { printNextStep, printSessions, quoteArgument } from './sessionTable.ts';
import { countOf } from './text.ts';
import { toSessionView } from './views.ts';

/** The `data` of `sessions --json`. */
export function toSessionsData(sessions: readonly SessionEntry[]) {
  return { sessions: sessions.map(toSessionView) };
}

/** Prints what `sessions` found, or why it found nothing. */
export function printFound(
  out: Output,
  sessions: readonly SessionEntry[],
  options: ListOptions,
  workspace: Workspace | undefined,
): void {
  if (sessions.length === 0) printNone(out, options, workspace);
  else printAll(out, sessions, options);
}

function printAll(out: Output, sessions: readonly SessionEntry[], { ready = false }: ListOptions): void {
  printSessions(out, sessions);
  const [first] = sessions;
  if (!ready || first === undefined) return;
  out.line();
  printNextStep(out, `baton start ${quoteArgument(first.id)}`, `of ${countOf(sessions.length, 'ready session')}`);
}

function printNone(out: Output, options: ListOptions, workspace: Workspace | undefined): void {
  if (options.ready === true) {
    out.line('No session is ready.');
    printNextStep(out, 'baton sessions', 'what each one waits for');
  } else if (Object.keys(options).some((key) => ['project', 'repository', 'status', 'text'].includes(key))) {
    out.line('No session fits these filters.');
    printNextStep(out, 'baton sessions', 'all of them');
  } else explainNone(out, workspace);
}
