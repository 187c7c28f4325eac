import * as vscode from 'vscode';
import { BatonError } from '../../core/errors.ts';
import { findTaskList } from '../../core/store/findTaskList.ts';
import type { Services } from '../commands/services.ts';
import type { Projects } from '../workspace/projects.ts';
import { describeOpenFile, findOpenStateFiles, type OpenStateFile } from './openStateFiles.ts';
import type { Checked, ReadOpenFileInput, RevealInput } from './toolInputs.ts';

/** Longest text that is handed to a model. */
const mostCharacters = 100_000;

/** The tools for what MCP cannot do: editors that are not saved, and the views. Nothing where the host has no language model tools. */
export function registerLanguageModelTools(services: Services): vscode.Disposable[] {
  if (typeof vscode.lm?.registerTool !== 'function') return [];
  return [
    vscode.lm.registerTool<unknown>('baton_readOpenFile', {
      prepareInvocation: () => ({ invocationMessage: vscode.l10n.t('Reading an open state file') }),
      invoke: async ({ input }) => {
        const { checkReadOpenFile } = await import('./toolInputs.ts');
        await services.projects.load();
        return resultOf(readOpenFile(services.projects, accept(checkReadOpenFile(input))));
      },
    }),
    vscode.lm.registerTool<unknown>('baton_reveal', {
      prepareInvocation: () => ({ invocationMessage: vscode.l10n.t('Showing it in the views of Baton') }),
      invoke: async ({ input }) => {
        const { checkReveal } = await import('./toolInputs.ts');
        await services.projects.load();
        return resultOf(await reveal(services, accept(checkReveal(input))));
      },
    }),
  ];
}

/** @throws Error with what is wrong, for the model to read */
function accept<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.input;
  throw new Error(`The input is not valid. ${checked.message}`);
}

function resultOf(value: object): vscode.LanguageModelToolResult {
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify(value))]);
}

function readOpenFile(projects: Projects, { path, folder }: ReadOpenFileInput): object {
  const open = findOpenStateFiles(projects).filter(
    ({ host }) => folder === undefined || host.folder.name === folder || host.id === folder,
  );
  if (path === undefined) {
    return { open: open.map((file) => ({ ...placeOf(file), unsaved: file.document.isDirty })) };
  }
  const wanted = path.replace(/^\.?\//, '');
  const [only, second] = open.filter((file) => file.path === wanted);
  if (only === undefined) {
    const names = open.map((file) => file.path).join(', ');
    throw new Error(`No editor has the state file ${wanted} open. Read it from disk. Open are: ${names || 'none'}.`);
  }
  if (second !== undefined) throw new Error(`Several folders have ${wanted} open. Give "folder".`);
  const described = describeOpenFile(only);
  const isCut = described.text.length > mostCharacters;
  return { ...described, text: described.text.slice(0, mostCharacters), ...(isCut ? { cut: true } : {}) };
}

function placeOf({ host, path }: OpenStateFile) {
  return { path, folder: host.folder.name };
}

async function reveal(services: Services, input: RevealInput): Promise<object> {
  if (input.dashboard === true) return showDashboard(services, input.session);
  if (input.session !== undefined) {
    const { selectSession } = await import('../commands/selectSession.ts');
    const options = { title: '', offers: () => true };
    const selected = await selectSession(services, { id: input.session }, options);
    const element =
      selected && services.sessions.provider.find(selected.host.id, selected.entry.id, selected.entry.project);
    if (element === undefined) throw new Error(`The view does not show ${input.session}: it may be filtered out.`);
    await services.sessions.reveal(element, false);
    return { shown: input.session };
  }
  const { list = '', task } = input;
  for (const host of services.projects.all) {
    const path = pathOfList(host.workspace?.taskLists ?? [], list);
    const element = path === undefined ? undefined : services.taskLists.provider.find(host.id, path, task);
    if (element === undefined) continue;
    await services.taskLists.reveal(element, false);
    return { shown: task === undefined ? list : `${list}/${task}` };
  }
  throw new Error(
    task === undefined ? `There is no task list ${list}.` : `There is no task ${task} in a list ${list}.`,
  );
}

/** Shows the dashboard of the session's folder, else of the first that has state files. */
async function showDashboard(services: Services, id: string | undefined): Promise<object> {
  const { projects, dashboards } = services;
  const { selectSession } = await import('../commands/selectSession.ts');
  const options = { title: '', offers: () => true };
  const selected = id === undefined ? undefined : await selectSession(services, { id }, options);
  const host = selected?.host ?? projects.withFiles[0];
  if (host === undefined) throw new Error('No folder has state files.');
  await dashboards.open(host, selected === undefined ? {} : { key: selected.entry.key });
  return { shown: id === undefined ? 'dashboard' : `${id} in the dashboard` };
}

function pathOfList(lists: Parameters<typeof findTaskList>[0], name: string): string | undefined {
  try {
    return findTaskList(lists, name).list.path;
  } catch (error) {
    if (BatonError.is(error, 'unknown-list')) return undefined;
    throw error;
  }
}
