import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { phrase } from '../core/base/phrase.ts';
import { BatonError } from '../core/errors.ts';
import type { StateFiles } from '../core/ports/stateFiles.ts';
import { type FileIo, placeNew, removeAbandoned, syncFolder, systemIo } from './atomicFile.ts';
import { createFileLocks, type FileLocks } from './fileLocks.ts';
import { errnoOf, isMissing, writeError } from './ioErrors.ts';
import type { ProjectFolder } from './projectFolder.ts';
import { assertTextWritable, checkWritable, inTurn, updateTextFile } from './textFiles.ts';

/** The write path on the disk; `io` and `locks` are the system's unless a test gives others. */
export function createNodeStateFiles(
  folder: ProjectFolder,
  options: { readonly io?: FileIo; readonly locks?: FileLocks } = {},
): StateFiles {
  const io = options.io ?? systemIo;
  const locks = options.locks ?? createFileLocks();
  return {
    async update(path, plan, writeOptions = {}) {
      const realPath = await folder.resolve(path);
      return updateTextFile({ realPath, label: path, plan, options: writeOptions, io, locks });
    },
    async move(from, to) {
      const source = await folder.resolveEntry(from);
      const target = await folder.resolveEntry(to);
      await withLocks([source, target], locks, () => moveFile({ source, target, from, to, io }), from);
    },
    async remove(path) {
      const target = await folder.resolveEntry(path);
      await withLocks([target], locks, () => removeFile(target, path, io), path);
    },
    async assertWritable(path) {
      await assertTextWritable(await folder.resolve(path), path, io);
    },
  };
}

/** Locks the files in one order for everybody, so that two moves never wait for each other. */
async function withLocks(
  paths: readonly string[],
  locks: FileLocks,
  work: () => Promise<void>,
  label: string,
): Promise<void> {
  const [first, ...rest] = [...new Set(paths)].sort();
  try {
    if (first === undefined) return await work();
    await inTurn(first, async () => {
      const lease = await locks.acquire(first);
      try {
        await withLocks(rest, locks, work, label);
      } finally {
        await lease.release();
      }
    });
  } catch (error) {
    throw errnoOf(error) === undefined ? error : writeError(error, label);
  }
}

interface Move {
  readonly source: string;
  readonly target: string;
  readonly from: string;
  readonly to: string;
  readonly io: FileIo;
}

async function moveFile({ source, target, from, to, io }: Move): Promise<void> {
  const stat = await lstat(source).catch((error: unknown) => {
    if (isMissing(error)) throw new BatonError('io-failed', phrase`${from} is not there`, { data: { path: from } });
    throw error;
  });
  await checkWritable(source, from, stat);
  await io.mkdir(dirname(target), { recursive: true });
  await removeAbandoned(target, io);
  const other = await lstat(target).catch(() => undefined);
  if (other !== undefined && other.ino === stat.ino && other.dev === stat.dev && source !== target && stat.nlink > 1) {
    // A move that was killed half-way: both names are of one file.
    await io.unlink(source);
  } else if (other !== undefined || !(await placeNew({ path: source, target }, io))) {
    throw new BatonError('already-exists', phrase`${to} is there already`, {
      hint: 'Move or rename that file first; nothing was changed.',
      data: { path: to },
    });
  }
  await syncFolder(dirname(target), io);
  await syncFolder(dirname(source), io);
}

async function removeFile(target: string, path: string, io: FileIo): Promise<void> {
  const stat = await lstat(target).catch(() => undefined);
  if (stat === undefined) return;
  if (!stat.isSymbolicLink()) await checkWritable(target, path, stat);
  await io.unlink(target);
  await syncFolder(dirname(target), io);
}
