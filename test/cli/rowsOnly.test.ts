import { afterEach, expect, it } from 'vitest';
import { CliProject } from './support/cliProject.ts';

const projects: CliProject[] = [];

afterEach(() => {
  for (const project of projects.splice(0)) project.dispose();
});

/** A project of rows alone, without a plan, for each name. */
function rowsOf(...names: readonly string[]): CliProject {
  const rows = '| Session | Title | Status | Notes |\n|---|---|---|---|\n| G-1 | Dig | ⬜ Pending | deep |\n';
  const files = names.map((name) => [
    `docs/progress/${name.toUpperCase()}_PROGRESS.md`,
    `# ${name} Progress\n\n${rows}`,
  ]);
  const project = new CliProject(Object.fromEntries(files));
  projects.push(project);
  return project;
}

it('works through a session that only a table has, as the next step says', async () => {
  const project = rowsOf('Garden');
  expect((await project.run(['sessions', '--ready'])).stdout).toContain('G-1');
  const started = await project.run(['start', 'G-1']);
  expect(started.code).toBe(0);
  expect(started.stderr).toContain('No plan defines G-1');
  expect((await project.json(['verify'])).error.code).toBe('no-verification');
  project.write('bed.txt', 'x\n');
  const done = await project.run(['complete', 'G-1', '-m', 'feat(garden): dig', '--yes']);
  expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('nothing to verify')]);
  expect(project.gitStatus()).toBe('');
});

it('shows and rolls back one of two sessions with an ID by the option that the refusal names', async () => {
  const project = rowsOf('Garden', 'Zoo');
  for (const args of [
    ['show', 'G-1'],
    ['rollback', '--session', 'G-1', '--yes'],
  ]) {
    const { error } = await project.json(args);
    expect(error).toMatchObject({ code: 'ambiguous-session', hint: expect.stringContaining('--project Zoo') });
  }
  expect((await project.json(['show', 'G-1', '--project', 'Zoo'])).data.session.project).toBe('Zoo');
  expect((await project.json(['show', 'G-1', '--plan', 'docs/NO_PROMPTS.md'])).error.code).toBe('unknown-session');
  await project.json(['start', 'G-1', '--project', 'Zoo']);
  project.write('bed.txt', 'x\n');
  await project.json(['complete', '-m', 'feat(zoo): dig', '--yes']);
  const back = await project.json(['rollback', '--session', 'G-1', '--project', 'Zoo', '--yes']);
  expect(back).toMatchObject({ code: 0, data: { session: 'G-1', reverted: [{ subject: 'feat(zoo): dig' }] } });
  expect(project.has('bed.txt')).toBe(false);
});
