import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { displayWidth } from '../../src/cli/text.ts';
import { CliProject, normalize } from './support/cliProject.ts';
import { planOf, planPath, progressPath, shopFiles, shopProgress } from './support/shop.ts';

describe('reading', () => {
  let project: CliProject;

  beforeAll(() => {
    project = new CliProject(shopFiles);
  });
  afterAll(() => project.dispose());

  it('lists sessions in tables that fit 80 columns, without colours', async () => {
    const { code, stdout, stderr } = await project.run(['sessions']);
    expect([code, stderr]).toEqual([0, '']);
    expect(normalize(stdout)).toBe(`Shop · backend · Week 1
  BE-01  done     Set up the project  YYYY-MM-DD HH:MM
  BE-02  ready    Keep products       unblocks 2 sessions
  BE-03  waiting  Take payments       waits for BE-02

Shop · frontend · Week 2
  FE-01  waiting  Show products       waits for BE-02
  FE-02  ready    Lay out the pages
`);
  });

  it('lists sessions as objects with stable names', async () => {
    const { data } = await project.json(['sessions']);
    expect(data.sessions.map(({ id }: { id: string }) => id)).toEqual(['BE-01', 'BE-02', 'BE-03', 'FE-01', 'FE-02']);
    expect(data.sessions[1]).toEqual({
      id: 'BE-02',
      title: 'Keep products',
      status: 'pending',
      statusUnknown: false,
      project: 'Shop',
      repository: 'backend',
      section: 'Week 1',
      dependencies: [{ id: 'BE-01', status: 'done', met: true, reason: 'must be complete' }],
      waitingFor: [],
      unblocks: ['BE-03', 'FE-01'],
      started: null,
      completed: null,
      commit: null,
      notes: null,
      model: 'claude-sonnet-4',
      estimate: '45 minutes',
      plan: planPath,
      progress: progressPath,
      ready: true,
      activeHere: false,
    });
  });

  it.each([
    [['--ready'], ['BE-02', 'FE-02']],
    [['--status', 'done'], ['BE-01']],
    [
      ['--status', 'done,pending', '--repository', 'frontend'],
      ['FE-01', 'FE-02'],
    ],
    [
      ['--text', 'PRODUCTS'],
      ['BE-02', 'FE-01'],
    ],
    [
      ['--text', 'fe-0'],
      ['FE-01', 'FE-02'],
    ],
    [['--project', 'Shop', '--text', 'pay'], ['BE-03']],
  ])('filters by %j', async (args, ids) => {
    const { data } = await project.json(['sessions', ...args]);
    expect(data.sessions.map(({ id }: { id: string }) => id)).toEqual(ids);
  });

  it('says what comes next', async () => {
    expect((await project.run(['sessions', '--ready'])).stdout).toMatch(/\nNext: baton start BE-02 {2}\(.*\)\n$/);
    expect((await project.run(['sessions', '--status', 'failed'])).stdout).toMatch(
      /^No session fits .*\nNext: baton sessions/,
    );
    expect((await project.run(['status'])).stdout).toMatch(
      /\nReady {4}BE-02, FE-02\n(.*\n)*Next: baton start BE-02\n$/,
    );
  });

  it('shows the status', async () => {
    expect((await project.run(['status'])).stdout).toBe(`Shop  1/5 sessions done · 2 ready
Ready    BE-02, FE-02
Blocker  FE-01 blocked by BE-02
Next: baton start BE-02
`);
    expect(await project.json(['status'])).toMatchObject({
      code: 0,
      data: {
        projects: [{ project: 'Shop', progress: progressPath, total: 5, done: 1, ready: 2, pending: 4 }],
        active: null,
        ready: ['BE-02', 'FE-02'],
        blockers: [{ text: 'FE-01 blocked by BE-02', session: 'FE-01', path: progressPath }],
        interrupted: null,
        problems: 0,
      },
    });
  });

  it('shows a note of several lines as one', async () => {
    const own = new CliProject(shopFiles);
    onTestFinished(() => own.dispose());
    await own.run(['start', 'BE-02']);
    await own.run(['note', 'first\nand more']);
    const { stdout } = await own.run(['show', 'BE-02']);
    expect(stdout).toMatch(/Session notes:\n {2}- \[\d\d:\d\d\] first\n {4}and more\n/);
  });

  it('shows a session', async () => {
    const { stdout } = await project.run(['show', 'BE-02']);
    for (const line of stdout.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/^BE-02: Keep products\nStatus {4}ready\nProject {3}Shop · backend · Week 1\n/);
    expect(stdout).toContain('After     BE-01 done (must be complete)\n');
    expect(stdout).toContain('Verification commands:\n  - test -f src/products.txt\n');
    expect(stdout).toMatch(/\nNext: baton start BE-02\n$/);
    expect(await project.json(['show', 'BE-02'])).toMatchObject({
      code: 0,
      data: {
        session: { id: 'BE-02', ready: true },
        commits: [],
        receipt: null,
        receiptState: 'none',
        commands: ['test -f src/products.txt', 'echo "checked products"'],
        rollbackCommands: ['echo dropped > dropped.txt'],
        checklist: ['The code is there', 'All commands pass'],
      },
    });
  });

  it('finds the project from a folder inside it', async () => {
    expect((await project.json(['sessions'], { cwd: 'src' })).data.sessions).toHaveLength(5);
  });

  it('finds no problem where there is none', async () => {
    expect(await project.run(['check'])).toMatchObject({ code: 0, stdout: 'No problems in 2 files.\n', stderr: '' });
    expect(await project.json(['check'])).toMatchObject({ code: 0, data: { problems: [], fixed: 0, files: 2 } });
  });

  it('changes nothing', async () => {
    expect(project.gitStatus()).toBe('');
    expect(project.read(progressPath)).toBe(shopProgress);
  });
});

describe('reading what is hostile', () => {
  const projects: CliProject[] = [];
  const projectOf = (files: Readonly<Record<string, string>>, options?: { git?: boolean }) => {
    const project = new CliProject(files, options);
    projects.push(project);
    return project;
  };
  afterAll(() => {
    for (const project of projects) project.dispose();
  });

  it('prints no escape sequence and no direction override of a document', async () => {
    const title = 'Evil \u001b[2J\u001b]0;owned\u0007 \u202etitle';
    const project = projectOf({ [planPath]: planOf([{ id: 'BE-01', title }]) });
    for (const args of [['sessions'], ['show', 'BE-01'], ['status'], ['start', 'BE-01']]) {
      const { stdout, stderr } = await project.run(args);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not be there.
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });

  it.each([[40], [60], [120]])('never breaks an ID of %i characters', async (length) => {
    const ids = ['long', 'wide'].map((name) => `${name}-${'x'.repeat(length - 5)}`);
    const [first = '', second = ''] = ids;
    const sessions = [
      { id: first, title: 'First' },
      { id: second, title: 'Second', dependencies: [first] },
    ];
    const lines = (await projectOf({ [planPath]: planOf(sessions) }).run(['sessions'])).stdout.split('\n');
    for (const id of ids) expect(lines.filter((line) => line.startsWith(`  ${id}`))).toHaveLength(1);
    expect(lines.includes(`  ${second}`)).toBe(length > 40);
    expect(lines.join('\n')).toMatch(/waiting +waits for/);
    expect(lines).toContain('    Second');
  });

  it('wraps long and wide titles into 80 columns and loses nothing', async () => {
    const long = 'A very long title that goes on and on, '.repeat(4).trim();
    const wide = '数据脱敏系统的实施计划与进度跟踪'.repeat(3);
    const project = projectOf({
      [planPath]: planOf([
        { id: 'BE-01', title: long },
        { id: 'BE-02', title: wide, dependencies: ['BE-01'] },
      ]),
    });
    const { stdout } = await project.run(['sessions']);
    for (const line of stdout.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    const { data } = await project.json(['sessions']);
    expect(data.sessions.map(({ title }: { title: string }) => title)).toEqual([long, wide]);
    expect([...stdout].filter((character) => character === '脱')).toHaveLength(3);
  });

  it('reports problems with place, code and fix, and exit code 1', async () => {
    const broken = shopProgress
      .replace('| BE-02 | Keep products | ⬜ Pending |', '| BE-02 | Keep products | 🦄 Magic |')
      .replace('| FE-02 |', '| BE-01 |');
    const project = projectOf({ ...shopFiles, [progressPath]: broken });
    const { code, stdout, stderr } = await project.run(['check']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^docs\/progress\/SHOP_PROGRESS\.md:14:27 (error|warning) unknown-status .+$/m);
    expect(stdout).toMatch(/^docs\/progress\/SHOP_PROGRESS\.md:\d+:\d+ (?:error|warning) duplicate-id .+$/m);
    expect(stderr).toMatch(/^error: \d+ problems in docs\/progress\/SHOP_PROGRESS\.md\nhint: .+\n$/);
    const { error, ...json } = await project.json(['check', progressPath]);
    expect([json.code, error.code]).toEqual([1, 'problems-found']);
    expect(error.data.problems).toContainEqual(
      expect.objectContaining({ file: progressPath, line: 14, column: 27, code: 'unknown-status' }),
    );
  });

  it('says that there are no sessions where there are none', async () => {
    const project = projectOf({ 'README.md': '# x\n' });
    expect((await project.run(['sessions'])).stdout).toMatch(/^There are no sessions yet: .*\nNext: baton init /);
    expect((await project.run(['status'])).stdout).toMatch(/^There are no sessions yet: .*\nNext: baton init /);
    expect((await project.json(['sessions'])).data.sessions).toEqual([]);
  });

  it('names the files that it does not understand', async () => {
    const plan = projectOf({ 'docs/X_PROMPTS.md': '# X\n\nJust text.\n' });
    for (const verb of ['sessions', 'status']) {
      expect((await plan.run([verb])).stdout).toBe(
        'No session is defined in docs/X_PROMPTS.md.\nA session begins with a heading such as "## Session BE-01: Title".\n',
      );
    }
    const table = projectOf({ 'docs/progress/X_PROGRESS.md': '# X\n\n| Gate | State |\n|---|---|\n| a | b |\n' });
    expect((await table.run(['status'])).stdout).toMatch(
      /No table with a row per session is in docs\/progress\/X_PROGRESS.md.\nNext: baton check/,
    );
    const own = projectOf({ ...shopFiles, 'docs/sessions/SESSION.md': '# Mine\n' });
    expect((await own.run(['status'])).stdout).toContain('Note     docs/sessions/SESSION.md names no session; Baton');
  });

  it('reads outside git too', async () => {
    const project = projectOf(shopFiles, { git: false });
    expect((await project.json(['sessions'])).data.sessions).toHaveLength(5);
    expect((await project.json(['status'])).code).toBe(0);
    expect((await project.json(['show', 'BE-01'])).data.commits).toEqual([]);
  });
});
