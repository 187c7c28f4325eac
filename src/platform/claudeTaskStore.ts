import { type FSWatcher, watch } from 'node:fs';
import { mkdir, open, readdir, readFile, realpath, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { phrase } from '../core/base/phrase.ts';
import { BatonError } from '../core/errors.ts';
import { claudeFolderName } from '../core/formats/claudeFolder.ts';
import type { ClaudeStore, ClaudeTaskChange, ClaudeTasks } from '../core/ports/claudeTasks.ts';
import type { Owners } from '../core/ports/owner.ts';
import { errnoOf, isMissing, writeError } from './ioErrors.ts';
import { waitForLease } from './leases.ts';
import { createNodeOwners } from './owners.ts';
import { withProperLock } from './properLock.ts';
import { userStateFolder } from './userFolders.ts';

/** Claude Code writes its files in place: one that is no JSON may be half written, and is read again so often. */
const tornReads = 6;
const tornPauseMs = 15;

/** Files that are read or written at the same time. */
const filesAtOnce = 16;

export interface ClaudeTaskStoreOptions {
  /** Claude Code's folder: its variable `CLAUDE_CONFIG_DIR`, else `~/.claude`. */
  readonly configFolder?: string;
  readonly owners?: Owners;
  /** How long another process of Baton is waited for. */
  readonly waitMs?: number;
}

/** Claude Code's own task lists on this machine. */
export function createClaudeTasks(options: ClaudeTaskStoreOptions = {}): ClaudeTasks {
  const config = options.configFolder ?? (process.env['CLAUDE_CONFIG_DIR'] || join(homedir(), '.claude'));
  const owners = options.owners ?? createNodeOwners({ mayStartProcesses: false });
  const folderOf = (list: string): string => join(config, 'tasks', claudeFolderName(list));
  return {
    locate: folderOf,
    read: (list) => readStore(folderOf(list)),
    async apply(list, changes) {
      const folder = folderOf(list);
      try {
        return await applyChanges(await makeFolder(folder), changes);
      } catch (error) {
        throw writeError(error, folder);
      }
    },
    async exclusively(list, work) {
      const path = join(userStateFolder(), 'claude-tasks', `${claudeFolderName(list)}.lease`);
      const attempt = await waitForLease(path, { owners, ttlMs: 60_000, waitMs: options.waitMs ?? 30_000 });
      if (!('lease' in attempt)) {
        throw new BatonError('locked', phrase`Another process is bringing ${list} and Claude Code's tasks into step`, {
          hint: 'Run again in a moment.',
          data: { list, ...(attempt.heldBy && { pid: attempt.heldBy.owner.pid }) },
        });
      }
      try {
        return await work();
      } finally {
        await attempt.lease.release();
      }
    },
    async watch(list, changed) {
      const folder = await makeFolder(folderOf(list));
      return watchFolder(folder, changed);
    },
  };
}

async function makeFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return realpath(folder);
}

function watchFolder(folder: string, changed: () => void): { dispose(): void } {
  const start = () => {
    const watcher = watch(folder, { persistent: false }, (_event, name) => {
      // Locks come and go with every look.
      if (name === null || /^[^.].*\.json$/.test(name)) changed();
    });
    watcher.on('error', () => undefined);
    return watcher;
  };
  let watcher: FSWatcher | undefined = start();
  let known = inodeOf(folder);
  let isDisposed = false;
  const look = async (): Promise<void> => {
    const before = await known;
    const now = await inodeOf(folder);
    if (before === now || isDisposed) return;
    known = Promise.resolve(now);
    watcher?.close();
    watcher = now === 0 ? undefined : start();
    changed();
  };
  // A folder that was removed and made again is another one, and sends no events to who watches the old one.
  const timer = setInterval(() => void look().catch(() => undefined), 1_000);
  timer.unref();
  return {
    dispose() {
      isDisposed = true;
      clearInterval(timer);
      watcher?.close();
    },
  };
}

async function inodeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.ino ?? 0;
}

async function readStore(folder: string): Promise<ClaudeStore | undefined> {
  const numbers = await listNumbers(folder);
  if (numbers === undefined) return undefined;
  const read = new Map<string, { readonly text?: string; readonly problem?: string }>();
  await inParallel(numbers, async (number) => {
    read.set(number, await readTaskText(join(folder, `${number}.json`)));
  });
  const files = new Map<string, string>();
  const unreadable = new Map<string, string>();
  for (const number of numbers) {
    const { text, problem } = read.get(number) ?? {};
    if (text !== undefined) files.set(number, text);
    else if (problem !== undefined) unreadable.set(number, problem);
  }
  return { files, unreadable, highWaterMark: await readHighWaterMark(folder) };
}

/** Numbers of the task files, in their order; undefined where there is no such folder. */
async function listNumbers(folder: string): Promise<readonly string[] | undefined> {
  try {
    const names = await readdir(folder);
    return names
      .flatMap((name) => /^([A-Za-z0-9_-]+)\.json$/.exec(name)?.[1] ?? [])
      .sort((a, b) => numberOf(a) - numberOf(b) || (a < b ? -1 : 1));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new BatonError('unreadable-file', phrase`${folder} cannot be read: ${messageOf(error)}`, {
      data: { path: folder },
      cause: error,
    });
  }
}

async function readTaskText(path: string): Promise<{ readonly text?: string; readonly problem?: string }> {
  for (let attempt = 1; ; attempt++) {
    try {
      const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
      if (attempt >= tornReads || isWhole(text)) return { text };
    } catch (error) {
      if (isMissing(error)) return {};
      if (attempt >= tornReads) return { problem: messageOf(error) };
    }
    await sleep(tornPauseMs);
  }
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function applyChanges(folder: string, changes: readonly ClaudeTaskChange[]): Promise<ReadonlySet<string>> {
  const stale = new Set<string>();
  const writes = changes.filter((change) => change.kind === 'write');
  const others = changes.filter((change) => change.kind !== 'write');
  if (others.length > 0) {
    const anchor = join(folder, '.lock');
    await writeFile(anchor, '', { flag: 'wx' }).catch((error: unknown) => {
      if (errnoOf(error) !== 'EEXIST') throw error;
    });
    await withProperLock(anchor, async () => {
      const numbers = (await listNumbers(folder)) ?? [];
      const mark = await readHighWaterMark(folder);
      let highest = Math.max(mark, ...numbers.map(numberOf));
      for (const change of others) {
        const path = join(folder, `${change.number}.json`);
        const isDone =
          change.kind === 'create'
            ? numberOf(change.number) === highest + 1 && (await createFile(path, change.text))
            : await removeFile(path, change.before);
        if (!isDone) stale.add(change.number);
        else if (change.kind === 'create') highest += 1;
        else if (numberOf(change.number) > (await readHighWaterMark(folder))) {
          await writeFile(join(folder, '.highwatermark'), String(numberOf(change.number)));
        }
      }
    });
  }
  // What was planned to point at tasks that could not be made would point at somebody else's.
  const isMissed = others.some(({ kind, number }) => kind === 'create' && stale.has(number));
  if (isMissed) return new Set([...stale, ...writes.map(({ number }) => number)]);
  await inParallel(writes, async ({ number, before, after }) => {
    if (!(await replaceFile(join(folder, `${number}.json`), before, after))) stale.add(number);
  });
  return stale;
}

async function createFile(path: string, text: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function removeFile(path: string, before: string): Promise<boolean> {
  return withProperLock(path, async () => {
    const text = await currentText(path);
    if (text === undefined) return true;
    if (text !== before) return false;
    await unlink(path);
    return true;
  });
}

let lastTemporary = 0;

async function replaceFile(path: string, before: string, after: string): Promise<boolean> {
  return withProperLock(path, async () => {
    if ((await currentText(path)) !== before) return false;
    // Whole files only: Claude Code reads without the lock.
    lastTemporary += 1;
    const temporary = `${path}.${process.pid}.${lastTemporary}.tmp`;
    try {
      await writeFile(temporary, after, { flag: 'wx', mode: (await stat(path)).mode & 0o777 });
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
    return true;
  });
}

async function currentText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function readHighWaterMark(folder: string): Promise<number> {
  const text = await currentText(join(folder, '.highwatermark')).catch(() => undefined);
  return numberOf(text?.trim() ?? '');
}

/** As Claude Code reads it: what does not begin with digits is no number. */
function numberOf(text: string): number {
  const number = Number.parseInt(text, 10);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items].reverse();
  const run = async (): Promise<void> => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(filesAtOnce, queue.length) }, run));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
