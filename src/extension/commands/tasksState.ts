import * as vscode from 'vscode';
import { type SetTaskResult, setTask } from '../../core/actions/tasks/setTask.ts';
import { BatonError } from '../../core/errors.ts';
import type { TaskEntry, TaskStatus } from '../../core/model/taskList.ts';
import { registerCommand } from '../registration.ts';
import type { SetTaskArgument } from '../taskArguments.ts';
import type { Services } from './services.ts';
import { runTaskVerb } from './tasksRun.ts';
import { type SelectedTask, selectTask } from './tasksSelect.ts';

/** The commands that set the state of a task, or of all that are selected in the tree. */
export function registerTaskStateCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.startTask', (argument, selection) =>
      setAll(services, argument, selection, {
        status: 'IN_PROGRESS',
        title: vscode.l10n.t('Start Task'),
        offers: ({ status }) => status === 'PENDING',
      }),
    ),
    registerCommand('baton.completeTask', (argument, selection) =>
      setAll(services, argument, selection, {
        status: 'COMPLETE',
        title: vscode.l10n.t('Complete Task'),
        offers: ({ status }) => status !== 'COMPLETE',
      }),
    ),
    registerCommand('baton.reopenTask', (argument, selection) =>
      setAll(services, argument, selection, {
        status: 'PENDING',
        title: vscode.l10n.t('Set Task Back to PENDING'),
        offers: ({ status }) => status !== 'PENDING',
      }),
    ),
  ];
}

interface StateChange {
  readonly status: TaskStatus;
  readonly title: string;
  readonly offers: (task: TaskEntry) => boolean;
}

async function setAll(
  services: Services,
  argument: SetTaskArgument | undefined,
  selection: readonly SetTaskArgument[],
  change: StateChange,
): Promise<SetTaskResult | undefined> {
  const others = selection.filter(({ task }) => task !== undefined);
  if (others.length < 2) {
    const selected = await selectTask(services, argument, { title: change.title, offers: change.offers });
    return selected && setWithConsent(services, selected, change.status, argument?.force);
  }
  let last: SetTaskResult | undefined;
  for (const one of others) {
    const selected = await selectTask(services, one, { title: change.title });
    if (selected !== undefined) last = (await setWithConsent(services, selected, change.status)) ?? last;
  }
  return last;
}

/** Sets the state; where that is refused and a person may override it, asks, saying what would be overridden. */
async function setWithConsent(
  services: Services,
  { host, entry, task }: SelectedTask,
  status: TaskStatus,
  force?: boolean,
): Promise<SetTaskResult | undefined> {
  const run = (isForced: boolean) =>
    runTaskVerb(services, host, { title: `${task.id}: ${status}` }, (context) =>
      setTask(context, { list: entry.list.path, task: task.id, status, force: isForced }),
    );
  try {
    return await run(force === true);
  } catch (error) {
    if (force !== undefined || !BatonError.is(error, 'dependencies-unmet', 'wrong-state')) throw error;
    if (entry.list.archived) throw error;
    const consent = await services.prompt.confirm({
      question: error.message,
      detail: [vscode.l10n.t('Doing it in spite of that is written down in the list.')],
      yes: vscode.l10n.t('Set It to {0}', status),
    });
    return consent === true ? run(true) : undefined;
  }
}
