import * as vscode from 'vscode';
import { registerCommand } from '../registration.ts';
import type { TaskArgument } from '../taskArguments.ts';
import { openText } from './openText.ts';
import { announce } from './runVerb.ts';
import type { Services } from './services.ts';
import { selectList, selectTask } from './tasksSelect.ts';

/** The commands that show tasks and lists, and the one that takes back the newest change. */
export function registerTaskOpenCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.openTask', async (argument) => {
      const found = await selectEither(services, argument, vscode.l10n.t('Open Task'));
      if (found === undefined) return;
      const { host, entry, range } = found;
      const { path, text } = entry.list;
      const at = range === undefined ? undefined : { range, text, keepsFocus: argument?.keepsFocus === true };
      await openText(host, path, at);
    }),
    registerCommand('baton.copyTaskId', async (argument) => {
      const found = await selectEither(services, argument, vscode.l10n.t('Copy ID'));
      if (found === undefined) return undefined;
      await vscode.env.clipboard.writeText(found.id);
      announce(vscode.l10n.t('{0} is in the clipboard', found.id));
      return found.id;
    }),
    registerCommand('baton.revealTask', async (argument) => {
      const found = await selectEither(services, argument, vscode.l10n.t('Show in Task Lists'));
      const element =
        found &&
        services.taskLists.provider.find(found.host.id, found.entry.list.path, found.isTask ? found.id : undefined);
      if (element !== undefined) await services.taskLists.reveal(element, true);
    }),
    registerCommand('baton.undoTaskChange', async () => {
      const change = await services.taskUndo.undo();
      if (change === undefined) announce(vscode.l10n.t('There is no change of a task to undo'));
      else announce(vscode.l10n.t('Undone: {0}', change.label));
      return change?.label;
    }),
  ];
}

/** A task, or with a list alone that list. */
async function selectEither(services: Services, argument: TaskArgument | undefined, title: string) {
  if (argument?.list !== undefined && argument.task === undefined) {
    const selected = await selectList(services, argument, { title });
    return selected && { ...selected, id: selected.entry.list.id, range: undefined, isTask: false };
  }
  const selected = await selectTask(services, argument, { title, prefersSelected: true });
  return selected && { ...selected, id: selected.task.id, range: selected.task.range, isTask: true };
}
