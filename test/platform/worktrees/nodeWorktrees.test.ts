import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRunGit } from '../../../src/platform/git/simpleGit.ts';
import { NodeWorktrees } from '../../../src/platform/worktrees/nodeWorktrees.ts';
import { createTestRepository } from '../../support/gitRepository.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

/** A repository in a folder with a space and an umlaut, and its worktrees. */
function makeClone(files: Readonly<Record<string, string>> = {}) {
  const root = join(realpathSync(temporaryFolder()), 'my prøject ü');
  const repository = createTestRepository(
    { 'a.txt': 'a\n', '.gitignore': '.env*\nnode_modules/\nlogs/\n', ...files },
    root,
  );
  const worktrees = new NodeWorktrees({ main: root, runGitIn: (folder) => createRunGit(folder) });
  const commit = repository.git('rev-parse', 'HEAD').trim();
  const path = join(worktrees.folder, 'A-01-x1');
  const branch = 'baton/A-01-x1';
  return { repository, worktrees, commit, path, branch, add: () => worktrees.add({ path, branch, commit }) };
}

describe('a worktree', () => {
  it('is made on a branch of its own, and is ignored by git', async () => {
    const { repository, worktrees, path, branch, commit, add } = makeClone();
    await add();
    expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('a\n');
    expect(repository.git('status', '--porcelain')).toBe('');
    expect(await worktrees.list()).toEqual([
      { path: repository.root, branch: 'main', head: commit, isMain: true, isGone: false },
      { path, branch, head: commit, isMain: false, isGone: false },
    ]);
  });

  it('is not made over a branch, a folder, or from what is no commit', async () => {
    const { repository, worktrees, path, branch, commit, add } = makeClone();
    repository.git('branch', branch);
    await expect(add()).rejects.toMatchObject({ code: 'already-exists' });
    repository.git('branch', '-D', branch);
    mkdirSync(path, { recursive: true });
    await expect(add()).rejects.toMatchObject({ code: 'already-exists' });
    await expect(worktrees.add({ path: `${path}2`, branch: '-x', commit })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
    await expect(worktrees.add({ path: `${path}2`, branch: 'b', commit: '--all' })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });

  it('is refused with numbers where the disk is too full for it', async () => {
    const { repository, path, branch, commit } = makeClone();
    const worktrees = new NodeWorktrees({
      main: repository.root,
      runGitIn: (folder) => createRunGit(folder),
      spareBytes: 2 ** 50,
    });
    await expect(worktrees.add({ path, branch, commit })).rejects.toMatchObject({
      code: 'disk-space',
      message: expect.stringMatching(/^A worktree needs 1073741825 MB, and \d+ MB are free$/),
      data: { freeBytes: expect.any(Number), neededBytes: 2 ** 50 + 2 + '.env*\nnode_modules/\nlogs/\n'.length },
    });
    expect(repository.git('branch', '--list', branch)).toBe('');
    expect(existsSync(path)).toBe(false);
  });

  it('is made again on its branch where somebody removed its folder', async () => {
    const { repository, worktrees, path, branch, commit, add } = makeClone();
    await add();
    repository.git('-C', path, 'commit', '-q', '--allow-empty', '-m', 'work');
    rmSync(path, { recursive: true });
    await expect(worktrees.inspect(path, 'main')).rejects.toMatchObject({ code: 'unknown-item' });
    await worktrees.add({ path, branch, commit, again: true });
    expect(repository.git('-C', path, 'log', '-1', '--format=%s %D').trim()).toBe(`work HEAD -> ${branch}`);
  });

  it('are made one after another, since git reads what another git has half written', async () => {
    const { worktrees, path, branch, commit } = makeClone();
    const all = Array.from({ length: 12 }, (_, index) => ({
      path: `${path}-${index}`,
      branch: `${branch}-${index}`,
      commit,
    }));
    await Promise.all(all.map((one) => worktrees.add(one)));
    expect(await worktrees.list()).toHaveLength(13);
  });

  it('gets the ignored files that are named, and nothing else', async () => {
    const { repository, worktrees, path, add } = makeClone({
      '.worktreeinclude': '# secrets\n.env\n!.env.example\n',
      '.vscode/settings.json': '{\n  // ours\n  "git.worktreeIncludeFiles": ["logs/**", "../outside", 7],\n}\n',
    });
    repository.write('.env', 'SECRET=1\n');
    repository.write('sub/.env', 'SECRET=2\n');
    repository.write('.env.local', 'LOCAL=1\n');
    repository.write('logs/deep/a.log', 'log\n');
    repository.write('node_modules/x/index.js', 'x\n');
    repository.write('notes.txt', 'untracked, not ignored\n');
    symlinkSync('/etc/hostname', join(repository.root, 'logs/link'));
    await add();
    const { copied, warnings } = await worktrees.include(path, ['node_modules/']);
    expect([...copied].sort()).toEqual(['.env', 'logs/deep/a.log', 'logs/link', 'node_modules/x/index.js', 'sub/.env']);
    expect(warnings).toEqual([]);
    expect(existsSync(join(path, 'notes.txt'))).toBe(false);
    expect(existsSync(join(path, '.env.local'))).toBe(false);
    // A second time nothing is replaced.
    writeFileSync(join(path, '.env'), 'MINE=1\n');
    expect((await worktrees.include(path, [])).copied).toEqual([]);
    expect(readFileSync(join(path, '.env'), 'utf8')).toBe('MINE=1\n');
  });

  it('shares ignored folders and files by links, which git ignores and which no removal follows', async () => {
    const { repository, worktrees, path, add } = makeClone({
      'mixed/tracked.txt': 't\n',
      '.gitignore': '*.log\nnode_modules/\n',
    });
    repository.write('node_modules/x/index.js', 'x\n');
    repository.write('mixed/a.log', 'log\n');
    repository.write('ü [1].log', 'log\n');
    repository.write('other.txt', 'untracked, not ignored\n');
    await add();
    const globs = ['node_modules', 'mixed', '*.log', 'other.txt', 'a.txt'];
    const { linked, copied, warnings } = await worktrees.include(path, ['node_modules'], globs);
    expect(warnings).toEqual(['mixed was not linked: not everything in it is ignored by git']);
    expect([...linked].sort()).toEqual(['node_modules', 'ü [1].log']);
    expect(copied).toEqual([]);
    expect(readFileSync(join(path, 'node_modules/x/index.js'), 'utf8')).toBe('x\n');
    expect(readlinkSync(join(path, 'ü [1].log'))).toBe(join(repository.root, 'ü [1].log'));
    expect(repository.git('-C', path, 'status', '--porcelain')).toBe('');
    expect((await worktrees.include(path, [], globs)).linked).toEqual([]);
    // What is in a folder that is linked is not counted as the worktree's.
    const sheet = await worktrees.inspect(path, 'main');
    expect(sheet.ignored.map((one) => one.path).sort()).toEqual(['node_modules', 'ü [1].log']);
    await worktrees.trash(path, 'x');
    await worktrees.restore('x');
    expect(existsSync(join(path, 'node_modules/x/index.js'))).toBe(true);
    await worktrees.trash(path, 'x');
    await worktrees.purge('x', { base: 'main' });
    expect(repository.read('node_modules/x/index.js')).toBe('x\n');
    expect(repository.read('ü [1].log')).toBe('log\n');
  });

  it('finds what other tools’ files say about making it ready', async () => {
    const { worktrees } = makeClone({
      '.cursor/worktrees.json': '{"setup-worktree": ["npm ci", "npm run build"]}',
      'conductor.json': '{"scripts": {"setup": "make ready", "run": "make run"}}',
    });
    expect(await worktrees.setUpCommands()).toEqual([
      { command: 'npm ci', source: '.cursor/worktrees.json' },
      { command: 'npm run build', source: '.cursor/worktrees.json' },
      { command: 'make ready', source: 'conductor.json' },
    ]);
    expect(await makeClone({ 'conductor.json': '[broken' }).worktrees.setUpCommands()).toEqual([]);
  });

  it.each([
    ['../tools/up.sh', '#!/bin/sh\r\nnpm ci\r\n', '#!/bin/sh\nnpm ci'],
    [
      'up.sh',
      '#!/usr/bin/env bash\nnpm ci\n',
      expect.stringMatching(/^bash -c "\$\(cat <<'BATON_SET_UP'\n.*\nnpm ci\n/),
    ],
    ['up.js', '#!/usr/bin/env node\nprocess.exit()\n', 'up.js'],
    [`${'../'.repeat(30)}etc/hostname`, undefined, `${'../'.repeat(30)}etc/hostname`],
  ])(
    'takes the text of the script %s that Cursor’s file names, so that it is what is approved',
    async (name, text, command) => {
      const { repository, worktrees } = makeClone({
        '.cursor/worktrees.json': JSON.stringify({ 'setup-worktree-unix': name, 'setup-worktree': ['no'] }),
      });
      if (text !== undefined) repository.write(join('.cursor', name), text);
      expect(await worktrees.setUpCommands()).toMatchObject([{ command }]);
    },
  );

  it('is described with everything that would go with it', async () => {
    const { repository, worktrees, path, add } = makeClone();
    await add();
    expect(await worktrees.inspect(path, 'main')).toMatchObject({
      merged: true,
      ahead: 0,
      modified: [],
      processes: [],
    });
    repository.git('-C', path, 'commit', '-q', '--allow-empty', '-m', 'work');
    writeFileSync(join(path, 'a.txt'), 'changed\n');
    writeFileSync(join(path, 'ü new.txt'), 'new\n');
    mkdirSync(join(path, 'node_modules'));
    writeFileSync(join(path, 'node_modules/big'), Buffer.alloc(5000));
    writeFileSync(join(path, '.env'), '1');
    const child = spawn('sleep', ['60'], { cwd: path });
    onTestFinished(() => void child.kill());
    const sheet = await worktrees.inspect(path, 'main');
    expect(sheet).toMatchObject({
      merged: false,
      ahead: 1,
      modified: ['a.txt'],
      untracked: ['ü new.txt'],
      ignored: [
        { path: 'node_modules/', bytes: 5000 },
        { path: '.env', bytes: 1 },
      ],
    });
    expect(sheet.processes).toEqual([{ pid: child.pid, command: 'sleep 60' }]);
    await expect(worktrees.inspect('/nowhere', 'main')).rejects.toMatchObject({ code: 'unknown-item' });
    await expect(worktrees.inspect(path, '--all')).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});

describe('the trash', () => {
  it('takes a worktree whole and gives it back whole', async () => {
    const { repository, worktrees, path, branch, add } = makeClone();
    await add();
    repository.git('-C', path, 'commit', '-q', '--allow-empty', '-m', 'work');
    const head = repository.git('-C', path, 'rev-parse', 'HEAD').trim();
    writeFileSync(join(path, 'a.txt'), 'changed\n');
    writeFileSync(join(path, '.env'), 'SECRET\n');
    mkdirSync(join(path, 'node_modules/x'), { recursive: true });
    writeFileSync(join(path, 'node_modules/x/i.js'), 'x', { mode: 0o755 });
    const trashed = await worktrees.trash(path, 'session-A-01');
    expect(trashed).toMatchObject({ from: path, branch, head });
    expect(existsSync(path)).toBe(false);
    expect(repository.git('status', '--porcelain')).toBe('');
    expect(repository.git('rev-parse', 'refs/baton/trash/session-A-01').trim()).toBe(head);
    expect(await worktrees.listTrash()).toEqual([trashed]);
    expect(await worktrees.restore('session-A-01')).toEqual(trashed);
    expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('changed\n');
    expect(readFileSync(join(path, '.env'), 'utf8')).toBe('SECRET\n');
    expect(statSync(join(path, 'node_modules/x/i.js')).mode & 0o777).toBe(0o755);
    expect(repository.git('-C', path, 'status', '--porcelain')).toBe(' M a.txt\n');
    expect(repository.git('-C', path, 'branch', '--show-current').trim()).toBe(branch);
    expect(await worktrees.listTrash()).toEqual([]);
    expect(repository.git('for-each-ref', 'refs/baton')).toBe('');
  });

  it('takes a locked one, and one with a submodule', async () => {
    const { repository, worktrees, path, add } = makeClone();
    const inner = createTestRepository({ 'inner.txt': 'i\n' });
    await add();
    repository.git('worktree', 'lock', path);
    repository.git('-C', path, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.root, 'sub');
    await worktrees.trash(path, 'x');
    expect(existsSync(path)).toBe(false);
    await worktrees.restore('x');
    expect(repository.git('-C', path, 'status', '--porcelain')).toContain('A  sub');
  });

  it('keeps the last copy of work until that is asked for explicitly', async () => {
    const { repository, worktrees, path, branch, add } = makeClone();
    await add();
    writeFileSync(join(path, 'new.txt'), 'only here\n');
    await worktrees.trash(path, 'x');
    await expect(worktrees.purge('x', { base: 'main' })).rejects.toMatchObject({
      code: 'conflict',
      data: { sheet: { untracked: ['new.txt'] } },
    });
    expect(await worktrees.listTrash()).toHaveLength(1);
    await worktrees.purge('x', { base: 'main', unmergedToo: true });
    expect(await worktrees.listTrash()).toEqual([]);
    expect(repository.git('branch', '--list', branch)).toBe('');
    expect(repository.git('for-each-ref', 'refs/baton')).toBe('');
    expect(await worktrees.list()).toHaveLength(1);
  });

  it('removes what is merged without a question, and nothing that is not in it', async () => {
    const { repository, worktrees, path, branch, add } = makeClone();
    await add();
    repository.git('-C', path, 'commit', '-q', '--allow-empty', '-m', 'work');
    repository.git('merge', '-q', '--no-ff', branch, '-m', 'Merge');
    await worktrees.trash(path, 'x');
    await worktrees.purge('x', { base: 'main' });
    expect(await worktrees.list()).toHaveLength(1);
    await expect(worktrees.purge('x', { base: 'main' })).rejects.toMatchObject({ code: 'unknown-item' });
    await expect(worktrees.restore('../../x')).rejects.toMatchObject({ code: 'unknown-item' });
    await expect(worktrees.trash(repository.root, 'main')).rejects.toMatchObject({ code: 'wrong-state' });
    await expect(worktrees.trash(path, '../x')).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('does not restore over what took the place meanwhile', async () => {
    const { worktrees, path, add } = makeClone();
    await add();
    await worktrees.trash(path, 'x');
    mkdirSync(path);
    await expect(worktrees.restore('x')).rejects.toMatchObject({ code: 'already-exists' });
    expect(await worktrees.listTrash()).toHaveLength(1);
  });
});
