import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approve, WorkerProject } from './support/workerProject.ts';

/** Its second turn changes another file, and keeps what it was told. */
const worker = `cat > .baton/told-$(ls .baton | grep -c told).md
if [ -f src/first.txt ]; then echo two > src/second.txt; else printf 'one\\ntwo\\n' > src/first.txt; fi
echo 'What is left: nothing.' > .baton/summary.md
${approve}`;

describe('the review of a session by the person', () => {
  it('sends comments on lines back, and tells what each turn changed', async () => {
    const shop = new WorkerProject({ workers: { 'A-01': worker } });
    try {
      await shop.ok('dispatch', 'A-01');
      const first = await shop.until('A-01', 'approved');
      const changed = async (...flags: readonly string[]) =>
        (await shop.ok('isolated', 'changes', 'A-01', ...flags)).files.map(({ path }: { path: string }) => path);
      expect(await shop.ok('isolated', 'changes', 'A-01')).toMatchObject({
        from: first.base.commit,
        to: null,
        files: [{ path: 'src/first.txt', kind: 'added', added: 2, removed: 0 }],
        added: 2,
      });
      expect(await changed('--since', 'review')).toEqual([]);

      expect(await shop.baton('isolated', 'comment', 'A-01', 'src/first.txt:9', 'there is none')).toMatchObject({
        ok: false,
        error: { code: 'invalid-argument' },
      });
      expect(await shop.baton('isolated', 'retry', 'A-01', '--with-comments')).toMatchObject({
        error: { code: 'unknown-item' },
      });
      await shop.ok('isolated', 'comment', 'A-01', 'src/first.txt:2', 'name it better');
      await shop.ok('isolated', 'retry', 'A-01', '--with-comments', '-m', 'Nearly there.');
      await shop.until('A-01', 'approved');
      const told = shop.work('A-01', '.baton/told-1.md');
      expect(told).toContain('Nearly there.');
      expect(told).toContain('- src/first.txt:2 (`two`): name it better');
      expect(await shop.ok('isolated', 'comment', 'A-01')).toMatchObject({
        comments: [{ path: 'src/first.txt', line: 2, text: 'name it better', sentAt: expect.any(String) }],
      });
      expect(await changed()).toEqual(['src/first.txt', 'src/second.txt']);
      expect(await changed('--since', 'turn')).toEqual(['src/second.txt']);

      expect(await shop.baton('isolated', 'changes', 'A-01', '--since', 'checkpoint')).toMatchObject({
        error: { code: 'unknown-checkpoint' },
      });
      execFileSync('git', ['add', 'src'], { cwd: first.worktree });
      const checkpoint = 'WIP: [A-01] checkpoint 1 - both files\n\nSession: A-01 (checkpoint 1)';
      execFileSync('git', ['commit', '-qm', checkpoint], { cwd: first.worktree });

      writeFileSync(join(first.worktree, 'src/mine.txt'), 'by hand\n');
      for (const point of ['review', 'checkpoint']) expect(await changed('--since', point)).toEqual(['src/mine.txt']);
      // What the person did after the verdict makes it void.
      const status = async () => (await shop.ok('isolated', 'status', 'A-01')).session;
      expect(await status()).toMatchObject({ void: true, inTrash: false, summary: 'What is left: nothing.' });
      expect(await shop.baton('isolated', 'merge', 'A-01')).toMatchObject({ error: { code: 'review-missing' } });
      await shop.ok('isolated', 'merge', 'A-01', '--override', 'seen');
      expect(await changed()).toEqual(['src/first.txt', 'src/mine.txt', 'src/second.txt']);
      expect(await status()).toMatchObject({ void: false, inTrash: true });
      expect(await shop.baton('isolated', 'merge')).toMatchObject({ error: { code: 'invalid-argument' } });
      expect(await shop.baton('isolated', 'retry')).toMatchObject({ error: { code: 'invalid-argument' } });
    } finally {
      await shop.dispose();
    }
  });

  it('tells a session that is at work with its next turn, instead of taking its verdict', async () => {
    const slow = `cat > .baton/told-$(ls .baton | grep -c told).md
if [ -f src/first.txt ]; then echo two > src/first.txt; else echo one > src/first.txt; while [ ! -f .baton/go ]; do sleep 0.1; done; fi
${approve}`;
    const shop = new WorkerProject({ workers: { 'A-01': slow } });
    try {
      await shop.ok('dispatch', 'A-01');
      const { worktree } = await shop.until('A-01', 'running');
      await expect.poll(() => existsSync(join(worktree, 'src/first.txt')), { timeout: 30_000 }).toBe(true);
      await shop.ok('isolated', 'comment', 'A-01', 'src/first.txt:1', 'not one');
      await shop.ok('isolated', 'retry', 'A-01', '--with-comments', '-m', 'Before you end:');
      const [waiting] = (await shop.ok('isolated', 'comment', 'A-01')).comments;
      expect(waiting).toMatchObject({ text: 'not one', queuedAt: expect.any(String) });
      expect(waiting).not.toHaveProperty('sentAt');
      writeFileSync(join(worktree, '.baton/go'), '');
      expect(await shop.until('A-01', 'approved')).toMatchObject({ attempt: 1 });
      expect(shop.work('A-01', '.baton/told-1.md')).toMatch(
        /^Before you end:\n[\s\S]*\n- src\/first.txt:1 \(`one`\): not one\n/,
      );
      expect(shop.work('A-01', 'src/first.txt')).toBe('two\n');
      const [told] = (await shop.ok('isolated', 'comment', 'A-01')).comments;
      expect(told).toMatchObject({ sentAt: expect.any(String) });
    } finally {
      await shop.dispose();
    }
  });

  it('goes on in a worktree that a person made, which stays after the merge', async () => {
    const shop = new WorkerProject({ workers: { 'A-01': worker, 'A-02': approve } });
    const { project } = shop;
    const path = join(dirname(shop.root), 'login länger');
    try {
      project.git('worktree', 'add', '-q', '-b', 'mine/login', path);
      writeFileSync(join(path, 'begun.txt'), 'begun\n');
      project.write('later.txt', 'on main\n');
      project.git('add', '-A');
      project.git('commit', '-q', '-m', 'main goes on');
      const { otherWorktrees } = await shop.ok('isolated', 'list', '--all');
      expect(otherWorktrees).toEqual([{ path, branch: 'mine/login' }]);
      expect(await shop.baton('isolated', 'adopt', join(path, 'no'), 'A-01')).toMatchObject({
        error: { code: 'unknown-item', data: { worktrees: [path] } },
      });
      await shop.ok('isolated', 'adopt', path, 'A-01');
      expect(shop.session('A-01')).toMatchObject({ status: 'stopped', worktree: path, branch: 'mine/login' });
      expect((await shop.ok('isolated', 'list', '--all')).otherWorktrees).toEqual([]);
      expect(await shop.baton('isolated', 'adopt', path, 'A-02')).toMatchObject({ error: { code: 'unknown-item' } });
      // What main did meanwhile is none of its changes.
      expect((await shop.ok('isolated', 'changes', 'A-01')).files).toMatchObject([{ path: 'begun.txt' }]);
      expect(await shop.baton('dispatch', 'A-01')).toMatchObject({ error: { code: 'already-dispatched' } });

      await shop.ok('isolated', 'retry', 'A-01');
      await shop.until('A-01', 'approved');
      expect(shop.work('A-01', '.baton/told-0.md')).toContain('This work was begun before');
      await shop.ok('isolated', 'merge', 'A-01');
      expect(existsSync(join(path, 'begun.txt'))).toBe(true);
      expect(project.git('ls-files')).toContain('begun.txt');
    } finally {
      await shop.dispose();
    }
  });
});
