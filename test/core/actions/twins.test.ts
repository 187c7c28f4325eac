import { expect, test } from 'vitest';
import { checkpoint } from '../../../src/core/actions/checkpoint.ts';
import { complete } from '../../../src/core/actions/complete.ts';
import { pause } from '../../../src/core/actions/pause.ts';
import { resume } from '../../../src/core/actions/resume.ts';
import { planRollback, rollback } from '../../../src/core/actions/rollback.ts';
import { show } from '../../../src/core/actions/show.ts';
import { start } from '../../../src/core/actions/start.ts';
import { createProject, files, planPath, progressPath, refusal, type TestProject } from './support.ts';

const zooPlan = 'docs/ZOO_PROMPTS.md';
const zooProgress = 'docs/progress/ZOO_PROGRESS.md';

/** Two projects in one repository, with the same IDs. */
function createTwins(): Promise<TestProject> {
  const zoo = (text = '') => text.replaceAll('Shop', 'Zoo').replaceAll('SHOP', 'ZOO');
  return createProject({ files: { [zooPlan]: zoo(files[planPath]), [zooProgress]: zoo(files[progressPath]) } });
}

async function work(project: TestProject, name: string, file: string): Promise<void> {
  await start(project.context, { id: 'A-03', project: name });
  project.repository.write(file, 'x\n');
  await complete(project.context, { message: `feat: ${file}` });
}

test('an ambiguous ID is shown by its project or plan, and the refusal says so', async () => {
  const project = await createTwins();
  const error = await refusal(show(project.context, { id: 'A-03' }), 'ambiguous-session');
  expect(error.hint).toBe('Name the project that you mean: --project Shop or --project Zoo.');
  expect((await show(project.context, { id: 'A-03', project: 'Zoo' })).entry.project).toBe('Zoo');
  expect((await show(project.context, { id: 'A-03', plan: zooPlan })).entry.project).toBe('Zoo');
});

test('rollback of an ambiguous ID takes the project, and its commits alone', async () => {
  const project = await createTwins();
  await work(project, 'Shop', 'shop.txt');
  await work(project, 'Zoo', 'zoo.txt');
  const error = await refusal(planRollback(project.context, { session: 'A-03' }), 'ambiguous-session');
  expect(error.hint).toContain('--project Zoo');
  expect((await planRollback(project.context, { session: 'A-03', plan: planPath })).files).toEqual(['shop.txt']);
  const { reverted } = await rollback(project.context, { session: 'A-03', project: 'zoo' });
  expect(reverted.map(({ message }) => message.split('\n', 1)[0])).toEqual(['feat: zoo.txt']);
  expect(project.repository.read('shop.txt')).toBe('x\n');
  expect(project.row('A-03')).toContain('✅ Done');
  expect(project.repository.read(zooProgress)).toMatch(/\| A-03 \| 🔁 Retry/);
  expect(project.dirty()).toEqual([]);
  await refusal(planRollback(project.context, { session: 'A-03', project: 'Zoo' }), 'nothing-to-roll-back');
  expect((await planRollback(project.context, { session: 'A-03', project: 'Shop' })).files).toEqual(['shop.txt']);
});

test('a commit that changed both progress files is nobody’s for sure', async () => {
  const project = await createTwins();
  await start(project.context, { id: 'A-03', project: 'Shop' });
  project.repository.write('shop.txt', 'x\n');
  project.repository.write(zooProgress, `${project.repository.read(zooProgress)}\nby hand\n`);
  await complete(project.context, { message: 'feat: shop' });
  const request = { session: 'A-03', project: 'Shop' };
  expect((await refusal(planRollback(project.context, request), 'ambiguous-session')).hint).toContain('git revert');
});

test('an ID that is paused in one project is free in the other', async () => {
  const project = await createTwins();
  await start(project.context, { id: 'A-03', project: 'Shop' });
  await pause(project.context);
  const { session } = await start(project.context, { id: 'A-03', project: 'Zoo' });
  expect(session).toMatchObject({ project: 'Zoo', status: 'active' });
  expect(project.row('A-03')).toContain('⏸️ Paused');
  project.repository.write('zoo.txt', 'x\n');
  await checkpoint(project.context, { message: 'half' });
  expect((await planRollback(project.context, { session: 'A-03', project: 'Zoo' })).files).toEqual(['zoo.txt']);
  await complete(project.context, { message: 'feat: zoo' });
  await refusal(start(project.context, { id: 'A-03', project: 'Shop' }), 'wrong-state');
});

test('an ID without a row is paused in its own project alone', async () => {
  const project = await createTwins();
  const drop = (path: string) =>
    project.repository.write(path, project.repository.read(path).replace(/^\| A-03 .*\n/m, ''));
  for (const path of [progressPath, zooProgress]) drop(path);
  await start(project.context, { id: 'A-03', project: 'Shop' });
  await pause(project.context);
  drop(progressPath);
  const { sessions } = await project.context.store.refresh();
  expect(sessions.filter(({ id }) => id === 'A-03').map((one) => [one.project, one.status])).toEqual([
    ['Shop', 'paused'],
    ['Zoo', 'pending'],
  ]);
});

test('both are paused, each in a file of its own, and resumed by project', async () => {
  const project = await createTwins();
  const { context, repository } = project;
  for (const name of ['Shop', 'Zoo']) {
    repository.write(`dirty before ${name}.txt`, 'x\n');
    await start(context, { id: 'A-03', project: name });
    repository.write(`${name}.txt`, 'x\n');
    await checkpoint(context, { message: name });
    await pause(context);
  }
  const files = repository.git('ls-files', '--others', '--cached', 'docs/sessions/paused').trim().split('\n').sort();
  expect(files).toEqual(['docs/sessions/paused/A-03.md', 'docs/sessions/paused/A-03@Zoo.md']);
  const error = await refusal(resume(context, { id: 'A-03' }), 'ambiguous-session');
  expect(error.hint).toBe('Name the project that you mean: --project "Shop" or --project "Zoo".');
  await refusal(resume(context, { id: 'A-03', project: 'Other' }), 'wrong-state');
  expect((await resume(context, { id: 'A-03', project: 'zoo' })).session).toBe('A-03');
  expect(project.session()).toMatch(/^project: Zoo$/m);
  // Its own record came back: what was dirty before it is left out again.
  repository.write('Zoo.txt', 'y\n');
  expect((await checkpoint(context, { message: 'again' })).files).not.toContain('dirty before Zoo.txt');
  await complete(context, { message: 'feat: zoo' });
  expect(project.row('A-03')).toContain('⏸️ Paused');
  await resume(context, { id: 'A-03' });
  expect(project.session()).toMatch(/^project: Shop$/m);
  await complete(context, { message: 'feat: shop' });
  expect(repository.git('ls-files', 'docs/sessions/paused')).toBe('');
});

test('a file that is no other project’s session is never overwritten by a pause', async () => {
  const project = await createTwins();
  await start(project.context, { id: 'A-03', project: 'Zoo' });
  project.repository.write('docs/sessions/paused/A-03.md', '# Mine\n');
  await refusal(pause(project.context), 'already-exists');
});
