import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliProject, normalize } from './support/cliProject.ts';
import { progressPath, sessionPath, shopFiles, shopProgress } from './support/shop.ts';

describe('the life of a session, for a person', () => {
  let project: CliProject;
  const row = (id: string) =>
    project
      .read(progressPath)
      .split('\n')
      .find((line) => line.startsWith(`| ${id} |`)) ?? '';

  beforeAll(() => {
    project = new CliProject(shopFiles);
  });
  afterAll(() => project.dispose());

  it('starts', async () => {
    const { code, stdout, stderr } = await project.run(['start', 'BE-02']);
    expect([code, stderr]).toEqual([0, '']);
    expect(normalize(stdout)).toBe(`Started BE-02: Keep products
Read   docs/sessions/SESSION.md
Model  claude-sonnet-4, thinking standard
Next: baton checkpoint -m "what is done"  (or: baton verify, baton complete -m …)
`);
    expect(normalize(row('BE-02'))).toMatch(/^\| BE-02 \| Keep products \| 🔄 Active \| YYYY-MM-DD HH:MM \| — \|/);
    expect(project.read(sessionPath)).toContain('# Current Session: BE-02');
  });

  it('takes notes, decisions and blockers', async () => {
    expect((await project.run(['note', 'needs', 'an index'])).stdout).toBe(`Noted for BE-02 in ${sessionPath}\n`);
    expect(project.read(sessionPath)).toMatch(/needs an index/);
    const decided = await project.run(['note', '--decision', 'Use UUIDs', '--rationale', 'they merge']);
    expect(decided.stdout).toBe(`Decision noted for BE-02 in ${progressPath}\n`);
    expect(project.read(progressPath)).toMatch(/\| BE-02 \| Use UUIDs \| they merge \|/);
    expect((await project.run(['note', '--blocker', 'no disk'])).stdout).toMatch(/^Blocker noted/);
    expect(project.read(progressPath)).toContain('- [ ] BE-02: no disk');
    expect((await project.run(['note', '--resolve', 'no disk'])).stdout).toMatch(/^Blocker resolved/);
    expect(project.read(progressPath)).not.toContain('- [ ] BE-02: no disk');
  });

  it('ticks and opens items', async () => {
    expect((await project.run(['tick', '1'])).stdout).toBe('[x] The code is there  (1/2)\n');
    expect(project.read(sessionPath)).toContain('- [x] The code is there');
    expect((await project.run(['tick', 'The code is there', '--undo'])).stdout).toBe('[ ] The code is there  (0/2)\n');
    expect(project.read(sessionPath)).toContain('- [ ] The code is there');
  });

  it('makes a checkpoint', async () => {
    project.write('src/products.txt', 'half\n');
    const { code, stdout } = await project.run([
      'checkpoint',
      '-m',
      'half of it',
      '--done',
      'file',
      '--remaining',
      'rest',
    ]);
    expect(code).toBe(0);
    expect(normalize(stdout)).toMatch(/^Checkpoint 1 of BE-02: HHHHHHH|^Checkpoint 1 of BE-02: \w{7}/);
    const message = project.git('log', '-1', '--format=%B');
    expect(message).toMatch(/^WIP: \[BE-02\] checkpoint 1 - half of it\n/);
    expect(message).toContain('Session: BE-02 (checkpoint 1)');
    expect(project.gitStatus()).toBe('');
  });

  it('shows what is under way', async () => {
    const { stdout } = await project.run(['status']);
    expect(stdout).toMatch(
      /^Shop {2}1\/5 sessions done · 1 active · 1 ready\nActive {3}BE-02: Keep products {2}\d+ min\n/,
    );
    expect(stdout).toContain('         checklist 0/2 · 1 checkpoint · not verified · 0 files changed\n');
    expect(stdout).toContain('          1 [ ] The code is there\n');
    expect(stdout).toMatch(/\nNext: baton verify {2}\(or: baton checkpoint .*\)\n$/);
  });

  it('verifies, shows the output on stderr and the result on stdout', async () => {
    const { code, stdout, stderr } = await project.run(['verify', '--yes']);
    expect(code).toBe(0);
    expect(normalize(stderr)).toBe(`verifying BE-02: 2 commands from the repository
  $ test -f src/products.txt
  $ echo "checked products"
[1/2] $ test -f src/products.txt
[1/2] passed (TIME)
[2/2] $ echo "checked products"
checked products
[2/2] passed (TIME)
`);
    expect(normalize(stdout)).toContain(
      '✓ test -f src/products.txt  passed (TIME)\n✓ echo "checked products"  passed (TIME)\n',
    );
    expect(stdout).toMatch(/\nVerified 2\/2 of BE-02 \(in .*\)\nNext: baton complete -m .*\n$/);
  });

  it('does not verify twice what has not changed', async () => {
    const { stdout, stderr } = await project.run(['verify']);
    expect(stderr).toBe('');
    expect(stdout).toContain('Verified 2/2 of BE-02 (nothing has changed since; --again runs it again)');
    expect((await project.run(['verify', '--again', '--yes'])).stderr).toContain('[2/2] passed');
  });

  it('pauses and resumes', async () => {
    const paused = await project.run(['pause', '-m', 'lunch']);
    expect(paused).toMatchObject({ code: 0, stderr: '' });
    expect(paused.stdout).toBe(
      'Paused BE-02: docs/sessions/paused/BE-02.md\nNext: baton resume BE-02  (or: baton sessions --ready)\n',
    );
    expect(row('BE-02')).toContain('⏸️ Paused');
    const { stdout } = await project.run(['resume']);
    expect(stdout.split('\n').slice(0, 3)).toEqual(['Resumed BE-02', `Read   ${sessionPath}`, 'Handoff:']);
    expect(stdout).toMatch(/\*\*State:\*\* paused: lunch\n.*needs an index\n.*half of it\n.*\nNext: baton status\n$/s);
    expect(row('BE-02')).toContain('🔄 Active');
  });

  it('completes with a work commit and a record commit, and the tree is clean', async () => {
    project.write('src/products.txt', 'all\n');
    const { code, stdout, stderr } = await project.run(['complete', '-m', 'feat(products): keep products', '--yes']);
    expect([code, stderr.includes('error')]).toEqual([0, false]);
    expect(stdout).toMatch(
      /^Completed BE-02 {2}verified 2\/2\n[0-9a-f]{7} {2}feat\(products\): keep products {2}\(\d+ files?\)\n(?: {9}\S+\n)+[0-9a-f]{7} {2}chore\(progress\): record BE-02\nReady now: .*BE-03 \(Take payments\).*\nNext: baton start \S+\n$/s,
    );
    const [record, work] = project.git('log', '-2', '--format=%s').split('\n');
    expect([record, work]).toEqual(['chore(progress): record BE-02', 'feat(products): keep products']);
    expect(project.git('log', '-1', '--skip=1', '--format=%B')).toMatch(
      /Part of: Shop Phase 1\nVerified: 2\/2\nSession: BE-02/,
    );
    const hash = project.git('log', '-1', '--skip=1', '--format=%h');
    expect(row('BE-02')).toContain(`✅ Done`);
    expect(row('BE-02')).toContain(hash.slice(0, 7));
    expect(project.gitStatus()).toBe('');
    expect(project.read(sessionPath)).not.toContain('# Current Session');
    expect(project.read(progressPath)).toContain('needs an index');
  });

  it('shows its commits afterwards', async () => {
    const { stdout } = await project.run(['show', 'BE-02']);
    expect(stdout).toContain('Verified  verified 2/2');
    expect(stdout).toMatch(/Commits:\n( {2}- [0-9a-f]{7} .+\n)+/);
    const { data } = await project.json(['show', 'BE-02']);
    expect(data.commits.map(({ kind }: { kind: string }) => kind)).toEqual(['record', 'work', 'checkpoint']);
  });

  it('rolls back after it has shown what it will do', async () => {
    const planned = await project.run(['rollback', '--session', 'BE-02', '--dry-run']);
    expect(planned.stdout).toMatch(/^Rollback of BE-02: \d commits, \d files?\n/);
    expect(planned.stdout).toContain('  $ echo dropped > dropped.txt\n');
    const before = project.git('rev-parse', 'HEAD');
    const refused = await project.run(['rollback', '--session', 'BE-02']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('\nerror: Taking back');
    expect(project.git('rev-parse', 'HEAD')).toBe(before);
    const done = await project.run(['rollback', '--session', 'BE-02', '--yes']);
    expect(done.code).toBe(0);
    expect(done.stdout).toMatch(/^Rolled back BE-02: [0-9a-f]{7} takes back \d commits\nNext: baton start BE-02\n$/);
    expect(row('BE-02')).toContain('🔁 Retry');
    expect(project.has('src/products.txt')).toBe(false);
    expect(project.has('dropped.txt')).toBe(false);
    expect(project.gitStatus()).toBe('');
  });

  it('fails with a reason', async () => {
    expect((await project.run(['start', 'BE-02'])).code).toBe(0);
    const { code, stdout } = await project.run(['fail', '-m', 'it cannot be done']);
    expect(code).toBe(0);
    expect(stdout).toBe(
      'Failed BE-02: it cannot be done\nNext: baton rollback --session BE-02  (or: baton start BE-02)\n',
    );
    expect(row('BE-02')).toContain('❌ Failed');
    expect(project.read(progressPath)).toContain('it cannot be done');
  });

  it('leaves every other row as it was', () => {
    const kept = (text: string) => text.split('\n').filter((line) => /^\| (BE-01|BE-03|FE-0\d) /.test(line));
    expect(kept(project.read(progressPath))).toEqual(kept(shopProgress));
  });
});

describe('the life of a session, for a program', () => {
  let project: CliProject;

  beforeAll(() => {
    project = new CliProject(shopFiles);
  });
  afterAll(() => project.dispose());

  it('starts', async () => {
    expect(await project.json(['start', 'BE-02'])).toMatchObject({
      code: 0,
      data: {
        session: { id: 'BE-02', status: 'active', activeHere: true },
        path: sessionPath,
        model: { model: 'claude-sonnet-4', thinking: 'standard', recommended: false },
        forced: [],
        keptAs: null,
        warnings: [],
      },
    });
  });

  it('takes notes and ticks', async () => {
    expect(await project.json(['note', 'x'])).toMatchObject({
      data: { path: sessionPath, session: 'BE-02', kind: 'note' },
    });
    expect(await project.json(['tick', '1'])).toMatchObject({
      data: { session: 'BE-02', text: 'The code is there', checked: true, checklist: { done: 1, total: 2 } },
    });
  });

  it('makes a checkpoint', async () => {
    project.write('src/products.txt', 'half\n');
    expect(await project.json(['checkpoint', '-m', 'half'])).toMatchObject({
      data: {
        session: 'BE-02',
        number: 1,
        commit: { hash: expect.stringMatching(/^[0-9a-f]{40}$/), subject: 'WIP: [BE-02] checkpoint 1 - half' },
        files: expect.arrayContaining(['src/products.txt']),
      },
    });
  });

  it('shows the status', async () => {
    expect(await project.json(['status'])).toMatchObject({
      data: {
        active: {
          id: 'BE-02',
          title: 'Keep products',
          path: sessionPath,
          checkpoints: 1,
          checklist: {
            done: 1,
            total: 2,
            items: [
              { number: 1, checked: true },
              { number: 2, checked: false },
            ],
          },
          receipt: 'none',
          dirtyFiles: 0,
        },
      },
    });
  });

  it('verifies', async () => {
    expect(await project.json(['verify', '--yes'])).toMatchObject({
      data: {
        session: 'BE-02',
        reused: false,
        receipt: {
          ok: true,
          commands: [
            { command: 'test -f src/products.txt', exitCode: 0 },
            { exitCode: 0, tail: 'checked products\n' },
          ],
        },
      },
    });
  });

  it('pauses and resumes', async () => {
    expect(await project.json(['pause'])).toMatchObject({
      data: { session: 'BE-02', path: 'docs/sessions/paused/BE-02.md' },
    });
    expect(await project.json(['resume', 'BE-02'])).toMatchObject({ data: { session: 'BE-02', path: sessionPath } });
  });

  it('completes', async () => {
    project.write('src/products.txt', 'all\n');
    expect(await project.json(['complete', '-m', 'feat(products): keep them', '--yes'])).toMatchObject({
      code: 0,
      data: {
        session: 'BE-02',
        commit: { subject: 'feat(products): keep them' },
        record: { subject: 'chore(progress): record BE-02' },
        files: expect.arrayContaining(['src/products.txt']),
        verified: { passed: 2, total: 2 },
        next: expect.arrayContaining([expect.objectContaining({ id: 'BE-03', ready: true })]),
      },
    });
  });

  it('rolls back', async () => {
    expect(await project.json(['rollback', '--session', 'BE-02', '--yes', '--run-commands'])).toMatchObject({
      code: 0,
      data: { session: 'BE-02', commands: ['echo dropped > dropped.txt'], ran: [{ exitCode: 0 }] },
    });
  });

  it('fails', async () => {
    expect(await project.json(['start', 'BE-02'])).toMatchObject({ code: 0 });
    expect(await project.json(['fail', '-m', 'no'])).toMatchObject({ code: 0, data: { session: 'BE-02' } });
  });
});

describe('init', () => {
  it('makes a progress file from a plan, and refuses to make it twice', async () => {
    const { [progressPath]: _, ...files } = shopFiles;
    const project = new CliProject(files);
    try {
      const { code, stdout } = await project.run(['init', 'Shop', '--plan', 'docs/SHOP_PROMPTS.md']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Made docs\/progress\/SHOP_PROGRESS\.md\n/);
      expect((await project.json(['sessions', '--ready'])).data.sessions.map(({ id }: { id: string }) => id)).toEqual([
        'BE-01',
        'FE-02',
      ]);
      expect(await project.json(['check'])).toMatchObject({ code: 0 });
      expect(await project.json(['init', 'Shop'])).toMatchObject({ code: 1, error: { code: 'already-exists' } });
    } finally {
      project.dispose();
    }
  });

  it('takes a plan relative to the current folder', async () => {
    const { [progressPath]: _, ...files } = shopFiles;
    const project = new CliProject(files);
    try {
      expect(await project.json(['init', 'Shop', '--plan', 'SHOP_PROMPTS.md'], { cwd: 'docs' })).toMatchObject({
        code: 0,
      });
      expect(await project.json(['init', 'X', '--plan', '../../other.md'], { cwd: 'docs' })).toMatchObject({
        code: 1,
        error: { code: 'outside-project' },
      });
    } finally {
      project.dispose();
    }
  });

  it('makes tables for named repositories', async () => {
    const project = new CliProject();
    try {
      expect(await project.json(['init', 'Big Thing', '--repo', 'api', '--repo', 'web app'])).toMatchObject({
        code: 0,
        ok: true,
      });
      const made = (await project.run(['sessions'])).stdout;
      expect(made).toMatch(/^There are no sessions|^No table/);
    } finally {
      project.dispose();
    }
  });
});
