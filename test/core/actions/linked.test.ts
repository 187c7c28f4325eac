import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkpoint } from '../../../src/core/actions/checkpoint.ts';
import { complete } from '../../../src/core/actions/complete.ts';
import { pause } from '../../../src/core/actions/pause.ts';
import { resume } from '../../../src/core/actions/resume.ts';
import { planRollback, rollback } from '../../../src/core/actions/rollback.ts';
import { start } from '../../../src/core/actions/start.ts';
import { verify } from '../../../src/core/actions/verify.ts';
import { createProject, openProject, progress, progressPath, type TestProject } from './support.ts';

/** A project whose `link` leads to `target`, with the files that `target` then holds. */
async function createLinked(link: string, target: string, files: Readonly<Record<string, string>>) {
  const project = await createProject({ yes: true });
  const { root } = project.repository;
  rmSync(join(root, link), { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) project.repository.write(path, text);
  mkdirSync(dirname(join(root, link)), { recursive: true });
  const up = link.split('/').slice(1).fill('..').join('/');
  symlinkSync(`${up}/${target}`, join(root, link));
  project.repository.commit('link');
  return openProject(project.repository, { yes: true });
}

const message = 'feat(schema): add it';

function addWork(project: TestProject): void {
  project.repository.write('schema.txt', 'x\n');
}

describe.each([
  ['a linked progress file', progressPath, 'notes/table.md', { 'notes/table.md': progress }],
  ['a linked folder', 'docs/progress', 'größe/wie groß', { 'größe/wie groß/SHOP_PROGRESS.md': progress }],
] as const)('%s', (_what, link, target, files) => {
  test('is committed where it is', async () => {
    const project = await createLinked(link, target, files);
    await start(project.context, { id: 'A-01' });
    addWork(project);
    await checkpoint(project.context, { message: 'half' });
    expect(project.dirty()).toEqual([]);
    await verify(project.context);
    expect((await complete(project.context, { message })).verified).toEqual({ passed: 1, total: 1 });
    expect(project.dirty()).toEqual([]);
    expect(project.row('A-01')).toMatch(/✅ Done .* \| [0-9a-f]{7} \|/);
  });

  test('is not work: it does not make the receipt stale, and rollback leaves it', async () => {
    const project = await createLinked(link, target, files);
    await start(project.context, { id: 'A-01' });
    addWork(project);
    await verify(project.context);
    await pause(project.context);
    await resume(project.context);
    expect((await verify(project.context)).reused).toBe(true);
    const done = await complete(project.context, { message });
    const at = Object.keys(files)[0] ?? '';
    project.repository.write(at, project.repository.read(at).replace('| A-03 | ⬜ Pending', '| A-03 | 🚫 Blocked'));
    expect((await planRollback(project.context, { session: 'A-01' })).files).toEqual(['schema.txt']);
    await rollback(project.context, { session: 'A-01' });
    expect(project.row('A-01')).toContain('🔁 Retry');
    expect(project.row('A-03')).toContain('🚫 Blocked');
    expect(project.progress()).toContain(`Rolled back (reverted ${done.commit?.hash.slice(0, 7)})`);
    expect(project.dirty()).toEqual([]);
  });
});

test('a linked folder of sessions is committed where it is', async () => {
  const project = await createLinked('docs/sessions', 'elsewhere', { 'elsewhere/README.md': '# Sessions\n' });
  await start(project.context, { id: 'A-01' });
  addWork(project);
  await pause(project.context);
  await resume(project.context);
  await checkpoint(project.context, { message: 'half' });
  expect(project.dirty()).toEqual([]);
  await complete(project.context, { message });
  expect(project.dirty()).toEqual([]);
});
