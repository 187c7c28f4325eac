import { describe, expect, it, onTestFinished } from 'vitest';
import { CliProject } from './support/cliProject.ts';
import { planPath, progressPath, shopFiles } from './support/shop.ts';

function open(): CliProject {
  const project = new CliProject(shopFiles);
  onTestFinished(() => project.dispose());
  return project;
}

describe('baton rename', () => {
  it('says what it would change, then changes it', async () => {
    const project = open();
    const dry = await project.run(['rename', 'BE-02', 'PR-10', '--dry-run']);
    expect([dry.code, dry.stdout.split('\n')[0]]).toEqual([0, 'Would rename BE-02 to PR-10:']);
    const before = await project.json(['sessions']);
    const { ok, data } = await project.json(['rename', 'BE-02', 'PR-10']);
    expect(ok).toBe(true);
    expect(data.session).toBe('PR-10');
    expect(data.files.map(({ path }: { path: string }) => path)).toEqual([planPath, progressPath]);
    const { data: after } = await project.json(['sessions']);
    expect(after.sessions).toEqual(JSON.parse(JSON.stringify(before.data.sessions).replaceAll('"BE-02"', '"PR-10"')));
  });

  it('refuses what cannot be', async () => {
    const project = open();
    expect((await project.run(['rename', 'BE-02', 'BE-01'])).stderr).toContain('There is a session BE-01 already');
    expect((await project.run(['rename', 'BE-77', 'BE-78'])).code).toBe(1);
    expect((await project.json(['rename', 'BE-02', 'a b'])).error.code).toBe('invalid-argument');
  });

  it('renames a task of a list', async () => {
    const project = open();
    await project.run(['tasks', 'create', 'Release', '--task', 'a: First', '--task', 'b: Second after a']);
    const { data } = await project.json(['rename', 'a', 'first-one', '--list', 'Release']);
    expect(data.task).toBe('first-one');
    const shown = await project.json(['tasks', 'show', data.list]);
    expect(JSON.stringify(shown.data)).toContain('"after":["first-one"]');
  });
});
