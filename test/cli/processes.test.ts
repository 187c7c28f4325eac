import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { bundle, CliProject, collectOutcome, nodePath, waitFor } from './support/cliProject.ts';
import { planOf, planPath, progressOf, progressPath, shopFiles } from './support/shop.ts';

const projects: CliProject[] = [];

function projectOf(files: Readonly<Record<string, string>>): CliProject {
  const project = new CliProject(files);
  projects.push(project);
  return project;
}

afterEach(() => {
  for (const project of projects.splice(0)) project.dispose();
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie in a container without a reaper still answers; it runs nothing.
    const state = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
    return !/^\d+ \(.*\) Z/.test(state);
  } catch {
    return false;
  }
}

/** A session whose verification starts a process of its own, tells its PID and waits. */
function slowProject(before = ''): CliProject {
  const commands = [`${before}sleep 300 & echo $! > child.pid; wait`];
  const plan = planOf([{ id: 'BE-01', title: 'Wait', commands }]);
  return projectOf({ [planPath]: plan, [progressPath]: progressOf(['BE-01']), '.gitignore': 'child.pid\n' });
}

describe('Ctrl-C', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '(%s) during a verification ends the whole tree and leaves the session active',
    async (signal, exitCode) => {
      const project = slowProject();
      expect(await project.json(['start', 'BE-01'])).toMatchObject({ code: 0 });
      const child = project.start(['verify', '--yes']);
      const outcome = collectOutcome(child);
      await waitFor(() => project.has('child.pid') && project.read('child.pid') !== '');
      const pid = Number(project.read('child.pid'));
      expect(isAlive(pid)).toBe(true);
      child.kill(signal);
      const { code, stderr } = await outcome;
      expect(code).toBe(exitCode);
      expect(stderr).toContain('Cancelling. A second Ctrl-C ends at once.\n');
      expect(stderr).toMatch(/^error: .*cancelled/m);
      await waitFor(() => !isAlive(pid));
      expect(await project.json(['status'])).toMatchObject({
        data: { active: { id: 'BE-01', receipt: 'none' }, interrupted: null },
      });
    },
  );

  it('twice ends at once, also what does not listen', async () => {
    const project = slowProject("trap '' TERM; ");
    await project.json(['start', 'BE-01']);
    const child = project.start(['verify', '--yes']);
    const outcome = collectOutcome(child);
    await waitFor(() => project.has('child.pid') && project.read('child.pid') !== '');
    const pid = Number(project.read('child.pid'));
    let told = '';
    child.stderr?.on('data', (chunk: string) => {
      told += chunk;
    });
    child.kill('SIGINT');
    await waitFor(() => told.includes('Cancelling.'));
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGINT');
    expect((await outcome).code).toBe(130);
    await waitFor(() => !isAlive(pid), 1000);
  });

  it('with --json still prints one object', async () => {
    const project = slowProject();
    await project.json(['start', 'BE-01']);
    const child = project.start(['verify', '--yes', '--json']);
    const outcome = collectOutcome(child);
    await waitFor(() => project.has('child.pid') && project.read('child.pid') !== '');
    child.kill('SIGINT');
    const { code, stdout } = await outcome;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  });
});

describe('a command that is killed', () => {
  it('is shown as half done by status, finished or undone by recover, and nothing is lost', async () => {
    const project = projectOf({ ...shopFiles, '.gitignore': 'hook.pid\n' });
    await project.json(['start', 'FE-02']);
    project.write('src/pages.txt', 'pages\n');
    const hook = join(project.root, '.git/hooks/pre-commit');
    mkdirSync(join(project.root, '.git/hooks'), { recursive: true });
    writeFileSync(hook, '#!/bin/sh\necho $$ > hook.pid\nexec sleep 300\n', { mode: 0o755 });
    const child = project.start(['complete', '-m', 'feat(pages): lay out', '--yes']);
    const outcome = collectOutcome(child);
    await waitFor(() => project.has('hook.pid') && project.read('hook.pid') !== '');
    // While it lives, nobody else may change anything.
    expect(await project.json(['note', 'x'])).toMatchObject({ code: 1, error: { code: 'interrupted' } });
    expect(await project.json(['status'])).toMatchObject({ data: { interrupted: { verb: 'complete', alive: true } } });
    child.kill('SIGKILL');
    process.kill(Number(project.read('hook.pid')), 'SIGKILL');
    await outcome;
    rmSync(hook);
    rmSync(join(project.root, '.git/index.lock'), { force: true });
    const { stdout } = await project.run(['status']);
    expect(stdout).toMatch(/^Half done complete of FE-02: \d+ of \d+ steps are done, .*dead/ms);
    expect(stdout).toMatch(/\nNext: baton recover\n$/);
    const recovered = await project.json(['recover']);
    expect([recovered.code, recovered.data.finished ?? recovered.data.undone]).toEqual([0, 'complete']);
    const after = await project.json(['status']);
    expect(after.data.interrupted).toBeNull();
    expect(project.read('src/pages.txt')).toBe('pages\n');
    if (after.data.active !== null) {
      expect(await project.json(['complete', '-m', 'feat(pages): lay out', '--yes'])).toMatchObject({ code: 0 });
    }
    expect(project.git('log', '--format=%s', '-2')).toBe('chore(progress): record FE-02\nfeat(pages): lay out');
    expect(project.gitStatus()).toBe('');
  });
});

describe('a reader that goes away', () => {
  it('ends a long list quietly', async () => {
    const ids = Array.from({ length: 3000 }, (_, index) => `BE-${index + 1}`);
    const project = projectOf({ [progressPath]: progressOf(ids) });
    for (const args of ['sessions', 'sessions --json']) {
      const line = `"${nodePath}" "${bundle}" ${args} | head -c 100; echo " rc:$?"`;
      const shell = spawn('/bin/sh', ['-c', line], { cwd: project.root, env: project.environment });
      const { stdout, stderr } = await collectOutcome(shell);
      expect(stderr).toBe('');
      expect(stdout).toMatch(/ rc:0\n$/);
    }
  });

  it('leaves the exit code of a failure as it is', async () => {
    const rows = Array.from({ length: 3000 }, (_, index) => `| BE-${index} | T | 🦄 Magic | — | — | — |`).join('\n');
    const project = projectOf({ [progressPath]: `${progressOf([])}${rows}\n` });
    const line = `{ "${nodePath}" "${bundle}" check; echo "rc:$?" >&2; } | head -c 100`;
    const shell = spawn('/bin/sh', ['-c', line], { cwd: project.root, env: project.environment });
    expect((await collectOutcome(shell)).stderr).toMatch(/rc:1\n$/);
  });

  it('of stderr does not stop the work', async () => {
    const project = projectOf({
      ...shopFiles,
      [planPath]: planOf([{ id: 'BE-01', title: 'Talk', commands: ['seq 1 20000', 'touch reached'] }]),
      [progressPath]: progressOf(['BE-01']),
    });
    await project.json(['start', 'BE-01']);
    const line = `{ "${nodePath}" "${bundle}" verify --yes --json 2>&1 1>&3 | head -c 10 >/dev/null; } 3>&1`;
    const { stdout } = await collectOutcome(
      spawn('/bin/sh', ['-c', line], { cwd: project.root, env: project.environment }),
    );
    expect(JSON.parse(stdout)).toMatchObject({ ok: true });
    expect(project.has('reached')).toBe(true);
  });
});

describe('two at once', () => {
  it('complete a session once, and the other one is told', async () => {
    const project = projectOf({
      [planPath]: planOf([
        { id: 'BE-01', title: 'Race', commands: ['true'] },
        { id: 'BE-02', title: 'Later', dependencies: ['BE-01'] },
      ]),
      [progressPath]: progressOf(['BE-01', 'BE-02']),
    });
    await project.json(['start', 'BE-01']);
    project.write('src/race.txt', 'x\n');
    const outcomes = await Promise.all(
      [1, 2].map((number) => project.json(['complete', '-m', `feat(race): from ${number}`, '--yes'])),
    );
    expect(outcomes.map(({ code }) => code).sort()).toEqual([0, 1]);
    const refused = outcomes.find(({ ok }) => !ok);
    expect(refused?.error.code).toMatch(/^(interrupted|no-active-session|locked|conflict)$/);
    expect(
      project
        .git('log', '--format=%s')
        .split('\n')
        .filter((subject) => subject.startsWith('feat(race)')),
    ).toHaveLength(1);
    expect(await project.json(['status'])).toMatchObject({
      data: { active: null, interrupted: null, ready: ['BE-02'] },
    });
    expect(project.gitStatus()).toBe('');
  });

  it('note on one file, and both notes are there', async () => {
    const project = projectOf(shopFiles);
    await project.json(['start', 'BE-02']);
    const texts = Array.from({ length: 6 }, (_, index) => `note number ${index}`);
    const outcomes = await Promise.all(texts.map((text) => project.json(['note', text])));
    const kept = project.read('docs/sessions/SESSION.md');
    for (const [index, { code, error }] of outcomes.entries()) {
      if (code === 0) expect(kept).toContain(texts[index]);
      else expect(error.code).toBe('interrupted');
    }
    expect(outcomes.some(({ code }) => code === 0)).toBe(true);
  });
});

describe('colours', () => {
  it('are never in a pipe, always with FORCE_COLOR, never with NO_COLOR', async () => {
    const project = projectOf(shopFiles);
    const plain = await project.run(['sessions']);
    const forced = await project.run(['sessions'], { environment: { FORCE_COLOR: '1' } });
    const refused = await project.run(['sessions'], { environment: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect(plain.stdout).not.toContain('\u001b');
    expect(forced.stdout).toContain('\u001b[1mShop');
    expect(refused.stdout).toBe(plain.stdout);
  });
});

describe('a bug', () => {
  it('has exit code 70 and one object', async () => {
    const project = projectOf(shopFiles);
    // A HOME that is no text at all cannot be had; a broken runtime can: the bundle is given a JSON that lies.
    const environment = { NODE_OPTIONS: `--require "${join(project.root, 'break.cjs')}"` };
    project.write('break.cjs', 'process.chdir = () => {}; process.cwd = () => undefined;\n');
    const { code, stdout, stderr } = await project.run(['status', '--json'], { environment });
    expect([code, JSON.parse(stdout).error.code]).toEqual([70, 'internal']);
    expect(stderr).toBe('');
    const verbose = await project.run(['status', '--verbose'], { environment });
    expect(verbose.stderr).toMatch(/^error: Internal error: .+\nhint: .+\nTypeError/);
    expect(verbose.code).toBe(70);
  });
});
