import { describe, expect, it } from 'vitest';
import { collectOutcome } from './support/cliProject.ts';
import { createMigration, createProject, statesOf } from './support/taskProject.ts';

describe('side by side', () => {
  it('twenty processes that set different tasks lose nothing', async () => {
    const project = createProject();
    const ids = Array.from({ length: 20 }, (_, index) => `task-${index}`);
    await project.run(['tasks', 'create', 'Many', '--id', 'many', ...ids.flatMap((id) => ['--task', `${id}: ${id}`])]);
    const outcomes = await Promise.all(
      ids.map((id) => collectOutcome(project.start(['tasks', 'set', 'many', id, 'complete']))),
    );
    expect(outcomes.map(({ code }) => code)).toEqual(ids.map(() => 0));
    expect(statesOf(project, 'many')).toEqual(ids.map((id) => `${id} COMPLETE`));
    expect(project.gitStatus()).toBe('?? docs/tasks/many.md');
  }, 120_000);

  it('of twelve that claim one task, one gets it', async () => {
    const project = await createMigration();
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        collectOutcome(project.start(['--json', 'claim', 'database-migration', '--owner', `worker-${index}`])),
      ),
    );
    expect(outcomes.filter(({ code }) => code === 0)).toHaveLength(1);
    const refused = outcomes.filter(({ code }) => code === 1).map(({ stdout }) => JSON.parse(stdout).error.code);
    expect(refused).toEqual(Array.from({ length: 11 }, () => 'claimed'));
    const { data } = await project.json(['tasks', 'show', 'dbm']);
    expect(data.tasks[0].claim.owner).toMatch(/^worker-\d+$/);
  }, 60_000);

  it('a claim is renewed by its owner, given back by it, and offered when it is over', async () => {
    const project = await createMigration();
    const claim = (...args: string[]) => project.json(['claim', 'dbm/database-migration', ...args]);
    expect((await claim('--owner', 'a', '--ttl', '0.02')).data.renewed).toBe(false);
    await new Promise((done) => setTimeout(done, 1_500));
    const over = await claim('--owner', 'b');
    expect([over.error.code, over.error.data.expired]).toEqual(['claimed', true]);
    expect(over.error.hint).toContain('--takeover');
    const taken = await claim('--owner', 'b', '--takeover');
    expect(taken.data.takenFrom.owner).toBe('a');
    expect((await claim('--owner', 'b')).data.renewed).toBe(true);
    expect((await claim('--owner', 'c', '--takeover')).error.data.expired).toBe(false);
    const release = (...args: string[]) => project.json(['release', 'database-migration', ...args]);
    expect((await release('--owner', 'c')).error.code).toBe('claimed');
    expect((await release('--owner', 'b')).data.claim.item).toBe('database-migration');
    expect((await release()).error.code).toBe('not-claimed');
    await claim();
    expect((await claim()).error.code).toBe('claimed');
    await project.run(['tasks', 'set', 'dbm', 'database-migration', 'complete']);
    expect((await project.json(['tasks', 'show', 'dbm'])).data.tasks[0].claim).toBeNull();
    expect((await claim()).error.code).toBe('wrong-state');
  });

  it('two branches that add tasks merge; where git cannot, check --fix or the next change can', async () => {
    const project = await createMigration();
    project.git('add', '-A');
    project.git('commit', '-qm', 'one');
    let conflicts = 0;
    for (let round = 0; round < 6; round++) {
      project.git('switch', '-qc', `left-${round}`, 'main');
      await project.run(['tasks', 'add', 'dbm', `left-${round}: Left`]);
      project.git('commit', '-qam', 'left');
      project.git('switch', '-qc', `right-${round}`, 'main');
      await project.run(['tasks', 'add', 'dbm', `right-${round}: Right after data-validation`]);
      project.git('commit', '-qam', 'right');
      try {
        project.git('merge', '-q', '--no-edit', `left-${round}`);
      } catch {
        conflicts++;
        const fixed =
          round % 2 === 0
            ? await project.run(['check', '--fix'])
            : await project.run(['tasks', 'add', 'dbm', 'more: More']);
        expect(fixed.code).toBe(0);
        expect(project.read('docs/tasks/dbm.md')).not.toMatch(/^(<<<<<<<|=======|>>>>>>>)/m);
        project.git('commit', '-qam', 'merge');
      }
      const { data } = await project.json(['tasks', 'show', 'dbm']);
      const ids = data.tasks.map((task: { id: string }) => task.id);
      expect(ids).toEqual(expect.arrayContaining([`left-${round}`, `right-${round}`, 'data-validation']));
    }
    expect(conflicts).toBeLessThan(4);
  }, 60_000);

  it('branches that both open a session and add at one place are put together', async () => {
    const project = await createMigration();
    await project.run(['tasks', 'handoff', 'dbm', '--end']);
    project.git('add', '-A');
    project.git('commit', '-qm', 'one');
    for (const side of ['left', 'right']) {
      project.git('switch', '-qc', side, 'main');
      // Each clone knows its own session only.
      await project.run(['tasks', 'resume', 'dbm', '--who', side]);
      await project.run(['tasks', 'add', 'dbm', `${side}: ${side}`, '--last']);
      project.git('commit', '-qam', side);
      await project.run(['tasks', 'handoff', 'dbm', '--end']);
      project.git('checkout', '-q', '--', '.');
    }
    expect(() => project.git('merge', '-q', '--no-edit', 'left')).toThrow();
    expect((await project.run(['check', '--fix'])).code).toBe(0);
    const { data } = await project.json(['tasks', 'show', 'dbm']);
    expect(
      data.sessions.map(({ number, who }: { number: number; who: string }) => `${number} ${who}`).slice(1),
    ).toEqual(['2 right', '2 left']);
    expect(data.tasks.map((task: { id: string }) => task.id)).toEqual(expect.arrayContaining(['left', 'right']));
  });
});

describe('baton watch', () => {
  it('ends when something becomes ready, with a line for it', async () => {
    const project = await createMigration();
    const outcome = collectOutcome(project.start(['watch', '--ready']));
    await new Promise((done) => setTimeout(done, 1_500));
    await project.run(['tasks', 'set', 'dbm', 'database-migration', 'in_progress']);
    await project.run(['tasks', 'set', 'dbm', 'database-migration', 'complete']);
    const { code, stdout } = await outcome;
    expect([code, stdout]).toEqual([0, 'ready: dbm/application-migration  Migrate application code\n']);
  }, 30_000);

  it('ends at once with --initial, after its time with --timeout, and at Ctrl-C', async () => {
    const project = await createMigration();
    const first = await project.json(['watch', '--ready', '--initial']);
    expect(first.data.ready).toEqual([
      { kind: 'task', id: 'database-migration', title: 'Migrate database schema', list: 'dbm', project: null },
    ]);
    expect((await project.json(['watch', '--ready', '--timeout', '0.3'])).data).toMatchObject({
      ready: [],
      timedOut: true,
    });
    const child = project.start(['watch']);
    const outcome = collectOutcome(child);
    await new Promise((done) => setTimeout(done, 1_500));
    child.kill('SIGINT');
    const { code, signal } = await outcome;
    expect([code, signal]).toEqual([130, null]);
  }, 30_000);

  it('counts what is given back, and not what somebody has', async () => {
    const project = await createMigration();
    await project.run(['claim', 'database-migration']);
    expect((await project.json(['watch', '--ready', '--initial', '--timeout', '0.3'])).data.timedOut).toBe(true);
    const outcome = collectOutcome(project.start(['--json', 'watch', '--ready']));
    await new Promise((done) => setTimeout(done, 1_500));
    await project.run(['release', 'database-migration']);
    expect(JSON.parse((await outcome).stdout).data.ready).toMatchObject([{ id: 'database-migration' }]);
  }, 30_000);
});
