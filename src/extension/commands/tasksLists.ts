import * as vscode from 'vscode';
import { archiveTaskList } from '../../core/actions/tasks/archiveTaskList.ts';
import { type CreateTaskListResult, createTaskList } from '../../core/actions/tasks/createTaskList.ts';
import { BatonError } from '../../core/errors.ts';
import { readTaskSpecs } from '../../core/formats/taskSpec.ts';
import { userName } from '../../platform/userName.ts';
import { registerCommand, runCommand } from '../registration.ts';
import type { ArchiveArgument, CreateTaskListArgument } from '../taskArguments.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { notify } from './notify.ts';
import { openText } from './openText.ts';
import { selectHost } from './selectHost.ts';
import { plainLabel } from './selectSession.ts';
import type { Services } from './services.ts';
import { runTaskVerb } from './tasksRun.ts';
import { selectList } from './tasksSelect.ts';

/** The commands that make task lists and put them away. */
export function registerTaskListCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.createTaskList', (argument) => createList(services, argument)),
    registerCommand('baton.archiveTaskList', (argument) => archiveList(services, argument)),
    registerCommand('baton.restoreTaskList', (argument) => archiveList(services, { ...argument, restore: true })),
  ];
}

type Content = Omit<CreateTaskListArgument, 'folder'>;
type ContentTexts = Omit<Content, 'tasks'>;

async function createList(
  services: Services,
  argument: CreateTaskListArgument | undefined,
): Promise<CreateTaskListResult | undefined> {
  const host = await selectHost(services.projects, argument, ({ isLocal }) => isLocal);
  if (host === undefined) return undefined;
  const { tasks, outline, fromPlan, fromList } = argument ?? {};
  const isTold = [argument?.title, tasks, outline, fromPlan, fromList].some((one) => one !== undefined);
  const content = isTold ? argument : await askContent(host);
  if (content === undefined) return undefined;
  const options = { title: vscode.l10n.t('New task list') };
  const result = await runTaskVerb(services, host, options, (context) =>
    createTaskList(context, {
      ...pickTexts(content),
      who: userName(),
      ...(content.tasks === undefined ? {} : { tasks: readTaskSpecs(content.tasks, []) }),
    }),
  );
  await host.refresh([result.path]);
  void announceList(host, result);
  return result;
}

function pickTexts({ title, id, outline, fromPlan, fromList }: Content): ContentTexts {
  return {
    ...(title === undefined ? {} : { title }),
    ...(id === undefined ? {} : { id }),
    ...(outline === undefined ? {} : { outline }),
    ...(fromPlan === undefined ? {} : { fromPlan }),
    ...(fromList === undefined ? {} : { fromList }),
  };
}

/** The list's ID is what the next session needs, so it is one click away. */
async function announceList(host: ProjectHost, { list, path }: CreateTaskListResult): Promise<void> {
  const open = vscode.l10n.t('Open');
  const copy = vscode.l10n.t('Copy ID');
  const message = vscode.l10n.t('Task list {0} is there; its session 1 is open.', list.list.id);
  const chosen = await notify('nextStep', message, open, copy);
  if (chosen === open) await openText(host, path);
  else if (chosen === copy) await runCommand('baton.copyTaskId', { folder: host.id, list: path });
}

/** Asks what the list is made from, and then for that. */
async function askContent(host: ProjectHost): Promise<Content | undefined> {
  const plans = host.workspace?.plans ?? [];
  const lists = (host.workspace?.taskLists ?? []).map(({ list }) => list);
  const ways: (vscode.QuickPickItem & { readonly ask: () => Promise<Content | undefined> })[] = [
    { label: vscode.l10n.t('Titles'), description: vscode.l10n.t('typed one by one'), ask: askTitles },
    {
      label: vscode.l10n.t('Outline'),
      description: vscode.l10n.t('the selection or the whole text of the editor in front: YAML or markdown'),
      ask: askOutline,
    },
    ...(plans.length === 0
      ? []
      : [
          {
            label: vscode.l10n.t('Sessions of a plan'),
            ask: async () =>
              pickFrom(
                plans.map(({ path, title }) => ({
                  label: path,
                  description: title ?? '',
                  content: { fromPlan: path },
                })),
              ),
          },
        ]),
    ...(lists.length === 0
      ? []
      : [
          {
            label: vscode.l10n.t('Another list'),
            description: vscode.l10n.t('its tasks, all of them pending'),
            ask: async () => {
              const items = lists.map(({ id, title, path }) => ({
                label: title,
                description: id,
                content: { fromList: path },
              }));
              const content = await pickFrom(items);
              return content && askTitle(content);
            },
          },
        ]),
  ];
  const way = await vscode.window.showQuickPick(ways, { title: vscode.l10n.t('New Task List: made from') });
  return way?.ask();
}

async function pickFrom(
  items: readonly { readonly label: string; readonly description: string; readonly content: Content }[],
): Promise<Content | undefined> {
  const shown = items.map(({ label, description, content }) => ({
    label: plainLabel(label),
    description: plainLabel(description),
    content,
  }));
  const title = vscode.l10n.t('New Task List: made from');
  return (await vscode.window.showQuickPick(shown, { title, matchOnDescription: true }))?.content;
}

async function askTitle(content: Content): Promise<Content | undefined> {
  const title = await vscode.window.showInputBox({
    title: vscode.l10n.t('New Task List'),
    prompt: vscode.l10n.t('What the list is for, in a few words.'),
    validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('The list needs a title.') : undefined),
    ignoreFocusOut: true,
  });
  return title === undefined ? undefined : { ...content, title };
}

/** One input after the other; an empty one ends. */
async function askTitles(): Promise<Content | undefined> {
  const content = await askTitle({});
  if (content === undefined) return undefined;
  const tasks: string[] = [];
  for (;;) {
    const line = await vscode.window.showInputBox({
      title: vscode.l10n.t('{0}: task {1}', content.title ?? '', tasks.length + 1),
      prompt: vscode.l10n.t('A title, or “ID: title after A, B”. Empty: no more.'),
      ignoreFocusOut: true,
    });
    if (line === undefined) return undefined;
    if (line.trim() === '') return { ...content, tasks };
    tasks.push(line);
  }
}

async function askOutline(): Promise<Content | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    throw new BatonError('invalid-argument', vscode.l10n.t('No editor has an outline.'), {
      hint: vscode.l10n.t('Open the text, or select the part of it that is the outline.'),
    });
  }
  const { document, selection } = editor;
  return { outline: document.getText(selection.isEmpty ? undefined : selection) };
}

async function archiveList(services: Services, argument: ArchiveArgument | undefined): Promise<unknown> {
  const restore = argument?.restore === true;
  const title = restore ? vscode.l10n.t('Restore Task List') : vscode.l10n.t('Archive Task List');
  const selected = await selectList(services, argument, { title, offers: ({ list }) => list.archived === restore });
  if (selected === undefined) return undefined;
  const { host, entry } = selected;
  const done = restore
    ? vscode.l10n.t('{0} restored', entry.list.title)
    : vscode.l10n.t('{0} archived', entry.list.title);
  const result = await runTaskVerb(services, host, { title: done }, (context) =>
    archiveTaskList(context, { list: entry.list.path, restore }),
  );
  if (!restore) void offerRestore(host, result.path, done);
  return result;
}

async function offerRestore(host: ProjectHost, list: string, message: string): Promise<void> {
  const undo = vscode.l10n.t('Undo');
  if ((await notify('undo', message, undo)) !== undo) return;
  await runCommand('baton.restoreTaskList', { folder: host.id, list });
}
