import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BatonError } from '../../../src/core/errors.ts';
import type { Git } from '../../../src/core/ports/git.ts';
import { createGitFinder } from '../../../src/platform/git/gitFinder.ts';
import { createProjectFolder } from '../../../src/platform/projectFolder.ts';
import { createTestRepository, gitEnvironment, type TestRepository } from '../../support/gitRepository.ts';
import { bundleForNode, startNode } from '../../support/startNode.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

beforeEach(() => {
  for (const [name, value] of Object.entries(gitEnvironment)) vi.stubEnv(name, value);
});
afterEach(() => void vi.unstubAllEnvs());

async function open(root: string, folder = ''): Promise<Git> {
  const git = await createGitFinder(createProjectFolder(root))(folder);
  if (git === undefined) throw new Error(`no repository at ${root}`);
  return git;
}

async function setUp(files: Readonly<Record<string, string>> | 'no commit' = { 'a.md': 'a\n' }) {
  const repository = createTestRepository(files === 'no commit' ? undefined : files);
  return { repository, git: await open(repository.root) };
}

async function failureOf(work: Promise<unknown>): Promise<BatonError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (BatonError.is(error)) return error;
  throw new Error('it did not fail as it should', { cause: error });
}

/** Index and working tree, to the byte. */
function snapshot({ root, git }: TestRepository): unknown {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('.git'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return {
    index: git('ls-files', '--stage', '-z'),
    files: files.map((file) => [file, readFileSync(file, 'base64')]),
    refs: git('for-each-ref'),
    state: readdirSync(join(root, '.git'))
      .filter((name) => /HEAD$|sequencer|MERGE/.test(name))
      .sort(),
  };
}

const oddNames = ['-rf', '--all', 'a b/ü ö.md', 'new\nline.md', ':(exclude)x', '*.md', '"quoted".md', 'tab\there'];

describe('finding', () => {
  it('finds the top level of a folder inside, and nothing where there is none', async () => {
    const { repository } = await setUp({ 'docs/x.md': '' });
    const git = await open(repository.root, 'docs');
    expect([git.topLevel, git.prefix]).toEqual([repository.root, 'docs/']);
    expect((await open(repository.root)).prefix).toBe('');
    expect(await createGitFinder(createProjectFolder(temporaryFolder()))('')).toBeUndefined();
  });

  it('works in a linked worktree', async () => {
    const { repository } = await setUp();
    repository.git('worktree', 'add', '-q', '-b', 'other', '.worktrees/wörk tree');
    const git = await open(join(repository.root, '.worktrees/wörk tree'));
    expect(await git.head()).toMatchObject({ branch: 'other', operation: undefined });
    writeFileSync(join(git.topLevel, 'b.md'), 'b\n');
    expect((await git.commit({ paths: ['b.md'], message: 'feat: b' })).message).toBe('feat: b\n');
    expect(repository.git('log', '--format=%s', 'other').trim().split('\n')).toEqual(['feat: b', 'first']);
    expect(await git.workingTree([])).toBe(repository.git('rev-parse', 'other^{tree}').trim());
  });

  it('says that git is missing', async () => {
    const { git } = await setUp();
    vi.stubEnv('PATH', temporaryFolder());
    expect(await failureOf(git.changes())).toMatchObject({
      code: 'git-failed',
      hint: expect.stringContaining('Install git'),
    });
    expect(await failureOf(git.workingTree([]))).toMatchObject({
      code: 'git-failed',
      hint: expect.stringContaining('Install git'),
    });
  });
});

describe('a process that has used git', () => {
  it('ends at once', async () => {
    const { repository } = await setUp();
    const bundle = bundleForNode('test/platform/children/useGit.ts', temporaryFolder());
    const { child, ended } = startNode(bundle, [repository.root]);
    let doneAt = Number.NaN;
    child.stdout?.once('data', () => {
      doneAt = performance.now();
    });
    expect(await ended).toMatchObject({ code: 0, stdout: 'done\n' });
    expect(performance.now() - doneAt).toBeLessThan(400);
  });
});

describe('head', () => {
  it('of a branch, detached, and before the first commit', async () => {
    const { repository, git } = await setUp('no commit');
    expect(await git.head()).toEqual({ hash: undefined, branch: 'main', operation: undefined });
    expect(await git.log()).toEqual([]);
    const hash = repository.commit('one');
    repository.git('checkout', '-q', '-b', 'feature/ä');
    expect(await git.head()).toEqual({ hash, branch: 'feature/ä', operation: undefined });
    repository.git('checkout', '-q', '--detach');
    expect(await git.head()).toEqual({ hash, branch: undefined, operation: undefined });
  });

  it('names a merge, a rebase, a cherry-pick and a revert in progress', async () => {
    const { repository, git } = await setUp();
    const ours = repository.commit('ours', { 'a.md': 'ours\n' });
    repository.git('checkout', '-q', '-b', 'other', 'HEAD~1');
    repository.commit('theirs', { 'a.md': 'theirs\n' });
    for (const [operation, begin] of [
      ['merge', ['merge', 'main']],
      ['rebase', ['rebase', 'main']],
      ['cherry-pick', ['cherry-pick', 'main']],
      ['revert', ['revert', '--no-edit', ours]],
    ] as const) {
      expect(() => repository.git(...begin)).toThrow();
      expect((await git.head()).operation).toBe(operation);
      repository.git(operation, '--abort');
    }
    expect((await git.head()).operation).toBeUndefined();
  });
});

describe('changes', () => {
  it('of every kind', async () => {
    const { repository, git } = await setUp({
      'modified.md': 'x\n',
      'deleted.md': 'x\n',
      'old.md': 'a long enough text to be found again\n',
      'both.md': 'both\n',
      'type.md': 'x\n',
      'gone.md': 'x\n',
      '.gitignore': '*.log\n',
    });
    expect(await git.changes()).toEqual([]);
    repository.write('modified.md', 'y\n');
    rmSync(join(repository.root, 'deleted.md'));
    repository.git('mv', 'old.md', 'neu ü.md');
    repository.git('rm', '-q', '--cached', 'both.md');
    repository.git('rm', '-q', 'gone.md');
    rmSync(join(repository.root, 'type.md'));
    symlinkSync('modified.md', join(repository.root, 'type.md'));
    // As both.md was, so that git would guess a rename from a file that is still there.
    repository.write('staged.md', 'both\n');
    repository.git('add', 'staged.md');
    repository.write('deep/er/untracked one.md', 'x\n');
    repository.write('deep/ignored.log', 'x\n');
    const changes = [...(await git.changes())].sort((a, b) => (a.path < b.path ? -1 : 1));
    expect(changes).toEqual([
      { path: 'both.md', kind: 'modified', staged: true },
      { path: 'deep/er/untracked one.md', kind: 'untracked', staged: false },
      { path: 'deleted.md', kind: 'deleted', staged: false },
      { path: 'gone.md', kind: 'deleted', staged: true },
      { path: 'modified.md', kind: 'modified', staged: false },
      { path: 'neu ü.md', kind: 'renamed', from: 'old.md', staged: true },
      { path: 'staged.md', kind: 'added', staged: true },
      { path: 'type.md', kind: 'type-changed', staged: false },
    ]);
  });

  it('with names that look like options, patterns or lines', async () => {
    const { repository, git } = await setUp();
    for (const name of oddNames) repository.write(name, 'x\n');
    expect((await git.changes()).map(({ path }) => path).sort()).toEqual([...oddNames].sort());
  });

  it('with conflicts', async () => {
    const { repository, git } = await setUp();
    repository.commit('ours', { 'a.md': 'ours\n' });
    repository.git('checkout', '-q', '-b', 'other', 'HEAD~1');
    repository.commit('theirs', { 'a.md': 'theirs\n' });
    expect(() => repository.git('merge', 'main')).toThrow();
    expect(await git.changes()).toEqual([{ path: 'a.md', kind: 'conflicted', staged: true }]);
    const error = await failureOf(git.commit({ paths: ['a.md'], message: 'x' }));
    expect(error).toMatchObject({
      code: 'merge-in-progress',
      data: { operation: 'merge' },
      hint: expect.stringContaining('git merge --abort'),
    });
  });
});

describe('commit', () => {
  it('takes exactly the paths, and leaves what is staged besides', async () => {
    const { repository, git } = await setUp({ 'a.md': 'a\n', 'b.md': 'b\n', 'c.md': 'c\n', 'd.md': 'd\n' });
    repository.write('a.md', 'A\n');
    repository.write('b.md', 'B\n');
    repository.git('add', 'b.md');
    rmSync(join(repository.root, 'c.md'));
    repository.write('new/ü.md', 'new\n');
    repository.write('d.md', 'D\n');
    const message = '# not a comment\n\nBody  \n\nPart of: X Phase 1\nSession: BE-04';
    const commit = await git.commit({ paths: ['a.md', 'c.md', 'new/ü.md', 'no/such.md'], message });
    expect(commit).toMatchObject({
      author: 'Tést Person',
      message: '# not a comment\n\nBody\n\nPart of: X Phase 1\nSession: BE-04\n',
    });
    expect(commit.hash).toBe(repository.git('rev-parse', 'HEAD').trim());
    expect(commit.parents).toEqual([repository.git('rev-parse', 'HEAD~1').trim()]);
    expect(commit.date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/);
    expect(await git.changedFiles('HEAD~1', 'HEAD')).toEqual(['a.md', 'c.md', 'new/ü.md']);
    expect(await git.changes()).toEqual([
      { path: 'b.md', kind: 'modified', staged: true },
      { path: 'd.md', kind: 'modified', staged: false },
    ]);
  });

  it('commits odd names, one by one and as what they are', async () => {
    const { repository, git } = await setUp();
    repository.write('x', 'x\n');
    for (const name of oddNames) repository.write(name, 'x\n');
    await git.commit({ paths: oddNames, message: '--amend' });
    expect(repository.git('log', '-1', '--format=%s').trim()).toBe('--amend');
    expect((await git.changedFiles('HEAD~1', 'HEAD')).toSorted()).toEqual(oddNames.toSorted());
    expect(await git.changes()).toEqual([{ path: 'x', kind: 'untracked', staged: false }]);
  });

  it('makes the first commit', async () => {
    const { repository, git } = await setUp('no commit');
    repository.write('a.md', 'a\n');
    repository.write('b.md', 'b\n');
    const commit = await git.commit({ paths: ['a.md'], message: 'feat: first' });
    expect(commit.parents).toEqual([]);
    expect(await git.changes()).toEqual([{ path: 'b.md', kind: 'untracked', staged: false }]);
  });

  it('commits on a detached HEAD, whole renames, mode changes, and a file taken out of the index', async () => {
    const { repository, git } = await setUp({
      'old.md': 'a text that is long enough to be found again\n',
      'run.sh': 'x\n',
      'back.md': 'x\n',
    });
    repository.git('checkout', '-q', '--detach');
    repository.git('mv', 'old.md', 'new.md');
    chmodSync(join(repository.root, 'run.sh'), 0o755);
    repository.git('rm', '-q', '--cached', 'back.md');
    repository.write('back.md', 'y\n');
    await git.commit({ paths: ['new.md', 'run.sh', 'back.md'], message: 'chore: move' });
    expect(await git.changes()).toEqual([]);
    expect(await git.changedFiles('HEAD~1', 'HEAD')).toEqual(['back.md', 'new.md', 'old.md', 'run.sh']);
  });

  it('takes thousands of paths and a long message', { timeout: 60_000 }, async () => {
    const { repository, git } = await setUp();
    const paths = Array.from({ length: 3_000 }, (_, index) => `many/${'x'.repeat(60)}-${index}.md`);
    for (const path of paths) repository.write(path, 'x\n');
    const message = `feat: many\n\n${'A line of the body.\n'.repeat(3_000)}`;
    const commit = await git.commit({ paths, message });
    expect(commit.message.length).toBe(message.length);
    expect(await git.changes()).toEqual([]);
  });

  it('says when nothing has changed', async () => {
    const { repository, git } = await setUp();
    repository.write('other.md', 'x\n');
    expect((await failureOf(git.commit({ paths: ['a.md', 'nö.md'], message: 'x' }))).code).toBe('nothing-to-commit');
  });

  it.each(['pre-commit', 'commit-msg'])(
    'gives the output of a %s hook that refuses, and leaves the index',
    async (hook) => {
      const { repository, git } = await setUp();
      repository.write('a.md', 'A\n');
      repository.write('new.md', 'x\n');
      repository.write('staged.md', 'x\n');
      repository.git('add', 'staged.md');
      const before = snapshot(repository);
      const file = join(repository.root, '.git/hooks', hook);
      mkdirSync(join(repository.root, '.git/hooks'), { recursive: true });
      writeFileSync(file, '#!/bin/sh\necho "lint: 3 pröblems"\necho "in a.md" >&2\nexit 1\n', { mode: 0o755 });
      const error = await failureOf(git.commit({ paths: ['a.md', 'new.md'], message: 'x' }));
      expect(error).toMatchObject({
        code: 'hook-failed',
        message: expect.stringContaining(hook),
        hint: expect.any(String),
      });
      expect(error.data?.output).toContain('lint: 3 pröblems');
      expect(error.data?.output).toContain('in a.md');
      expect(snapshot(repository)).toEqual(before);
    },
  );

  it('lets hooks of core.hooksPath run', async () => {
    const { repository, git } = await setUp();
    repository.git('config', 'core.hooksPath', 'my hooks');
    repository.write('my hooks/pre-commit', '#!/bin/sh\nexit 3\n');
    chmodSync(join(repository.root, 'my hooks/pre-commit'), 0o755);
    repository.write('a.md', 'A\n');
    expect(await failureOf(git.commit({ paths: ['a.md'], message: 'x' }))).toMatchObject({
      code: 'hook-failed',
      data: { hooks: ['pre-commit'] },
    });
  });

  it('keeps in the index what a hook formats and adds, and what was staged apart', async () => {
    const { repository, git } = await setUp({ 'a.md': 'a\n', 'apart.md': 'p\n', 'by-hook.md': 'h\n' });
    repository.write(
      '.git/hooks/pre-commit',
      '#!/bin/sh\necho formatted >> a.md\necho x >> by-hook.md\ngit add a.md by-hook.md\n',
    );
    chmodSync(join(repository.root, '.git/hooks/pre-commit'), 0o755);
    repository.write('a.md', 'a2\n');
    repository.write('apart.md', 'staged\n');
    repository.git('add', 'apart.md');
    await git.commit({ paths: ['a.md'], message: 'formatted' });
    expect(repository.git('show', 'HEAD:a.md')).toBe('a2\nformatted\n');
    expect(repository.git('status', '--porcelain')).toBe('M  apart.md\n');
  });

  it('leaves repositories inside this one alone, with commits or without', async () => {
    const { repository, git } = await setUp();
    const inner = createTestRepository({ 'i.md': 'i\n' }, join(repository.root, 'inner'));
    createTestRepository(undefined, join(repository.root, 'empty'));
    repository.write('b.md', 'b\n');
    expect((await git.changes()).map(({ path }) => path)).toEqual(['b.md']);
    expect(await git.changedFiles('HEAD', await git.workingTree(['inner']))).toEqual(['b.md']);
    await git.commit({ paths: ['b.md', 'inner', 'inner/', 'empty/'], message: 'outer' });
    expect(repository.git('ls-files')).toBe('a.md\nb.md\n');
    expect(inner.git('status', '--porcelain')).toBe('');
  });

  it('does not wait for what a hook leaves in the background', { timeout: 20_000 }, async () => {
    const { repository, git } = await setUp();
    repository.write('.git/hooks/post-commit', '#!/bin/sh\nsleep 8.765 &\n');
    chmodSync(join(repository.root, '.git/hooks/post-commit'), 0o755);
    repository.write('a.md', 'A\n');
    const startedAt = performance.now();
    await git.commit({ paths: ['a.md'], message: 'x' });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('says what to do without an identity', async () => {
    const { repository, git } = await setUp();
    expect(await git.hasIdentity()).toBe(true);
    repository.git('config', '--unset', 'user.name');
    repository.git('config', '--unset', 'user.email');
    repository.git('config', 'user.useConfigOnly', 'true');
    vi.stubEnv('HOME', temporaryFolder());
    expect(await git.hasIdentity()).toBe(false);
    repository.write('a.md', 'A\n');
    repository.write('new.md', 'N\n');
    const before = snapshot(repository);
    const error = await failureOf(git.commit({ paths: ['a.md', 'new.md'], message: 'x' }));
    expect(error).toMatchObject({ code: 'no-identity', hint: expect.stringMatching(/user\.name.*user\.email/) });
    expect(snapshot(repository)).toEqual(before);
    for (const role of ['AUTHOR', 'COMMITTER']) {
      vi.stubEnv(`GIT_${role}_NAME`, 'CI');
      vi.stubEnv(`GIT_${role}_EMAIL`, 'ci@example.com');
    }
    expect(await git.hasIdentity()).toBe(true);
    expect((await git.commit({ paths: ['a.md'], message: 'x' })).author).toBe('CI');
  });

  it('waits for another git process, and names its lock when that does not end', { timeout: 30_000 }, async () => {
    const { repository, git } = await setUp();
    const lock = join(repository.root, '.git/index.lock');
    repository.write('a.md', 'A\n');
    writeFileSync(lock, '');
    const error = await failureOf(git.commit({ paths: ['a.md'], message: 'x' }));
    expect(error).toMatchObject({ code: 'git-failed', hint: expect.stringContaining('index.lock') });
    setTimeout(() => rmSync(lock), 300);
    await git.commit({ paths: ['a.md'], message: 'x' });
    expect(await git.changes()).toEqual([]);
  });

  it('is not misled by the repository that a hook names in its environment', async () => {
    const { repository, git } = await setUp();
    const other = createTestRepository({ 'o.md': 'o\n' });
    vi.stubEnv('GIT_DIR', join(other.root, '.git'));
    vi.stubEnv('GIT_INDEX_FILE', join(other.root, '.git/index'));
    repository.write('a.md', 'A\n');
    expect(await git.changes()).toEqual([{ path: 'a.md', kind: 'modified', staged: false }]);
    expect(await git.workingTree([])).not.toBe(await git.workingTree(['a.md']));
  });
});

describe('log, resolve, unknownCommits, show', () => {
  it('reads whole messages, parents and a range, newest first', async () => {
    const { repository, git } = await setUp();
    const first = repository.git('rev-parse', 'HEAD').trim();
    const second = repository.commit('second ü\n\nWith a body\n\nand blank lines.');
    repository.git('checkout', '-q', '-b', 'side', first);
    const side = repository.commit('side');
    repository.git('checkout', '-q', 'main');
    repository.git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
    const log = await git.log({ range: `${first}..HEAD` });
    expect(log?.map(({ message }) => message.trim())).toEqual(['merge', expect.any(String), expect.any(String)]);
    expect(log?.[0]?.parents).toEqual([second, side]);
    expect(log?.find(({ hash }) => hash === second)?.message).toBe('second ü\n\nWith a body\n\nand blank lines.\n');
    expect(await git.log({ limit: 1 })).toHaveLength(1);
    expect((await git.log())?.length).toBe(4);
    expect(await git.log({ range: 'HEAD..HEAD' })).toEqual([]);
    expect(await git.log({ range: 'nope..HEAD' })).toBeUndefined();
    expect(await git.log({ range: '--output=x..HEAD' })).toBeUndefined();
    expect(existsSync(join(repository.root, 'x..HEAD'))).toBe(false);
  });

  it('finds messages by fixed text', async () => {
    const { repository, git } = await setUp();
    const wanted = repository.commit('feat: x\n\nSession: SOL-[1].* (record)');
    repository.commit('feat: y\n\nSession: SOL-1 (record)');
    expect((await git.log({ containing: 'Session: SOL-[1].*' }))?.map(({ hash }) => hash)).toEqual([wanted]);
    expect(await git.log({ containing: '--all' })).toEqual([]);
    expect((await git.log({ containing: 'feat: x\n\nSession' }))?.map(({ hash }) => hash)).toEqual([wanted]);
  });

  it('is not confused by configuration', async () => {
    const { repository, git } = await setUp();
    for (const [key, value] of [
      ['log.showSignature', 'true'],
      ['color.ui', 'always'],
      ['log.decorate', 'full'],
      ['status.branch', 'true'],
      ['status.short', 'true'],
      ['diff.noprefix', 'true'],
      ['status.relativePaths', 'true'],
      ['core.quotePath', 'true'],
      ['diff.renames', 'false'],
    ] as const) {
      repository.git('config', key, value);
    }
    repository.write('ü.md', 'x\n');
    expect(await git.changes()).toEqual([{ path: 'ü.md', kind: 'untracked', staged: false }]);
    expect((await git.log())?.map(({ message }) => message)).toEqual(['first\n']);
  });

  it('resolves revisions, never options', async () => {
    const { repository, git } = await setUp();
    const hash = repository.git('rev-parse', 'HEAD').trim();
    expect(await git.resolve('HEAD')).toBe(hash);
    expect(await git.resolve(hash.slice(0, 7))).toBe(hash);
    expect(await git.resolve('0'.repeat(40))).toBeUndefined();
    expect(await git.resolve('--all')).toBeUndefined();
    expect(await git.resolve('no such thing')).toBeUndefined();
    expect(await git.resolve('')).toBeUndefined();
  });

  it('tells unknown commits, in one process however many', async () => {
    const { repository, git } = await setUp();
    const hash = repository.git('rev-parse', 'HEAD').trim();
    const tree = repository.git('rev-parse', 'HEAD^{tree}').trim();
    const many = Array.from({ length: 5_000 }, (_, index) => (index + 0x10000000).toString(16));
    expect(await git.unknownCommits([hash, hash.slice(0, 7), tree, 'beef123', '-x', ''])).toEqual([
      tree,
      'beef123',
      '-x',
      '',
    ]);
    expect((await git.unknownCommits(many)).length).toBe(5_000);
    expect(await git.unknownCommits([])).toEqual([]);
  });

  it('shows a file of a revision', async () => {
    const { repository, git } = await setUp({ 'ü b.md': '\uFEFFone\r\n', 'empty.md': '' });
    repository.write('ü b.md', 'changed');
    expect(await git.show('HEAD', 'ü b.md')).toBe('\uFEFFone\r\n');
    expect(await git.show('HEAD', 'empty.md')).toBe('');
    expect(await git.show('HEAD', 'none.md')).toBeUndefined();
    expect(await git.show('nope', 'ü b.md')).toBeUndefined();
    expect(await git.show('--help', 'ü b.md')).toBeUndefined();
  });
});

describe('workingTree', () => {
  it('is the tree that a commit of everything would have, and touches nothing', async () => {
    const { repository, git } = await setUp({
      'a.md': 'a\n',
      'gone.md': 'x\n',
      '.gitignore': '*.log\n',
      'docs/SESSION.md': 's\n',
    });
    expect(await git.workingTree([])).toBe(repository.git('rev-parse', 'HEAD^{tree}').trim());
    repository.write('a.md', 'A\n');
    repository.write('staged.md', 'x\n');
    repository.git('add', 'staged.md');
    repository.write('staged.md', 'y\n');
    repository.write('new ü.md', 'n\n');
    repository.write('x.log', 'ignored\n');
    rmSync(join(repository.root, 'gone.md'));
    const before = snapshot(repository);
    const index = statSync(join(repository.root, '.git/index'));
    const tree = await git.workingTree([]);
    const without = await git.workingTree(['docs/SESSION.md', 'none.md', 'new ü.md']);
    expect(snapshot(repository)).toEqual(before);
    expect(statSync(join(repository.root, '.git/index')).mtimeMs).toBe(index.mtimeMs);
    expect(
      repository.git('-c', 'core.quotePath=false', 'ls-tree', '-r', '--name-only', tree).trim().split('\n'),
    ).toEqual(['.gitignore', 'a.md', 'docs/SESSION.md', 'new ü.md', 'staged.md']);
    expect(repository.git('ls-tree', '-r', '--name-only', without).trim().split('\n')).toEqual([
      '.gitignore',
      'a.md',
      'staged.md',
    ]);
    repository.write('docs/SESSION.md', 'changed\n');
    expect(await git.workingTree(['docs/SESSION.md', 'none.md', 'new ü.md'])).toBe(without);
    expect(await git.changedFiles(without, tree)).toEqual(['docs/SESSION.md', 'new ü.md']);
    repository.git('add', '-A');
    repository.git('reset', '-q', 'docs/SESSION.md');
    repository.git('checkout', '-q', 'docs/SESSION.md');
    expect(repository.git('write-tree').trim()).toBe(tree);
  });

  it('sees a change of the same length in the same moment', async () => {
    const { repository, git } = await setUp('no commit');
    for (let round = 0; round < 20; round++) {
      repository.write('a.md', `${String(round).padStart(3)}a\n`);
      repository.git('add', '-A');
      const before = await git.workingTree([]);
      repository.write('a.md', `${String(round).padStart(3)}b\n`);
      expect(await git.workingTree([])).not.toBe(before);
    }
  });

  it('leaves out what another writer has on its way, and so do the changes', async () => {
    const { repository, git } = await setUp({ 'a.md': 'a\n', 'docs/b.md': 'b\n' });
    repository.write('.a.md.4711.tmp', 'half');
    repository.write('docs/.b.md.4711.2.tmp', 'half');
    expect(await git.changes()).toEqual([]);
    expect(await git.workingTree([])).toBe(repository.git('rev-parse', 'HEAD^{tree}').trim());
    repository.write('docs/theirs.4711.tmp', 'kept');
    repository.write('docs/.theirs.tmp', 'kept');
    expect((await git.changes()).map(({ path }) => path)).toEqual(['docs/.theirs.tmp', 'docs/theirs.4711.tmp']);
    expect(await git.changedFiles('HEAD', await git.workingTree([]))).toEqual([
      'docs/.theirs.tmp',
      'docs/theirs.4711.tmp',
    ]);
  });

  it('of a repository without commits', async () => {
    const { repository, git } = await setUp('no commit');
    repository.write('a.md', 'a\n');
    expect(repository.git('ls-tree', '--name-only', await git.workingTree([])).trim()).toBe('a.md');
  });

  it('reads the same ignore rules as every other command', async () => {
    const { repository, git } = await setUp();
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'ignore'), '*.tmp\n');
    writeFileSync(join(folder, 'config'), `[core]\n\texcludesFile = ${JSON.stringify(join(folder, 'ignore'))}\n`);
    vi.stubEnv('GIT_CONFIG_GLOBAL', join(folder, 'config'));
    repository.write('x.tmp', 'x\n');
    expect(await git.changes()).toEqual([]);
    expect(await git.workingTree([])).toBe(repository.git('rev-parse', 'HEAD^{tree}').trim());
  });
});

describe('revert', () => {
  it('applies the inverse of several commits, merges too, without committing', async () => {
    const { repository, git } = await setUp({ 'a.md': '1\n', 'other.md': 'o\n' });
    const head = repository.git('rev-parse', 'HEAD').trim();
    const second = repository.commit('two', { 'a.md': '2\n', 'new/b.md': 'b\n' });
    const third = repository.commit('three', { 'a.md': '3\n' });
    repository.git('checkout', '-q', '-b', 'side');
    repository.commit('side', { 'side.md': 's\n' });
    repository.git('checkout', '-q', 'main');
    repository.git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
    const merge = repository.git('rev-parse', 'HEAD').trim();
    repository.write('other.md', 'dirty\n');
    repository.write('untracked.md', 'u\n');
    await git.revert([merge, third, second]);
    expect(repository.git('rev-parse', 'HEAD').trim()).toBe(merge);
    expect(repository.read('a.md')).toBe('1\n');
    expect([existsSync(join(repository.root, 'new')), existsSync(join(repository.root, 'side.md'))]).toEqual([
      false,
      false,
    ]);
    expect([repository.read('other.md'), repository.read('untracked.md')]).toEqual(['dirty\n', 'u\n']);
    expect(repository.git('diff', '--cached', '--name-only', head).trim()).toBe('');
    expect((await git.head()).operation).toBeUndefined();
    await git.commit({ paths: ['a.md', 'new/b.md', 'side.md'], message: 'revert: all' });
    expect((await git.changes()).map(({ path }) => path)).toEqual(['other.md', 'untracked.md']);
  });

  it('leaves everything as it was on a conflict with later commits', async () => {
    const { repository, git } = await setUp({ 'a.md': '1\n', 'b.md': '1\n' });
    const second = repository.commit('two', { 'a.md': '2\n' });
    const third = repository.commit('three', { 'b.md': '2\n' });
    repository.commit('four', { 'a.md': 'later\n' });
    repository.write('staged.md', 's\n');
    repository.git('add', 'staged.md');
    repository.write('dirty.md', 'd\n');
    const before = snapshot(repository);
    const error = await failureOf(git.revert([third, second]));
    expect(error).toMatchObject({ code: 'revert-conflict', data: { files: ['a.md'] }, hint: expect.any(String) });
    expect(snapshot(repository)).toEqual(before);
    expect((await git.head()).operation).toBeUndefined();
  });

  it('never overwrites changes that are not committed', async () => {
    const { repository, git } = await setUp({ 'a.md': '1\n', 'b.md': '1\n' });
    const second = repository.commit('two', { 'a.md': '2\n', 'b.md': '2\n', 'c.md': 'c\n' });
    repository.write('a.md', 'mine\n');
    const before = snapshot(repository);
    expect(await failureOf(git.revert([second]))).toMatchObject({ code: 'revert-conflict', data: { files: ['a.md'] } });
    expect(snapshot(repository)).toEqual(before);
    const third = repository.commit('three', { 'a.md': '3\n' });
    rmSync(join(repository.root, 'c.md'));
    const fourth = repository.commit('four');
    repository.write('c.md', 'an untracked one\n');
    const again = snapshot(repository);
    expect(await failureOf(git.revert([fourth]))).toMatchObject({ code: 'revert-conflict', data: { files: ['c.md'] } });
    expect(snapshot(repository)).toEqual(again);
    await git.revert([third]);
    expect([repository.read('a.md'), repository.read('c.md')]).toEqual(['2\n', 'an untracked one\n']);
  });

  it('killed in the middle leaves nothing begun', async () => {
    const { repository, git } = await setUp({ 'a.md': '1\n' });
    const second = repository.commit('two', { 'a.md': '2\n' });
    // A merge driver that kills git: the revert never comes to its end.
    repository.git('config', 'merge.kill.driver', 'kill -9 $PPID; false');
    repository.write('.gitattributes', '*.md merge=kill\n');
    const third = repository.commit('three', { 'a.md': '3\n' });
    const before = snapshot(repository);
    await failureOf(git.revert([second]));
    expect(snapshot(repository)).toEqual(before);
    expect((await git.head()).operation).toBeUndefined();
    await git.revert([third]);
    expect(repository.read('a.md')).toBe('2\n');
  });

  it('leaves paths that are kept as they are, conflicts and changes in them too', async () => {
    const { repository, git } = await setUp({ 'a.md': '1\n', 'state.md': '1\n' });
    const second = repository.commit('two', { 'a.md': '2\n', 'state.md': '2\n' });
    const third = repository.commit('three', { 'a.md': '3\n', 'state.md': '3\n', 'new.md': 'n\n' });
    repository.commit('four', { 'state.md': '4\n' });
    repository.write('state.md', 'dirty\n');
    await git.revert([third, second], ['state.md']);
    expect([repository.read('a.md'), repository.read('state.md')]).toEqual(['1\n', 'dirty\n']);
    expect((await git.changes()).map(({ path, kind, staged }) => [path, kind, staged])).toEqual([
      ['a.md', 'modified', true],
      ['new.md', 'deleted', true],
      ['state.md', 'modified', false],
    ]);
  });

  it('works in a linked worktree', async () => {
    const { repository } = await setUp({ 'a.md': '1\n' });
    repository.git('worktree', 'add', '-q', '-b', 'other', 'tree');
    const tree = createTestRepository({ 'a.md': '2\n' }, join(repository.root, 'tree'));
    const git = await open(tree.root);
    await git.revert([tree.git('rev-parse', 'HEAD').trim()]);
    expect([tree.read('a.md'), repository.read('a.md')]).toEqual(['1\n', '1\n']);
    expect((await git.head()).operation).toBeUndefined();
  });

  it('finds a file that was renamed since', async () => {
    const text = Array.from({ length: 20 }, (_, index) => `line ${index}\n`).join('');
    const { repository, git } = await setUp({ 'a.md': text });
    const second = repository.commit('two', { 'a.md': text.replace('line 7', 'LINE 7') });
    repository.git('mv', 'a.md', 'sub ü.md');
    repository.commit('rename');
    await git.revert([second]);
    expect(repository.read('sub ü.md')).toBe(text);
  });

  it('refuses what is no hash, and during a merge', async () => {
    const { repository, git } = await setUp();
    expect((await failureOf(git.revert(['--abort']))).code).toBe('invalid-argument');
    expect((await failureOf(git.revert(['beef12345']))).code).toBe('git-failed');
    repository.commit('ours', { 'a.md': 'ours\n' });
    repository.git('checkout', '-q', '-b', 'other', 'HEAD~1');
    const theirs = repository.commit('theirs', { 'a.md': 'theirs\n' });
    expect(() => repository.git('merge', 'main')).toThrow();
    const before = snapshot(repository);
    expect((await failureOf(git.revert([theirs]))).code).toBe('merge-in-progress');
    expect(snapshot(repository)).toEqual(before);
  });
});

describe('restore', () => {
  it('puts paths back to HEAD, and removes those that it does not have', async () => {
    const { repository, git } = await setUp({
      'a.md': 'a\n',
      'b.md': 'b\n',
      'gone ü.md': 'g\n',
      '-x': 'x\n',
      '.gitignore': '*.log\n',
    });
    repository.write('a.md', 'A\n');
    repository.git('add', 'a.md');
    repository.write('b.md', 'B\n');
    repository.git('rm', '-q', 'gone ü.md');
    repository.write('-x', 'X\n');
    repository.write('new/staged.md', 's\n');
    repository.git('add', 'new/staged.md');
    repository.write('untracked.md', 'u\n');
    repository.write('ignored.log', 'i\n');
    await git.restore(['a.md', 'gone ü.md', '-x', 'new/staged.md', 'untracked.md', 'ignored.log', 'never.md']);
    expect(await git.changes()).toEqual([{ path: 'b.md', kind: 'modified', staged: false }]);
    expect([repository.read('a.md'), repository.read('gone ü.md'), repository.read('-x')]).toEqual([
      'a\n',
      'g\n',
      'x\n',
    ]);
    expect(['new', 'untracked.md', 'ignored.log'].map((name) => existsSync(join(repository.root, name)))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('works before the first commit, and stays inside', async () => {
    const { repository, git } = await setUp('no commit');
    repository.write('a.md', 'a\n');
    repository.git('add', 'a.md');
    await git.restore(['a.md']);
    expect(await git.changes()).toEqual([]);
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'x.md'), 'x\n');
    symlinkSync(outside, join(repository.root, 'out'));
    for (const path of ['../x.md', '/etc/hosts', 'out/x.md'])
      expect((await failureOf(git.restore([path]))).code).toBe('outside-project');
    expect(existsSync(join(outside, 'x.md'))).toBe(true);
  });
});

describe('exclude', () => {
  it('adds patterns that no rule covers yet, once', async () => {
    const { repository, git } = await setUp({ 'a.md': 'a\n', '.gitignore': 'node_modules/\n.baton/\n' });
    const file = join(repository.root, '.git/info/exclude');
    mkdirSync(join(repository.root, '.git/info'), { recursive: true });
    writeFileSync(file, '# mine\r\n*.bak');
    await git.exclude(['.worktrees/', '.baton/', '.orchestrator/tmp/*.json']);
    await git.exclude(['.worktrees/', '.worktrees/']);
    expect(readFileSync(file, 'utf8')).toBe('# mine\r\n*.bak\n.worktrees/\n.orchestrator/tmp/*.json\n');
    repository.write('.worktrees/x/y.md', 'y\n');
    expect(await git.changes()).toEqual([]);
  });

  it('serves all worktrees', async () => {
    const { repository } = await setUp();
    repository.git('worktree', 'add', '-q', '-b', 'other', 'tree');
    await (await open(join(repository.root, 'tree'))).exclude(['/tree/']);
    expect(readFileSync(join(repository.root, '.git/info/exclude'), 'utf8')).toContain('/tree/\n');
  });
});
