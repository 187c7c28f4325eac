import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileSystem } from '../../src/core/ports/fileSystem.ts';
import { createNodeFileSystem } from '../../src/platform/nodeFileSystem.ts';
import { createProjectFolder } from '../../src/platform/projectFolder.ts';
import { createMemoryProject } from '../support/memoryFileSystem.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

function onDisk(files: Readonly<Record<string, string | Uint8Array>>): { root: string; files: FileSystem } {
  const root = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { root, files: createNodeFileSystem(createProjectFolder(root)) };
}

const sample = {
  'A_PROMPTS.md': '',
  'docs/B_PROMPTS.md': '',
  'docs/deep/er/C_PROMPTS.md': '',
  'docs/progress/X_PROGRESS.md': '',
  'docs/progress/.hidden.md': '',
  'docs/sessions/paused/ü 1.md': '',
  '.claude/STATE.md': '',
  '.claude/STATE-x.md': '',
  'node_modules/p/docs/D_PROMPTS.md': '',
  'docs/node_modules/E_PROMPTS.md': '',
  '.worktrees/w/docs/F_PROMPTS.md': '',
  '.hidden/G_PROMPTS.md': '',
  'a (1)/[x]/H_PROMPTS.md': '',
};

describe.each([
  ['the disk', () => onDisk(sample).files],
  ['memory', () => createMemoryProject(sample).files],
])('findFiles on %s', (_name, make) => {
  it.each([
    [['*_PROMPTS.md'], ['A_PROMPTS.md']],
    [['docs/*_PROMPTS.md'], ['docs/B_PROMPTS.md']],
    [['docs/**/*_PROMPTS.md'], ['docs/B_PROMPTS.md', 'docs/deep/er/C_PROMPTS.md']],
    [['**/*_PROMPTS.md'], ['A_PROMPTS.md', 'a (1)/[x]/H_PROMPTS.md', 'docs/B_PROMPTS.md', 'docs/deep/er/C_PROMPTS.md']],
    [['docs/B_PROMPTS.md', './docs/B*.md', 'docs/b.md'], ['docs/B_PROMPTS.md']],
    [['docs/progress/*.md'], ['docs/progress/X_PROGRESS.md']],
    [['docs/{progress,sessions/paused}/*.md'], ['docs/progress/X_PROGRESS.md', 'docs/sessions/paused/ü 1.md']],
    [
      ['.claude/STATE*.md', '{.claude,.codex}/STATE.md'],
      ['.claude/STATE-x.md', '.claude/STATE.md'],
    ],
    [['a (1)/[x]/*.md'], ['a (1)/[x]/H_PROMPTS.md']],
    [['docs/?_PROMPTS.md'], ['docs/B_PROMPTS.md']],
    [['**/F_PROMPTS.md', '*/*/docs/*.md'], []],
    [['.worktrees/w/docs/*.md'], ['.worktrees/w/docs/F_PROMPTS.md']],
    [['none/**'], []],
  ] as const)('%j', async (globs, expected) => {
    expect(await make().findFiles(globs)).toEqual(expected);
  });
});

describe('links', () => {
  it('are followed inside, never out, and never round and round', async () => {
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'theirs.md'), 'x');
    const { root, files } = onDisk({ 'docs/a.md': 'a' });
    symlinkSync(outside, join(root, 'docs/out'));
    symlinkSync(join(outside, 'theirs.md'), join(root, 'docs/theirs.md'));
    symlinkSync('..', join(root, 'docs/up'));
    symlinkSync('a.md', join(root, 'docs/link.md'));
    symlinkSync('nowhere.md', join(root, 'docs/broken.md'));
    mkdirSync(join(root, 'real'));
    writeFileSync(join(root, 'real/b.md'), 'b');
    symlinkSync('../real', join(root, 'docs/real'));
    expect(await files.findFiles(['docs/**/*.md'])).toEqual([
      'docs/a.md',
      'docs/link.md',
      'docs/real/b.md',
      'docs/up/real/b.md',
    ]);
    expect(await files.readText('docs/real/b.md')).toBe('b');
    expect(await files.readText('docs/broken.md')).toBeUndefined();
    await expect(files.readText('docs/out/theirs.md')).rejects.toMatchObject({ code: 'outside-project' });
    await expect(files.readText('docs/theirs.md')).rejects.toMatchObject({ code: 'outside-project' });
  });
});

describe('readText and stat', () => {
  it('keep a BOM, give nothing for no file, and refuse what is no text', async () => {
    const { files } = onDisk({
      'bom.md': '\uFEFFx\r\n',
      'f/latin.md': Uint8Array.of(0xfc),
      'utf16.md': Uint8Array.of(0xff, 0xfe, 0x61, 0),
    });
    expect(await files.readText('bom.md')).toBe('\uFEFFx\r\n');
    expect(await files.readText('none.md')).toBeUndefined();
    expect(await files.readText('bom.md/none.md')).toBeUndefined();
    for (const path of ['f/latin.md', 'utf16.md', 'f']) {
      await expect(files.readText(path)).rejects.toMatchObject({ code: 'unreadable-file', data: { path } });
    }
    await expect(files.readText('../x')).rejects.toMatchObject({ code: 'outside-project' });
    expect(await files.stat('bom.md')).toMatchObject({ kind: 'file', size: 6, modifiedAt: expect.any(Number) });
    expect(await files.stat('f')).toMatchObject({ kind: 'folder' });
    expect(await files.stat('')).toMatchObject({ kind: 'folder' });
    expect(await files.stat('none')).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')('never wait for a pipe', async () => {
    const { root, files } = onDisk({ 'docs/progress/X_PROGRESS.md': '' });
    execFileSync('mkfifo', [join(root, 'docs/progress/P_PROGRESS.md'), join(root, '.baton.yaml')]);
    expect(await files.findFiles(['docs/progress/*.md'])).toEqual(['docs/progress/X_PROGRESS.md']);
    expect(await files.readText('.baton.yaml')).toBe('');
  });

  it('refuse a link that leads round and round', async () => {
    const { root, files } = onDisk({});
    symlinkSync('b.md', join(root, 'a.md'));
    symlinkSync('a.md', join(root, 'b.md'));
    await expect(files.readText('a.md')).rejects.toMatchObject({ code: 'unreadable-file', data: { path: 'a.md' } });
    expect(await files.stat('a.md')).toBeUndefined();
    expect(await files.findFiles(['*.md'])).toEqual([]);
  });
});
