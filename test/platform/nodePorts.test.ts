import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Logger } from '../../src/core/ports/logger.ts';
import type { Prompt } from '../../src/core/ports/prompt.ts';
import { createNodePorts } from '../../src/platform/nodePorts.ts';
import { createTestRepository } from '../support/gitRepository.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const prompt: Prompt = {
  approveCommands: async () => undefined,
  chooseFiles: async () => undefined,
  confirm: async () => undefined,
};
const logger: Logger = { info() {}, warn() {}, error() {} };

describe('the ports on Node', () => {
  it('work together on one project', async () => {
    vi.stubEnv('BATON_CONFIG_HOME', temporaryFolder());
    const repository = createTestRepository({ 'app/docs/x.md': '---\nid: 1\n---\n' });
    const root = join(repository.root, 'app');
    const ports = await createNodePorts({ root, prompt, logger });
    await ports.stateFiles.update('docs/x.md', (text = '') => [
      { start: text.length, end: text.length, newText: 'more\n' },
    ]);
    expect(ports.frontmatter.read((await ports.files.readText('docs/x.md')) ?? '')).toMatchObject({
      data: { id: '1' },
    });
    const git = await ports.git('');
    expect([git?.topLevel, git?.prefix]).toEqual([repository.root, 'app/']);
    expect(await git?.changes()).toEqual([{ path: 'app/docs/x.md', kind: 'modified', staged: false }]);
    await ports.approvals.approve(['true']);
    const other = await createNodePorts({ root: repository.root, prompt, logger });
    expect(await other.approvals.isApproved(['true'])).toBe(true);
    const cancellation = { isCancelled: false, onCancel: () => ({ dispose() {} }) };
    const outcome = await ports.commands.run({
      command: 'cat docs/x.md',
      folder: '',
      logKey: 'logs/a',
      timeoutMs: 5_000,
      cancellation,
    });
    expect(outcome.tail).toBe('---\nid: 1\n---\nmore\n');
    expect(readFileSync(ports.localState.locate('logs/a'), 'utf8')).toBe(outcome.tail);
    vi.unstubAllEnvs();
  });

  it('can be replaced by the host, and cancelling ends git', async () => {
    const repository = createTestRepository({ 'a.md': '' });
    mkdirSync(join(repository.root, '.git/hooks'), { recursive: true });
    repository.write('.git/hooks/pre-commit', '#!/bin/sh\nsleep 30\n');
    chmodSync(join(repository.root, '.git/hooks/pre-commit'), 0o755);
    const listeners: (() => void)[] = [];
    const cancellation = {
      isCancelled: false,
      onCancel: (listener: () => void) => {
        listeners.push(listener);
        return { dispose() {} };
      },
    };
    const clock = {
      now: () => ({ epochMs: 0, year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, offsetMinutes: 0 }),
    };
    const ports = await createNodePorts({
      root: repository.root,
      prompt,
      logger,
      cancellation,
      override: () => ({ clock }),
    });
    expect(ports.clock).toBe(clock);
    repository.write('a.md', 'x');
    const git = await ports.git('');
    setTimeout(() => {
      for (const listener of listeners) listener();
    }, 500);
    await expect(git?.commit({ paths: ['a.md'], message: 'x' })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
