import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { changes } from '../../../src/core/actions/changes.ts';
import { checkpoint } from '../../../src/core/actions/checkpoint.ts';
import { complete } from '../../../src/core/actions/complete.ts';
import { pause } from '../../../src/core/actions/pause.ts';
import { resume } from '../../../src/core/actions/resume.ts';
import { rollback } from '../../../src/core/actions/rollback.ts';
import { sessionRange } from '../../../src/core/actions/sessionRange.ts';
import { start } from '../../../src/core/actions/start.ts';
import { createTestRepository } from '../../support/gitRepository.ts';
import { createProject, planPath, progressPath, refusal, sessionPath, type TestProject } from './support.ts';

async function filesOf(project: TestProject, id?: string, checkpointNumber?: number): Promise<string[]> {
  const { files } = await changes(project.context, {
    ...(id !== undefined && { id }),
    ...(checkpointNumber !== undefined && { checkpoint: checkpointNumber }),
  });
  return files.filter(({ stateFile }) => !stateFile).map(({ path }) => path);
}

const head = (project: TestProject): string => project.repository.git('rev-parse', 'HEAD').trim();

test('of an active session everything since its start, checkpoints, commits by hand and new files alike', async () => {
  const project = await createProject({
    files: { 'old name.txt': 'one\ntwo\nthree\nfour\n', 'gone.txt': 'to be removed\n' },
  });
  const { repository, context } = project;
  const from = head(project);
  await start(context, { id: 'A-01' });
  repository.write('größe ä.txt', 'a\nb\n');
  await checkpoint(context, { message: 'one' });
  repository.commit('chore: by hand', { 'hand.txt': 'x\n' });
  repository.write('README.md', '# Shop\n\nmore\n');
  renameSync(join(repository.root, 'old name.txt'), join(repository.root, 'new "name".txt'));
  repository.git('rm', '-q', 'gone.txt');
  repository.write('bin.dat', new Uint8Array([0, 1, 2, 0, 255]));
  repository.write('ignored/x.txt', 'x\n');
  const { range, files, warnings } = await changes(context);
  expect(range).toMatchObject({ from, to: undefined });
  expect(files).toEqual([
    { path: 'README.md', kind: 'modified', added: 2, removed: 0, stateFile: false },
    { path: 'bin.dat', kind: 'added', binary: true, stateFile: false },
    { path: 'gone.txt', kind: 'deleted', added: 0, removed: 1, stateFile: false },
    { path: 'größe ä.txt', kind: 'added', added: 2, removed: 0, stateFile: false },
    { path: 'hand.txt', kind: 'added', added: 1, removed: 0, stateFile: false },
    { path: 'new "name".txt', kind: 'renamed', from: 'old name.txt', added: 0, removed: 0, stateFile: false },
    expect.objectContaining({ path: progressPath, stateFile: true }),
    expect.objectContaining({ path: sessionPath, kind: 'added', stateFile: true }),
  ]);
  expect(range.commits).toHaveLength(1);
  expect(warnings).toEqual([expect.stringContaining('chore: by hand')]);
});

test('the working tree is compared without writing, and agrees on the files', async () => {
  const project = await createProject({ files: { 'gone.txt': 'x\n' } });
  await start(project.context, { id: 'A-01' });
  project.repository.write('sub dir/ü.txt', 'a\n');
  project.repository.write('.ü.txt.12.tmp', 'half\n');
  project.repository.git('mv', 'gone.txt', 'there.txt');
  const git = await project.ports.git('');
  const objects = project.repository.git('count-objects', '-v');
  const found = await git?.compareWorkingTree('HEAD');
  expect(found).toEqual([
    { path: progressPath, kind: 'modified' },
    { path: sessionPath, kind: 'added' },
    { path: 'sub dir/ü.txt', kind: 'added' },
    { path: 'there.txt', kind: 'renamed', from: 'gone.txt' },
  ]);
  expect(project.repository.git('count-objects', '-v')).toBe(objects);
});

test('what was dirty before the session and is so still is left out, and named', async () => {
  const project = await createProject();
  project.repository.write('mine.txt', 'before\n');
  project.repository.write('touched.txt', 'before\n');
  await start(project.context, { id: 'A-03' });
  project.repository.write('touched.txt', 'after\n');
  const { files, leftOut } = await changes(project.context);
  expect(leftOut).toEqual(['mine.txt']);
  expect(files[0]?.path).toBe('touched.txt');
});

describe('of a session that is done', () => {
  test('from its start to its work commit, all its checkpoints included and nothing that came later', async () => {
    const project = await createProject();
    const { context, repository } = project;
    const from = repository.commit('chore: before');
    await start(context, { id: 'A-03' });
    repository.write('one.txt', '1\n');
    await checkpoint(context, { message: 'one' });
    repository.write('two.txt', '2\n');
    await checkpoint(context, { message: 'two' });
    repository.write('three.txt', '3\n');
    const { commit } = await complete(context, { message: 'feat: three' });
    repository.commit('feat: later work of others', { 'later.txt': 'x\n' });
    const { range } = await changes(context, { id: 'A-03' });
    expect(range).toMatchObject({ from, to: commit?.hash, others: [], rolledBack: false });
    expect(range.commits).toHaveLength(3);
    expect(await filesOf(project, 'A-03')).toEqual(['one.txt', 'three.txt', 'two.txt']);
    expect(await filesOf(project, 'A-03', 2)).toEqual(['two.txt']);
    const error = await refusal(changes(context, { id: 'A-03', checkpoint: 3 }), 'unknown-checkpoint');
    expect(error.hint).toBe('Its checkpoints: 1, 2.');
  });

  test('its start is known from its checkpoint though the first commit was made by hand', async () => {
    const project = await createProject();
    const from = head(project);
    await start(project.context, { id: 'A-03' });
    project.repository.commit('feat: by hand', { 'hand.txt': 'x\n' });
    project.repository.write('one.txt', '1\n');
    await checkpoint(project.context, { message: 'one' });
    await complete(project.context, { message: 'feat: end' });
    expect((await sessionRange(project.context, { id: 'A-03' })).from).toBe(from);
    expect(await filesOf(project, 'A-03')).toEqual(['hand.txt', 'one.txt']);
  });

  test('or from its receipt where it made no checkpoint', async () => {
    const project = await createProject({ yes: true });
    const from = head(project);
    await start(project.context, { id: 'A-01' });
    project.repository.commit('feat: by hand', { 'schema.txt': 'x\n' });
    project.repository.write('more.txt', 'x\n');
    await complete(project.context, { message: 'feat: end' });
    const range = await sessionRange(project.context, { id: 'A-01' });
    expect(range.from).toBe(from);
    expect(range.others).toHaveLength(1);
  });

  test('a receipt of an earlier start does not count', async () => {
    const project = await createProject({ yes: true });
    await start(project.context, { id: 'A-01' });
    project.repository.write('schema.txt', 'x\n');
    await complete(project.context, { message: 'feat: first' });
    await start(project.context, { id: 'A-01', force: true });
    const second = head(project);
    project.repository.write('second.txt', 'x\n');
    expect(await filesOf(project)).toEqual(['second.txt']);
    await complete(project.context, { message: 'feat: second', verify: false });
    expect((await sessionRange(project.context, { id: 'A-01' })).from).toBe(second);
    expect(await filesOf(project, 'A-01')).toEqual(['second.txt']);
  });

  test('without a commit that names it its row does, else it is said what to do', async () => {
    const project = await createProject();
    const hash = project.repository.commit('feat: by hand', { 'hand.txt': 'x\n' });
    const done = (commit: string) =>
      project.repository.write(
        progressPath,
        project.progress().replace(/^\| A-03 .*$/m, `| A-03 | ✅ Done | — | — | ${commit} |  |`),
      );
    done(hash.slice(0, 7));
    expect(await filesOf(project, 'A-03')).toEqual(['hand.txt']);
    done('—');
    const error = await refusal(changes(project.context, { id: 'A-03' }), 'unknown-checkpoint');
    expect(error.hint).toContain('Session: A-03');
    done('1234567');
    await refusal(changes(project.context, { id: 'A-03' }), 'unknown-checkpoint');
  });
});

test('one that was rolled back shows what was taken back, and says so', async () => {
  const project = await createProject();
  await start(project.context, { id: 'A-03' });
  project.repository.write('one.txt', '1\n');
  await checkpoint(project.context, { message: 'one' });
  await rollback(project.context);
  const { range, warnings } = await changes(project.context, { id: 'A-03' });
  expect(range.rolledBack).toBe(true);
  expect(warnings.join()).toContain('rolled back');
  expect(await filesOf(project, 'A-03')).toEqual(['one.txt']);
  // Started again, it begins anew.
  await start(project.context, { id: 'A-03' });
  project.repository.write('again.txt', '1\n');
  expect(await filesOf(project)).toEqual(['again.txt']);
});

test('a paused one ends with the working tree, or with its last commit while another is active', async () => {
  const project = await createProject();
  await start(project.context, { id: 'A-03' });
  project.repository.write('one.txt', '1\n');
  await pause(project.context);
  expect(await filesOf(project, 'A-03')).toEqual(['one.txt']);
  await start(project.context, { id: 'A-01' });
  const error = await refusal(changes(project.context, { id: 'A-03' }), 'unknown-checkpoint');
  expect(error.hint).toContain('A-01');
  await pause(project.context);
  await resume(project.context, { id: 'A-03' });
  await checkpoint(project.context, { message: 'one' });
  await pause(project.context);
  await start(project.context, { id: 'A-02', force: true });
  project.repository.write('other.txt', '1\n');
  expect(await filesOf(project, 'A-03')).toEqual(['one.txt']);
});

test('in the repository that .baton.yaml maps', async () => {
  const project = await createProject({
    files: {
      '.baton.yaml': 'repositories:\n  api: Größe api\n',
      '.gitignore': 'Größe api/\n',
      [progressPath]:
        '# Shop Progress\n\n### api\n\n**Repository:** api\n\n| Session | Status | Started | Completed | Commit | Notes |\n|---|---|---|---|---|---|\n| A-03 | ⬜ Pending | — | — | — | |\n',
      [planPath]:
        '# Shop Prompts\n\n## Session A-03: Größe\n\n```yaml\nsession_id: A-03\nrepository: api\n```\n\n### Prompt\n\nDo it.\n',
    },
  });
  const root = join(project.repository.root, 'Größe api');
  mkdirSync(root);
  const api = createTestRepository({ 'a.txt': 'a\n' }, root);
  const from = api.git('rev-parse', 'HEAD').trim();
  await start(project.context, { id: 'A-03' });
  api.write('a.txt', 'b\n');
  await checkpoint(project.context, { message: 'one' });
  api.write('c.txt', 'b\n');
  const active = await changes(project.context);
  expect(active.range).toMatchObject({ from, place: { folder: 'Größe api' } });
  expect(active.files.map(({ path }) => path)).toEqual(['a.txt', 'c.txt']);
  await complete(project.context, { message: 'feat: c' });
  api.commit('chore: later', { 'd.txt': 'd\n' });
  const done = await changes(project.context, { id: 'A-03' });
  expect(done.range.from).toBe(from);
  expect(done.files.map(({ path }) => path)).toEqual(['a.txt', 'c.txt']);
});

test('a start that is not in the repository falls back on the first commit, else is refused with the next step', async () => {
  const project = await createProject();
  await start(project.context, { id: 'A-03' });
  project.repository.write(sessionPath, project.session().replace(/^start_ref: .*$/m, `start_ref: ${'1'.repeat(40)}`));
  const error = await refusal(changes(project.context), 'unknown-checkpoint');
  expect(error.hint).toContain('git fetch --unshallow');
  const parent = head(project);
  project.repository.write('one.txt', '1\n');
  await checkpoint(project.context, { message: 'one' });
  expect((await sessionRange(project.context)).from).toBe(parent);
});

test('a session that began in a repository without commits', async () => {
  const project = await createProject({ git: false });
  project.repository.git('init', '-q', '-b', 'main');
  project.repository.git('config', 'user.name', 'T');
  project.repository.git('config', 'user.email', 't@example.com');
  await start(project.context, { id: 'A-03' });
  project.repository.write('one.txt', '1\n');
  expect(await filesOf(project)).toContain('one.txt');
  await checkpoint(project.context, { message: 'one' });
  expect(await filesOf(project)).toContain('one.txt');
});

test('what was not started, is unknown, or is in no repository is refused', async () => {
  const project = await createProject();
  expect((await refusal(changes(project.context, { id: 'A-03' }), 'wrong-state')).hint).toContain('baton start A-03');
  await refusal(changes(project.context, { id: 'A-99' }), 'unknown-session');
  await refusal(changes(project.context), 'no-active-session');
  const bare = await createProject({ git: false });
  await start(bare.context, { id: 'A-03' });
  await refusal(changes(bare.context), 'not-a-repository');
});
