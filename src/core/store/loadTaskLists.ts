import { BatonError } from '../errors.ts';
import { readTaskList } from '../formats/taskList.ts';
import type { BatonConfig } from '../model/config.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { TaskList, TaskListEntry } from '../model/taskList.ts';
import type { FileProblems, Workspace } from '../model/workspace.ts';
import type { FileSystem, ProjectPath } from '../ports/fileSystem.ts';
import type { FrontmatterReader } from '../ports/frontmatter.ts';
import { joinTaskList } from './joinTaskList.ts';
import { byPlace } from './placeOrder.ts';

/** The task lists of a project, without anything else of it. */
export interface LoadedTaskLists {
  readonly lists: readonly TaskListEntry[];
  readonly problems: readonly FileProblems[];
  readonly unreadable: Workspace['unreadable'];
}

/** Files that are read at the same time. */
const readsAtOnce = 24;

/** The globs that find task lists and archived ones. */
export function taskListGlobs({ taskFolder }: Pick<BatonConfig, 'taskFolder'>): readonly string[] {
  const folder = taskFolder === '.' ? '' : `${taskFolder}/`;
  return [`${folder}*.md`, `${folder}archive/*.md`];
}

/** Reads the task lists alone, for who needs nothing else: plans and progress files are not touched. */
export async function loadTaskLists(
  ports: { readonly files: FileSystem; readonly frontmatter?: FrontmatterReader },
  config: Pick<BatonConfig, 'taskFolder'>,
): Promise<LoadedTaskLists> {
  const paths = await ports.files.findFiles(taskListGlobs(config));
  const lists: TaskList[] = [];
  const problems: FileProblems[] = [];
  const unreadable: { path: string; message: string }[] = [];
  const queue = [...paths].reverse();
  const work = async (): Promise<void> => {
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      try {
        const text = await ports.files.readText(path);
        if (text === undefined) continue;
        const read = readTaskList(text, path, ports.frontmatter);
        if (!read.isTaskList) continue;
        lists.push(read.list);
        if (read.diagnostics.length > 0) problems.push({ path, diagnostics: read.diagnostics });
      } catch (error) {
        if (!BatonError.is(error)) throw error;
        unreadable.push({ path, message: error.message });
      }
    }
  };
  await Promise.all(Array.from({ length: readsAtOnce }, work));
  return { lists: lists.sort(byPlace).map(joinTaskList), problems, unreadable };
}

/** The task list of a text; undefined where it is none. */
export function taskListOf(
  text: string,
  path: ProjectPath,
  frontmatter?: FrontmatterReader,
): { readonly list: TaskList; readonly diagnostics: readonly Diagnostic[] } | undefined {
  const { list, isTaskList, diagnostics } = readTaskList(text, path, frontmatter);
  return isTaskList ? { list, diagnostics } : undefined;
}
