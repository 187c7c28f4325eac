import { spawn } from 'node:child_process';
import type { RunMark } from './processTree.ts';

/**
 * Waits at the end of a pipe that only this process holds open. A line says that the run has ended; the pipe's end without one says that
 * this process is dead: then the run's group is asked to end, and whoever is still there a moment later, or has left the group, is ended.
 * Arguments: process group, mark of the run. It has no mark itself, and `grep` looks at environments, not at command lines.
 */
const script = `
IFS= read -r said && exit 0
kill -s TERM -- "-$1" 2>/dev/null
sleep 2
kill -s KILL -- "-$1" 2>/dev/null
[ -d /proc/self ] || exit 0
for entry in $(grep -l -e "$2" /proc/[0-9]*/environ 2>/dev/null); do
  pid=\${entry#/proc/}
  kill -s KILL "\${pid%/environ}" 2>/dev/null
done
`;

/** Watches over a run. */
export interface DeathWatch {
  /** The run has ended by itself: what it left running on purpose is let be. */
  stop(): void;
}

/**
 * Sees to it that a command's process group ends when this process is killed in a way that it cannot notice (SIGKILL, a crash). Windows has
 * no groups: there nothing watches.
 */
export function watchOverGroup(pid: number | undefined, mark: RunMark): DeathWatch {
  if (pid === undefined || process.platform === 'win32') return { stop() {} };
  const watcher = spawn('/bin/sh', ['-c', script, 'baton-watch', String(pid), `${mark.name}=${mark.value}`], {
    // Of no terminal and no group of ours: what ends us must not end it first.
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell to watch, the command runs as it would have without this.
  watcher.once('error', () => undefined);
  watcher.stdin.on('error', () => undefined);
  watcher.unref();
  if ('unref' in watcher.stdin && typeof watcher.stdin.unref === 'function') watcher.stdin.unref();
  return {
    stop() {
      watcher.stdin.end('ended\n');
    },
  };
}
