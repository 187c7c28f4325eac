import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AgentProcess } from '../../../src/platform/agents/agentProcess.ts';
import { LineSplitter } from '../../../src/platform/agents/lineSplitter.ts';
import { isRunning } from '../../../src/platform/owners.ts';
import { findMarked } from '../../../src/platform/processTree.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

let runs = 0;

/** Starts a Node program as an agent. */
async function startAgent(program: string, options: { readonly input?: string; readonly slowMs?: number } = {}) {
  const folder = temporaryFolder();
  const logPath = join(folder, 'output.log');
  const mark = `test-${process.pid}-${runs++}`;
  const lines: string[] = [];
  const agent = await AgentProcess.start(
    {
      command: process.execPath,
      args: ['-e', program],
      cwd: folder,
      env: process.env,
      ...(options.input !== undefined && { input: options.input }),
    },
    {
      mark,
      logPath,
      continues: false,
      onLine: async (line) => {
        if (options.slowMs !== undefined) await sleep(options.slowMs);
        lines.push(line.length > 100 ? `${line.length}` : line);
      },
    },
  );
  return { agent, lines, logPath, marked: () => findMarked({ name: 'BATON_RUN_ID', value: mark }) };
}

describe('an agent', () => {
  it('gets its prompt, and each of its lines is read and kept', async () => {
    const { agent, lines, logPath } = await startAgent(
      "process.stdin.on('data', (d) => { console.log('got ' + String(d).length); console.error('beside'); process.stdout.write('läst'); process.exitCode = 3; })",
      { input: 'x'.repeat(1000) },
    );
    expect(await agent.ended).toMatchObject({ exitCode: 3, tail: expect.stringContaining('beside') });
    expect(lines).toEqual(['got 1000', 'läst']);
    expect(readFileSync(logPath, 'utf8')).toContain('beside');
  });

  it('that is not there is said to be missing', async () => {
    const call = { command: '/no/such/agent', args: [], cwd: temporaryFolder(), env: process.env };
    const options = {
      mark: 'm',
      logPath: join(temporaryFolder(), 'log'),
      continues: false,
      onLine: async () => undefined,
    };
    await expect(AgentProcess.start(call, options)).rejects.toMatchObject({ code: 'agent-missing' });
  });

  it.runIf(process.platform === 'linux')(
    'is stopped with everything that it started, in groups of their own too',
    async () => {
      const { agent, lines, marked } = await startAgent(
        `const { spawn } = require('node:child_process');
       process.on('SIGINT', () => undefined); process.on('SIGTERM', () => undefined);
       spawn('sleep', ['600'], { detached: true, stdio: 'inherit' }).unref();
       console.log('ready'); setInterval(() => undefined, 1000);`,
      );
      await expect.poll(() => lines).toEqual(['ready']);
      expect(await marked()).toHaveLength(2);
      await agent.stop();
      expect(await marked()).toEqual([]);
      expect(isRunning(agent.pid)).toBe(false);
      expect(await agent.ended).toMatchObject({ exitCode: undefined, signal: expect.any(String) });
    },
  );

  it.runIf(process.platform === 'linux')('leaves nothing behind when it ends by itself', async () => {
    const { agent, marked } = await startAgent(
      "require('node:child_process').spawn('sleep', ['600'], { detached: true, stdio: 'inherit' }).unref(); console.log('bye'); process.exit(0)",
    );
    expect(await agent.ended).toMatchObject({ exitCode: 0 });
    expect(await marked()).toEqual([]);
  });

  it('that says 200 MB without an end of line does not make us hold them', async () => {
    const { agent, lines, logPath } = await startAgent(
      "const b = Buffer.alloc(1 << 20, 97); let n = 0; const go = () => { while (n++ < 200) if (!process.stdout.write(b)) return process.stdout.once('drain', go); }; go();",
    );
    let most = 0;
    const timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed);
    }, 20);
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    await agent.ended;
    clearInterval(timer);
    expect(lines.reduce((sum, length) => sum + Number(length), 0)).toBe(200 * 1024 * 1024);
    expect(statSync(logPath).size).toBeLessThan(21 * 1024 * 1024);
    expect(most - before).toBeLessThan(120 * 1024 * 1024);
  });
});

it('lines are cut right, whatever the chunks are', () => {
  const bytes = Buffer.from('één\r\nzwei\n\ndrei €');
  for (let size = 1; size <= bytes.length; size++) {
    const splitter = new LineSplitter();
    const lines: string[] = [];
    for (let at = 0; at < bytes.length; at += size) lines.push(...splitter.push(bytes.subarray(at, at + size)));
    expect([...lines, ...splitter.end()].map((line) => line.replace(/\r$/, ''))).toEqual(['één', 'zwei', '', 'drei €']);
  }
});
