import { joinPath } from '../base/links.ts';
import type { Workspace } from '../model/workspace.ts';
import type { FileSystem, ProjectPath } from '../ports/fileSystem.ts';
import type { Git } from '../ports/git.ts';

/** Where the state files of a project are in the repository of its root. */
export interface StatePlaces {
  /** The repository of the project's root; undefined where that is in none. */
  readonly home?: Git;
  /**
   * For each state file (and the folder of paused ones) that is reached through a link: where it really is, relative to the top level. Git
   * knows the link as a file of its own, and what is written is its target.
   */
  readonly targets: ReadonlyMap<ProjectPath, string>;
}

/** Finds the state files that are reached through links. */
export async function findTargets(
  files: Pick<FileSystem, 'realPath'>,
  workspace: Workspace,
  home: Pick<Git, 'prefix'>,
): Promise<ReadonlyMap<ProjectPath, string>> {
  const paths = [...new Set([...statePathsOf(workspace), workspace.config.pausedFolder])];
  const found = await Promise.all(paths.map(async (path) => [path, await findTarget(files, path, home)] as const));
  return new Map(found.flatMap(([path, target]) => (target === undefined ? [] : [[path, target]])));
}

/** Where a path leads that a link is in, relative to the top level; undefined where it is what it says. */
async function findTarget(
  files: Pick<FileSystem, 'realPath'>,
  path: ProjectPath,
  home: Pick<Git, 'prefix'>,
): Promise<string | undefined> {
  // One that leads out of the repository can neither be read nor written.
  const real = await files.realPath(path).catch(() => path);
  return real === path ? undefined : joinPath(home.prefix, real);
}

/** Files and folders of the project as its repository knows them; of one that is reached through a link also what it leads to. */
export async function placesInRepository(
  files: Pick<FileSystem, 'realPath'>,
  paths: readonly ProjectPath[],
  home: Pick<Git, 'prefix'>,
): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map(async (path) => [home.prefix + path, await findTarget(files, path, home)] as const),
  );
  return found.flatMap(([path, target]) => (target === undefined ? [path] : [path, target]));
}

/** Every state file of the project. */
export function statePathsOf({ config, paused, progress, plans, taskLists }: Workspace): readonly ProjectPath[] {
  return [
    config.sessionFile,
    ...paused.map(({ path }) => path),
    ...progress.map(({ path }) => path),
    ...plans.map(({ path }) => path),
    ...taskLists.map(({ list }) => list.path),
  ];
}

/** The path of a project's file as its repository knows it, and that of what it is a link to. */
export function repositoryPaths({ home, targets }: StatePlaces, path: ProjectPath): readonly string[] {
  if (!home) return [];
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const ofFolder = targets.get(folder);
  const target = targets.get(path) ?? (ofFolder === undefined ? undefined : ofFolder + path.slice(folder.length));
  return target === undefined ? [home.prefix + path] : [home.prefix + path, target];
}

/**
 * Tells whether a file, named as the repository of the root knows it, goes into the commits of every session: SESSION.md, paused ones,
 * progress files, task lists, and what links stand for.
 */
export function isStateFile(workspace: Workspace, { home, targets }: StatePlaces, path: string): boolean {
  if (!home) return false;
  if (path.startsWith(home.prefix) && isSessionState(workspace, path.slice(home.prefix.length))) return true;
  for (const [link, target] of targets) {
    if (target === path && isSessionState(workspace, link)) return true;
    if (link === workspace.config.pausedFolder && path.startsWith(`${target}/`)) return true;
  }
  return false;
}

function isSessionState({ config, progress, taskLists }: Workspace, path: ProjectPath): boolean {
  return (
    path === config.sessionFile ||
    path.startsWith(`${config.pausedFolder}/`) ||
    progress.some((file) => file.path === path) ||
    taskLists.some(({ list }) => list.path === path)
  );
}
