import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { approve, WorkerProject } from './support/workerProject.ts';

const issue = { id: 'bd-1', title: 'From Beads', description: 'Do it.', priority: 1, dependent_count: 3 };

describe('work from Beads', () => {
  const worker = `echo one > one.txt; git add one.txt; git commit -qm 'feat: one'; ${approve}`;
  const project = new WorkerProject({ workers: { 'bd-1': worker }, files: { '.beads/issues.jsonl': '' } });
  const bin = join(project.root, '../bin');
  mkdirSync(bin);
  const bd = join(bin, 'bd');
  afterAll(() => project.dispose());

  /** A real program of that name, which notes how it was called. */
  function makeBd(script: string): void {
    writeFileSync(bd, `#!/bin/sh\necho "$@" >> "${bin}/calls"\n${script}\n`);
    chmodSync(bd, 0o755);
  }

  async function baton(...args: readonly string[]) {
    const environment = {
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      BATON_SUPERVISOR_SETTINGS: JSON.stringify({ pollMs: 50, idleMs: 400 }),
    };
    return await project.project.json(args, { environment });
  }

  it('is what bd says, whatever form that has; without bd, or with nothing ready, there is none', async () => {
    project.project.write('docs/SHOP_PROMPTS.md', '# Shop\n');
    rmSync(join(project.root, 'docs/progress'), { recursive: true });
    const refused = async () => (await baton('dispatch', 'bd-2')).error;
    expect(await refused()).toMatchObject({ code: 'unknown-item', data: { ready: [] } });
    for (const script of [
      `echo '${JSON.stringify([issue])}'`,
      `echo 'Warning: daemon is not running' >&2; echo '${JSON.stringify({ schema_version: 1, data: [issue] })}'`,
    ]) {
      makeBd(script);
      expect(await refused()).toMatchObject({ code: 'unknown-item', data: { ready: ['bd-1'] } });
    }
    makeBd('exit 1');
    expect(await refused()).toMatchObject({ code: 'unknown-item', data: { ready: [] } });
  });

  it('is dispatched, merged and closed; a close that is refused is told, and undoes no merge', async () => {
    makeBd(
      `case "$1" in ready) echo '${JSON.stringify([issue])}';; close) echo '{"error": "it is blocked by bd-9"}' >&2; exit 1;; esac`,
    );
    const { data } = await baton('dispatch', 'bd-1');
    expect(data.dispatched[0].item).toMatchObject({ source: 'beads', id: 'bd-1', unblocks: 3 });
    await project.until('bd-1', 'approved');
    const merged = await baton('isolated', 'merge', 'bd-1');
    expect(merged.ok).toBe(true);
    expect(JSON.stringify(merged)).toContain('it is blocked by bd-9');
    expect(project.session('bd-1').status).toBe('merged');
    expect(readFileSync(join(bin, 'calls'), 'utf8')).toMatch(/^close bd-1 --reason Merged in [0-9a-f]{7} --json$/m);
  });
});
