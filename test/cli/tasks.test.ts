import { describe, expect, it } from 'vitest';
import { createMigration, createProject, migration, statesOf } from './support/taskProject.ts';

describe('the migration of the seeds', () => {
  it('goes through two sessions in the lines of the seeds, and is proven', async () => {
    const project = createProject();
    const created = await project.run(migration);
    expect(created.stdout).toBe(
      `Multi-Session Orchestration: SESSION 1
TaskList Created: dbm
[1] database-migration: PENDING
[2] application-migration: PENDING
[3] data-validation: PENDING
Next: baton tasks ready dbm
`,
    );
    await project.run(['tasks', 'set', 'dbm', 'database-migration', 'In_Progress']);
    const done = await project.run(['tasks', 'set', 'dbm', 'database-migration', 'completed']);
    expect(done.stdout).toBe('[1] database-migration: IN_PROGRESS -> COMPLETE\nReady now: application-migration\n');
    project.git('add', '-A');
    project.git('commit', '-qm', 'one');
    const ended = await project.run(['tasks', 'handoff', 'dbm', '--end']);
    expect(ended.stdout).toBe(
      `Multi-Session Orchestration: SESSION 1
[1] database-migration: IN_PROGRESS -> COMPLETE
[2] application-migration: PENDING
[3] data-validation: PENDING

SESSION 1 COMPLETE
TaskList ID: dbm - Save this for Session 2
`,
    );
    const resumed = await project.run(['tasks', 'resume', 'dbm', '--who', 'Bob']);
    expect(resumed.stdout.split('\n').slice(0, 5)).toEqual([
      'Multi-Session Orchestration: SESSION 2',
      'TaskList Loaded: dbm',
      '[1] database-migration: COMPLETE (status preserved)',
      '[2] application-migration: PENDING (status preserved)',
      '[3] data-validation: PENDING (status preserved)',
    ]);
    expect(resumed.stdout).toContain('- **Done in session 1:**\n    - `database-migration`\n');
    for (const task of ['application-migration', 'data-validation']) {
      await project.run(['tasks', 'set', 'dbm', task, 'in_progress']);
      await project.run(['tasks', 'set', 'dbm', task, 'complete']);
    }
    const last = await project.run(['tasks', 'handoff', 'dbm', '--end']);
    expect(last.stdout).toContain(
      '[1] database-migration: COMPLETE (status preserved)\n[2] application-migration: IN_PROGRESS -> COMPLETE\n',
    );
    project.git('commit', '-qam', 'two');
    const verified = await project.run(['tasks', 'verify', 'dbm']);
    expect(verified.code).toBe(0);
    expect(verified.stdout).toMatch(/Cross-Session Continuation: SUCCESS\nTask State Persistence: VERIFIED\n$/);
    expect(project.read('docs/tasks/dbm.md')).toMatch(
      /\| 2 \| \S+ \| \S+ \| Bob \| application-migration, data-validation \|/,
    );
    expect(project.gitStatus()).toBe('');
  });

  it('has an ID of its own each time, of the title and a random part', async () => {
    const project = createProject();
    const ids = new Set<string>();
    for (let run = 0; run < 3; run++) {
      const { data } = await project.json(['tasks', 'create', 'Größe & Maß']);
      expect(data.id).toMatch(/^grosse-mass-[0-9a-z]{4}$/);
      expect(data.path).toBe(`docs/tasks/${data.id}.md`);
      ids.add(data.id);
    }
    expect(ids.size).toBe(3);
    expect((await project.json(['tasks', 'list'])).data.lists).toHaveLength(3);
  });
});

describe('what is refused', () => {
  it('starting what waits, and falling back; with --force it is written down', async () => {
    const project = await createMigration();
    const early = await project.json(['tasks', 'set', 'dbm', 'data-validation', 'in_progress']);
    expect([early.code, early.error.code]).toEqual([1, 'dependencies-unmet']);
    expect(early.error.data.unmet).toEqual([{ id: 'application-migration', status: 'PENDING' }]);
    expect(statesOf(project)).toContain('data-validation PENDING');
    const forced = await project.json(['tasks', 'set', 'dbm', 'data-validation', 'in_progress', '--force']);
    expect(forced.data.forced).toEqual(['not complete: application-migration (PENDING)']);
    await project.run(['tasks', 'set', 'dbm', 'database-migration', 'complete']);
    const back = await project.json(['tasks', 'set', 'dbm', 'database-migration', 'pending']);
    expect(back.error.code).toBe('wrong-state');
    expect(back.error.message).toContain('database-migration');
    await project.run(['tasks', 'set', 'dbm', 'database-migration', 'pending', '--force']);
    expect(project.read('docs/tasks/dbm.md')).toMatch(
      /## Notes\n\n- \[.*\] forced data-validation: PENDING -> IN_PROGRESS.*\n- \[.*\] forced database-migration: COMPLETE -> PENDING/,
    );
  });

  it('what is not there, with the nearest', async () => {
    const project = await createMigration();
    const task = await project.json(['tasks', 'set', 'dbm', 'database-migation', 'complete']);
    expect([task.code, task.error.code, task.error.hint]).toEqual([
      1,
      'unknown-task',
      'Did you mean database-migration?',
    ]);
    const list = await project.json(['tasks', 'show', 'dbn']);
    expect([list.code, list.error.code, list.error.hint]).toEqual([1, 'unknown-list', 'Did you mean dbm?']);
    const state = await project.json(['tasks', 'set', 'dbm', 'database-migration', 'perhaps']);
    expect([state.code, state.error.code]).toEqual([2, 'invalid-argument']);
    const missing = await project.json(['tasks', 'set', 'dbm']);
    expect([missing.code, missing.error.code]).toEqual([2, 'invalid-argument']);
  });

  it('IDs that are taken, unknown dependencies, cycles, and the file is as it was', async () => {
    const project = await createMigration();
    const before = project.read('docs/tasks/dbm.md');
    const codeOf = async (...args: string[]): Promise<string> => (await project.json(['tasks', ...args])).error.code;
    expect(await codeOf('create', 'X', '--id', 'dbm')).toBe('already-exists');
    expect(await codeOf('create', 'X', '--id', '../x')).toBe('invalid-argument');
    expect(await codeOf('add', 'dbm', 'data-validation: again')).toBe('already-exists');
    expect(await codeOf('edit', 'dbm', 'database-migration', '--after', 'data-validation')).toBe('cyclic-dependency');
    expect(await codeOf('edit', 'dbm', 'database-migration', '--after', 'nowhere')).toBe('unknown-task');
    expect(await codeOf('create', 'X', '--task', 'a: A after b', '--task', 'b: B after a')).toBe('cyclic-dependency');
    expect(await codeOf('remove', 'dbm', 'database-migration')).toBe('wrong-state');
    expect(await codeOf('add', 'dbm')).toBe('invalid-argument');
    expect(project.read('docs/tasks/dbm.md')).toBe(before);
  });

  it('a list that is not what the caller saw', async () => {
    const project = await createMigration();
    const { data } = await project.json(['tasks', 'show', 'dbm']);
    const seen = ['--revision', data.revision];
    const first = await project.json(['tasks', 'set', 'dbm', 'database-migration', 'in_progress', ...seen]);
    expect(first.ok).toBe(true);
    const second = await project.json(['tasks', 'set', 'dbm', 'database-migration', 'complete', ...seen]);
    expect(second.error.code).toBe('conflict');
    expect(second.error.data.revision).toBe(first.data.revision);
  });

  it('several tasks in progress are allowed, and said', async () => {
    const project = createProject();
    await project.run(['tasks', 'create', 'X', '--id', 'x', '--task', 'a: A', '--task', 'b: B']);
    await project.run(['tasks', 'set', 'x', 'a', 'in_progress']);
    const { stderr, code } = await project.run(['tasks', 'set', 'x', 'b', 'in_progress']);
    expect([code, stderr]).toEqual([0, 'warning: 2 tasks are in progress: a, b\n']);
  });
});

describe('lists', () => {
  it('are made from outlines, plans and other lists', async () => {
    const project = createProject({
      'todo.md': '# Todo\n\n- [x] a: First\n- [ ] b: Second after a\n',
      'docs/X_PROMPTS.md':
        '# X Prompts\n\n## Session BE-01: One\n\n### Metadata\n\n```yaml\ndependencies: none\n```\n\n## Session BE-02: Two\n\n### Metadata\n\n```yaml\ndependencies:\n  - BE-01 (must be complete)\n```\n',
    });
    const outline = await project.json(['tasks', 'create', '--outline', 'todo.md', '--id', 'todo']);
    expect(outline.data.list.title).toBe('Todo');
    expect(statesOf(project, 'todo')).toEqual(['a COMPLETE', 'b PENDING']);
    const plan = await project.json(['tasks', 'create', '--plan', 'docs/X_PROMPTS.md', '--id', 'plan']);
    expect(plan.data.tasks.map((task: { id: string; after: string[] }) => [task.id, task.after])).toEqual([
      ['BE-01', []],
      ['BE-02', ['BE-01']],
    ]);
    const copy = await project.json([
      'tasks',
      'create',
      'Again',
      '--from',
      'todo',
      '--id',
      'again',
      '--task',
      'c: Third after b',
    ]);
    expect(copy.data.tasks.map((task: { id: string; status: string }) => `${task.id} ${task.status}`)).toEqual([
      'a PENDING',
      'b PENDING',
      'c PENDING',
    ]);
    expect((await project.json(['tasks', 'verify', 'todo'])).ok).toBe(true);
  });

  it('are changed task by task', async () => {
    const project = await createMigration();
    await project.run(['tasks', 'add', 'dbm', '--task', 'docs: Write | it after data-validation', '--last']);
    await project.run(['tasks', 'edit', 'dbm', 'docs', '--title', 'Write it down', '--id', 'documentation']);
    await project.run(['tasks', 'reorder', 'dbm', 'documentation', '--before', 'data-validation']);
    const renamed = await project.json(['tasks', 'edit', 'dbm', 'database-migration', '--id', 'schema']);
    expect(renamed.data.task.id).toBe('schema');
    const { data } = await project.json(['tasks', 'show', 'dbm']);
    expect(data.tasks.map((task: { id: string; after: string[] }) => `${task.id}<${task.after}`)).toEqual([
      'schema<',
      'application-migration<schema',
      'documentation<data-validation',
      'data-validation<application-migration',
    ]);
    expect(data.criticalPath).toEqual(['schema', 'application-migration', 'data-validation', 'documentation']);
    const removed = await project.json(['tasks', 'remove', 'dbm', 'documentation']);
    expect(removed.data.removed).toEqual({ id: 'documentation', title: 'Write it down', status: 'PENDING' });
    const again = await project.json(['tasks', 'reorder', 'dbm', 'schema', '--first']);
    expect(again.data.changed).toBe(false);
    await project.run(['tasks', 'create', 'Other', '--id', 'other']);
    await project.run(['tasks', 'move', 'dbm', 'data-validation', 'other']);
    expect(statesOf(project, 'other')).toEqual(['data-validation PENDING']);
    expect((await project.json(['tasks', 'verify', 'dbm'])).ok).toBe(true);
  });

  it('go to the archive and come back', async () => {
    const project = await createMigration();
    project.git('add', '-A');
    project.git('commit', '-qm', 'one');
    const { data, stderr } = { ...(await project.json(['tasks', 'archive', 'dbm'])), stderr: '' };
    expect([data.path, stderr]).toEqual(['docs/tasks/archive/dbm.md', '']);
    expect((await project.json(['tasks', 'list'])).data.lists).toEqual([]);
    expect((await project.json(['tasks', 'list', '--archived'])).data.lists).toHaveLength(1);
    expect((await project.json(['tasks', 'set', 'dbm', 'database-migration', 'complete'])).error.code).toBe(
      'wrong-state',
    );
    project.git('add', '-A');
    project.git('commit', '-qm', 'archive');
    expect((await project.json(['tasks', 'verify', 'dbm'])).data.versions).toBe(2);
    await project.run(['tasks', 'archive', 'dbm', '--restore']);
    expect((await project.json(['tasks', 'set', 'dbm', 'database-migration', 'complete'])).ok).toBe(true);
  });

  it('with problems say so, and check names and mends them', async () => {
    const project = createProject({
      'docs/tasks/x.md':
        '---\nbaton: tasks/1\nid: x\ntitle: X\n---\n\n| Task | Status | Title | After |\n|---|---|---|---|\n| a | PENDING | A | b |\n| b | PENDING | B | a |\n| c | PENDING | C | nowhere |\n| d | MAYBE | D | |\n| d | PENDING | D | |\n| e | PENDING | E | |\n',
    });
    const ready = await project.json(['tasks', 'ready', 'x']);
    expect(ready.data.tasks.map((task: { id: string }) => task.id)).toEqual(['e']);
    expect(ready.data.warnings.join('\n')).toMatch(/x\.md:9: a is in a cycle/);
    const checked = await project.json(['check']);
    expect(
      checked.error.data.problems.map(({ code, line }: { code: string; line: number }) => `${code} ${line}`),
    ).toEqual([
      'cyclic-dependency 9',
      'cyclic-dependency 10',
      'unknown-dependency 11',
      'unknown-status 12',
      'duplicate-id 13',
    ]);
  });
});
