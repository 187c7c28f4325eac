import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';

/** A file with its text. */
export interface TaskFile {
  /** Relative to the project's root. */
  readonly path: string;
  readonly text: string;
}

/** The files of a project's task lists. */
export interface TaskFiles {
  readonly files: readonly TaskFile[];
}

/** Where task lists are unless `.baton.yaml` says otherwise. */
const folders: readonly string[] = ['docs/tasks', 'docs/tasks/archive'];

/**
 * Reads the task lists of the project that `cwd` lies in, at once and with nothing but the file system. Only for the plain case: undefined
 * where the project has a configuration, links, claims, lists in step with Claude Code's, or files that are no UTF-8, which the ports then deal with.
 */
export function readTaskFilesNow(cwd: string): TaskFiles | undefined {
  // By another name the folders above it are others.
  if (realpathSync(cwd) !== cwd) return undefined;
  const place = findProject(cwd);
  if (place === undefined) return undefined;
  const records = join(place.commonDir, 'baton');
  if (hasEntries(join(records, 'claims')) || hasEntries(join(records, 'task-mirror'))) return undefined;
  const files: TaskFile[] = [];
  for (const folder of folders) {
    const names = namesIn(join(place.root, folder));
    if (names === undefined) return undefined;
    for (const name of names) {
      const text = readPlain(join(place.root, folder, name));
      if (text === undefined) return undefined;
      files.push({ path: `${folder}/${name}`, text });
    }
  }
  return { files };
}

/** The root as `findProjectRoot` finds it, where a `.git` above or in it is found too. */
function findProject(cwd: string): { readonly root: string; readonly commonDir: string } | undefined {
  let root: string | undefined;
  for (let at = cwd; ; at = dirname(at)) {
    if (kindOf(join(at, '.baton.yaml')) !== undefined) return undefined;
    if (root === undefined && kindOf(join(at, 'docs/sessions')) !== undefined) root = at;
    const git = join(at, '.git');
    const kind = kindOf(git);
    if (kind !== undefined) {
      const commonDir = findCommonDir(git, kind);
      return commonDir === undefined ? undefined : { root: root ?? at, commonDir };
    }
    if (dirname(at) === at) return undefined;
  }
}

/** gitrepository-layout(5): `.git` is the directory, or a file that names the one of a worktree, which names the common one. */
function findCommonDir(git: string, kind: 'file' | 'folder' | 'link'): string | undefined {
  try {
    if (kind === 'folder')
      return kindOf(join(git, 'commondir')) === undefined && kindOf(join(git, 'HEAD')) ? git : undefined;
    const named = /^gitdir: (.+?)[\r\n]*$/s.exec(readFileSync(git, 'utf8'))?.[1];
    if (kind === 'link' || named === undefined) return undefined;
    const gitDir = resolve(dirname(git), named);
    const common = readFileSync(join(gitDir, 'commondir'), 'utf8').trim();
    return isAbsolute(common) ? common : resolve(gitDir, common);
  } catch {
    return undefined;
  }
}

function kindOf(path: string): 'file' | 'folder' | 'link' | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  return found.isSymbolicLink() ? 'link' : found.isDirectory() ? 'folder' : 'file';
}

function hasEntries(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0;
  } catch (error) {
    return !isMissing(error);
  }
}

/** The markdown files of a folder, sorted; undefined where something in it is to be looked at more closely. */
function namesIn(folder: string): readonly string[] | undefined {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    if (entries.some((entry) => entry.isSymbolicLink())) return undefined;
    if (entries.length > 0 && !isPlainFolder(folder)) return undefined;
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.md') && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    return isMissing(error) ? [] : undefined;
  }
}

/** Neither the folder nor one of those above it in the project is a link. */
function isPlainFolder(folder: string): boolean {
  return [folder, dirname(folder), dirname(dirname(folder))].every((path) => !lstatSync(path).isSymbolicLink());
}

function readPlain(path: string): string | undefined {
  try {
    const bytes = readFileSync(path);
    const text = bytes.toString('utf8');
    // Bytes that are no UTF-8 become this character; so would nothing that people write.
    return text.includes('\uFFFD') ? undefined : text;
  } catch {
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** Tells whether a folder is there; the caller may have named any. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
