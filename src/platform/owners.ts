import { execFile } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import type { Owner, Owners } from '../core/ports/owner.ts';

/** How far two readings of one start or boot time may lie apart where the system only tells seconds. */
const toleranceMs = 3_000;

/**
 * Owners of this machine. On Linux a process is identified by `/proc`, exactly. Elsewhere a start time is the clock's, in milliseconds:
 * on macOS another process's is asked from `ps`, unless `mayStartProcesses` is false; on Windows only its PID is checked.
 */
export function createNodeOwners(options: { readonly mayStartProcesses?: boolean } = {}): Owners {
  const platform = process.platform === 'linux' ? linux : clocked(options.mayStartProcesses ?? true);
  let self: Owner | undefined;
  return {
    get self() {
      self ??= platform.self();
      return self;
    },
    async stateOf(owner) {
      if (owner.host !== this.self.host) return 'unknown';
      if (!platform.isSameBoot(owner.bootId, this.self.bootId)) return 'dead';
      if (!isRunning(owner.pid)) return 'dead';
      return platform.hasStarted(owner);
    },
  };
}

/** Identifies another process of this machine; undefined where it has ended, or (not on Linux) cannot be told apart from a later one. */
export async function identify(pid: number, owners: Owners): Promise<Owner | undefined> {
  if (process.platform !== 'linux') {
    const startedAt = await startTimeFromPs(pid);
    return startedAt === undefined ? undefined : { ...owners.self, pid, startTime: String(startedAt) };
  }
  try {
    const { startTime } = startTimeIn(await readFile(`/proc/${pid}/stat`, 'utf8'));
    return { ...owners.self, pid, startTime };
  } catch {
    return undefined;
  }
}

interface OwnerPlatform {
  self(): Owner;
  isSameBoot(a: string, b: string): boolean;
  /** Whether the running process with the owner's PID is the owner. */
  hasStarted(owner: Owner): Promise<'alive' | 'dead' | 'unknown'>;
}

const linux: OwnerPlatform = {
  self: () => ({
    pid: process.pid,
    startTime: startTimeIn(readFileSync('/proc/self/stat', 'utf8')).startTime,
    bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    // Containers can share a host's name and boot, but not its PIDs.
    host: `${hostname()} ${pidNamespace()}`,
  }),
  isSameBoot: (a, b) => a === b,
  async hasStarted(owner) {
    try {
      const now = startTimeIn(await readFile(`/proc/${owner.pid}/stat`, 'utf8'));
      // A zombie has ended; only its parent has not noticed.
      return now.startTime === owner.startTime && now.state !== 'Z' && now.state !== 'X' ? 'alive' : 'dead';
    } catch {
      return isRunning(owner.pid) ? 'unknown' : 'dead';
    }
  },
};

/** Fields 3 and 22 of `/proc/<pid>/stat` (proc_pid_stat(5)); the second, the name, may hold spaces and parentheses. */
function startTimeIn(stat: string): { readonly state: string; readonly startTime: string } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startTime: fields[19] ?? '' };
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function clocked(mayStartProcesses: boolean): OwnerPlatform {
  return {
    self: () => ({
      pid: process.pid,
      startTime: String(Math.round(Date.now() - process.uptime() * 1000)),
      bootId: String(Math.round(Date.now() - uptime() * 1000)),
      host: hostname(),
    }),
    // The clock may be set while the machine runs; a restart takes longer than this.
    isSameBoot: (a, b) => Math.abs(Number(a) - Number(b)) < 10 * toleranceMs,
    async hasStarted(owner) {
      if (process.platform === 'win32') return 'alive';
      if (!mayStartProcesses) return owner.pid === process.pid ? 'alive' : 'unknown';
      const started = await startTimeFromPs(owner.pid);
      if (started === undefined) return isRunning(owner.pid) ? 'unknown' : 'dead';
      return Math.abs(started - Number(owner.startTime)) < toleranceMs ? 'alive' : 'dead';
    },
  };
}

function startTimeFromPs(pid: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'lstart=', '-p', String(pid)], { env: { ...process.env, LC_ALL: 'C' } }, (_error, stdout) => {
      const time = Date.parse(stdout.trim());
      resolve(Number.isNaN(time) ? undefined : time);
    });
  });
}

/** Tells whether a process with this PID exists, whoever it is. */
export function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
