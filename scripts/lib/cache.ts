import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from './paths.ts';

/**
 * Returns the cache's folder of this name, made by `fill` if it is not there. It is filled aside and
 * renamed when complete, so that a killed download never leaves half a folder that looks whole; of two who
 * make the same one at a time, one wins.
 */
export async function cachedFolder(name: string, fill: (part: string) => Promise<void>): Promise<string> {
  const folder = join(cacheDir, name);
  if (existsSync(folder)) return folder;
  mkdirSync(cacheDir, { recursive: true });
  removeDeadParts();
  const part = join(cacheDir, `.part-${process.pid}-${name}`);
  mkdirSync(part);
  const remove = (): void => rmSync(part, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    await fill(part);
    renameSync(part, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    process.removeListener('exit', remove);
    remove();
  }
  return folder;
}

/** Removes what killed processes left half made. */
function removeDeadParts(): void {
  for (const entry of readdirSync(cacheDir)) {
    const pid = /^\.part-(\d+)-/.exec(entry)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(cacheDir, entry), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
