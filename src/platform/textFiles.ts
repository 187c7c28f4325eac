import type { Stats } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { phrase } from '../core/base/phrase.ts';
import { applyEdits } from '../core/base/textEdit.ts';
import { BatonError } from '../core/errors.ts';
import type { EditPlanner, WriteOptions, WriteOutcome } from '../core/ports/stateFiles.ts';
import {
  type FileIo,
  placeNew,
  removeAbandoned,
  replaceWith,
  type StagedFile,
  stageFile,
  syncFolder,
} from './atomicFile.ts';
import type { FileLocks } from './fileLocks.ts';
import { errnoOf, isMissing, readOnlyError, unreadableError, writeError } from './ioErrors.ts';
import { decodeUtf8, revisionOfText } from './utf8.ts';

/** One write of one file: real path, the name for people, and the parts of the write path. */
export interface TextWrite {
  readonly realPath: string;
  /** How messages name it. */
  readonly label: string;
  readonly plan: EditPlanner;
  readonly options: WriteOptions;
  readonly io: FileIo;
  readonly locks: FileLocks;
  /** For a file that is created. */
  readonly mode?: number;
}

/** So often the plan is made without the lock; after that under it, so that a slow writer gets its turn among fast ones. */
const optimisticTries = 3;

/** Times that a temporary file may vanish (a cleaner on another host took it for abandoned) before that is an error. */
const vanishedTries = 3;

/**
 * The write path: read, plan, write beside, sync, lock, check that the text is still the one that was planned against, rename, release.
 *
 * @throws BatonError as `StateFiles.update` does; what the planner throws passes through. The old file is then intact.
 */
export async function updateTextFile(write: TextWrite): Promise<WriteOutcome> {
  return inTurn(write.realPath, async () => {
    for (let vanished = 0; ; vanished++) {
      try {
        return await updateAlone(write);
      } catch (error) {
        if (errnoOf(error) === 'ENOENT' && vanished < vanishedTries) continue;
        throw errnoOf(error) === undefined ? error : writeError(error, write.label);
      }
    }
  });
}

async function updateAlone(write: TextWrite): Promise<WriteOutcome> {
  for (let attempt = 0; attempt < optimisticTries; attempt++) {
    const planned = await planWrite(write);
    if (!planned.outcome.changed) return planned.outcome;
    const staged = await stage(write, planned);
    const isDone = await underLock(write, () => commit(write, planned, staged), staged);
    if (isDone) return await settle(write, planned);
    await sleep(Math.random() * 5 * (attempt + 1));
  }
  return await updateUnderLock(write);
}

async function updateUnderLock(write: TextWrite): Promise<WriteOutcome> {
  for (;;) {
    const done = await underLock(write, async () => {
      const planned = await planWrite(write);
      if (!planned.outcome.changed) return planned;
      const staged = await stage(write, planned);
      return (await commit(write, planned, staged)) ? planned : undefined;
    });
    // Undefined: somebody who does not know the lock wrote between our reading and the rename.
    if (done !== undefined) return done.outcome.changed ? await settle(write, done) : done.outcome;
  }
}

async function settle(write: TextWrite, planned: PlannedWrite): Promise<WriteOutcome> {
  await syncFolder(dirname(write.realPath), write.io);
  return planned.outcome;
}

interface PlannedWrite {
  /** Undefined where there is no file. */
  readonly current: { readonly bytes: Buffer; readonly stat: Stats } | undefined;
  readonly after: Buffer;
  readonly outcome: WriteOutcome;
}

async function planWrite({ realPath, label, plan, options, io }: TextWrite): Promise<PlannedWrite> {
  const current = await readCurrent(realPath, label, io);
  const before = current === undefined ? undefined : decodeUtf8(current.bytes, label);
  checkExpectations(label, before, options);
  const edits = plan(before);
  const after = applyEdits(before ?? '', edits);
  const changed = before === undefined ? edits.length > 0 : after !== before;
  if (changed && current !== undefined) await checkWritable(realPath, label, current.stat);
  return { current, after: Buffer.from(after), outcome: { before, after, revision: revisionOfText(after), changed } };
}

async function readCurrent(realPath: string, label: string, io: FileIo): Promise<PlannedWrite['current']> {
  try {
    const stat = await io.stat(realPath);
    if (!stat.isFile()) throw unreadableError(label, phrase`it is no file`);
    return { bytes: await io.readFile(realPath), stat };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error instanceof BatonError ? error : unreadableError(label, messageOf(error), error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function checkExpectations(label: string, before: string | undefined, options: WriteOptions): void {
  if (options.create === true && before !== undefined) {
    throw new BatonError('already-exists', phrase`${label} is there already`, { data: { path: label } });
  }
  if (options.expectedRevision === undefined) return;
  const revision = before === undefined ? undefined : revisionOfText(before);
  if (revision === options.expectedRevision) return;
  throw new BatonError('conflict', phrase`${label} is no longer what it was when you read it`, {
    hint: 'Read it again and repeat the change on what it says now.',
    data: { path: label, revision: revision ?? null, text: before ?? null },
  });
}

/**
 * Refuses a file without write bits, also for root, who could replace it: whoever took them away meant it.
 *
 * @throws BatonError `read-only`
 */
export async function checkWritable(realPath: string, label: string, stat: Stats): Promise<void> {
  if ((stat.mode & 0o222) === 0) throw readOnlyError(label);
  await access(realPath, constants.W_OK).catch((error: unknown) => {
    if (!isMissing(error)) throw readOnlyError(label, { cause: error });
  });
}

/**
 * Refuses a file that could not be read or replaced as it is now; one that is not there yet is fine.
 *
 * @throws BatonError `read-only`, `unreadable-file`
 */
export async function assertTextWritable(realPath: string, label: string, io: FileIo): Promise<void> {
  const current = await readCurrent(realPath, label, io);
  if (current === undefined) return;
  decodeUtf8(current.bytes, label);
  await checkWritable(realPath, label, current.stat);
  // A new version is written beside the file and renamed.
  await access(dirname(realPath), constants.W_OK).catch((error: unknown) => {
    throw readOnlyError(label, { cause: error });
  });
}

async function stage(write: TextWrite, planned: PlannedWrite): Promise<StagedFile> {
  await removeAbandoned(write.realPath, write.io);
  const keep = planned.current?.stat;
  return stageFile(write.realPath, planned.after, {
    io: write.io,
    ...(keep === undefined ? {} : { keep }),
    ...(write.mode === undefined ? {} : { mode: write.mode }),
  });
}

/** False, and the staged file gone, where the file is no longer what was planned against. */
async function commit(write: TextWrite, planned: PlannedWrite, staged: StagedFile): Promise<boolean> {
  const { io, realPath, label } = write;
  try {
    const now = await readCurrent(realPath, label, io);
    const isSame =
      now === undefined ? planned.current === undefined : planned.current?.bytes.equals(now.bytes) === true;
    if (isSame && planned.current !== undefined) {
      await replaceWith(staged, planned.after, io);
      return true;
    }
    if (isSame && (await placeNew(staged, io))) return true;
  } catch (error) {
    await discard(staged, io);
    throw error;
  }
  await discard(staged, io);
  return false;
}

async function underLock<T>(write: TextWrite, work: () => Promise<T>, staged?: StagedFile): Promise<T> {
  const lease = await write.locks.acquire(write.realPath).catch(async (error: unknown) => {
    if (staged !== undefined) await discard(staged, write.io);
    throw error;
  });
  try {
    return await work();
  } finally {
    await lease.release();
  }
}

async function discard(staged: StagedFile, io: FileIo): Promise<void> {
  await io.unlink(staged.path).catch(() => undefined);
}

const turns = new Map<string, Promise<unknown>>();

/** Writers of one file inside this process go one after the other, in the order in which they came, instead of racing for the lock. */
export async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(key) ?? Promise.resolve();
  const mine = before.then(work, work);
  turns.set(key, mine);
  try {
    return await mine;
  } finally {
    if (turns.get(key) === mine) turns.delete(key);
  }
}
