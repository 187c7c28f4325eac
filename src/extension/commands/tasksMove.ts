import * as vscode from 'vscode';
import type { ActionContext } from '../../core/actions/context.ts';
import { moveTask } from '../../core/actions/tasks/moveTask.ts';
import { reorderTask } from '../../core/actions/tasks/reorderTask.ts';
import { BatonError } from '../../core/errors.ts';
import { registerCommand } from '../registration.ts';
import type { MoveTaskArgument, TaskArgument, TaskMove } from '../taskArguments.ts';
import { neighbourOf } from '../views/taskLists/model.ts';
import type { Services } from './services.ts';
import { runTaskVerb } from './tasksRun.ts';
import { selectList, selectTask } from './tasksSelect.ts';

/** The commands that do with the keyboard what dragging does with the mouse. */
export function registerTaskMoveCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.moveTaskUp', (argument) => moveByOne(services, argument, 'up')),
    registerCommand('baton.moveTaskDown', (argument) => moveByOne(services, argument, 'down')),
    registerCommand('baton.moveTaskToList', (argument) => moveToList(services, argument)),
    registerCommand('baton.moveTasks', (argument) =>
      moveTasks(services, argument?.folder ?? '', argument?.moves ?? []),
    ),
  ];
}

async function moveByOne(
  services: Services,
  argument: TaskArgument | undefined,
  direction: 'up' | 'down',
): Promise<unknown> {
  const title = direction === 'up' ? vscode.l10n.t('Move Task Up') : vscode.l10n.t('Move Task Down');
  const selected = await selectTask(services, argument, { title, prefersSelected: true });
  if (selected === undefined) return undefined;
  const { host, entry, task } = selected;
  const neighbour = neighbourOf(entry, task.id, direction);
  if (neighbour === undefined) return undefined;
  const place = direction === 'up' ? { before: neighbour } : { after: neighbour };
  const result = await runTaskVerb(services, host, { title: vscode.l10n.t('{0} moved', task.id) }, (context) =>
    reorderTask(context, { list: entry.list.path, task: task.id, ...place }),
  );
  const element = services.taskLists.provider.find(host.id, entry.list.path, task.id);
  // The next key press must mean the same task.
  if (element !== undefined && argument === undefined) await services.taskLists.reveal(element, true);
  return result;
}

async function moveToList(services: Services, argument: MoveTaskArgument | undefined): Promise<unknown> {
  const title = vscode.l10n.t('Move Task to List');
  const selected = await selectTask(services, argument, { title, prefersSelected: true });
  if (selected === undefined) return undefined;
  const { host, entry, task } = selected;
  const others = (host.workspace?.taskLists ?? []).filter(
    ({ list }) => !list.archived && list.path !== entry.list.path,
  );
  if (others.length === 0) {
    throw new BatonError('unknown-list', vscode.l10n.t('There is no other task list for {0}.', task.id), {
      hint: vscode.l10n.t('“Baton: New Task List” makes one.'),
    });
  }
  const toList = argument?.toList ?? (await pickOther(services, host.id, entry.list.path, title));
  if (toList === undefined) return undefined;
  const done = vscode.l10n.t('{0} moved to another list', task.id);
  return runTaskVerb(services, host, { title: done, offersUndo: true }, (context) =>
    moveTask(context, { list: entry.list.path, task: task.id, toList }),
  );
}

async function pickOther(services: Services, folder: string, path: string, title: string): Promise<string | undefined> {
  const selected = await selectList(
    services,
    { folder },
    {
      title,
      offers: ({ list }) => !list.archived && list.path !== path,
    },
  );
  return selected?.entry.list.path;
}

/** Carries out what a drop means, as one change that Undo takes back. */
async function moveTasks(services: Services, folder: string, moves: readonly TaskMove[]): Promise<void> {
  const host = services.projects.get(folder);
  const names = moves.map(({ task }) => task).join(', ');
  const isElsewhere = moves.some(({ kind }) => kind === 'move');
  const options = { title: vscode.l10n.t('{0} moved', names), offersUndo: isElsewhere };
  await runTaskVerb(services, host, options, async (context) => {
    const warnings: string[] = [];
    for (const move of moves) warnings.push(...(await carryOut(context, move)));
    return { warnings };
  });
}

async function carryOut(context: ActionContext, move: TaskMove): Promise<readonly string[]> {
  const { kind: _kind, ...options } = move;
  const change = 'toList' in options ? await moveTask(context, options) : await reorderTask(context, options);
  return change.warnings;
}
