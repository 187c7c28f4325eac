import { readdirSync, readFileSync } from 'node:fs';
import type { MarkedProcess, MarkedProcesses } from '../core/ports/isolatedPorts.ts';
import { killRun } from './processTree.ts';

const markName = 'BATON_RUN_ID';
const graceMs = 2_000;

/** Processes that agents of a clone started, by the mark in their environment. Linux tells it; elsewhere none is found. */
export function createMarkedProcesses(worktreesFolder: string): MarkedProcesses {
  return {
    list: async () => (process.platform === 'linux' ? readMarked(worktreesFolder) : []),
    end: (mark) => killRun({ name: markName, value: mark }, graceMs),
  };
}

function readMarked(worktreesFolder: string): readonly MarkedProcess[] {
  const pids = readdirSync('/proc').map(Number);
  return pids.flatMap((pid) => {
    if (!(pid > 0) || pid === process.pid) return [];
    const all = readParts(pid, 'environ');
    const variable = (name: string) => all.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
    const mark = variable(markName);
    const outbox = variable('BATON_OUTBOX');
    // The mark does not tell the clone; the folder where the agent's questions go does.
    if (mark === undefined || outbox?.startsWith(`${worktreesFolder}/`) !== true) return [];
    return [{ pid, mark, command: readParts(pid, 'cmdline').join(' ').trim().slice(0, 200) }];
  });
}

function readParts(pid: number, name: 'environ' | 'cmdline'): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8').split('\0');
  } catch {
    // Gone meanwhile, or another user's.
    return [];
  }
}
