import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Cancellation, neverCancelled } from '../../src/core/base/cancellation.ts';
import { createNodeLocalState } from '../../src/platform/nodeLocalState.ts';
import { createProjectFolder } from '../../src/platform/projectFolder.ts';
import { createShellCommands } from '../../src/platform/shellCommands.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

function setUp() {
  const root = temporaryFolder();
  mkdirSync(join(root, 'sub ü'));
  const localState = createNodeLocalState({ folder: join(temporaryFolder(), 'state'), worktreeKey: 'main' });
  const runner = createShellCommands(createProjectFolder(root), localState);
  const defaults = { folder: '', logKey: 'logs/x.log', timeoutMs: 20_000, cancellation: neverCancelled };
  return {
    root,
    run: (command: string, options: Partial<Parameters<typeof runner.run>[0]> = {}) =>
      runner.run({ ...defaults, command, ...options }),
    log: () => readFileSync(localState.locate('logs/x.log'), 'utf8'),
    logSize: () => statSync(localState.locate('logs/x.log')).size,
  };
}

function cancelling(): Cancellation & { cancel(): void } {
  const listeners: (() => void)[] = [];
  let isCancelled = false;
  return {
    get isCancelled() {
      return isCancelled;
    },
    onCancel(listener) {
      listeners.push(listener);
      return { dispose() {} };
    },
    cancel() {
      isCancelled = true;
      for (const listener of listeners) listener();
    },
  };
}

/** Living processes that have the text among their arguments. */
function processesWith(text: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });
}

describe('running a shell line', () => {
  it('gives exit code, duration, output and log', async () => {
    const { run, log } = setUp();
    let seen = '';
    const outcome = await run('echo out; echo err >&2; sleep 0.2; exit 3', { onOutput: (chunk) => (seen += chunk) });
    expect(outcome).toMatchObject({ exitCode: 3, timedOut: false, cancelled: false });
    expect(outcome.durationMs).toBeGreaterThanOrEqual(190);
    expect([outcome.tail, seen, log()].map((text) => text.split('\n').sort().join())).toEqual(
      Array(3).fill(',err,out'),
    );
  });

  it('runs in its folder, as a shell line, with nothing on its input', async () => {
    const { run, root } = setUp();
    const outcome = await run('pwd; for i in 1 2; do echo "$i" | cat; done; cat; echo "$BATON_RUN_ID" | wc -c', {
      folder: 'sub ü',
    });
    expect(outcome.tail).toBe(`${join(root, 'sub ü')}\n1\n2\n25\n`);
    await expect(run('true', { folder: '../..' })).rejects.toMatchObject({ code: 'outside-project' });
  });

  it('tells a signal from an exit code, and a command that is not there', async () => {
    const { run } = setUp();
    expect(await run('kill -9 $$')).toMatchObject({ exitCode: undefined, signal: 'SIGKILL', timedOut: false });
    expect(await run('no-such-command-here')).toMatchObject({
      exitCode: 127,
      tail: expect.stringContaining('no-such-command-here'),
    });
  });

  it('decodes characters that are cut between two chunks, and keeps the end of long output', async () => {
    const { run, log } = setUp();
    const cut = `printf 'a\\303'; sleep 0.1; printf '\\274b'; sleep 0.1; printf '\\360\\237'; sleep 0.1; printf '\\230\\200\\n'`;
    const chunks: string[] = [];
    expect((await run(cut, { onOutput: (chunk) => chunks.push(chunk) })).tail).toBe('aüb😀\n');
    expect(chunks.join('')).toBe('aüb😀\n');
    const long = await run(`i=0; while [ $i -lt 3000 ]; do echo "ü line $i"; i=$((i+1)); done`);
    expect(Buffer.byteLength(long.tail)).toBeLessThanOrEqual(8192);
    expect(long.tail).toMatch(/^.*\n(ü line \d+\n)+$/);
    expect(long.tail.endsWith('ü line 2999\n')).toBe(true);
    expect(log().split('\n').length).toBe(3001);
  });

  it('does not wait for what the command leaves in the background on purpose', { timeout: 20_000 }, async () => {
    const { run } = setUp();
    const startedAt = performance.now();
    const outcome = await run('sleep 4.4321 & echo started');
    expect(outcome).toMatchObject({ exitCode: 0, tail: 'started\n' });
    expect(performance.now() - startedAt).toBeLessThan(3_500);
    expect(processesWith('4.4321').length).toBe(1);
  });

  it('keeps memory and log small while 100 MB are printed', { timeout: 60_000 }, async () => {
    const { run, logSize, log } = setUp();
    const before = process.memoryUsage().rss;
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 20);
    const outcome = await run(`yes "a line of output that says nothing" | head -c 104857600; echo; echo the end`);
    clearInterval(watch);
    expect(outcome).toMatchObject({ exitCode: 0, tail: expect.stringMatching(/the end\n$/) });
    expect((peak - before) / 1024 / 1024).toBeLessThan(120);
    expect(logSize()).toBeLessThan(21 * 1024 * 1024);
    expect(logSize()).toBeGreaterThan(10 * 1024 * 1024);
    expect(log().endsWith('the end\n')).toBe(true);
  });
});

describe('ending a shell line', () => {
  it('at its time limit ends grandchildren too', { timeout: 20_000 }, async () => {
    const { run } = setUp();
    const startedAt = performance.now();
    const outcome = await run('echo begun; sh -c "sleep 61.111 & sleep 61.222; echo never"', { timeoutMs: 400 });
    expect(outcome).toMatchObject({ exitCode: undefined, timedOut: true, cancelled: false, tail: 'begun\n' });
    expect(performance.now() - startedAt).toBeLessThan(3_500);
    expect([...processesWith('61.111'), ...processesWith('61.222')]).toEqual([]);
  });

  it('by cancelling ends the tree, with a child in a session of its own and one that ignores SIGTERM', {
    timeout: 20_000,
  }, async () => {
    const { run } = setUp();
    const cancellation = cancelling();
    const line = `setsid sh -c 'trap "" TERM; sleep 62.333; sleep 62.444' & sh -c 'trap "" TERM; echo up; sleep 62.555; sleep 62.666'`;
    const running = run(line, { cancellation, onOutput: () => setTimeout(() => cancellation.cancel(), 200) });
    expect(await running).toMatchObject({ exitCode: undefined, timedOut: false, cancelled: true, tail: 'up\n' });
    await sleep(50);
    expect(['62.333', '62.444', '62.555', '62.666'].flatMap(processesWith)).toEqual([]);
  });

  it('lets a command that heeds SIGTERM clean up', { timeout: 20_000 }, async () => {
    const { run, root } = setUp();
    const outcome = await run(`trap 'touch cleaned; exit 0' TERM; while :; do sleep 0.05; done`, { timeoutMs: 300 });
    expect(outcome).toMatchObject({ exitCode: undefined, timedOut: true });
    expect(existsSync(join(root, 'cleaned'))).toBe(true);
  });

  it('before it began starts nothing', async () => {
    const { run, root } = setUp();
    const cancellation = cancelling();
    cancellation.cancel();
    expect(await run('touch ran', { cancellation })).toMatchObject({ exitCode: undefined, cancelled: true });
    expect(existsSync(join(root, 'ran'))).toBe(false);
  });
});
