import {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { checkWorktreeBaseRefFresh } from 'session-orchestrator/scripts/lib/worktree-freshness.mjs';
import { describe, expect, it } from 'vitest';
import { createRunGit } from '../../../src/platform/git/simpleGit.ts';
import { NodeWaveTrees } from '../../../src/platform/waves/nodeWaveTrees.ts';
import { NodeWorktrees } from '../../../src/platform/worktrees/nodeWorktrees.ts';
import { createTestRepository, type TestRepository } from '../../support/gitRepository.ts';

const first = {
  'src/a.ts': 'a\n',
  'src/b b.ts': 'b\n',
  'src/ä/ö.txt': 'ö\r\n',
  'gone.txt': 'gone\n',
  '.claude/STATE.md': 'tracked state\n',
  '.orchestrator/policy/blocked-commands.json': '{}\n',
  '.gitignore': 'local.env\n',
};

function treesOf(repository: TestRepository, readied: string[] = []): NodeWaveTrees {
  const { root } = repository;
  const worktrees = new NodeWorktrees({ main: root, runGitIn: createRunGit });
  return new NodeWaveTrees({ root, worktrees, runGitIn: createRunGit, ready: async (path) => void readied.push(path) });
}

/** Everything that snapshots and changes must leave as it is. */
function untouched({ git }: TestRepository): readonly string[] {
  return [git('rev-parse', 'HEAD'), git('ls-files', '--stage'), git('stash', 'list'), git('symbolic-ref', 'HEAD')];
}

describe('trees of a wave run', () => {
  it('snapshot everything but what the coordinator writes, and leave index and HEAD alone', async () => {
    const repository = createTestRepository(first);
    const { root, write, git } = repository;
    write('src/a.ts', 'staged\n');
    git('add', 'src/a.ts');
    write('src/a.ts', 'newer than what is staged\n');
    write('new folder/ünew.bin', new Uint8Array([0, 255, 10, 13, 0]));
    unlinkSync(join(root, 'gone.txt'));
    write('.claude/STATE.md', 'a wave is over\n');
    write('.claude/wave-scope.json', '{}');
    write('.orchestrator/metrics/events.jsonl', '{}\n');
    write('.orchestrator/tmp/x.json', '{}\n');
    write('local.env', 'SECRET=1\n');
    const before = untouched(repository);
    const trees = treesOf(repository);
    const snapshot = await trees.snapshot(root, 'before wave 1');
    expect(untouched(repository)).toEqual(before);
    expect(git('log', '-1', '--format=%s %P', snapshot).trim()).toBe(
      `before wave 1 ${git('rev-parse', 'HEAD').trim()}`,
    );
    expect(git('ls-tree', '-r', '--name-only', '-z', snapshot).split('\0').sort().join('|')).toBe(
      '|.claude/STATE.md|.gitignore|.orchestrator/policy/blocked-commands.json|new folder/ünew.bin|src/a.ts|src/b b.ts|src/ä/ö.txt',
    );
    expect(git('show', `${snapshot}:.claude/STATE.md`)).toBe('tracked state\n');
    expect(git('show', `${snapshot}:src/a.ts`)).toBe('newer than what is staged\n');
    expect(await trees.changed(root, snapshot)).toEqual([]);
    write('src/a.ts', 'once more\n');
    chmodSync(join(root, 'src/b b.ts'), 0o755);
    expect(await trees.changed(root, snapshot)).toEqual(['src/a.ts', 'src/b b.ts']);
  });

  it('bring what an agent did file by file, whole, once, and refuse what was changed on both sides', async () => {
    const repository = createTestRepository(first);
    const { root, write, read } = repository;
    write('not committed.txt', 'yet\n');
    const readied: string[] = [];
    const trees = treesOf(repository, readied);
    const base = await trees.snapshot(root, 'base');
    const path = join(root, '.worktrees/wave-1-a');
    const order = { path, branch: 'so-worktree-1-a', commit: base };
    await trees.add(order);
    await trees.add(order);
    expect(readied).toEqual([path]);
    expect(readFileSync(join(path, 'not committed.txt'), 'utf8')).toBe('yet\n');
    const meta = JSON.parse(read('.orchestrator/tmp/worktree-meta/1-a.json'));
    const head = repository.git('rev-parse', 'HEAD').trim();
    expect(meta).toMatchObject({ suffix: '1-a', baseRef: 'HEAD', baseSha: head, branch: order.branch, wtPath: path });
    expect(repository.git('status', '--porcelain')).toBe('?? "not committed.txt"\n');
    const cwd = process.cwd();
    process.chdir(root);
    try {
      expect(
        await checkWorktreeBaseRefFresh({ suffix: '1-a', agentScope: ['src/a.ts'], targetBranch: 'main' }),
      ).toMatchObject({
        decision: 'pass',
      });
    } finally {
      process.chdir(cwd);
    }

    const bytes = new Uint8Array([0, 1, 255, 13, 10]);
    writeFileSync(join(path, 'src/ä/new ü.bin'), bytes);
    writeFileSync(join(path, 'src/run.sh'), '#!/bin/sh\n');
    chmodSync(join(path, 'src/run.sh'), 0o755);
    symlinkSync('a.ts', join(path, 'src/link'));
    rmSync(join(path, 'src/ä/ö.txt'));
    rmSync(join(path, 'gone.txt'));
    // A folder takes the place of a file.
    repository.write('.worktrees/wave-1-a/gone.txt/now a folder.txt', 'in\n');
    writeFileSync(join(path, 'src/a.ts'), 'by the agent\n');
    // An agent that commits changes nothing about its files.
    repository.git('-C', path, 'add', '-A');
    repository.git('-C', path, 'commit', '-qm', 'mine');
    const paths = await trees.changed(path, base);
    expect(paths).toEqual([
      'gone.txt',
      'gone.txt/now a folder.txt',
      'src/a.ts',
      'src/link',
      'src/run.sh',
      'src/ä/new ü.bin',
      'src/ä/ö.txt',
    ]);

    write('src/a.ts', 'by a person\n');
    const refused = await trees.bring({ from: path, base, paths });
    expect(refused).toEqual({ freshness: 'block', overlap: ['src/a.ts'] });
    expect(existsSync(join(root, 'src/run.sh'))).toBe(false);

    write('src/a.ts', 'a\n');
    write('src/b b.ts', 'by another agent\n');
    expect(await trees.bring({ from: path, base, paths })).toEqual({ freshness: 'warn', overlap: [] });
    expect(await trees.bring({ from: path, base, paths })).toEqual({ freshness: 'warn', overlap: [] });
    expect(read('src/a.ts')).toBe('by the agent\n');
    expect(read('gone.txt/now a folder.txt')).toBe('in\n');
    expect(new Uint8Array(readFileSync(join(root, 'src/ä/new ü.bin')))).toEqual(bytes);
    expect(statSync(join(root, 'src/run.sh')).mode & 0o111).not.toBe(0);
    expect(lstatSync(join(root, 'src/link')).isSymbolicLink()).toBe(true);
    expect(existsSync(join(root, 'src/ä/ö.txt'))).toBe(false);
    expect(await trees.changed(root, base)).toEqual([...paths, 'src/b b.ts'].sort());

    await trees.restore(root, base, paths);
    expect(await trees.changed(root, base)).toEqual(['src/b b.ts']);
    expect(read('src/ä/ö.txt')).toBe('ö\r\n');

    await trees.remove(path);
    await trees.remove(path);
    expect(existsSync(path)).toBe(false);
    expect(repository.git('branch', '--list', 'so-*')).toBe('');
    expect(existsSync(join(root, '.orchestrator/tmp/worktree-meta/1-a.json'))).toBe(false);
  });

  it('do not write over an ignored file of the person, and make a half-made worktree anew', async () => {
    const repository = createTestRepository(first);
    const { root, write, read } = repository;
    const trees = treesOf(repository);
    const base = await trees.snapshot(root, 'base');
    const path = join(root, '.worktrees/wave-1-b');
    // What a killed one leaves: the folder, git's entry and the branch, but no record.
    repository.git('worktree', 'add', '-q', '-b', 'so-worktree-1-b', path, 'HEAD');
    writeFileSync(join(path, 'half'), '');
    await trees.add({ path, branch: 'so-worktree-1-b', commit: base });
    expect(existsSync(join(path, 'half'))).toBe(false);
    write('local.env', 'SECRET=1\n');
    writeFileSync(join(path, '.gitignore'), '');
    writeFileSync(join(path, 'local.env'), 'SECRET=2\n');
    const paths = await trees.changed(path, base);
    expect(await trees.bring({ from: path, base, paths })).toEqual({ freshness: 'block', overlap: ['local.env'] });
    expect(read('local.env')).toBe('SECRET=1\n');
    await expect(trees.remove(root)).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('keep snapshots under refs of their own until they are old', async () => {
    const repository = createTestRepository(first);
    const { root, git } = repository;
    const trees = treesOf(repository);
    await trees.keep('refs/so-snapshots/main-1/wave-1-before', await trees.snapshot(root, 'x'));
    await expect(trees.keep('refs/heads/main', await trees.head(root))).rejects.toMatchObject({
      code: 'invalid-argument',
    });
    const tree = git('rev-parse', 'HEAD^{tree}').trim();
    const old = git('-c', 'user.name=x', '-c', 'user.email=x@y', 'commit-tree', tree, '-m', 'old').trim();
    expect(await trees.collect(14)).toBe(0);
    // Fifteen days later the first one is old.
    git('update-ref', 'refs/so-snapshots/main-0/wave-1-before', old);
    expect(await trees.collect(-1)).toBe(2);
    expect(git('for-each-ref', 'refs/so-snapshots')).toBe('');
  });
});
