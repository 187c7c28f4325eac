import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorktreeSheet } from '../../core/ports/worktrees.ts';
import type { GitClient } from '../git/gitClient.ts';
import { parseStatus, statusArgs } from '../git/gitStatus.ts';

/** Counting the size of what is ignored ends after so many files: a person waits. */
const mostCounted = 200_000;

/** Looks at what is in a worktree; `git` runs in it. */
export async function inspectWorktree(
  git: GitClient,
  { path, branch, base }: { readonly path: string; readonly branch?: string; readonly base: string },
): Promise<WorktreeSheet> {
  const head = (await git.output({ args: ['rev-parse', '--verify', 'HEAD'] })).trim();
  const [ahead, status, ignored, processes] = await Promise.all([
    git.output({ args: ['rev-list', '--count', `${base}..${head}`, '--'] }),
    git.output({ args: statusArgs }),
    git.output({ args: ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'] }),
    findProcesses(path),
  ]);
  const changes = parseStatus(status);
  const budget = { left: mostCounted };
  const sized = await Promise.all(
    ignored
      .split('\0')
      .filter((one) => one !== '')
      .map(async (one) => {
        const bytes = await sizeOf(join(path, one), budget);
        return { path: one, ...(bytes !== undefined && { bytes }) };
      }),
  );
  return {
    path,
    ...(branch !== undefined && { branch }),
    head,
    merged: Number(ahead) === 0,
    ahead: Number(ahead),
    modified: changes.filter(({ kind }) => kind !== 'untracked').map((change) => change.path),
    untracked: changes.filter(({ kind }) => kind === 'untracked').map((change) => change.path),
    ignored: sized.toSorted((a, b) => (b.bytes ?? Number.POSITIVE_INFINITY) - (a.bytes ?? Number.POSITIVE_INFINITY)),
    processes,
  };
}

/** Bytes of a folder with all that is in it; undefined where counting would take too long. */
export function measureFolder(path: string): Promise<number | undefined> {
  return sizeOf(path, { left: mostCounted });
}

async function sizeOf(path: string, budget: { left: number }): Promise<number | undefined> {
  budget.left -= 1;
  if (budget.left < 0) return undefined;
  const stat = await lstat(path).catch(() => undefined);
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.size;
  let sum = 0;
  for (const name of await readdir(path).catch(() => [])) {
    const size = await sizeOf(join(path, name), budget);
    if (size === undefined) return undefined;
    sum += size;
  }
  return sum;
}

/** Processes whose working folder lies in the worktree. Linux tells it; elsewhere only those that Baton started are known. */
async function findProcesses(path: string): Promise<WorktreeSheet['processes']> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      if (cwd !== path && !cwd.startsWith(`${path}/`)) return [];
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return [{ pid, command: line.split('\0').join(' ').trim().slice(0, 200) }];
    }),
  );
  return found.flat();
}
