import * as nodeFs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf, isMissing } from './ioErrors.ts';
import { isRunning } from './owners.ts';

/** What the write path asks of the system; tests give one that fails. */
export type FileIo = Pick<
  typeof nodeFs,
  'open' | 'rename' | 'link' | 'unlink' | 'mkdir' | 'readdir' | 'stat' | 'readFile'
>;

/** The system itself. */
export const systemIo: FileIo = nodeFs;

/** A new content on its way: a synced file beside its target, not yet in its place. */
export interface StagedFile {
  readonly path: string;
  readonly target: string;
}

/** What of the file that is replaced is kept. */
export interface FileAttributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Writes `.<name>.<pid>.tmp` beside the target (`.<name>.<pid>.<n>.tmp` where that is taken) and syncs it. Nothing is left when it fails.
 * Folders are made as needed.
 */
export async function stageFile(
  target: string,
  bytes: Uint8Array,
  options: { readonly io: FileIo; readonly keep?: FileAttributes; readonly mode?: number },
): Promise<StagedFile> {
  const { io, keep } = options;
  const { handle, path } = await openTemporary(io, target, keep?.mode ?? options.mode ?? 0o666);
  try {
    try {
      await handle.writeFile(bytes);
      if (keep) {
        // Another's file stays theirs where we may do that; else it becomes ours, as with any editor that saves by renaming.
        if (keep.uid !== process.getuid?.() || keep.gid !== process.getgid?.()) {
          await handle.chown(keep.uid, keep.gid).catch(() => undefined);
        }
        await handle.chmod(keep.mode & 0o7777);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await io.unlink(path).catch(() => undefined);
    throw error;
  }
  return { path, target };
}

async function openTemporary(
  io: FileIo,
  target: string,
  mode: number,
): Promise<{ handle: nodeFs.FileHandle; path: string }> {
  for (let attempt = 0; ; attempt++) {
    const path = join(dirname(target), `.${basename(target)}.${process.pid}${attempt === 0 ? '' : `.${attempt}`}.tmp`);
    try {
      return { handle: await io.open(path, 'wx', mode & 0o777), path };
    } catch (error) {
      const code = errnoOf(error);
      if (code === 'ENOENT' && attempt === 0) await io.mkdir(dirname(target), { recursive: true });
      else if (code !== 'EEXIST' || attempt > 1000) throw error;
    }
  }
}

/** Puts a staged file into its target's place, whatever is there. */
export async function replaceWith(staged: StagedFile, bytes: Uint8Array, io: FileIo): Promise<void> {
  try {
    await renameWithRetry(io, staged.path, staged.target);
  } catch (error) {
    const code = errnoOf(error);
    // A file that is a mount point of its own (containers) or lies across a layer cannot be renamed onto.
    if (code === 'EXDEV' || (code === 'EBUSY' && process.platform !== 'win32'))
      await overwriteInPlace(staged, bytes, io);
    else throw error;
  }
}

/** Puts a staged file where no file is. False where one is there already, whoever made it. */
export async function placeNew(staged: StagedFile, io: FileIo): Promise<boolean> {
  try {
    await io.link(staged.path, staged.target);
    await io.unlink(staged.path);
    return true;
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS' && code !== 'EMLINK')
      throw error;
  }
  // No hard links here: what is left is a look before the rename.
  if (await exists(io, staged.target)) return false;
  await renameWithRetry(io, staged.path, staged.target);
  return true;
}

/** On Windows a scanner or an indexer may have the file open for a moment. */
async function renameWithRetry(io: FileIo, from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await io.rename(from, to);
    } catch (error) {
      const code = errnoOf(error);
      const isPassing = process.platform === 'win32' && (code === 'EPERM' || code === 'EBUSY' || code === 'EACCES');
      if (!isPassing || attempt >= 10) throw error;
      await sleep(attempt * 10);
    }
  }
}

/** The staged copy stays until the content is in place, so that a crash in between leaves the whole new text beside the torn one. */
async function overwriteInPlace(staged: StagedFile, bytes: Uint8Array, io: FileIo): Promise<void> {
  const before = await io.readFile(staged.target);
  const handle = await io.open(staged.target, 'r+');
  const write = async (content: Uint8Array) => {
    await handle.write(content, 0, content.length, 0);
    await handle.truncate(content.length);
    await handle.sync();
  };
  try {
    await write(bytes);
  } catch (error) {
    await write(before).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
  await io.unlink(staged.path);
}

/** Makes a rename in a folder survive a power cut, where the system can do that. */
export async function syncFolder(folder: string, io: FileIo): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const handle = await io.open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The content itself is synced; some file systems cannot sync a folder.
  }
}

/** No write takes this long; a file that old was left behind, even if its PID lives again. */
const abandonedMs = 10 * 60_000;

/** Removes what writers of `target` that were killed have left beside it. */
export async function removeAbandoned(target: string, io: FileIo): Promise<void> {
  const folder = dirname(target);
  const names = await io.readdir(folder).catch(() => []);
  const prefix = `.${basename(target)}.`;
  for (const name of names) {
    if (!name.startsWith(prefix)) continue;
    const pid = /^(\d+)(\.\d+)?\.tmp$/.exec(name.slice(prefix.length))?.[1];
    if (pid === undefined) continue;
    const path = join(folder, name);
    if (await isAbandoned(path, Number(pid), io)) await io.unlink(path).catch(() => undefined);
  }
}

async function isAbandoned(path: string, pid: number, io: FileIo): Promise<boolean> {
  if (!isRunning(pid)) return true;
  const { mtimeMs } = await io.stat(path).catch(() => ({ mtimeMs: Date.now() }));
  // From before this process started, so it is of an earlier one with the same PID.
  if (pid === process.pid && mtimeMs < Date.now() - process.uptime() * 1000 - 1_000) return true;
  return Date.now() - mtimeMs > abandonedMs;
}

async function exists(io: FileIo, path: string): Promise<boolean> {
  try {
    await io.stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Replaces a whole file atomically and durably, last writer wins; for records of which nobody edits a part. */
export async function writeWholeFile(
  target: string,
  bytes: Uint8Array,
  options: { readonly io?: FileIo; readonly mode?: number } = {},
): Promise<void> {
  const io = options.io ?? systemIo;
  await removeAbandoned(target, io);
  const staged = await stageFile(target, bytes, { ...options, io });
  try {
    await replaceWith(staged, bytes, io);
  } catch (error) {
    await io.unlink(staged.path).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(target), io);
}

/** Creates a file with its whole content, exclusively among all processes; false where it is there already. */
export async function createWholeFile(
  target: string,
  bytes: Uint8Array,
  options: { readonly io?: FileIo } = {},
): Promise<boolean> {
  const io = options.io ?? systemIo;
  const staged = await stageFile(target, bytes, { io });
  const isNew = await placeNew(staged, io).catch(async (error: unknown) => {
    await io.unlink(staged.path).catch(() => undefined);
    throw error;
  });
  if (!isNew) await io.unlink(staged.path);
  else await syncFolder(dirname(target), io);
  return isNew;
}
