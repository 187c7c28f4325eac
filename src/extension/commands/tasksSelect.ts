import * as vscode from 'vscode';
import { BatonError } from '../../core/errors.ts';
import { findTaskRow } from '../../core/formats/taskListEdits.ts';
import type { TaskEntry, TaskListEntry } from '../../core/model/taskList.ts';
import { findTaskList } from '../../core/store/findTaskList.ts';
import type { TaskArgument, TaskListArgument } from '../taskArguments.ts';
import { shownTask } from '../views/taskLists/model.ts';
import { taskDescription, taskIcon, taskWord } from '../views/taskLists/taskText.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { plainLabel } from './selectSession.ts';
import type { Services } from './services.ts';

/** A task list and its folder. */
export interface SelectedList {
  readonly host: ProjectHost;
  readonly entry: TaskListEntry;
}

/** A task, its list and its folder. */
export interface SelectedTask extends SelectedList {
  readonly task: TaskEntry;
}

export interface ListPick {
  readonly title: string;
  readonly offers?: (entry: TaskListEntry) => boolean;
}

export interface TaskPick {
  readonly title: string;
  readonly offers?: (task: TaskEntry) => boolean;
  /** Takes the one that is selected in the tree, where the argument names none. */
  readonly prefersSelected?: boolean;
}

/**
 * Finds the task list that a command is about: the one that its argument names, else the only one, else the one that is picked.
 *
 * @returns undefined where the person picked none
 * @throws BatonError `unknown-list`, `ambiguous-list`
 */
export async function selectList(
  services: Services,
  argument: TaskListArgument | undefined,
  pick: ListPick,
): Promise<SelectedList | undefined> {
  const hosts = await hostsOf(services, argument);
  if (typeof argument?.list === 'string') return findList(hosts, argument.list);
  const offers = pick.offers ?? (({ list }) => !list.archived);
  const found = hosts.flatMap((host) =>
    (host.workspace?.taskLists ?? []).filter(offers).map((entry): SelectedList => ({ host, entry })),
  );
  const [only, second] = found;
  if (only === undefined) throw noLists(pick.title);
  if (second === undefined) return only;
  const items = found.map(({ host, entry }) => ({
    iconPath: new vscode.ThemeIcon('checklist'),
    label: plainLabel(entry.list.title),
    description: plainLabel(`${entry.counts.complete}/${entry.counts.total} · ${entry.list.id}`),
    ...(hosts.length > 1 ? { detail: host.folder.name } : {}),
    selected: { host, entry },
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: pick.title, matchOnDescription: true });
  return chosen?.selected;
}

/**
 * Finds the task that a command is about: the one that its argument names, else one that is picked.
 *
 * @returns undefined where the person picked none
 * @throws BatonError `unknown-list`, `unknown-task`, `ambiguous-task`
 */
export async function selectTask(
  services: Services,
  argument: TaskArgument | undefined,
  pick: TaskPick,
): Promise<SelectedTask | undefined> {
  const named = argument?.task === undefined && pick.prefersSelected === true ? selectedIn(services) : argument;
  const hosts = await hostsOf(services, named);
  if (typeof named?.task === 'string') {
    const { host, entry } =
      typeof named.list === 'string' ? findList(hosts, named.list) : findHolder(hosts, named.task);
    return { host, entry, task: findTaskRow(entry.list, entry.tasks, named.task) };
  }
  const lists =
    typeof named?.list === 'string'
      ? [findList(hosts, named.list)]
      : hosts.flatMap((host) => (host.workspace?.taskLists ?? []).map((entry): SelectedList => ({ host, entry })));
  return pickTask(lists, pick);
}

/** The task that is selected in the tree, where it is one. */
function selectedIn(services: Services): TaskArgument | undefined {
  const [only, second] = services.taskLists.selected;
  return only?.kind === 'task' && second === undefined ? only : undefined;
}

async function hostsOf(
  services: Services,
  argument: { readonly folder?: string } | undefined,
): Promise<readonly ProjectHost[]> {
  const { projects } = services;
  await projects.load();
  return typeof argument?.folder === 'string' ? [projects.get(argument.folder)] : projects.all;
}

/** The list of that name; in several folders it must be one of them that has it. */
function findList(hosts: readonly ProjectHost[], name: string): SelectedList {
  const found: SelectedList[] = [];
  let failure: unknown;
  for (const host of hosts) {
    try {
      found.push({ host, entry: findTaskList(host.workspace?.taskLists ?? [], name) });
    } catch (error) {
      if (!BatonError.is(error, 'unknown-list')) throw error;
      failure ??= error;
    }
  }
  const [only, second] = found;
  if (only !== undefined && second === undefined) return only;
  if (only === undefined) throw failure ?? noLists(name);
  const places = found.map(({ host }) => host.folder.name);
  throw new BatonError('ambiguous-list', vscode.l10n.t('{0} is in several folders: {1}.', name, places.join(', ')), {
    hint: vscode.l10n.t('Use the view “Task Lists”, or pass the folder.'),
    data: { places },
  });
}

/** The one list that has a task of this ID. */
function findHolder(hosts: readonly ProjectHost[], id: string): SelectedList {
  const found = hosts.flatMap((host) =>
    (host.workspace?.taskLists ?? [])
      .filter(({ list, tasks }) => !list.archived && tasks.some((task) => task.id === id))
      .map((entry): SelectedList => ({ host, entry })),
  );
  const [only, second] = found;
  if (only !== undefined && second === undefined) return only;
  if (only === undefined) throw new BatonError('unknown-task', vscode.l10n.t('No task list has a task {0}.', id));
  const places = found.map(({ entry }) => entry.list.id);
  throw new BatonError('ambiguous-task', vscode.l10n.t('{0} is in several task lists: {1}.', id, places.join(', ')), {
    hint: vscode.l10n.t('Use the view “Task Lists”, or pass the list.'),
    data: { places },
  });
}

interface TaskItem extends vscode.QuickPickItem {
  readonly selected?: SelectedTask;
}

async function pickTask(lists: readonly SelectedList[], pick: TaskPick): Promise<SelectedTask | undefined> {
  const offers = pick.offers ?? (() => true);
  const items = lists.flatMap(({ host, entry }): TaskItem[] => {
    if (entry.list.archived) return [];
    const tasks = entry.tasks.filter(offers).map(
      (task): TaskItem => ({
        iconPath: taskIcon(shownTask(task)),
        label: plainLabel(task.id),
        description: plainLabel(`${task.title} · ${taskWord(shownTask(task))}`),
        ...(taskDescription(task) === '' ? {} : { detail: plainLabel(taskDescription(task)) }),
        selected: { host, entry, task },
      }),
    );
    if (tasks.length === 0) return [];
    return [{ label: plainLabel(entry.list.title), kind: vscode.QuickPickItemKind.Separator }, ...tasks];
  });
  if (items.length === 0) throw new BatonError('unknown-task', vscode.l10n.t('No task fits: {0}.', pick.title));
  const chosen = await vscode.window.showQuickPick(items, {
    title: pick.title,
    placeHolder: vscode.l10n.t('Task ID or title'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.selected;
}

function noLists(purpose: string): BatonError {
  return new BatonError('unknown-list', vscode.l10n.t('There is no task list: {0}.', purpose), {
    hint: vscode.l10n.t('“Baton: New Task List” makes one.'),
  });
}
