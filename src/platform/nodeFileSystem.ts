import { constants, type Dirent, type Stats } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { compileGlob, type Glob, isSkippedFolder } from '../core/base/glob.ts';
import { BatonError } from '../core/errors.ts';
import type { FileStat, FileSystem } from '../core/ports/fileSystem.ts';
import { isMissing, unreadableError } from './ioErrors.ts';
import type { ProjectFolder } from './projectFolder.ts';
import { decodeUtf8 } from './utf8.ts';

/** Opening a pipe that nobody writes to would wait for ever. */
const readFlag = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Reads a project's files from the disk. */
export function createNodeFileSystem(folder: ProjectFolder): FileSystem {
  return {
    async readText(path) {
      const real = await folder.resolve(path);
      const bytes = await readFile(real, { flag: readFlag }).catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw unreadableError(path, error instanceof Error ? error.message : String(error), error);
      });
      return bytes === undefined ? undefined : decodeUtf8(bytes, path);
    },
    async stat(path) {
      const found = await statInside(folder, path);
      if (found === undefined) return undefined;
      const kind: FileStat['kind'] = found.isDirectory() ? 'folder' : 'file';
      return { kind, size: found.size, modifiedAt: found.mtimeMs };
    },
    async realPath(path) {
      const [root, real] = await Promise.all([folder.resolve(''), folder.resolve(path)]);
      return relative(root, real).split(sep).join('/');
    },
    async findFiles(globs) {
      const found = new Set<string>();
      await Promise.all(globs.map((glob) => search(folder, compileGlob(glob), found)));
      return [...found].sort();
    },
  };
}

async function statInside(folder: ProjectFolder, path: string): Promise<Stats | undefined> {
  try {
    return await stat(await folder.resolve(path));
  } catch (error) {
    if (BatonError.is(error, 'outside-project')) throw error;
    return undefined;
  }
}

/** Walks the part of the tree in which the glob can match: from its fixed folders down to its depth. */
async function search(folder: ProjectFolder, glob: Glob, found: Set<string>): Promise<void> {
  const visit = async (path: string, above: readonly string[]): Promise<void> => {
    const real = await realFolder(folder, path);
    // A link back to a folder that we are in would never end.
    if (real === undefined || above.includes(real)) return;
    const entries = await readdir(real, { withFileTypes: true }).catch(() => []);
    await Promise.all(
      entries.map(async (entry) => {
        const child = path === '' ? entry.name : `${path}/${entry.name}`;
        const kind = entry.isSymbolicLink() ? await kindOfLink(folder, child) : kindOf(entry);
        if (kind === 'file' && glob.matches(child)) found.add(child);
        if (kind !== 'folder' || isSkippedFolder(entry.name)) return;
        if (child.split('/').length < glob.depth && mayMatchBelow(entry.name, glob))
          await visit(child, [...above, real]);
      }),
    );
  };
  await visit(glob.base, []);
}

function mayMatchBelow(name: string, glob: Glob): boolean {
  return glob.findsHidden || !name.startsWith('.');
}

async function realFolder(folder: ProjectFolder, path: string): Promise<string | undefined> {
  try {
    return await realpath(await folder.resolve(path));
  } catch (error) {
    if (isMissing(error) || BatonError.is(error, 'outside-project', 'unreadable-file')) return undefined;
    throw error;
  }
}

/** Pipes, sockets and devices are neither. */
function kindOf(entry: Stats | Dirent): 'file' | 'folder' | undefined {
  return entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : undefined;
}

/** Links are followed only inside the project; one that leads out, or nowhere, is passed over. */
async function kindOfLink(folder: ProjectFolder, path: string): Promise<'file' | 'folder' | undefined> {
  try {
    const found = await stat(await folder.resolve(path));
    return kindOf(found);
  } catch {
    return undefined;
  }
}
