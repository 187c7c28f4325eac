import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CliProject } from './support/cliProject.ts';
import { planOf, planPath, progressPath, sessionPath, shopFiles, shopPlan, shopProgress } from './support/shop.ts';

const projects: CliProject[] = [];

function projectOf(
  files: Readonly<Record<string, string>> = shopFiles,
  options?: { readonly git?: boolean },
): CliProject {
  const project = new CliProject(files, options);
  projects.push(project);
  return project;
}

afterEach(() => {
  for (const project of projects.splice(0)) project.dispose();
});

/** Runs twice, for a person and for a program; both must refuse alike, with the next step, and change nothing. */
async function expectRefusal(
  project: CliProject,
  args: readonly string[],
  code: string,
  exitCode = 1,
): Promise<{ message: string; hint: string; data: Record<string, unknown> | null }> {
  const before = project.has('.git') ? [project.git('rev-parse', 'HEAD'), project.gitStatus()] : [];
  const human = await project.run(args);
  expect([human.code, human.stdout]).toEqual([exitCode, '']);
  expect(human.stderr).toMatch(/^error: \S.*$/m);
  expect(human.stderr).toMatch(/^hint: \S.*$/m);
  const json = await project.json(args);
  expect([json.code, json.ok, json.error.code]).toEqual([exitCode, false, code]);
  expect(json.error.hint).toBeTruthy();
  expect(project.has('.git') ? [project.git('rev-parse', 'HEAD'), project.gitStatus()] : []).toEqual(before);
  return { message: json.error.message, hint: json.error.hint ?? '', data: json.error.data };
}

describe('start is refused', () => {
  it('for an unknown ID, with the nearest one', async () => {
    const { message, hint } = await expectRefusal(projectOf(), ['start', 'BE-002'], 'unknown-session');
    expect(message).toContain('BE-002');
    expect(hint).toContain('BE-02');
  });

  it('for an ID that looks like an option', async () => {
    await expectRefusal(projectOf(), ['start', '--', '--upload-pack=x'], 'unknown-session');
  });

  it('for an ambiguous ID, naming the places', async () => {
    const project = projectOf({
      ...shopFiles,
      'docs/OTHER_PROMPTS.md': planOf([{ id: 'BE-02', title: 'Another one' }]).replace('# Shop', '# Other'),
    });
    const { data } = await expectRefusal(project, ['start', 'BE-02'], 'ambiguous-session');
    expect(JSON.stringify(data)).toContain('docs/OTHER_PROMPTS.md');
    expect(await project.json(['start', 'BE-02', '--plan', planPath])).toMatchObject({ code: 0 });
  });

  it('when dependencies are not done, naming them; --force overrides and says so', async () => {
    const project = projectOf();
    const { message } = await expectRefusal(project, ['start', 'BE-03'], 'dependencies-unmet');
    expect(message).toContain('BE-02');
    const { code, stdout } = await project.run(['start', 'BE-03', '--force']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/\nForced .*BE-02/)]);
  });

  it('when another session is active', async () => {
    const project = projectOf();
    await project.run(['start', 'BE-02']);
    const { message } = await expectRefusal(project, ['start', 'FE-02'], 'session-active');
    expect(message).toContain('BE-02');
  });

  it('for a session that is done', async () => {
    await expectRefusal(projectOf(), ['start', 'BE-01'], 'wrong-state');
  });

  it('over a SESSION.md of another make, which --force keeps', async () => {
    const project = projectOf({ ...shopFiles, [sessionPath]: '# My own notes\n' });
    await expectRefusal(project, ['start', 'BE-02'], 'foreign-session-file');
    expect(project.read(sessionPath)).toBe('# My own notes\n');
    const { data } = await project.json(['start', 'BE-02', '--force']);
    expect(project.read(data.keptAs)).toBe('# My own notes\n');
  });

  it('with a model name that could be something else', async () => {
    await expectRefusal(projectOf(), ['start', 'BE-02', '--model', '$(rm -rf x)'], 'invalid-argument', 2);
  });

  it('when a state file has no write permission', async () => {
    const project = projectOf();
    chmodSync(join(project.root, progressPath), 0o444);
    await expectRefusal(project, ['start', 'BE-02'], 'read-only');
    expect(project.read(progressPath)).toBe(shopProgress);
    expect(project.has(sessionPath)).toBe(false);
  });
});

describe('without an active session', () => {
  it.each([
    [['checkpoint', '-m', 'x']],
    [['verify', '--yes']],
    [['complete', '-m', 'feat: x', '--yes']],
    [['pause']],
    [['fail', '-m', 'x']],
    [['tick', '1']],
  ])('%j is refused', async (args) => {
    await expectRefusal(projectOf(), args, 'no-active-session');
  });

  it('there is nothing to recover and nothing to resume', async () => {
    const project = projectOf();
    await expectRefusal(project, ['recover'], 'nothing-to-recover');
    const { error, code } = await project.json(['resume']);
    expect([code, error.code]).toEqual([1, expect.stringMatching(/^(no-active-session|wrong-state|unknown-session)$/)]);
  });
});

describe('verification', () => {
  it('needs an approval where nobody can be asked, and shows the commands', async () => {
    const project = projectOf();
    await project.run(['start', 'BE-02']);
    const { message, hint, data } = await expectRefusal(project, ['verify'], 'approval-required');
    expect(message).toContain('test -f src/products.txt');
    expect(hint).toContain('--yes');
    expect(data).toMatchObject({ commands: ['test -f src/products.txt', 'echo "checked products"'] });
  });

  it('that fails has exit code 1, and the session stays active', async () => {
    const project = projectOf();
    await project.run(['start', 'BE-02']);
    const human = await project.run(['verify', '--yes']);
    expect(human.code).toBe(1);
    expect(human.stdout).toMatch(
      /^✗ test -f src\/products.txt {2}failed with exit code 1 \(.*\)\n {2}log: (\/.*\.log)\n/,
    );
    expect(existsSync(/log: (.*)/.exec(human.stdout)?.[1] ?? '')).toBe(true);
    expect(human.stderr).toContain('error: 1 of 2 commands of BE-02 did not pass.\nhint: ');
    const { error, ...json } = await project.json(['verify', '--yes']);
    expect([json.code, error.code]).toEqual([1, 'verification-failed']);
    expect(error.data.receipt).toMatchObject({ ok: false, commands: [{ exitCode: 1 }, { exitCode: 0 }] });
    expect(await project.json(['status'])).toMatchObject({ data: { active: { id: 'BE-02', receipt: 'failed' } } });
  });

  it('that fails stops complete before anything is committed', async () => {
    const project = projectOf();
    await project.run(['start', 'BE-02']);
    await expectRefusal(project, ['complete', '-m', 'feat: x', '--yes'], 'verification-failed').catch(
      (error: unknown) => {
        // Ticking what a command proves may change SESSION.md between the two runs, never HEAD.
        throw error;
      },
    );
    expect(await project.json(['status'])).toMatchObject({ data: { active: { id: 'BE-02' } } });
    const { code, stdout } = await project.run(['complete', '-m', 'feat(x): y', '--no-verify', '--yes']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('Completed BE-02  not verified, only claimed')]);
  });

  it('is refused where the session has no commands', async () => {
    const project = projectOf();
    await project.run(['start', 'FE-02']);
    await expectRefusal(project, ['verify', '--yes'], 'no-verification');
  });
});

describe('git', () => {
  it('is needed to checkpoint', async () => {
    const project = projectOf(shopFiles, { git: false });
    expect(await project.json(['start', 'BE-02'])).toMatchObject({ code: 0 });
    await expectRefusal(project, ['checkpoint', '-m', 'x'], 'not-a-repository');
  });

  it('must know who commits', async () => {
    const project = projectOf();
    await project.run(['start', 'BE-02']);
    const nobody = { GIT_CONFIG_GLOBAL: '/dev/null', EMAIL: '', GIT_AUTHOR_NAME: '', GIT_COMMITTER_NAME: '' };
    const { code, error } = await project.json(['checkpoint', '-m', 'x'], { environment: nobody });
    expect([code, error.code]).toEqual([1, 'no-identity']);
  });

  it('must be on a branch', async () => {
    const project = projectOf();
    project.git('checkout', '-q', '--detach');
    await project.run(['start', 'BE-02']);
    await expectRefusal(project, ['checkpoint', '-m', 'x'], 'detached-head');
  });

  it('must not be in the middle of a merge', async () => {
    const project = projectOf();
    project.git('checkout', '-q', '-b', 'other');
    project.write('src/main.txt', 'theirs\n');
    project.git('commit', '-qam', 'theirs');
    project.git('checkout', '-q', 'main');
    project.write('src/main.txt', 'ours\n');
    project.git('commit', '-qam', 'ours');
    await project.run(['start', 'BE-02']);
    expect(() => project.git('merge', '-q', 'other')).toThrow();
    await expectRefusal(project, ['checkpoint', '-m', 'x'], 'merge-in-progress');
  });

  it('may refuse by a hook, and the session stays active', async () => {
    const project = projectOf();
    await project.run(['start', 'FE-02']);
    project.write('src/pages.txt', 'x\n');
    mkdirSync(join(project.root, '.git/hooks'), { recursive: true });
    writeFileSync(join(project.root, '.git/hooks/pre-commit'), '#!/bin/sh\necho "no pages, please" >&2\nexit 1\n', {
      mode: 0o755,
    });
    const { code, error } = await project.json(['complete', '-m', 'feat(pages): lay out', '--yes']);
    expect([code, error.code]).toEqual([1, 'hook-failed']);
    expect(JSON.stringify(error)).toContain('no pages, please');
    const { stderr } = await project.run(['complete', '-m', 'feat(pages): lay out', '--yes']);
    expect(stderr).toContain('\n  no pages, please\n');
    expect(await project.json(['status'])).toMatchObject({ data: { active: { id: 'FE-02' }, interrupted: null } });
  });

  it('has nothing to roll back where nothing was committed', async () => {
    await expectRefusal(projectOf(), ['rollback', '--session', 'BE-02', '--yes'], 'nothing-to-roll-back');
  });
});

describe('an ID that is told to be sure', () => {
  it('must be the active one', async () => {
    const project = projectOf();
    await project.run(['start', 'BE-02']);
    const { message } = await expectRefusal(project, ['fail', 'FE-02', '-m', 'x'], 'wrong-state');
    expect(message).toContain('BE-02');
    await expectRefusal(project, ['complete', 'FE-02', '-m', 'feat: x', '--yes'], 'wrong-state');
    await expectRefusal(project, ['complete', 'FE-002', '-m', 'feat: x', '--yes'], 'unknown-session');
    expect(await project.json(['fail', 'BE-02', '-m', 'x'])).toMatchObject({ code: 0 });
  });
});

describe('what was changed before the session started', () => {
  it('is left out and pointed out', async () => {
    const project = projectOf();
    project.write('notes.txt', 'mine\n');
    await project.run(['start', 'FE-02']);
    project.write('src/pages.txt', 'pages\n');
    const { code, stdout, stderr } = await project.run(['complete', '-m', 'feat(pages): lay out', '--yes']);
    expect(code).toBe(0);
    expect(stdout).toContain('         src/pages.txt\n');
    expect(stderr).toMatch(/^warning: Left out, because .*: notes\.txt$/m);
    expect(project.gitStatus()).toBe('?? notes.txt');
  });

  it('is taken in when it is named, and anything can be left out', async () => {
    const project = projectOf();
    project.write('notes.txt', 'mine\n');
    await project.run(['start', 'FE-02']);
    project.write('src/pages.txt', 'pages\n');
    project.write('draft.txt', 'draft\n');
    await expectRefusal(project, ['complete', '-m', 'feat: x', '--leave-out', 'nothing.txt'], 'invalid-argument', 2);
    const exactly = ['--file', 'notes.txt', '--file', 'src/pages.txt'];
    expect(await project.json(['complete', '-m', 'feat(pages): lay out', ...exactly])).toMatchObject({ code: 0 });
    expect(project.gitStatus()).toBe('?? draft.txt');
    await project.run(['start', 'BE-02']);
    project.write('src/products.txt', 'x\n');
    project.write('scratch/a.txt', 'x\n');
    const left = await project.run(['complete', '-m', 'feat(x): y', '--yes', '--leave-out', 'scratch']);
    expect([left.code, left.stderr]).toEqual([0, expect.stringMatching(/scratch\/a\.txt +left out\n/)]);
    expect(project.gitStatus()).toBe('?? draft.txt\n?? scratch/a.txt');
  });
});

describe('files of another make', () => {
  it('with CRLF keep it', async () => {
    const crlf = (text: string) => text.replaceAll('\n', '\r\n');
    const project = projectOf({
      [planPath]: crlf(shopPlan),
      [progressPath]: `\ufeff${crlf(shopProgress)}`,
      '.gitattributes': '* -text\n',
    });
    project.write('src/products.txt', 'x\n');
    expect(await project.json(['start', 'BE-02'])).toMatchObject({ code: 0 });
    expect(await project.json(['note', 'größer'])).toMatchObject({ code: 0 });
    expect(await project.json(['complete', '-m', 'feat(x): y', '--yes'])).toMatchObject({ code: 0 });
    const text = project.read(progressPath);
    expect(text.startsWith('\ufeff# Shop Progress\r\n')).toBe(true);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(project.read(planPath)).toBe(crlf(shopPlan));
  });
});
