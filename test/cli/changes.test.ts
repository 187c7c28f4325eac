import { describe, expect, it, onTestFinished } from 'vitest';
import { CliProject } from './support/cliProject.ts';
import { shopFiles } from './support/shop.ts';

async function begin(): Promise<CliProject> {
  const project = new CliProject(shopFiles);
  onTestFinished(() => project.dispose());
  expect((await project.run(['start', 'FE-02'])).code).toBe(0);
  project.write('web/Seite ü.html', '<p>\n</p>\n');
  expect((await project.run(['checkpoint', '-m', 'page'])).code).toBe(0);
  project.write('web/style.css', 'p {}\n');
  return project;
}

describe('baton changes', () => {
  it('lists the files of the active session, state files last, with their lines where asked for', async () => {
    const project = await begin();
    const { code, stdout, stderr } = await project.run(['changes']);
    expect([code, stderr]).toEqual([0, '']);
    const [title, ...lines] = stdout.trimEnd().split('\n');
    expect(title).toMatch(/^FE-02: [0-9a-f]{7} to the working tree, 4 files, \+\d+ −\d+$/);
    expect(lines).toEqual([
      'A  web/Seite ü.html',
      'A  web/style.css',
      'M  docs/progress/SHOP_PROGRESS.md',
      'A  docs/sessions/SESSION.md',
    ]);
    const stat = await project.run(['changes', 'FE-02', '--stat']);
    expect(stat.stdout).toMatch(/^A +\+2 −0 {2}web\/Seite ü\.html$/m);
  });

  it('lists one checkpoint, and gives objects', async () => {
    const project = await begin();
    const { data } = await project.json(['changes', 'FE-02', '--checkpoint', '1']);
    expect(data).toMatchObject({ session: 'FE-02', repository: '.', to: project.git('rev-parse', 'HEAD'), others: [] });
    expect(data.commits).toEqual([{ hash: data.to, subject: 'WIP: [FE-02] checkpoint 1 - page' }]);
    expect(data.files[0]).toEqual({
      path: 'web/Seite ü.html',
      kind: 'added',
      from: null,
      added: 2,
      removed: 0,
      binary: false,
      stateFile: false,
    });
  });

  it('refuses what it cannot tell, with the next step', async () => {
    const project = await begin();
    const none = await project.json(['changes', 'BE-02']);
    expect(none).toMatchObject({
      code: 1,
      error: { code: 'wrong-state', hint: expect.stringContaining('baton start') },
    });
    expect((await project.json(['changes', 'FE-02', '--checkpoint', '7'])).error.code).toBe('unknown-checkpoint');
    expect((await project.run(['changes', '--checkpoint', 'x'])).code).toBe(2);
    expect((await project.json(['changes', 'ZZ-1'])).error.code).toBe('unknown-session');
  });
});
