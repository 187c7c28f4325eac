import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { approve, WorkerProject } from './support/workerProject.ts';

describe('a worktree', () => {
  const project = new WorkerProject({
    config: 'set_up: sh set-up.sh\nworktree_include: [.env, node_modules]\n',
    files: {
      '.gitignore': '.env\nnode_modules\nsecret.txt\n',
      'set-up.sh':
        'echo "setting up with $(cat "$ROOT_WORKTREE_PATH/.env") at ${CONDUCTOR_PORT:+a port} in ${CONDUCTOR_WORKSPACE_PATH##*/UP-}"; [ -e ../../allowed ] || { echo "not allowed yet" >&2; exit 7; }; echo made > node_modules/made.txt\n',
    },
    workers: {
      'UP-1': `[ -e node_modules/made.txt ] && [ ! -e secret.txt ] && [ "$BATON_PORT_TO" -gt "$BATON_PORT_FROM" ] && echo work > work.txt && ${approve}`,
      'UP-2': approve,
    },
  });
  afterAll(() => project.dispose());

  it('is not set up by commands that nobody has approved', async () => {
    project.project.write('.env', 'KEY=1\n');
    project.project.write('secret.txt', 'not for workers\n');
    project.project.write('node_modules/one/index.js', '1\n');
    expect((await project.ok('dispatch', 'UP-1')).warnings).toEqual([expect.stringContaining('sh set-up.sh')]);
    const { error } = await project.until('UP-1', 'failed');
    expect(error).toMatchObject({ code: 'approval-required', message: expect.stringContaining('sh set-up.sh') });
    expect((await project.baton('isolated', 'retry', 'UP-1')).error.code).toBe('approval-required');
  });

  it('whose set-up fails is said to, with its log', async () => {
    await project.ok('isolated', 'retry', 'UP-1', '--yes');
    const { error } = await project.until('UP-1', 'failed');
    expect(error?.message).toContain('not allowed yet');
    expect(project.record('UP-1', 'set-up-1.log')).toMatch(/setting up with KEY=1 at a port in 1-/);
  });

  it('is set up in the next attempt, has the ignored files that it needs, and ports of its own', async () => {
    project.project.write('allowed', '');
    await project.ok('isolated', 'retry', 'UP-1');
    await project.until('UP-1', 'approved');
    expect(project.work('UP-1', 'node_modules/one/index.js')).toBe('1\n');
  });

  it('is shown before it is removed, and comes back whole', async () => {
    const { worktree, id, branch } = project.session('UP-1');
    const shown = await project.ok('isolated', 'clean', 'UP-1');
    expect(shown.removed).toBe(false);
    expect(shown.sheet).toMatchObject({ ahead: 0, untracked: ['work.txt'] });
    expect(shown.sheet.ignored.map(({ path }: { path: string }) => path).sort()).toEqual([
      '.baton/',
      '.env',
      'node_modules/',
    ]);
    await project.ok('isolated', 'clean', 'UP-1', '--yes');
    expect(existsSync(worktree)).toBe(false);
    // Its work is nowhere else.
    expect((await project.ok('isolated', 'clean', '--yes', '--older-than', '0')).kept).toMatchObject([{ id }]);
    expect((await project.ok('isolated', 'clean', 'UP-1', '--yes')).removed).toBe(false);
    expect((await project.ok('isolated', 'clean', 'UP-1', '--for-ever')).removed).toBe(false);
    await project.ok('isolated', 'restore', 'UP-1');
    expect(readFileSync(join(worktree, '.env'), 'utf8')).toBe('KEY=1\n');
    expect(readFileSync(join(worktree, 'node_modules/made.txt'), 'utf8')).toBe('made\n');
    expect(readFileSync(join(worktree, 'work.txt'), 'utf8')).toBe('work\n');
    expect(project.session('UP-1')).toMatchObject({ status: 'approved', branch });
  });

  it('is merged although main has moved, from the base that it was made from', async () => {
    const { base } = project.session('UP-1');
    project.project.write('src/other.txt', 'moved\n');
    project.project.git('add', 'src/other.txt');
    project.project.git('commit', '-qm', 'feat: move on');
    const { merged } = await project.ok('isolated', 'merge', 'UP-1');
    expect(merged).toHaveLength(1);
    expect(project.project.read('work.txt')).toBe('work\n');
    expect(project.project.git('merge-base', 'HEAD^1^1', base.commit)).toBe(base.commit);
    expect(project.project.git('log', '-1', '--format=%s', merged[0].commit)).toBe('Merge UP-1: Title of UP-1');
  });

  it('of others is shown and never touched, one of ours without a session goes into the trash', async () => {
    const foreign = join(project.root, '.worktrees/other');
    project.project.git('worktree', 'add', '-q', '-b', 'other', foreign);
    const orphan = join(project.root, '.worktrees/LOST-1');
    project.project.git('worktree', 'add', '-q', '-b', 'baton/LOST-1', orphan);
    const keys = join(project.root, '.git/baton/isolated/keys');
    mkdirSync(keys, { recursive: true });
    writeFileSync(join(keys, 'broken.json'), '{"session": "session-LOST-1"}');
    const shown = await project.ok('isolated', 'clean', '--older-than', '0');
    expect(shown.foreign.map(({ path }: { path: string }) => path)).toEqual([foreign]);
    expect(shown.orphans.map(({ path }: { path: string }) => path)).toEqual([orphan]);
    expect(shown.trash).toHaveLength(1);
    expect(shown.keys).toEqual(['isolated/keys/broken.json']);
    await project.ok('isolated', 'clean', '--yes', '--older-than', '0');
    expect([foreign, orphan].map((path) => existsSync(path))).toEqual([true, false]);
    const { trash, kept, orphans } = await project.ok('isolated', 'clean', '--older-than', '0');
    expect([...trash, ...kept].map(({ id }: { id: string }) => id)).toEqual(['orphan-LOST-1']);
    expect(orphans).toEqual([]);
  });
});

describe('a budget', () => {
  const usage = (tokens: number) =>
    `echo '{"type": "assistant", "message": {"id": "'$$'", "content": [], "usage": {"input_tokens": ${tokens}, "output_tokens": 0}}}'`;
  const project = new WorkerProject({
    stream: 'claude',
    workers: {
      TOKENS: `[ -e "$0/tokens" ] && { ${usage(500)}; sleep 0.5; ${approve}; exit; }; touch "$0/tokens"; ${usage(2_000)}; sleep 600`,
      TIME: `[ -e "$0/time" ] && { ${approve}; exit; }; touch "$0/time"; sleep 600`,
    },
  });
  afterAll(() => project.dispose());

  it('pauses when it is used up, and the session is resumed with as much again', async () => {
    await project.ok('dispatch', 'TOKENS', '--max-tokens', '1000');
    await project.ok('dispatch', 'TIME', '--max-minutes', '0.005');
    const { history, usage: used } = await project.until('TOKENS', 'paused');
    expect(history.at(-1)?.why).toContain('2000 of 1000 tokens');
    expect(used).toMatchObject({ inputTokens: 2_000 });
    expect(used?.costUsd).toBeUndefined();
    await project.until('TIME', 'paused');
    await project.ok('isolated', 'retry', 'TOKENS');
    await project.ok('isolated', 'retry', 'TIME');
    expect((await project.until('TOKENS', 'approved')).usage).toMatchObject({ inputTokens: 2_500 });
    await project.until('TIME', 'approved');
  });
});
