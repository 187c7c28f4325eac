import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PartResult, runVitest } from '../../scripts/lib/runTools.ts';
import { runAttempts } from '../../scripts/lib/suites.ts';

const root = resolve(import.meta.dirname, '../..');

const sum = (parts: readonly PartResult[], key: 'passed' | 'failed'): number =>
  parts.reduce((all, part) => all + part[key], 0);

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
    put(
      'unsteady',
      `import { existsSync, writeFileSync } from 'node:fs';
const mark = ${JSON.stringify(join(folder, 'ran'))};
it('fails the first time', () => { const ran = existsSync(mark); writeFileSync(mark, ''); expect(ran).toBe(true); });`,
    );
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
    const parts = await runVitest(config, [`${name}.test.ts`], { quiet: true });
    expect([sum(parts, 'passed'), sum(parts, 'failed')]).toEqual([passed, failed]);
    expect(parts.flatMap(({ failures }) => failures)).toHaveLength(failed);
  });

  it('name the file to run again, the test and what it said', async () => {
    const [part] = await runVitest(config, ['mixed.test.ts'], { quiet: true });
    expect(part?.name).toBe(relative(root, join(folder, 'mixed.test.ts')));
    expect(part?.failures[0]).toMatch(/^c\n.*expected 1 to be 2/);
  });

  it('give a file that failed a second attempt, and say so', async () => {
    const run = (filters: readonly string[]) => runVitest(config, filters, { quiet: true });
    const once = await runAttempts(run, ['passing.test.ts', 'unsteady.test.ts'], true);
    expect([sum(once.parts, 'passed'), sum(once.parts, 'failed')]).toEqual([3, 0]);
    expect(once.firstFailures).toEqual([expect.stringContaining('fails the first time')]);
    const twice = await runAttempts(run, ['mixed.test.ts'], true);
    expect([sum(twice.parts, 'passed'), sum(twice.parts, 'failed')]).toEqual([2, 1]);
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
