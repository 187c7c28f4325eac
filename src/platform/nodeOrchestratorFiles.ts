import { randomBytes, randomUUID } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { link, readdir, readFile, realpath, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { phrase } from '../core/base/phrase.ts';
import { BatonError } from '../core/errors.ts';
import type { OrchestratorFiles, SiblingTree } from '../core/ports/orchestratorFiles.ts';
import { findGitLocation } from './gitDir.ts';
import { errnoOf, isMissing, writeError } from './ioErrors.ts';
import { isRunning } from './owners.ts';
import { createProjectFolder, type ProjectFolder } from './projectFolder.ts';

/** Files that are shared with the reference implementation, on Node. */
export function createNodeOrchestratorFiles(root: string, env: NodeJS.ProcessEnv = process.env): OrchestratorFiles {
  const folder = createProjectFolder(root);
  return {
    root,
    host: hostname(),
    pid: process.pid,
    stateFolder: stateFolderOf(env),
    async readText(path) {
      return tryRead(await folder.resolve(path));
    },
    async list(path) {
      const names = await readdir(await folder.resolve(path)).catch(() => []);
      return names.sort();
    },
    create: (path, text) => guard(path, async () => createByLink(await folder.resolve(path), text)),
    replace: (path, text) => guard(path, async () => replaceWhole(await folder.resolve(path), text)),
    append: (path, line) => guard(path, async () => appendLine(await folder.resolve(path), line)),
    remove: (path) => guard(path, async () => removeFile(await folder.resolveEntry(path))),
    removeEmptyFolder: (path) => guard(path, async () => removeEmptyFolder(await folder.resolveEntry(path))),
    exclusively: (path, options, work) => runExclusively(folder, path, options, work),
    isRunning,
    within: (timeoutMs, work) =>
      Promise.race([work.catch(() => undefined), sleep(timeoutMs, undefined, { ref: false })]),
    pause: (timeMs) => sleep(timeMs),
    newId: () => randomUUID(),
    at: (other) => createNodeOrchestratorFiles(other, env),
    siblings: () => findSiblings(root),
    async vault(path) {
      const { openVaultFolder } = await import('./vaultFolder.ts');
      return openVaultFolder(createNodeOrchestratorFiles(resolve(root, path), env));
    },
    registry: () => createNodeOrchestratorFiles(registryFolder(env), env),
  };
}

/** The reference's rule; a folder outside of the tree is none. */
function stateFolderOf(env: NodeJS.ProcessEnv): string {
  const folder =
    env['SO_STATE_DIR']
      ?.trim()
      .replaceAll('\\', '/')
      .replace(/^(?:\.\/)+|\/+$/g, '') ?? '';
  if (folder !== '' && !/^(?:\/|[A-Za-z]:)|(?:^|\/)\.\.?(?:\/|$)/.test(folder)) return folder;
  const platform = env['SO_PLATFORM']?.trim() ?? '';
  return ['codex', 'cursor', 'pi'].includes(platform) ? `.${platform}` : '.claude';
}

/** The reference's rule, settings of the environment that are blank left out. */
function registryFolder(env: NodeJS.ProcessEnv): string {
  const named = (name: string): string | undefined => env[name]?.trim() || undefined;
  const sessions = named('SO_SESSION_REGISTRY_DIR');
  if (sessions !== undefined) return sessions;
  const xdg = named('XDG_CONFIG_HOME');
  const home = named('SO_CONFIG_HOME') ?? join(xdg ?? join(homedir(), '.config'), 'session-orchestrator');
  return join(home, 'sessions');
}

async function guard<T>(path: string, work: () => Promise<T>): Promise<T> {
  return await work().catch((error: unknown) => {
    throw writeError(error, path);
  });
}

/** At once, as what follows: for so few bytes the way through the pool of threads costs ten times as much, and locks are taken all the time. */
function createByLink(path: string, text: string): boolean {
  const temporary = writeBeside(path, text);
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    if (isMissing(error)) throw error;
    // A file system without hard links.
    return createInPlace(path, text);
  } finally {
    tryRemove(temporary);
  }
}

function createInPlace(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function replaceWhole(path: string, text: string): void {
  const temporary = writeBeside(path, text);
  try {
    renameSync(temporary, path);
  } catch (error) {
    tryRemove(temporary);
    throw error;
  }
}

function writeBeside(path: string, text: string): string {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
  const write = () => writeFileSync(temporary, text, { flag: 'wx' });
  try {
    write();
  } catch (error) {
    if (!isMissing(error)) throw error;
    mkdirSync(dirname(path), { recursive: true });
    write();
  }
  return temporary;
}

function appendLine(path: string, line: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const descriptor = openSync(path, 'a+');
  try {
    const { size } = fstatSync(descriptor);
    const last = Buffer.alloc(1);
    if (size > 0) readSync(descriptor, last, 0, 1, size - 1);
    // One write of a file that is opened for appending: whole, wherever others write at the same time.
    writeFileSync(descriptor, `${size > 0 && last[0] !== 0x0a ? '\n' : ''}${line}\n`);
  } finally {
    closeSync(descriptor);
  }
}

function tryRemove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is gone, or will be passed over.
  }
}

function tryRead(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

async function removeFile(path: string): Promise<boolean> {
  return await unlink(path).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );
}

async function removeEmptyFolder(path: string): Promise<void> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    for (const entry of entries) if (entry.isDirectory()) await removeEmptyFolder(join(path, entry.name));
    await rmdir(path);
  } catch (error) {
    // Somebody has put something there; or it is gone already.
    if (!isMissing(error) && !['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errnoOf(error) ?? '')) throw error;
  }
}

/** So long a waiting process sleeps between two tries. */
const pollMs = 25;

async function runExclusively<T>(
  folder: ProjectFolder,
  path: string,
  { holder, waitMs = 10_000 }: { readonly holder: string; readonly waitMs?: number },
  work: () => Promise<T>,
): Promise<T> {
  const real = await folder.resolve(path);
  const deadline = performance.now() + waitMs;
  const acquiredAt = new Date().toISOString();
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), acquiredAt, holder: `${holder}-${randomUUID()}` });
  await guard(path, async () => {
    while (!(await tryLock(real, mine))) {
      if (performance.now() >= deadline) throw await lockedError(real, path);
      await sleep(pollMs * (0.5 + Math.random()));
    }
  });
  try {
    return await work();
  } finally {
    if (tryRead(real) === mine) tryRemove(real);
  }
}

/** All who take or replace the lock hold its guard meanwhile, the reference too; so nobody replaces a lock that was just taken. */
async function tryLock(path: string, mine: string): Promise<boolean> {
  const guardPath = `${path}.acquire`;
  if (!createByLink(guardPath, mine)) {
    await removeDead(guardPath);
    return false;
  }
  try {
    if (createByLink(path, mine)) return true;
    if (!(await isDead(path))) return false;
    replaceWhole(path, mine);
    return true;
  } finally {
    tryRemove(guardPath);
  }
}

/** A guard whose maker was killed, which the reference would leave for ever; moved aside first, so that one of two removers gets it. */
async function removeDead(path: string): Promise<void> {
  if (!(await isDead(path))) return;
  const aside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await rename(path, aside).catch(() => undefined);
  // Between look and move somebody may have made a new one: it is put back.
  if (!(await isDead(aside))) await link(aside, path).catch(() => undefined);
  await unlink(aside).catch(() => undefined);
}

async function isDead(path: string): Promise<boolean> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('host' in value)) return true;
    return value.host === hostname() && typeof value.pid === 'number' && !isRunning(value.pid);
  } catch (error) {
    // What is no lock at all binds nobody; one that is gone is simply tried again.
    return error instanceof SyntaxError;
  }
}

async function lockedError(real: string, path: string): Promise<BatonError> {
  const text = await readFile(real, 'utf8').catch(() => '');
  const pid = /"pid":\s*(\d+)/.exec(text)?.[1];
  const holder = pid === undefined ? phrase`another process` : phrase`process ${pid}`;
  return new BatonError('locked', phrase`${path} is held by ${holder}`, {
    hint: 'Wait for it, or end that process if it hangs, then try again.',
    data: { path },
  });
}

async function findSiblings(root: string): Promise<readonly SiblingTree[]> {
  const location = await findGitLocation(root).catch(() => undefined);
  if (location === undefined) return [{ root }];
  const real = await realpath(root).catch(() => root);
  const inside = relative(location.topLevel, real);
  const found: SiblingTree[] = [];
  const add = async (topLevel: string, gitDir: string): Promise<void> => {
    const branch = await readBranch(gitDir);
    const own = join(topLevel, inside);
    found.push({ root: own === real ? root : own, ...(branch !== undefined && { branch }) });
  };
  await add(location.topLevel, location.gitDir);
  const main = dirname(location.commonDir);
  const isMainThere = basename(location.commonDir) === '.git' && main !== location.topLevel;
  if (isMainThere) await add(main, location.commonDir);
  const names = await readdir(join(location.commonDir, 'worktrees')).catch(() => []);
  for (const name of names.sort()) {
    const gitDir = join(location.commonDir, 'worktrees', name);
    const dotGit = (await readFile(join(gitDir, 'gitdir'), 'utf8').catch(() => '')).trim();
    const topLevel = dotGit === '' ? undefined : await realpath(dirname(dotGit)).catch(() => undefined);
    if (topLevel === undefined || topLevel === location.topLevel) continue;
    if ((await stat(dotGit).catch(() => undefined)) !== undefined) await add(topLevel, gitDir);
  }
  return found;
}

async function readBranch(gitDir: string): Promise<string | undefined> {
  const head = await readFile(join(gitDir, 'HEAD'), 'utf8').catch(() => '');
  return /^ref: refs\/heads\/(.+?)\s*$/.exec(head)?.[1];
}
