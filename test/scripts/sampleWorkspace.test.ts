import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSampleWorkspace } from '../../scripts/lib/sampleWorkspace.ts';

describe('createSampleWorkspace', () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton sample ü-'));
  const workspace = join(folder, 'harbour');

  const git = (...args: string[]): string => execFileSync('git', args, { cwd: workspace, encoding: 'utf8' });
  const read = (file: string): string => readFileSync(join(workspace, file), 'utf8');

  beforeAll(() => createSampleWorkspace(workspace, new Date(2026, 2, 4, 10, 30)));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('names commits that exist, each of its session', () => {
    const rows = [
      ...read('docs/progress/HARBOUR_PROGRESS.md').matchAll(/^\| (\S+) \| ✅ Done \|.*\| ([0-9a-f]{7}) \|/gm),
    ];
    expect(rows.map(([, id]) => id)).toEqual(['BE-01', 'BE-02', 'BE-03', 'FE-01', 'FE-02']);
    for (const [, id, hash = ''] of rows) expect(git('log', '-1', '--format=%B', hash)).toContain(`Session: ${id}\n`);
  });

  it('begins three weeks back, in order', () => {
    const dates = git('log', '--reverse', '--format=%at').trim().split('\n').map(Number);
    expect(dates.length).toBeGreaterThan(10);
    expect(dates.toSorted((a, b) => a - b)).toEqual(dates);
    expect(new Date((dates[0] ?? 0) * 1000).toDateString()).toBe('Mon Feb 16 2026');
  });

  it('leaves the active session with work that is not committed', () => {
    expect(git('status', '--short')).toBe(' M backend/src/seats.js\n M backend/test/seats.test.js\n');
    expect(read('docs/sessions/SESSION.md')).toContain('started_at: 2026-03-04T09:38:00');
    expect(git('log', '-1', '--format=%s')).toBe('WIP: [BE-04] checkpoint 1 - reserving works, expiry is next\n');
  });

  it('fills in every text', () => {
    for (const file of readdirSync(workspace, { recursive: true, encoding: 'utf8' })) {
      if (file.endsWith('.md')) expect(read(file)).not.toContain('{{');
    }
  });

  it('passes its own verification commands, and only with the code that is there', () => {
    const session = read('docs/sessions/SESSION.md');
    const [, commands = ''] = /## Verification Commands\n\n```bash\n([^`]+)```/.exec(session) ?? [];
    const lines = commands.trim().split('\n');
    expect(lines).toHaveLength(3);
    // Inside a test runner Node's own would report to that one.
    const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
    const run = (line: string): string =>
      execFileSync(line, { cwd: workspace, shell: true, encoding: 'utf8', env, stdio: 'pipe' });
    for (const line of lines) run(line);
    writeFileSync(join(workspace, 'backend/src/seats.js'), git('show', 'HEAD:backend/src/seats.js'));
    expect(() => run(lines[0] ?? '')).toThrow(/Command failed/);
  });

  it('refuses a folder that is not empty', async () => {
    await expect(createSampleWorkspace(workspace)).rejects.toThrow(/is not empty/);
  });
});
