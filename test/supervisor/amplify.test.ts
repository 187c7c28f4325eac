import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { CliProject } from '../cli/support/cliProject.ts';

it('lists the sessions of Amplify as they stand, and leaves them alone', async () => {
  const project = new CliProject({ 'README.md': '# Shop\n' });
  onTestFinished(() => project.dispose());
  const workspaces = join(project.environment.HOME ?? '', '.amplify/workspaces');
  const write = (named: string, id: string, text: string): void => {
    const hash = createHash('md5').update(named).digest('hex').slice(0, 12);
    const folder = join(workspaces, hash, 'instance-1', 'isolated-sessions', id);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'state.json'), text);
  };
  const url = 'https://example.com/shop.git';
  project.git('remote', 'add', 'origin', url);
  const completedAt = '2026-11-01T10:00:00Z';
  const state = { status: 'completed', completedAt, beadsItemId: 'shop-7', worktreePath: '/w/shop-7', pid: 12 };
  write(url, 'session-shop-7-mjvznquz-xhjpar', JSON.stringify(state));
  write(url, 'session-shop-8-mjvznquz-xhjpaa', '{"status": "phase-x"');
  write(realpathSync(project.root), 'session-shop-9-mjvznquz-xhjpab', '{"status": "on-fire"}');
  write('another', 'session-other-1-mjvznquz-xhjpab', '{"status": "running"}');
  const before = readdirSync(workspaces, { recursive: true }).sort();

  const { data } = await project.json(['isolated', 'list', '--all']);
  const nothing = { item: null, branch: null, worktree: null, pid: null, startedAt: null, completedAt: null };
  expect(data.amplify).toEqual([
    {
      ...nothing,
      id: 'session-shop-7-mjvznquz-xhjpar',
      status: 'completed',
      item: 'shop-7',
      worktree: '/w/shop-7',
      pid: 12,
      completedAt,
    },
    { ...nothing, id: 'session-shop-8-mjvznquz-xhjpaa', status: null },
    { ...nothing, id: 'session-shop-9-mjvznquz-xhjpab', status: 'on-fire' },
  ]);
  const { stdout } = await project.run(['isolated', 'list', '--all']);
  expect(stdout).toContain('shop-7  completed');
  expect(stdout).toContain('state unknown');
  expect((await project.json(['isolated', 'list'])).data).not.toHaveProperty('amplify');
  expect(readdirSync(workspaces, { recursive: true }).sort()).toEqual(before);
  expect(readFileSync(join(project.root, 'README.md'), 'utf8')).toBe('# Shop\n');
});
