import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { revisionOf } from '../../src/core/base/revision.ts';
import { BatonError, type ErrorCode } from '../../src/core/errors.ts';
import type { EditPlanner } from '../../src/core/ports/stateFiles.ts';
import { type FileIo, systemIo } from '../../src/platform/atomicFile.ts';
import { createFileLocks } from '../../src/platform/fileLocks.ts';
import { createNodeStateFiles } from '../../src/platform/nodeStateFiles.ts';
import { createProjectFolder } from '../../src/platform/projectFolder.ts';
import { bundleForNode, startNode } from '../support/startNode.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

function project(files: Readonly<Record<string, string | Buffer>> = {}) {
  const root = join(temporaryFolder(), 'prójekt one');
  execFileSync('git', ['init', '-q', root]);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const stateFiles = createNodeStateFiles(createProjectFolder(root));
  return {
    root,
    stateFiles,
    path: (path: string) => join(root, path),
    text: (path: string) => readFileSync(join(root, path), 'utf8'),
  };
}

const append =
  (newText: string): EditPlanner =>
  (text = '') => [{ start: text.length, end: text.length, newText }];

async function codeOf(work: Promise<unknown>): Promise<ErrorCode | 'none'> {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (BatonError.is(error)) return error.code;
    throw error;
  }
}

describe('the write path', () => {
  it('edits in place of the old text, and tells what it did', async () => {
    const { stateFiles, text } = project({ 'a b/ü.md': 'one\n' });
    const outcome = await stateFiles.update('a b/ü.md', append('two 😀\n'));
    expect(outcome).toEqual({
      before: 'one\n',
      after: 'one\ntwo 😀\n',
      revision: revisionOf('one\ntwo 😀\n'),
      changed: true,
    });
    expect(text('a b/ü.md')).toBe('one\ntwo 😀\n');
  });

  it('keeps BOM, mixed line endings, tabs and a missing final newline', async () => {
    const before = '\uFEFFone\r\ntwo\n\tthree  \rfour';
    const { stateFiles, text } = project({ 'x.md': before });
    await stateFiles.update('x.md', (now = '') => [
      { start: now.indexOf('two'), end: now.indexOf('two') + 3, newText: '2' },
    ]);
    expect(text('x.md')).toBe('\uFEFFone\r\n2\n\tthree  \rfour');
  });

  it('keeps mode and owner', async () => {
    const { stateFiles, path } = project({ 'x.md': 'one\n' });
    chmodSync(path('x.md'), 0o2754);
    const before = statSync(path('x.md'));
    await stateFiles.update('x.md', append('two\n'));
    const after = statSync(path('x.md'));
    expect([after.mode.toString(8), after.uid, after.gid]).toEqual([before.mode.toString(8), before.uid, before.gid]);
    expect(after.ino).not.toBe(before.ino);
  });

  it('does not touch a file that stays as it is', async () => {
    const { stateFiles, path } = project({ 'x.md': 'one\n' });
    const before = statSync(path('x.md'));
    expect((await stateFiles.update('x.md', () => [])).changed).toBe(false);
    expect((await stateFiles.update('x.md', () => [{ start: 0, end: 3, newText: 'one' }])).changed).toBe(false);
    const after = statSync(path('x.md'));
    expect([after.ino, after.mtimeMs, after.ctimeMs]).toEqual([before.ino, before.mtimeMs, before.ctimeMs]);
  });

  it('creates a file with its folders, or nothing where nothing is planned', async () => {
    const { stateFiles, text, path } = project();
    expect(await stateFiles.update('no/x.md', () => [])).toMatchObject({
      before: undefined,
      after: '',
      changed: false,
    });
    expect(existsSync(path('no'))).toBe(false);
    await stateFiles.update('docs/neu/x.md', append('hello\n'), { create: true });
    expect(text('docs/neu/x.md')).toBe('hello\n');
    expect(await codeOf(stateFiles.update('docs/neu/x.md', append('x'), { create: true }))).toBe('already-exists');
    await stateFiles.update('docs/empty.md', append(''));
    expect(text('docs/empty.md')).toBe('');
  });

  it('plans again when an outsider writes between plan and rename, and keeps both', async () => {
    const { stateFiles, text, path } = project({ 'x.md': 'one\n' });
    const seen: (string | undefined)[] = [];
    await stateFiles.update('x.md', (now) => {
      seen.push(now);
      // As long as the file was before, so that its size does not give it away.
      if (seen.length === 1) writeFileSync(path('x.md'), 'eno\n');
      return append('two\n')(now);
    });
    expect(seen).toEqual(['one\n', 'eno\n']);
    expect(text('x.md')).toBe('eno\ntwo\n');
    expect(readdirSync(path('.'))).toEqual(['.git', 'x.md']);
  });

  it('never replaces a file that an outsider creates meanwhile', async () => {
    const { stateFiles, text, path } = project();
    let calls = 0;
    await stateFiles.update('x.md', (now) => {
      if (++calls === 1) writeFileSync(path('x.md'), 'theirs\n');
      return append('ours\n')(now);
    });
    expect(text('x.md')).toBe('theirs\nours\n');
  });

  it('gives way in the end to outsiders that write all the time', async () => {
    const { stateFiles, text, path } = project({ 'x.md': '0\n' });
    let calls = 0;
    await stateFiles.update('x.md', (now) => {
      if (++calls <= 8) writeFileSync(path('x.md'), `${calls}\n`);
      return append('ours\n')(now);
    });
    expect(text('x.md')).toBe('8\nours\n');
  });

  it('reports a conflict with the current text when the caller saw another revision', async () => {
    const { stateFiles, text } = project({ 'x.md': 'now\n' });
    const error = await stateFiles
      .update('x.md', append('x'), { expectedRevision: revisionOf('then\n') })
      .catch((e) => e);
    expect(error).toMatchObject({
      code: 'conflict',
      data: { path: 'x.md', revision: revisionOf('now\n'), text: 'now\n' },
    });
    expect(await codeOf(stateFiles.update('none.md', append('x'), { expectedRevision: revisionOf('') }))).toBe(
      'conflict',
    );
    await stateFiles.update('x.md', append('x'), { expectedRevision: revisionOf('now\n') });
    expect(text('x.md')).toBe('now\nx');
  });

  it('lets what the planner throws through and leaves nothing behind', async () => {
    const { stateFiles, path } = project({ 'x.md': 'now\n' });
    const bug = new TypeError('a bug');
    const thrown = await stateFiles
      .update('x.md', () => {
        throw bug;
      })
      .catch((e) => e);
    expect(thrown).toBe(bug);
    expect(readdirSync(path('.'))).toEqual(['.git', 'x.md']);
  });

  it('refuses text that is not UTF-8, a folder, and a NUL in the path', async () => {
    const { stateFiles, path } = project({ 'x.md': Buffer.from([0x61, 0xff, 0xfe]), 'f/y.md': '' });
    expect(await codeOf(stateFiles.update('x.md', append('x')))).toBe('unreadable-file');
    expect(await codeOf(stateFiles.update('f', append('x')))).toBe('unreadable-file');
    expect(await codeOf(stateFiles.update('a\0b', append('x')))).toBe('outside-project');
    expect([...readFileSync(path('x.md'))]).toEqual([0x61, 0xff, 0xfe]);
  });
});

describe('paths', () => {
  it('refuses what is outside, by text and by link', async () => {
    const { stateFiles, path } = project({ 'x.md': '' });
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'y.md'), 'theirs\n');
    symlinkSync(outside, path('out'));
    symlinkSync(join(outside, 'y.md'), path('y.md'));
    symlinkSync(join(outside, 'new.md'), path('new.md'));
    for (const name of ['../x.md', '/etc/passwd', 'a/../../x.md', 'out/y.md', 'y.md', 'new.md', 'C:\\x.md']) {
      expect([name, await codeOf(stateFiles.update(name, append('x')))]).toEqual([name, 'outside-project']);
    }
    expect(readdirSync(outside)).toEqual(['y.md']);
    expect(readFileSync(join(outside, 'y.md'), 'utf8')).toBe('theirs\n');
  });

  it('follows a link inside, and replaces its target', async () => {
    const { stateFiles, path, text } = project({ 'real/x.md': 'one\n' });
    symlinkSync('real/x.md', path('link.md'));
    symlinkSync('real', path('folder'));
    symlinkSync('real/later.md', path('later.md'));
    await stateFiles.update('link.md', append('two\n'));
    await stateFiles.update('folder/x.md', append('three\n'));
    await stateFiles.update('later.md', append('new\n'));
    expect(text('real/x.md')).toBe('one\ntwo\nthree\n');
    expect(text('real/later.md')).toBe('new\n');
    expect(['link.md', 'later.md'].map((name) => lstatSync(path(name)).isSymbolicLink())).toEqual([true, true]);
  });
});

describe('move and remove', () => {
  it('move a file with its content and mode, and never onto another', async () => {
    const { stateFiles, path, text } = project({ 'a.md': 'a\n', 'b.md': 'b\n' });
    expect(await codeOf(stateFiles.move('a.md', 'b.md'))).toBe('already-exists');
    expect([text('a.md'), text('b.md')]).toEqual(['a\n', 'b\n']);
    await stateFiles.move('a.md', 'deep/er/ä.md');
    expect(existsSync(path('a.md'))).toBe(false);
    expect(text('deep/er/ä.md')).toBe('a\n');
    expect(await codeOf(stateFiles.move('none.md', 'c.md'))).toBe('io-failed');
    await stateFiles.remove('deep/er/ä.md');
    await stateFiles.remove('deep/er/ä.md');
    expect(existsSync(path('deep/er/ä.md'))).toBe(false);
  });

  it('finish a move that was killed when the file had both names', async () => {
    const { stateFiles, path, text } = project({ 'a.md': 'a\n' });
    execFileSync('ln', [path('a.md'), path('b.md')]);
    await stateFiles.move('a.md', 'b.md');
    expect([existsSync(path('a.md')), text('b.md')]).toEqual([false, 'a\n']);
  });
});

describe('files that may not be written', () => {
  it('are refused by their mode, also for root, and stay', async () => {
    const { stateFiles, path, text } = project({ 'x.md': 'one\n' });
    chmodSync(path('x.md'), 0o444);
    const error = await stateFiles.update('x.md', append('two\n')).catch((e) => e);
    expect(error).toMatchObject({
      code: 'read-only',
      message: expect.stringContaining('x.md'),
      hint: expect.stringContaining('chmod'),
    });
    expect(await codeOf(stateFiles.move('x.md', 'y.md'))).toBe('read-only');
    expect(await codeOf(stateFiles.remove('x.md'))).toBe('read-only');
    expect([text('x.md'), readdirSync(path('.'))]).toEqual(['one\n', ['.git', 'x.md']]);
  });
});

describe('a full disk', () => {
  /** The system, but for one step, which fails as a disk does that has run full. */
  function failingIo(step: 'write' | 'sync' | 'rename', errno: string): FileIo {
    const fail = async (): Promise<never> => {
      throw Object.assign(new Error(`${errno}: planted`), { code: errno });
    };
    return {
      ...systemIo,
      ...(step === 'rename' ? { rename: fail } : {}),
      async open(...args: Parameters<FileIo['open']>) {
        const handle: FileHandle = await systemIo.open(...args);
        if (!String(args[0]).endsWith('.tmp')) return handle;
        if (step === 'write')
          handle.writeFile = async () => {
            await handle.write('half');
            return await fail();
          };
        if (step === 'sync') handle.sync = fail;
        return handle;
      },
    };
  }

  it.each([
    ['write', 'ENOSPC', 'disk-full'],
    ['sync', 'ENOSPC', 'disk-full'],
    ['sync', 'EDQUOT', 'disk-full'],
    ['rename', 'EROFS', 'read-only'],
    ['rename', 'EACCES', 'read-only'],
    ['sync', 'EIO', 'io-failed'],
  ] as const)('at %s (%s) is %s, with the old file and nothing beside it', async (step, errno, code) => {
    const { root, path, text } = project({ 'x.md': 'one\n' });
    const stateFiles = createNodeStateFiles(createProjectFolder(root), { io: failingIo(step, errno) });
    const error = await stateFiles.update('x.md', append('two\n')).catch((e) => e);
    expect(error).toMatchObject({ code, data: { path: 'x.md', errno }, hint: expect.any(String) });
    expect([text('x.md'), readdirSync(path('.'))]).toEqual(['one\n', ['.git', 'x.md']]);
    const locks = path('.git/baton/locks');
    expect(existsSync(locks) ? readdirSync(locks) : []).toEqual([]);
  });

  it('writes in place where the target cannot be renamed onto', async () => {
    const { root, path, text } = project({ 'x.md': 'one and a long tail\n' });
    const inode = statSync(path('x.md')).ino;
    const stateFiles = createNodeStateFiles(createProjectFolder(root), { io: failingIo('rename', 'EXDEV') });
    await stateFiles.update('x.md', (now = '') => [{ start: 3, end: now.length, newText: '\n' }]);
    expect([text('x.md'), statSync(path('x.md')).ino, readdirSync(path('.'))]).toEqual([
      'one\n',
      inode,
      ['.git', 'x.md'],
    ]);
  });

  it('is reported by a real process under a file-size limit', async () => {
    const { root, path, text } = project({ 'x.md': 'a'.repeat(1000) });
    const bundle = bundleForNode('test/platform/children/writeLarge.ts', temporaryFolder());
    // In blocks of 512 or 1024 bytes: enough for the lock, not for a megabyte. SIGXFSZ would kill the process before it can tell.
    const line = `trap '' XFSZ; ulimit -f 64; exec "$0" "$@"`;
    const output = execFileSync('sh', ['-c', line, process.execPath, bundle, root, 'x.md', '1000000'], {
      encoding: 'utf8',
    });
    expect(JSON.parse(output)).toMatchObject({ code: 'disk-full', data: { path: 'x.md', errno: 'EFBIG' } });
    expect([text('x.md'), readdirSync(path('.'))]).toEqual(['a'.repeat(1000), ['.git', 'x.md']]);
  });
});

describe('leftovers', () => {
  it('of dead writers are removed by the next one, those of living ones are not', async () => {
    const { stateFiles, path } = project({ 'x.md': 'one\n' });
    const { child, ended } = startNode('test/platform/children/exitAtOnce.ts', []);
    await ended;
    writeFileSync(path(`.x.md.${child.pid}.tmp`), 'half');
    writeFileSync(path(`.x.md.${child.pid}.3.tmp`), 'half');
    writeFileSync(path(`.x.md.${process.ppid}.tmp`), 'of a living one');
    writeFileSync(path(`.y.md.${child.pid}.tmp`), 'of another file');
    await stateFiles.update('x.md', append('two\n'));
    expect(readdirSync(path('.')).sort()).toEqual(
      ['.git', `.x.md.${process.ppid}.tmp`, `.y.md.${child.pid}.tmp`, 'x.md'].sort(),
    );
  });
});

describe('a lock that a living process holds', () => {
  it('is waited for, then reported with its holder', async () => {
    const { root, path, text } = project({ 'x.md': 'one\n' });
    const locks = createFileLocks({ waitMs: 200 });
    const lease = await locks.acquire(path('x.md'));
    const stateFiles = createNodeStateFiles(createProjectFolder(root), { locks });
    const error = await stateFiles.update('x.md', append('two\n')).catch((e) => e);
    expect(error).toMatchObject({ code: 'locked', data: { pid: process.pid } });
    expect([text('x.md'), readdirSync(path('.'))]).toEqual(['one\n', ['.git', 'x.md']]);
    await lease.release();
    await stateFiles.update('x.md', append('two\n'));
    expect(text('x.md')).toBe('one\ntwo\n');
  });
});
