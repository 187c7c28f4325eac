import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createNodeStateFiles } from '../../src/platform/nodeStateFiles.ts';
import { createProjectFolder } from '../../src/platform/projectFolder.ts';
import { bundleForNode, startNode } from '../support/startNode.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const writer = 'test/platform/children/updateFile.ts';

function repository(): string {
  const root = temporaryFolder();
  execFileSync('git', ['init', '-q', root]);
  mkdirSync(join(root, 'docs/progress'), { recursive: true });
  return root;
}

function table(names: readonly string[], cell: string): string {
  return ['| ID | State |', '|---|---|', ...names.map((name) => `| ${name} | ${cell} |`), ''].join('\r\n');
}

function leftovers(root: string): readonly string[] {
  return readdirSync(join(root, 'docs/progress')).filter((name) => name.endsWith('.tmp'));
}

describe('writers in several processes', () => {
  it('keep all updates when twenty update their own rows at once', { timeout: 60_000 }, async () => {
    const root = repository();
    const names = Array.from({ length: 20 }, (_, index) => `S-${index}x`);
    const file = 'docs/progress/X_PROGRESS.md';
    writeFileSync(join(root, file), `\uFEFF${table(names, 'pending')}`);
    const ends = await Promise.all(names.map((name) => startNode(writer, [root, file, 'row', name]).ended));
    expect(ends.filter(({ code }) => code !== 0)).toEqual([]);
    expect(readFileSync(join(root, file), 'utf8')).toBe(`\uFEFF${table(names, 'done')}`);
    expect(leftovers(root)).toEqual([]);
    expect(readdirSync(join(root, '.git/baton/locks'))).toEqual([]);
  });

  it('keep all of 8 × 100 updates', { timeout: 90_000 }, async () => {
    const root = repository();
    const names = Array.from({ length: 8 }, (_, index) => `C-${index}x`);
    const file = 'docs/progress/X_PROGRESS.md';
    writeFileSync(join(root, file), table(names, '0'));
    const ends = await Promise.all(names.map((name) => startNode(writer, [root, file, 'count', name, '100']).ended));
    expect(ends.filter(({ code }) => code !== 0)).toEqual([]);
    expect(readFileSync(join(root, file), 'utf8')).toBe(table(names, '100'));
    expect(leftovers(root)).toEqual([]);
  });

  it('leave the old or the new text when killed, and block nobody', { timeout: 120_000 }, async () => {
    const root = repository();
    const file = 'docs/progress/X_PROGRESS.md';
    const path = join(root, file);
    writeFileSync(path, 'a'.repeat(200_000));
    const bundle = bundleForNode(writer, temporaryFolder());
    const stateFiles = createNodeStateFiles(createProjectFolder(root));
    const startWriter = () => {
      const started = startNode(bundle, [root, file, 'grow']);
      return { ...started, ready: new Promise((ready) => started.child.stdout?.once('data', ready)) };
    };
    // They start while others are killed; otherwise the test would mostly wait for Node.
    const waiting = Array.from({ length: 4 }, startWriter);
    let written = 0;
    let interrupted = 0;
    // A busy machine may need more rounds until enough of them met a writer at work, and enough one that was done.
    const isTelling = () => written > 5 && interrupted > 5;
    for (let round = 0; round < 200 || (!isTelling() && round < 600); round++) {
      const writing = waiting.shift();
      waiting.push(startWriter());
      await writing?.ready;
      writing?.child.stdin?.write('go\n');
      await sleep(Math.random() * (round % 2 === 0 ? 30 : 100));
      writing?.child.kill('SIGKILL');
      expect((await writing?.ended)?.signal).toBe('SIGKILL');

      const text = readFileSync(path, 'utf8');
      expect([text.length % 10_000, text.length >= 200_000]).toEqual([0, true]);
      expect(text === text.charAt(0).repeat(text.length)).toBe(true);
      if (/^[a-z]/.test(text)) written++;
      const locks = join(root, '.git/baton/locks');
      if (leftovers(root).length > 0 || (existsSync(locks) && readdirSync(locks).length > 0)) interrupted++;
      // Another text each time: a write that changes nothing would clean nothing up.
      const mine = String.fromCharCode(65 + (round % 26));
      await stateFiles.update(file, (now = '') => [{ start: 0, end: now.length, newText: mine.repeat(200_000) }]);
      expect(leftovers(root)).toEqual([]);
    }
    // Else nobody was killed at work and the test says nothing.
    expect({ written, interrupted, isTelling: isTelling() }).toMatchObject({ isTelling: true });
  });
});
