import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runVitest } from '../../scripts/lib/runTools.ts';

const root = resolve(import.meta.dirname, '../..');

describe('the counts of npm test', () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-counts-'));
  const config = join(folder, 'vitest.config.mjs');

  beforeAll(() => {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
    writeFileSync(config, `export default { root: ${JSON.stringify(folder)} };\n`);
    const put = (name: string, body: string): void =>
      writeFileSync(join(folder, `${name}.test.ts`), `import { expect, it } from 'vitest';\n${body}\n`);
    put('passing', "it('a', () => {});\nit('b', () => {});");
    put('mixed', "it('a', () => {});\nit('b', () => {});\nit('c', () => { expect(1).toBe(2); });");
    put('skipped', "it('a', () => {});\nit.skip('b', () => {});");
    put('broken', "import './missing.ts';\nit('a', () => {});");
    put('late', "it('a', () => {});\nvoid Promise.reject(new Error('nobody waits for me'));");
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['passing', 2, 0],
    ['mixed', 2, 1],
    ['skipped', 1, 1],
    ['broken', 0, 1],
    ['late', 1, 1],
    ['absent', 0, 1],
  ])('say of a file that is %s: %d passed, %d failed', async (name, passed, failed) => {
    expect(await runVitest(config, [`${name}.test.ts`], { quiet: true })).toEqual({ passed, failed });
  });

  it('refuse a suite that is not known', async () => {
    const result = await new Promise<{ code: unknown; stderr: string }>((done) => {
      execFile(process.execPath, [join(root, 'scripts/test.mjs'), 'units'], (error, _out, stderr) =>
        done({ code: error?.code, stderr }),
      );
    });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('There is no suite "units"');
  });
});
