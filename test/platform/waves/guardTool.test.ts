import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toolGuardRecord } from '../../../src/core/formats/waves/toolGuard.ts';
import { bundle, nodePath } from '../../cli/support/cliProject.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

it('refuses what is outside of the scope, and whatever it cannot judge', () => {
  const folder = temporaryFolder();
  const outbox = join(folder, '.baton/run-a');
  mkdirSync(outbox, { recursive: true });
  mkdirSync(join(folder, 'src'));
  symlinkSync('/etc', join(folder, 'src/elsewhere'));
  const guard = join(folder, 'guard.json');
  const scope = ['src/**'];
  const rules = [{ pattern: 'rm -rf', severity: 'block' as const, allowedPaths: [] }];
  writeFileSync(guard, JSON.stringify(toolGuardRecord({ folder, outbox, scope, enforcement: 'strict', rules })));
  const ask = (input: unknown, file = guard) => {
    const text = typeof input === 'string' ? input : JSON.stringify({ cwd: folder, ...(input as object) });
    return spawnSync(nodePath, [bundle, 'hook', 'pre-tool-use', file], { input: text, encoding: 'utf8' });
  };
  const write = (path: string) => ask({ tool_name: 'Write', tool_input: { file_path: path, content: 'x' } });
  expect(write(join(folder, 'src/new folder/ü.ts'))).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(write('src/a.ts').status).toBe(0);
  expect(write(join(outbox, 'questions.json')).status).toBe(0);
  expect(write(join(folder, 'README.md'))).toMatchObject({ status: 2, stderr: expect.stringContaining('src/**') });
  expect(write(join(folder, 'src/../README.md')).status).toBe(2);
  // A link that leads out of the tree.
  expect(write(join(folder, 'src/elsewhere/passwd')).status).toBe(2);
  expect(ask({ tool_name: 'Bash', tool_input: { command: 'rm -rf src' } }).status).toBe(2);
  expect(ask({ tool_name: 'Bash', tool_input: { command: 'ls' } }).status).toBe(0);
  for (const bad of [
    ask('no JSON'),
    ask(''),
    ask({ tool_name: 'Write', tool_input: {} }),
    ask({}, join(folder, 'none')),
  ]) {
    expect(bad).toMatchObject({ status: 2, stderr: expect.stringContaining('refused') });
  }
});
