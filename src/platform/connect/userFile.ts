import { chmod, readFile, unlink } from 'node:fs/promises';
import { editsBetween } from '../../core/base/editsBetween.ts';
import { phrase } from '../../core/base/phrase.ts';
import { unifiedDiff } from '../../core/base/unifiedDiff.ts';
import { BatonError } from '../../core/errors.ts';
import { systemIo } from '../atomicFile.ts';
import { createFileLocks } from '../fileLocks.ts';
import { isMissing, unreadableError } from '../ioErrors.ts';
import { realPath } from '../projectFolder.ts';
import { updateTextFile } from '../textFiles.ts';

/** A change of a file of the user's, outside every repository; made only when the person agreed to exactly this one. */
export interface UserFileChange {
  /** Absolute path. */
  readonly path: string;
  /** Undefined: there is no such file yet. */
  readonly before: string | undefined;
  /** Undefined: the file goes. */
  readonly after: string | undefined;
  readonly diff: string;
  /** It is to be started. */
  readonly executable: boolean;
}

/** Describes a change; undefined where nothing would change. */
export function describeUserChange(change: Omit<UserFileChange, 'diff'>): UserFileChange | undefined {
  const { path, before, after } = change;
  return before === after ? undefined : { ...change, diff: unifiedDiff(path, before, after) };
}

/** Reads a file of the user's; undefined where there is none. */
export async function readUserFile(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw unreadableError(path, error instanceof Error ? error.message : String(error), error);
  });
}

/**
 * Makes a change, by the one write path.
 *
 * @throws BatonError `conflict` where the file is no more as it was shown, `read-only`, `io-failed`
 */
export async function writeUserFile({ path, before, after, executable }: UserFileChange): Promise<void> {
  if (after === undefined) {
    if ((await readUserFile(path)) !== before) throw changedMeanwhile(path);
    await unlink(path);
    return;
  }
  const target = await realPath(path);
  await updateTextFile({
    realPath: target,
    label: path,
    plan: (text) => {
      if (text !== before) throw changedMeanwhile(path);
      return editsBetween(text ?? '', after);
    },
    options: {},
    io: systemIo,
    locks: createFileLocks(),
    ...(executable && { mode: 0o755 }),
  });
  if (executable) await chmod(target, 0o755);
}

function changedMeanwhile(path: string): BatonError {
  return new BatonError('conflict', phrase`${path} was changed while you were asked`, {
    hint: 'Connect again to see what would be written now.',
    data: { path },
  });
}
