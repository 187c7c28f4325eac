import * as vscode from 'vscode';
import { addTasks } from '../../core/actions/tasks/addTasks.ts';
import { editTask } from '../../core/actions/tasks/editTask.ts';
import { removeTask } from '../../core/actions/tasks/removeTask.ts';
import { BatonError } from '../../core/errors.ts';
import { readTaskSpecs } from '../../core/formats/taskSpec.ts';
import type { TaskEntry, TaskListEntry } from '../../core/model/taskList.ts';
import { registerCommand } from '../registration.ts';
import type { AddTaskArgument, EditTaskArgument, SetTaskArgument } from '../taskArguments.ts';
import { plainLabel } from './selectSession.ts';
import type { Services } from './services.ts';
import { runTaskVerb } from './tasksRun.ts';
import { selectList, selectTask } from './tasksSelect.ts';

/** The commands that add tasks, change what they say, and remove them. */
export function registerTaskEditCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.addTask', (argument) => addTask(services, argument)),
    registerCommand('baton.editTask', (argument) => changeTask(services, argument)),
    registerCommand('baton.removeTask', async (argument, selection) => {
      const chosen = selection.filter(({ task }) => task !== undefined);
      if (chosen.length < 2) return remove(services, argument);
      for (const one of chosen) await remove(services, one);
      return undefined;
    }),
  ];
}

async function addTask(services: Services, argument: AddTaskArgument | undefined): Promise<unknown> {
  const title = vscode.l10n.t('New Task');
  const selected = await selectList(services, argument, { title });
  if (selected === undefined) return undefined;
  const { host, entry } = selected;
  const line = argument?.title ?? (await askTask(entry, title));
  if (line === undefined) return undefined;
  const [spec] =
    argument?.title === undefined
      ? readTaskSpecs(
          [line],
          entry.tasks.map(({ id }) => id),
        )
      : [{ title: line }];
  if (spec === undefined) return undefined;
  const task = {
    ...spec,
    ...(argument?.id === undefined ? {} : { id: argument.id }),
    ...(argument?.after === undefined ? {} : { after: argument.after }),
  };
  const done = vscode.l10n.t('New task in {0}', entry.list.title);
  // From the menu of a task: behind that one.
  const place = argument?.task === undefined ? {} : { afterRow: argument.task };
  return runTaskVerb(services, host, { title: done }, (context) =>
    addTasks(context, { list: entry.list.path, tasks: [task], ...place }),
  );
}

function askTask({ list }: TaskListEntry, title: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: `${title}: ${list.title}`,
    prompt: vscode.l10n.t('A title, or “ID: title after A, B”.'),
    validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('The task needs a title.') : undefined),
    ignoreFocusOut: true,
  });
}

async function changeTask(services: Services, argument: EditTaskArgument | undefined): Promise<unknown> {
  const selected = await selectTask(services, argument, { title: vscode.l10n.t('Edit Task') });
  if (selected === undefined) return undefined;
  const { host, entry, task } = selected;
  const { title, id, after } = argument ?? {};
  const isTold = title !== undefined || id !== undefined || after !== undefined;
  const change = isTold
    ? { ...(title === undefined ? {} : { title }), ...(id === undefined ? {} : { id }), ...(after && { after }) }
    : await askChange(entry, task);
  if (change === undefined) return undefined;
  return runTaskVerb(services, host, { title: vscode.l10n.t('{0} edited', task.id) }, (context) =>
    editTask(context, { list: entry.list.path, task: task.id, ...change }),
  );
}

type Change = { readonly title?: string; readonly id?: string; readonly after?: readonly string[] };

/** First what is to be changed, then its new value. */
async function askChange(entry: TaskListEntry, task: TaskEntry): Promise<Change | undefined> {
  const step = vscode.l10n.t('Edit {0} ({1}/2)', task.id, 1);
  const what = await vscode.window.showQuickPick(
    [
      { label: vscode.l10n.t('Title'), description: plainLabel(task.title), part: 'title' as const },
      { label: vscode.l10n.t('After'), description: plainLabel(task.after.join(', ')), part: 'after' as const },
      { label: vscode.l10n.t('ID'), description: plainLabel(task.id), part: 'id' as const },
    ],
    { title: step },
  );
  if (what === undefined) return undefined;
  if (what.part === 'after') return askAfter(entry, task);
  const value = await vscode.window.showInputBox({
    title: vscode.l10n.t('Edit {0} ({1}/2)', task.id, 2),
    prompt: what.label,
    value: what.part === 'title' ? task.title : task.id,
    validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('It cannot be empty.') : undefined),
  });
  if (value === undefined) return undefined;
  return what.part === 'title' ? { title: value } : { id: value.trim() };
}

async function askAfter({ tasks }: TaskListEntry, task: TaskEntry): Promise<Change | undefined> {
  const items = tasks
    .filter(({ id }) => id !== task.id)
    .map(({ id, title }) => ({
      label: plainLabel(id),
      description: plainLabel(title),
      picked: task.after.includes(id),
      id,
    }));
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: vscode.l10n.t('{0} comes after', task.id),
    matchOnDescription: true,
  });
  return chosen && { after: chosen.map(({ id }) => id) };
}

/** Removes a task; where others come after it or its work has begun, the person is asked. */
async function remove(services: Services, argument: SetTaskArgument | undefined): Promise<unknown> {
  const selected = await selectTask(services, argument, { title: vscode.l10n.t('Remove Task') });
  if (selected === undefined) return undefined;
  const { host, entry, task } = selected;
  const options = { title: vscode.l10n.t('{0} removed', task.id), offersUndo: true };
  const run = (force: boolean) =>
    runTaskVerb(services, host, options, (context) =>
      removeTask(context, { list: entry.list.path, task: task.id, force }),
    );
  try {
    return await run(argument?.force === true);
  } catch (error) {
    if (argument?.force !== undefined || entry.list.archived || !BatonError.is(error, 'wrong-state')) throw error;
    const consent = await services.prompt.confirm({
      question: error.message,
      detail: [
        vscode.l10n.t('Removing it is written down in the list. Tasks that came after it no longer wait for it.'),
      ],
      yes: vscode.l10n.t('Remove'),
    });
    return consent === true ? run(true) : undefined;
  }
}
