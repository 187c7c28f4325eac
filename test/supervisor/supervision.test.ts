import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { kill } from './support/supervisedProject.ts';
import { approve, WorkerProject } from './support/workerProject.ts';

describe('the supervisor', () => {
  const ids = Array.from({ length: 20 }, (_, index) => `N-${index + 1}`);
  // Each says how many run beside it.
  const count = `touch "$0/run-$$"; ls "$0" | grep -c '^run-' > .baton/count.txt; sleep 0.2; rm "$0/run-$$"; ${approve}`;
  const project = new WorkerProject({
    config: 'max_parallel: 4\n',
    workers: Object.fromEntries(ids.map((id) => [id, count])),
  });
  afterAll(() => project.dispose());

  it('runs twenty sessions, no more at a time than the project allows, one supervisor for all', async () => {
    // Two who dispatch at once share the work, and start one supervisor.
    const both = await Promise.all([project.baton('dispatch', '--ready'), project.baton('dispatch', '--ready')]);
    const dispatched = both.flatMap(({ ok, data }) => (ok ? data.dispatched : [])) as { item: { id: string } }[];
    expect(dispatched.map(({ item }) => item.id).sort()).toEqual([...ids].sort());
    await project.wait(
      'all to be approved',
      () => project.sessions().every(({ status }) => status === 'approved'),
      () => project.sessions().map(({ item, status, error }) => [item.id, status, error]),
    );
    const most = Math.max(...ids.map((id) => Number(project.work(id, '.baton/count.txt'))));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
    const ports = project.sessions().map((session) => session.ports?.from);
    expect(new Set(ports).size).toBe(20);
    expect(project.log().match(/runs the isolated sessions/g)).toHaveLength(1);
  });
});

describe('what is started first', () => {
  const project = new WorkerProject({
    config: 'max_parallel: 1\n',
    workers: {
      LEAF: `echo LEAF >> "$0/order"; ${approve}`,
      ROOT: `echo ROOT >> "$0/order"; ${approve}`,
      KID: approve,
      TAKEN: `echo TAKEN >> "$0/order"; ${approve}`,
      FIRST: `echo FIRST >> "$0/order"; while [ ! -e "$0/go" ]; do sleep 0.05; done; ${approve}`,
      ONE: `touch "$0/one"; while [ ! -e "$0/two" ]; do sleep 0.05; done; ${approve}`,
      TWO: `touch "$0/two"; while [ ! -e "$0/one" ]; do sleep 0.05; done; ${approve}`,
    },
    dependencies: { KID: ['ROOT'] },
  });
  afterAll(() => project.dispose());

  it('is what unblocks most, and a branch that is taken is left alone', async () => {
    await project.ok('dispatch', 'FIRST');
    await project.until('FIRST', 'running');
    await project.ok('dispatch', 'LEAF', 'TAKEN', 'ROOT');
    const { branch } = project.session('TAKEN');
    project.project.git('branch', branch);
    writeFileSync(join(project.project.environment.BATON_CONFIG_HOME ?? '', 'go'), '');
    await project.until('LEAF', 'approved');
    const { error, worktree } = await project.until('TAKEN', 'failed');
    expect(error).toMatchObject({ code: 'already-exists', message: expect.stringContaining(branch) });
    expect(existsSync(worktree)).toBe(false);
    const order = readFileSync(join(project.project.environment.BATON_CONFIG_HOME ?? '', 'order'), 'utf8');
    expect(order).toBe('FIRST\nROOT\nLEAF\n');
  });

  it('may be more at a time as soon as .baton.yaml says so', async () => {
    await project.ok('dispatch', 'ONE');
    await project.until('ONE', 'running');
    await project.ok('dispatch', 'TWO');
    expect(project.session('TWO').status).toBe('queued');
    const pid = project.supervisor();
    project.project.write('.baton.yaml', 'mode: agentic\nmax_parallel: 2\n');
    await Promise.all([project.until('ONE', 'approved'), project.until('TWO', 'approved')]);
    expect(project.supervisor()).toBe(pid);
  });
});

describe('a supervisor that is killed', () => {
  const project = new WorkerProject({
    config: 'max_parallel: 2\n',
    staleMs: 400,
    workers: {
      LONG: `setsid sleep 600 & [ -e "$0/again" ] && { ${approve}; exit; }; touch "$0/again"; echo working; sleep 600`,
      WAITS: `echo '{"question": "Well?"}' > .baton/questions.json; exit 0`,
      NEXT: approve,
      OTHER: approve,
    },
  });
  afterAll(() => project.dispose());

  it('is found out; what was at work is ended, marked, and resumed when a person says so', async () => {
    await project.ok('dispatch', 'LONG', 'WAITS');
    await project.until('WAITS', 'waiting');
    // Without a sign of life for so long.
    await project.until('LONG', 'stale');
    await project.ok('dispatch', 'NEXT');
    await project.until('NEXT', 'approved');
    kill(project.supervisor() ?? 0, 'SIGKILL');
    const listed = await project.ok('isolated', 'list');
    const interrupted = listed.sessions.filter((one: { interrupted: boolean }) => one.interrupted);
    expect(interrupted.map(({ item }: { item: { id: string } }) => item.id)).toEqual(['LONG']);
    expect(project.processes().length).toBeGreaterThan(0);
    // Whoever needs a supervisor next starts one, which looks after what the dead one left.
    await project.ok('dispatch', 'OTHER');
    expect((await project.until('LONG', 'failed')).error?.code).toBe('interrupted');
    await project.until('OTHER', 'approved');
    expect(project.session('WAITS').status).toBe('waiting');
    await project.ok('isolated', 'retry', '--interrupted');
    await project.until('LONG', 'approved');
    expect(project.session('LONG').history.filter(({ status }) => status === 'preparing')).toHaveLength(2);
    await project.ok('isolated', 'stop', 'WAITS');
    await project.until('WAITS', 'stopped');
  });

  it('leaves no item that is dispatched twice', async () => {
    for (const id of ['LONG', 'WAITS', 'NEXT', 'OTHER']) {
      expect((await project.baton('dispatch', id)).error.code).toMatch(/already-dispatched|unknown-item/);
    }
    expect(project.sessions()).toHaveLength(4);
  });
});

it('ends with its agents when its clone is removed', async () => {
  const project = new WorkerProject({ workers: { LONG: 'setsid sleep 600 & sleep 600' } });
  await project.ok('dispatch', 'LONG');
  await project.until('LONG', 'running');
  rmSync(project.root, { recursive: true, maxRetries: 5, retryDelay: 50 });
  await project.dispose();
});
