import { lstat, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { findGitLocation, type GitLocation } from './gitDir.ts';
import { isMissing, unreadableError } from './ioErrors.ts';
import { normalizeProjectPath, outsideProject } from './projectPaths.ts';

/** The folder of a project on this machine: turns project paths into real ones, and refuses those that lead out of the repository. */
export interface ProjectFolder {
  /** As the host named it. */
  readonly root: string;
  /** The repository that holds the root, undefined where none does. Looked up once. */
  git(): Promise<GitLocation | undefined>;
  /**
   * Absolute path with symbolic links followed, also of a file that is not there yet.
   *
   * @throws BatonError `outside-project`, `unreadable-file` where links go round
   */
  resolve(path: string): Promise<string>;
  /** Absolute path whose folder is real, its last part as it is: for moving and removing a link itself. */
  resolveEntry(path: string): Promise<string>;
}

/** Makes the project folder for an absolute path. A link may lead anywhere inside the repository (without one: inside the root). */
export function createProjectFolder(root: string): ProjectFolder {
  let location: Promise<GitLocation | undefined> | undefined;
  const git = () => {
    location ??= findGitLocation(root);
    return location;
  };
  let realRoot: Promise<string> | undefined;
  const check = async (real: string, path: string): Promise<string> => {
    realRoot ??= realPath(root);
    if (isInside(real, await realRoot)) return real;
    const topLevel = (await git())?.topLevel;
    if (topLevel !== undefined && isInside(real, topLevel)) return real;
    throw outsideProject(path);
  };
  return {
    root,
    git,
    resolve: async (path) => check(await follow(join(root, normalizeProjectPath(path)), path), path),
    async resolveEntry(path) {
      const absolute = join(root, normalizeProjectPath(path));
      return check(join(await follow(dirname(absolute), path), basename(absolute)), path);
    },
  };
}

/** Links that go round, folders that may not be entered. */
async function follow(absolute: string, path: string): Promise<string> {
  return await realPath(absolute).catch((error: unknown) => {
    throw unreadableError(path, error instanceof Error ? error.message : String(error), error);
  });
}

/** Tells whether `path` is `folder` or lies in it; both absolute and real. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === path);
}

/** Follows links as far as there is something, and keeps the rest of the path. */
export async function realPath(path: string, linksLeft = 40): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isMissing(error) || dirname(path) === path || linksLeft === 0) throw error;
  }
  const isLink = await lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
  // A link whose target is still to be made.
  if (isLink) return realPath(resolve(dirname(path), await readlink(path)), linksLeft - 1);
  return join(await realPath(dirname(path), linksLeft), basename(path));
}
