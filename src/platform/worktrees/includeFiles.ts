import { constants, cp, lstat, mkdir, readFile, realpath, stat, symlink, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ParseError, parse } from 'jsonc-parser';
import { compileGlob } from '../../core/base/glob.ts';
import { phrase } from '../../core/base/phrase.ts';
import type { IncludedFiles, SetUpCommand } from '../../core/ports/worktrees.ts';
import type { GitClient } from '../git/gitClient.ts';
import { NodeGit } from '../git/nodeGit.ts';
import { findGitLocation } from '../gitDir.ts';
import { createProjectFolder } from '../projectFolder.ts';

/**
 * Copies ignored files of the main working tree into a new worktree: those that `.worktreeinclude` names (patterns as in .gitignore), VS
 * Code's `git.worktreeIncludeFiles`, or `patterns`. Only what git ignores is copied: tracked files are there, untracked ones are somebody's
 * work. Copies share their blocks where the file system can do that.
 */
export async function includeFiles(
  git: GitClient,
  from: string,
  to: string,
  patterns: readonly string[],
): Promise<Omit<IncludedFiles, 'linked'>> {
  const warnings: string[] = [];
  const wanted = await findWanted(git, from, patterns, warnings);
  const copied: string[] = [];
  for (const path of wanted) {
    try {
      if (await copyOne(join(from, path), join(to, path))) copied.push(path);
    } catch (error) {
      warnings.push(phrase`${path} was not copied: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { copied, warnings };
}

/**
 * Links ignored files and folders of the main working tree into a worktree, those that `patterns` name: what is too large to copy, or meant to
 * be shared. Nothing is linked that git has, or in which lies what git does not ignore. Git is told to ignore the links as well: a pattern of
 * folders (`node_modules/`) does not fit a link, which would be committed with the work.
 */
export async function linkFiles(
  git: { readonly main: GitClient; readonly worktree: GitClient },
  from: string,
  to: string,
  patterns: readonly string[],
): Promise<{ readonly linked: readonly string[]; readonly warnings: readonly string[] }> {
  const warnings: string[] = [];
  const linked: string[] = [];
  const tests = compileAll(patterns);
  if (tests.length === 0) return { linked, warnings };
  const ignored = await listFiles(git.main, ['--ignored', '--exclude-standard']);
  const heads = new Set(
    ignored
      .filter((path) => !own.test(path))
      .flatMap((path) => headsOf(path).find((head) => fitsOne(tests, head)) ?? []),
  );
  for (const head of heads) {
    try {
      const isIgnored = (await listKnown(git.main, head)) === '' && (await listKnown(git.worktree, head)) === '';
      if (!isIgnored) warnings.push(phrase`${head} was not linked: not everything in it is ignored by git`);
      else if (await linkOne(git.worktree, head, { from, to })) linked.push(head);
    } catch (error) {
      warnings.push(phrase`${head} was not linked: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { linked, warnings };
}

/** What git tracks, or would add, of a path. */
function listKnown(git: GitClient, path: string): Promise<string> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', path];
  return git.output({ args });
}

/** False where something is there already. */
async function linkOne(
  git: GitClient,
  path: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<boolean> {
  const target = join(from, path);
  const link = join(to, path);
  if ((await lstat(link).catch(() => undefined)) !== undefined) return false;
  await mkdir(dirname(link), { recursive: true });
  // Through a link that git checked out the way may lead anywhere.
  const folder = await realpath(dirname(link));
  if (folder !== join(await realpath(to), dirname(path))) throw new Error(phrase`its folder is a link`);
  // Windows lets everybody make junctions, and they are for folders.
  const isFolder = (await stat(target)).isDirectory();
  await symlink(target, link, isFolder ? 'junction' : 'file');
  if (await isIgnored(git, path)) return true;
  const location = await findGitLocation(from);
  const pattern = `/${path.replace(/[\\*?[\]!# ]/g, '\\$&')}`;
  if (location !== undefined) await new NodeGit(location, '', git).exclude([pattern]);
  if (await isIgnored(git, path)) return true;
  await unlink(link);
  throw new Error(phrase`git would commit the link`);
}

async function isIgnored(git: GitClient, path: string): Promise<boolean> {
  return (await git.attempt({ args: ['check-ignore', '--quiet', '--', `./${path}`], usesMagic: true })).exitCode === 0;
}

async function findWanted(
  git: GitClient,
  from: string,
  patterns: readonly string[],
  warnings: string[],
): Promise<readonly string[]> {
  const globs = [...patterns, ...(await readVscodeGlobs(from, warnings))];
  const includeFile = join(from, '.worktreeinclude');
  const hasFile = (await readFile(includeFile, 'utf8').catch(() => '')).trim() !== '';
  if (globs.length === 0 && !hasFile) return [];
  const ignored = await listFiles(git, ['--ignored', '--exclude-standard']);
  const named = new Set(hasFile ? await listFiles(git, ['--ignored', `--exclude-from=${includeFile}`]) : []);
  const tests = compileAll(globs);
  // A glob may name a folder: then all that is in it.
  const fits = (path: string): boolean => headsOf(path).some((head) => fitsOne(tests, head));
  return ignored.filter((path) => !own.test(path) && (named.has(path) || fits(path)));
}

/** What is Baton's own in a working tree. */
const own = /^(?:\.worktrees|\.baton)\//;

type PathTest = (path: string) => boolean;

function compileAll(globs: readonly string[]): readonly PathTest[] {
  return globs.map((glob) => compileGlob(glob.replace(/\/+$/, '')).matches);
}

function fitsOne(tests: readonly PathTest[], path: string): boolean {
  return tests.some((test) => test(path));
}

/** The folders that a path lies in, the outermost first, and itself. */
function headsOf(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}

async function listFiles(git: GitClient, options: readonly string[]): Promise<readonly string[]> {
  const output = await git.output({ args: ['ls-files', '-z', '--others', ...options] });
  return output.split('\0').filter((path) => path !== '');
}

/** `git.worktreeIncludeFiles` of the workspace's settings; the user's own are VS Code's to know. */
async function readVscodeGlobs(from: string, warnings: string[]): Promise<readonly string[]> {
  const path = '.vscode/settings.json';
  const text = await readFile(join(from, path), 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const value = readJson(text, path, warnings);
  const globs = isObject(value) ? value['git.worktreeIncludeFiles'] : undefined;
  return Array.isArray(globs) ? globs.filter((glob) => typeof glob === 'string').filter(staysInside) : [];
}

/**
 * Set-up lines that other tools' files give: `.cursor/worktrees.json` (`setup-worktree`, also per system: lines, or the path of a script beside
 * it) and `conductor.json` (`scripts.setup`).
 */
export async function readSetUpCommands(from: string): Promise<readonly SetUpCommand[]> {
  const read = async (path: string): Promise<unknown> => {
    const text = await readFile(join(from, path), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : readJson(text, path, []);
  };
  const cursorPath = '.cursor/worktrees.json';
  const cursor = await read(cursorPath);
  const ofSystem = process.platform === 'win32' ? 'setup-worktree-windows' : 'setup-worktree-unix';
  const cursorValue = isObject(cursor) ? (cursor[ofSystem] ?? cursor['setup-worktree']) : undefined;
  const conductorPath = 'conductor.json';
  const conductor = await read(conductorPath);
  const scripts = isObject(conductor) ? conductor['scripts'] : undefined;
  const conductorValue = isObject(scripts) ? scripts['setup'] : undefined;
  const script = typeof cursorValue === 'string' ? await readScript(from, cursorPath, cursorValue.trim()) : undefined;
  return [
    ...(script === undefined ? toCommands(cursorValue, cursorPath) : [script]),
    ...toCommands(conductorValue, conductorPath),
  ];
}

/**
 * The text of a script as a shell line, so that what is approved is what runs; undefined where `name` is no such file, or one of another
 * language.
 */
async function readScript(from: string, besides: string, name: string): Promise<SetUpCommand | undefined> {
  const source = join(dirname(besides), name);
  if (process.platform === 'win32' || name === '' || /[\n\0]/.test(name)) return undefined;
  const path = await createProjectFolder(from)
    .resolve(source)
    .catch(() => undefined);
  const text = path === undefined ? undefined : await readFile(path, 'utf8').catch(() => undefined);
  const lines = text?.replace(/\r\n/g, '\n').trim();
  if (lines === undefined || lines === '') return undefined;
  const [, shell] = /^#!\s*(?:\S*\/env\s+)?(?:\S*\/)?(\w+)/.exec(lines) ?? [undefined, 'sh'];
  if (shell === 'sh' || shell === 'dash') return { command: lines, source };
  if (shell !== 'bash' && shell !== 'zsh') return undefined;
  return { command: `${shell} -c "$(cat <<'BATON_SET_UP'\n${lines}\nBATON_SET_UP\n)"`, source };
}

function toCommands(value: unknown, source: string): readonly SetUpCommand[] {
  const lines = typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
  return lines.flatMap((line) =>
    typeof line === 'string' && line.trim() !== '' ? [{ command: line.trim(), source }] : [],
  );
}

function readJson(text: string, path: string, warnings: string[]): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
  if (errors.length > 0) warnings.push(phrase`${path} is not quite JSON; what could be read of it was taken`);
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function staysInside(glob: string): boolean {
  return !/^(?:[/\\~]|[A-Za-z]:)/.test(glob) && !glob.split(/[/\\]/).includes('..');
}

/** False where something is there already; what git has checked out is never replaced. */
async function copyOne(from: string, to: string): Promise<boolean> {
  if ((await lstat(to).catch(() => undefined)) !== undefined) return false;
  await mkdir(dirname(to), { recursive: true });
  // Links stay links: what they lead to is outside, or copied by itself.
  await cp(from, to, {
    mode: constants.COPYFILE_FICLONE,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    force: false,
  });
  return true;
}
