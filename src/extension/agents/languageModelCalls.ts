import { BatonError } from '../../core/errors.ts';
import { findTaskList } from '../../core/store/findTaskList.ts';
import type { Services } from '../commands/services.ts';
import type { Projects } from '../workspace/projects.ts';
import { describeOpenFile, findOpenStateFiles, type OpenStateFile } from './openStateFiles.ts';
import type { ReadOpenFileInput, RevealInput } from './toolInputs.ts';

/** Longest text that is handed to a model. */
const mostCharacters = 100_000;

/**
 * An open state file as its editor has it, or which are open.
 *
 * @throws Error for the model to read, where there is none or several
 */
export function readOpenFile(projects: Projects, { path, folder }: ReadOpenFileInput): object {
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

/**
 * Shows a session, a list, a task or the dashboard in the views.
 *
 * @throws Error for the model to read, where there is no such thing
 */
export async function reveal(services: Services, input: RevealInput): Promise<object> {
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
