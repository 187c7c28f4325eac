import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundle, CliProject, collectOutcome } from './support/cliProject.ts';

let project: CliProject;
const run = (...args: readonly string[]) => project.run(args);

beforeAll(() => {
  project = new CliProject({ 'README.md': '# Shop\n' });
});
afterAll(() => project.dispose());

/** A command that leaves a mark when it begins and when it ends, and looks at signals. */
const worker = (name: string, ms: number) => [
  process.execPath,
  '-e',
  `const { appendFileSync } = require('node:fs');
process.on('SIGTERM', () => process.exit(42));
appendFileSync(process.argv[1], '${name}+ ' + process.pid + '\\n');
setTimeout(() => { appendFileSync(process.argv[1], '${name}-\\n'); process.exit(7); }, ${ms});`,
  join(project.root, 'marks.log'),
];
const marks = () => readFileSync(join(project.root, 'marks.log'), 'utf8').trim().split('\n');

describe('baton with', () => {
  test('gives the command its arguments as they are, and its exit code back', async () => {
    const echo = ['-e', 'console.log(JSON.stringify(process.argv.slice(1))); process.exitCode = 3'];
    const outcome = await run('with', 'build', '--', process.execPath, ...echo, '--', '--json', '$HOME "ü"', ';');
    expect(outcome).toMatchObject({ code: 3, stdout: '["--json","$HOME \\"ü\\"",";"]\n', stderr: '' });
    const json = await run('with', 'build', '--json', '--', process.execPath, '-e', 'console.log(1)');
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, data: { resource: 'build', exitCode: 0 } });
    expect(json.stderr).toBe('1\n');
  });

  test.each([
    [['with', 'build', '--', 'no-such-program-anywhere'], 127, /could not be started/],
    [['with', 'a b', '--', 'true'], 2, /cannot be the name of a resource/],
    [['with', 'build'], 2, /command/],
  ])('%j ends with %i', async (args, code, message) => {
    const outcome = await run(...args);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toMatch(message);
  });

  test('one at a time, in all worktrees; the waiting one says for whom', async () => {
    const tree = join(project.root, '..', 'side tree');
    project.git('worktree', 'add', '-q', '-b', 'side', tree);
    const first = collectOutcome(project.start(['with', 'db:test', '--', ...worker('a', 1_500)]));
    await vi.waitFor(() => expect(marks()).toHaveLength(1), { timeout: 30_000 });
    const second = await run('--cwd', tree, 'with', 'db:test', '--', ...worker('b', 10));
    expect(second.code).toBe(7);
    expect(second.stderr).toMatch(/^Waiting for db:test: node has it \(process \d+\)\.\n$/);
    expect((await first).code).toBe(7);
    expect(marks().map((mark) => mark.split(' ')[0])).toEqual(['a+', 'a-', 'b+', 'b-']);
    // Whoever holds it for this process is not waited for.
    const inner = await project.run([
      'with',
      'db:test',
      '--',
      process.execPath,
      bundle,
      'with',
      'db:test',
      '--',
      'true',
    ]);
    expect(inner.code).toBe(0);
  });

  test('a signal goes to the command, and a killed holder leaves neither command nor resource', async () => {
    project.write('marks.log', '');
    const told = project.start(['with', 'port:3000', '--', ...worker('c', 60_000)]);
    await vi.waitFor(() => expect(marks()[0]).toMatch(/^c\+/), { timeout: 30_000 });
    const toldOutcome = collectOutcome(told);
    told.kill('SIGTERM');
    expect((await toldOutcome).code).toBe(42);
    const killed = project.start(['with', 'port:3000', '--', ...worker('d', 60_000)]);
    await vi.waitFor(() => expect(marks()[1]).toMatch(/^d\+/), { timeout: 30_000 });
    const pid = Number(marks()[1]?.split(' ')[1]);
    killed.kill('SIGKILL');
    expect((await run('with', 'port:3000', '--', 'true')).code).toBe(0);
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), { timeout: 30_000 });
  });
});

describe('baton lock', () => {
  const registry = () => ({ SO_SESSION_REGISTRY_DIR: join(project.root, '..', 'sessions') });
  const json = (...args: readonly string[]) => project.json(args, { environment: registry() });

  test('is taken, shown, refused to another, and given back to its own session alone', async () => {
    const taken = await json('lock', 'acquire', '--mode', 'deep');
    expect(taken).toMatchObject({ code: 0, data: { outcome: 'acquired', lock: { mode: 'deep' } } });
    expect(taken.data.label).toMatch(/^main-\d{4}-\d{2}-\d{2}-deep-1$/);
    expect(await json('lock', 'status')).toMatchObject({
      data: { live: true, lock: { session_id: taken.data.session }, peers: [] },
    });
    const refused = await json('lock', 'acquire', '--mode', 'deep');
    expect(refused).toMatchObject({
      code: 1,
      error: { code: 'session-conflict', data: { outcome: 'active-compatible-parallel' } },
    });
    expect(refused.error.data.decision.options).toEqual(['worktree', 'wait', 'go-on', 'stop']);
    expect((await json('lock', 'release', '--session', 'another')).error.code).toBe('locked');
    expect((await json('lock', 'release', '--stale')).data.released).toBe(false);
    expect((await json('lock', 'release')).data).toMatchObject({ released: true, reason: null });
    expect((await json('lock', 'release')).data).toMatchObject({ released: false, reason: 'no-lock' });
    expect((await json('lock', 'acquire', '--session', 'mine')).data.lock.session_id).toBe('mine');
    project.write('.orchestrator/current-session.json', '{"session_id":"mine","source":"baton"}');
    expect((await json('lock', 'release')).error.code).toBe('locked');
    expect((await json('lock', 'release', '--session', 'mine')).data.released).toBe(true);
    const human = await project.run(['lock', 'status'], { environment: registry() });
    expect(human.stdout).toBe('Nobody has the lock.\n');
  });
});
