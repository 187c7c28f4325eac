import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** An environment variable that every process of one run has inherited, by which those are found that left the process group. */
export interface RunMark {
  readonly name: string;
  readonly value: string;
}

/** Marks a new run; inside another run it extends that one's mark, so that ending the outer run ends the inner one too. */
export function newRunMark(): RunMark {
  const name = 'BATON_RUN_ID';
  const outer = process.env[name];
  const own = randomBytes(12).toString('hex');
  return { name, value: outer === undefined ? own : `${outer}/${own}` };
}

/** Ends everything that carries a mark, gently and then not; for a run whose parent is gone. */
export async function killRun(mark: RunMark, graceMs: number): Promise<void> {
  for (const pid of await findMarked(mark)) signal(pid, 'SIGTERM');
  const until = performance.now() + graceMs;
  while (performance.now() < until && (await findMarked(mark)).length > 0) await sleep(25);
  await killMarked(mark);
}

/** Ends a child and everything that it started: asks the group, waits, ends the group, then whoever left it. */
export async function killTree(child: ChildProcess, mark: RunMark, graceMs: number): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') return await killWindowsTree(pid);
  signalGroup(pid, 'SIGTERM');
  for (const other of await findMarked(mark)) signal(other, 'SIGTERM');
  const until = performance.now() + graceMs;
  while (performance.now() < until && (isGroupAlive(pid) || (await findMarked(mark)).length > 0)) await sleep(25);
  signalGroup(pid, 'SIGKILL');
  await killMarked(mark);
  if (child.exitCode !== null || child.signalCode !== null) return;
  await Promise.race([once(child, 'exit'), sleep(goneMs, undefined, { ref: false })]);
}

/** Ends a child's group at once and without waiting: for a process that is itself at its end. Windows has no groups. */
export function killGroupNow({ pid }: ChildProcess): void {
  if (pid !== undefined && process.platform !== 'win32') signalGroup(pid, 'SIGKILL');
}

/** Ends, at once, every process of the run that is still there. New ones may be born while we look, so until none is found. */
async function killMarked(mark: RunMark): Promise<void> {
  const killed = new Set<number>();
  for (let round = 0; round < 20; round++) {
    const found = await findMarked(mark);
    if (found.length === 0) break;
    for (const pid of found) {
      signal(pid, 'SIGKILL');
      killed.add(pid);
    }
    await sleep(5 * round);
  }
  // One that is about to end has no environment any more, and holds its files and ports still.
  const until = performance.now() + goneMs;
  while (performance.now() < until && [...killed].some(isEnding)) await sleep(5);
}

/** What was killed is gone soon, but for what waits for a disk. */
const goneMs = 1_000;

/** Whether a process is there, and is no mere remainder that its parent has not looked at (proc_pid_stat(5)). Only Linux tells. */
function isEnding(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Linux tells the environment of a process; elsewhere only the process group is known. */
export async function findMarked(mark: RunMark): Promise<readonly number[]> {
  if (process.platform !== 'linux') return [];
  const wanted = Buffer.from(`${mark.name}=${mark.value}`);
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  return pids.filter((pid) => hasEntry(readEnvironment(pid), wanted));
}

/** At once: it is no disk, and waiting for each of hundreds of files takes several times as long. */
function readEnvironment(pid: number): Buffer | undefined {
  try {
    return readFileSync(`/proc/${pid}/environ`);
  } catch {
    // Gone meanwhile, or another user's: not ours to end.
    return undefined;
  }
}

/** Tells whether an environment has an entry, or one of a run inside that run. */
function hasEntry(environment: Buffer | undefined, wanted: Buffer): boolean {
  if (environment === undefined) return false;
  for (let at = environment.indexOf(wanted); at >= 0; at = environment.indexOf(wanted, at + 1)) {
    const isBegin = at === 0 || environment[at - 1] === 0;
    const next = environment[at + wanted.length];
    if (isBegin && (next === undefined || next === 0 || next === slash)) return true;
  }
  return false;
}

const slash = 0x2f;

function signalGroup(pid: number, name: NodeJS.Signals): void {
  signal(-pid, name);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already.
  }
}

function isGroupAlive(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

function killWindowsTree(pid: number): Promise<void> {
  return new Promise((resolve) => {
    const killer = spawn('taskkill', ['/PID', String(pid), '/T', '/F'], { windowsHide: true, stdio: 'ignore' });
    killer.once('error', () => resolve());
    killer.once('exit', () => resolve());
  });
}
