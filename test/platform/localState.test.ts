import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findGitLocation } from '../../src/platform/gitDir.ts';
import { createNodeLocalState, findLocalStatePlace } from '../../src/platform/nodeLocalState.ts';
import { findProjectRoot } from '../../src/platform/projectRoot.ts';
import { createTestRepository } from '../support/gitRepository.ts';
import { createMemoryProject } from '../support/memoryFileSystem.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

afterEach(() => void vi.unstubAllEnvs());

async function localStateOf(root: string) {
  return createNodeLocalState(await findLocalStatePlace(root, await findGitLocation(root)));
}

describe.each([
  ['the disk', () => localStateOf(createTestRepository({ 'a.md': '' }).root)],
  ['memory', async () => createMemoryProject().localState],
])('records on %s', (_name, make) => {
  it('are written, created once, listed and removed', async () => {
    const state = await make();
    expect(await state.read('receipts/x.json')).toBeUndefined();
    await state.write('receipts/x.json', { a: [1, 'ü'] });
    await state.write('receipts/x.json', { a: [2, 'ü'] });
    expect(await state.read('receipts/x.json')).toEqual({ a: [2, 'ü'] });
    const created = await Promise.all([1, 2, 3].map((n) => state.create('journal/1', n)));
    expect(created.filter((isMine) => isMine)).toHaveLength(1);
    await state.write('journal/2', null);
    await state.write('receipts-old/y', 1);
    expect(await state.list('receipts')).toEqual(['receipts-old/y', 'receipts/x.json']);
    expect(await state.list('journal/')).toEqual(['journal/1', 'journal/2']);
    expect(await state.list('none/')).toEqual([]);
    await state.remove('journal/1');
    await state.remove('journal/1');
    expect(await state.list('')).toEqual(['journal/2', 'receipts-old/y', 'receipts/x.json']);
  });

  it('are updated from what is there, and left alone on request', async () => {
    const state = await make();
    const count = (value: unknown): number => (typeof value === 'number' ? value : 0) + 1;
    await Promise.all(Array.from({ length: 20 }, () => state.update('isolated/x/state.json', count)));
    expect(await state.read('isolated/x/state.json')).toBe(20);
    expect(await state.update('isolated/x/state.json', () => undefined)).toBe(20);
    await expect(
      state.update('isolated/x/state.json', () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await state.update('isolated/x/state.json', count)).toBe(21);
    expect(await state.list('isolated/')).toEqual(['isolated/x/state.json']);
  });

  it('refuse keys that lead elsewhere', async () => {
    const state = await make();
    for (const key of ['', '../x', 'a/../x', '/x', 'a//b', 'a b', '.', 'x.tmp']) {
      await expect(Promise.resolve().then(() => state.write(key, 1))).rejects.toMatchObject({
        code: 'invalid-argument',
      });
    }
  });

  it('have a key part for any text, different for different texts on any file system', async () => {
    const state = await make();
    expect(state.keyPart('BE-04')).toMatch(/^BE-04\.[0-9a-f]{16}$/);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        const [one, two] = [state.keyPart(a), state.keyPart(b)];
        expect(one).toMatch(/^[A-Za-z0-9_.-]{1,60}$/);
        expect(one.toLowerCase() === two.toLowerCase()).toBe(a === b);
      }),
    );
    expect(state.keyPart('be-04').toLowerCase()).not.toBe(state.keyPart('BE-04').toLowerCase());
  });
});

describe('where records are', () => {
  it('is the common git directory, for all worktrees and submodules alike', async () => {
    const repository = createTestRepository({ 'a.md': '', 'sub/b.md': '' });
    repository.git('worktree', 'add', '-q', '-b', 'x', '.worktrees/x');
    const main = await localStateOf(repository.root);
    const tree = await localStateOf(join(repository.root, '.worktrees/x'));
    const sub = await localStateOf(join(repository.root, 'sub'));
    expect(main.locate('logs/x.log')).toBe(join(repository.root, '.git/baton/logs/x.log'));
    await main.write('x', 1);
    expect([await tree.read('x'), await sub.read('x')]).toEqual([1, 1]);
    expect(new Set([main.worktreeKey, tree.worktreeKey, sub.worktreeKey]).size).toBe(3);
    expect(main.worktreeKey).toBe('main');

    const other = createTestRepository({ 'c.md': '' });
    repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other.root, 'mod');
    const location = await findGitLocation(join(repository.root, 'mod'));
    expect(location).toMatchObject({
      topLevel: join(repository.root, 'mod'),
      gitDir: join(repository.root, '.git/modules/mod'),
      worktree: undefined,
    });
  });

  it('follows a relative .git file, and passes over a .git that is none', async () => {
    const root = temporaryFolder();
    execFileSync('git', ['init', '-q', '--separate-git-dir', join(root, 'elsewhere.git'), join(root, 'tree')]);
    writeFileSync(join(root, 'tree/.git'), 'gitdir: ../elsewhere.git\r\n');
    expect((await findGitLocation(join(root, 'tree')))?.commonDir).toBe(join(root, 'elsewhere.git'));
    mkdirSync(join(root, 'tree/sub/.git'), { recursive: true });
    expect((await findGitLocation(join(root, 'tree/sub')))?.topLevel).toBe(join(root, 'tree'));
    expect(await findGitLocation(join(root, 'none'))).toBeUndefined();
  });

  it('is the state folder of the user outside of repositories', async () => {
    const [home, root] = [temporaryFolder(), temporaryFolder()];
    vi.stubEnv('BATON_STATE_HOME', home);
    const state = await localStateOf(root);
    await state.write('x', 1);
    expect(state.locate('x').startsWith(join(home, 'projects'))).toBe(true);
    expect(readdirSync(root)).toEqual([]);
  });

  it('gives nothing for a record that is no JSON', async () => {
    const { root } = createTestRepository({ 'a.md': '' });
    const state = await localStateOf(root);
    await state.write('x', 1);
    writeFileSync(state.locate('x'), '{"torn":');
    expect(await state.read('x')).toBeUndefined();
  });
});

describe('findProjectRoot', () => {
  it('is the nearest folder with Baton files, else the repository, else the folder itself', async () => {
    const repository = createTestRepository({
      'a/b/c.md': '',
      'p/.baton.yaml': '',
      'p/q/r.md': '',
      's/docs/sessions/SESSION.md': '',
    });
    const at = (path: string) => join(repository.root, path);
    expect(await findProjectRoot(at('a/b'))).toBe(repository.root);
    const inner = createTestRepository({ 'sub/x.md': '' }, at('repos/api'));
    expect(await findProjectRoot(inner.root)).toBe(at('repos/api'));
    repository.write('.baton.yaml', 'repositories:\n  api: repos/api\n');
    expect(await findProjectRoot(join(inner.root, 'sub'))).toBe(repository.root);
    inner.write('docs/sessions/SESSION.md', '');
    expect(await findProjectRoot(inner.root)).toBe(at('repos/api'));
    expect(await findProjectRoot(at('p/q'))).toBe(at('p'));
    expect(await findProjectRoot(at('s/docs/sessions'))).toBe(at('s'));
    const plain = temporaryFolder();
    expect(await findProjectRoot(plain)).toBe(realpathSync(plain));
  });
});
