import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readHeadFiles } from '../../../src/platform/git/headFiles.ts';
import { findGitLocation } from '../../../src/platform/gitDir.ts';
import { createTestRepository, gitEnvironment, type TestRepository } from '../../support/gitRepository.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

beforeEach(() => {
  for (const [name, value] of Object.entries(gitEnvironment)) vi.stubEnv(name, value);
});
afterEach(() => void vi.unstubAllEnvs());

async function read(root: string) {
  const location = await findGitLocation(root);
  return location && readHeadFiles(location);
}

/** What git says, in the same form. */
function said(repository: TestRepository, root = repository.root) {
  const hash = repository.git('-C', root, 'rev-parse', 'HEAD').trim();
  const branch = repository.git('-C', root, 'rev-parse', '--symbolic-full-name', 'HEAD').trim();
  return { hash, branch: branch.startsWith('refs/heads/') ? branch.slice('refs/heads/'.length) : undefined };
}

test('agrees with git on loose and packed branches, on worktrees, and detached', async () => {
  const repository = createTestRepository({ 'a.txt': 'a\n' });
  const { root } = repository;
  expect(await read(root)).toEqual(said(repository));
  repository.git('switch', '-q', '-c', 'größe/teil-1');
  repository.commit('second', { 'a.txt': 'b\n' });
  expect(await read(root)).toEqual(said(repository));
  repository.git('pack-refs', '--all');
  expect(await read(root)).toEqual(said(repository));
  repository.git('branch', '-q', 'größe-2', 'main');
  // A loose ref counts before the packed one of the same name.
  repository.commit('third', { 'a.txt': 'c\n' });
  expect(await read(root)).toEqual(said(repository));
  const worktree = join(temporaryFolder(), 'linked ü');
  repository.git('worktree', 'add', '-q', worktree, 'main');
  expect(await read(worktree)).toEqual(said(repository, worktree));
  repository.git('switch', '-q', '--detach', 'HEAD~1');
  expect(await read(root)).toEqual(said(repository));
});

test('a branch without commits has no hash; a folder of the branch’s name is no ref', async () => {
  const repository = createTestRepository();
  expect(await read(repository.root)).toEqual({ hash: undefined, branch: 'main' });
  repository.commit('first', { 'a.txt': 'a\n' });
  repository.git('switch', '-q', '-c', 'topic');
  repository.git('pack-refs', '--all');
  rmSync(join(repository.root, '.git/refs/heads/topic'), { force: true, recursive: true });
  expect(await read(repository.root)).toEqual(said(repository));
});

test('what is not of the plain kind is left to git', async () => {
  const repository = createTestRepository({ 'a.txt': 'a\n' });
  repository.git('symbolic-ref', 'refs/heads/alias', 'refs/heads/main');
  writeFileSync(join(repository.root, '.git/HEAD'), 'ref: refs/heads/alias\n');
  expect(await read(repository.root)).toBeUndefined();
  writeFileSync(join(repository.root, '.git/HEAD'), 'ref: refs/heads/../../config\n');
  expect(await read(repository.root)).toBeUndefined();
  writeFileSync(join(repository.root, '.git/HEAD'), 'ref: refs/bisect/good\n');
  expect(await read(repository.root)).toBeUndefined();
});

test('a reftable is left to git', async () => {
  const root = temporaryFolder();
  const repository = createTestRepository(undefined, join(root, 'plain'));
  const table = join(root, 'table');
  const made = (() => {
    try {
      repository.git('init', '-q', '--ref-format=reftable', table);
      return true;
    } catch (error) {
      // Git before 2.45 does not know it.
      expect(String(error)).toMatch(/ref-format|unknown/);
      return false;
    }
  })();
  if (made) expect(await read(table)).toBeUndefined();
});
