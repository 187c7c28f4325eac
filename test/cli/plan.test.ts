import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliProject } from './support/cliProject.ts';

describe('plan create', () => {
  let project: CliProject;

  beforeAll(() => {
    project = new CliProject({
      'TODO list.md': '# TODO: Zoo\n\n- [x] Fence\n- [ ] Lions\n- [ ] Keepers after Lions\n',
    });
  });
  afterAll(() => project.dispose());

  const shop = [
    '--session',
    '# Base',
    '--session',
    'BE-01: Models',
    '--session',
    'API after BE-01',
    '--repo',
    'backend',
  ];

  it('shows what it would make, and writes nothing', async () => {
    const { code, stdout } = await project.run(['plan', 'create', '--from', 'TODO list.md', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# Zoo Prompts\n/);
    expect(stdout).toContain('## Session ZOO-02: Keepers');
    expect(stdout).toContain('Source: TODO list.md:4');
    expect(project.git('status', '--porcelain')).toBe('');
  });

  it('makes a plan and a progress file that can be worked with', async () => {
    expect(await project.json(['plan', 'create', 'Shop', ...shop])).toMatchObject({
      code: 0,
      data: {
        path: 'docs/SHOP_PROMPTS.md',
        progress: 'docs/progress/SHOP_PROGRESS.md',
        sessions: [
          { id: 'BE-01', phase: 'Base' },
          { id: 'SHOP-01', title: 'API', dependencies: ['BE-01'], phase: 'Base' },
        ],
      },
    });
    const { data } = await project.json(['sessions']);
    expect(data.sessions).toMatchObject([
      { id: 'BE-01', repository: 'backend', status: 'pending' },
      { id: 'SHOP-01', dependencies: [{ id: 'BE-01' }] },
    ]);
    expect(await project.json(['check'])).toMatchObject({ code: 0 });
    expect(await project.json(['start', 'BE-01'])).toMatchObject({ code: 0 });
  });

  it('makes one of a list of things to do, beside it', async () => {
    const { code, stdout } = await project.run(['plan', 'create', '--from', 'TODO list.md']);
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'Made docs/ZOO_PROMPTS.md with 2 sessions']);
    expect(stdout).toContain('Left out what is done: Fence');
    expect((await project.json(['sessions', '--project', 'Zoo'])).data.sessions).toHaveLength(2);
  });

  it.each([
    ['a plan that is there', ['Shop', '--session', 'Other'], 'already-exists'],
    ['an ID that is taken', ['Second', '--session', 'BE-01: Other'], 'already-exists'],
    ['no session', ['Third'], 'invalid-argument'],
    ['no project', ['--session', 'a'], 'invalid-argument'],
    ['a circle', ['Third', '--session', 'X-1: a after X-2', '--session', 'X-2: b after X-1'], 'cyclic-dependency'],
    ['a file that is not there', ['Third', '--from', 'none.md'], 'invalid-argument'],
    ['a file with nothing to do', ['Third', '--from', '.gitignore'], 'invalid-argument'],
  ])('refuses %s and leaves everything as it is', async (_, args, code) => {
    const before = project.git('status', '--porcelain');
    const exit = code === 'invalid-argument' ? 2 : 1;
    expect(await project.json(['plan', 'create', ...args])).toMatchObject({ code: exit, error: { code } });
    expect(project.git('status', '--porcelain')).toBe(before);
  });

  it('is explained', async () => {
    const { stdout } = await project.run(['plan', 'create', '--help']);
    expect(stdout).toContain('--dry-run');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});
