import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundleForNode, startNode } from '../support/startNode.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // One that nobody has waited for yet is dead all the same.
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return !/^\d+ \(.*\) Z /s.test(stat);
}

async function waitUntil(what: string, test: () => boolean, limitMs = 30_000): Promise<void> {
  for (const end = Date.now() + limitMs; Date.now() < end; ) {
    if (test()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${what}: not within ${limitMs} ms`);
}

const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** Starts a run, waits until the command has written so many PIDs, and gives them. */
async function begin(command: string, count: number) {
  const root = temporaryFolder();
  const script = bundleForNode('test/platform/children/runCommand.ts', temporaryFolder());
  const { child } = startNode(script, [root, command], { BATON_STATE_HOME: join(root, 'state') });
  // It may have ended before its PIDs are seen.
  const exited = new Promise<number | null>((done) => child.once('exit', done));
  const pids = () => read(join(root, 'pids')).split('\n').slice(0, -1).map(Number);
  onTestFinished(() => {
    for (const pid of pids()) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  await waitUntil('the command', () => pids().length === count);
  return { root, child, exited, pids: pids() };
}

describe.runIf(process.platform !== 'win32')('a command whose Baton is killed', () => {
  it('ends with everything that it has started', async () => {
    const { child, pids } = await begin('sleep 300 & echo $! >> pids; echo $$ >> pids; wait', 2);
    expect(pids.every(isAlive)).toBe(true);
    child.kill('SIGKILL');
    await waitUntil('the end', () => !pids.some(isAlive));
  });

  it('ends also where it ignores to be asked, or has left its group', async () => {
    const leave = process.platform === 'linux' ? 'setsid sleep 300 & echo $! >> pids;' : 'sleep 300 & echo $! >> pids;';
    const { child, pids } = await begin(`trap '' TERM; ${leave} echo $$ >> pids; while :; do sleep 1; done`, 2);
    child.kill('SIGKILL');
    await waitUntil('the end', () => !pids.some(isAlive));
  });

  it('runs to its end undisturbed, and what it leaves in the background stays', async () => {
    const { root, exited, pids } = await begin('sleep 300 > /dev/null 2>&1 & echo $! >> pids; echo done > said', 1);
    expect(await exited).toBe(0);
    expect(read(join(root, 'said'))).toBe('done\n');
    await new Promise((done) => setTimeout(done, 3_000));
    expect(pids.every(isAlive)).toBe(true);
  });
});
