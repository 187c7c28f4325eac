import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CliProject } from './support/cliProject.ts';
import { createMigration, createProject, migration, statesOf } from './support/taskProject.ts';

describe('sessions of a list', () => {
  it('are rejoined in the worktree that opened them; another worktree opens the next one', async () => {
    const project = await createMigration();
    project.git('add', '-A');
    project.git('commit', '-qm', 'one');
    const rejoined = await project.json(['tasks', 'resume', 'dbm']);
    expect(rejoined.data).toMatchObject({ session: 1, rejoined: true, deadOwner: { pid: expect.any(Number) } });
    project.git('worktree', 'add', '-q', '../other');
    const other = await project.json(['tasks', 'resume', 'dbm'], { cwd: '../other' });
    expect(other.data).toMatchObject({ session: 2, rejoined: false, deadOwner: null });
    expect(other.data.warnings).toEqual([
      'Session 1 of this list has not ended: another worktree or clone may work in it',
    ]);
    await project.run(['tasks', 'set', 'dbm', 'database-migration', 'complete'], { cwd: '../other' });
    const shown = await project.json(['tasks', 'show', 'dbm'], { cwd: '../other' });
    expect(shown.data.tasks[0].session).toBe('2');
  });

  it('need not be resumed to set a task', async () => {
    const project = await createMigration();
    await project.run(['tasks', 'handoff', 'dbm', '--end']);
    const { data } = await project.json(['tasks', 'set', 'dbm', 'database-migration', 'complete']);
    expect(data.session).toBe(1);
    expect(data.warnings.join()).toContain('No session of dbm is open');
    expect((await project.json(['tasks', 'handoff', 'dbm'])).error.code).toBe('wrong-state');
  });

  it('do not take a list that is a link for work', async () => {
    const project = createProject({ 'src/a.txt': 'a\n' });
    await project.run(migration);
    mkdirSync(join(project.root, 'notes'));
    renameSync(join(project.root, 'docs/tasks/dbm.md'), join(project.root, 'notes/dbm.md'));
    symlinkSync('../../notes/dbm.md', join(project.root, 'docs/tasks/dbm.md'));
    project.git('add', '-A');
    project.git('commit', '-qm', 'chore: keep the list with the notes');
    await project.run(['tasks', 'set', 'dbm', 'database-migration', 'complete']);
    project.write('src/a.txt', 'changed\n');
    const { data } = await project.json(['tasks', 'handoff', 'dbm', '--end']);
    expect(data.text).toContain('src/a.txt');
    expect(data.text).not.toContain('notes/dbm.md');
    const resumed = await project.json(['tasks', 'resume', 'dbm']);
    expect(resumed.data.warnings.join()).not.toContain('not fresh');
  });

  it('hand off what git and the list know, keep what people wrote, and say when it is stale', async () => {
    const project = createProject({ 'src/a.txt': 'a\n' });
    await project.run(migration);
    project.write('src/a.txt', 'changed\n');
    project.write('src/new ü.txt', 'new\n');
    project.git('add', '-A');
    project.git('commit', '-qm', 'feat: change a');
    const path = 'docs/tasks/dbm.md';
    await project.run(['tasks', 'handoff', 'dbm', '--question', 'Keep the old table?']);
    project.write(path, project.read(path).replace('- **Next:**', 'Mind the gap.\n- **Next:**'));
    project.write(path, `${project.read(path)}\nMore of mine.\n`);
    const { data } = await project.json(['tasks', 'handoff', 'dbm', '--end']);
    expect(data.text).toContain('feat: change a');
    expect(data.text).toContain('`src/a.txt`');
    expect(data.text).toContain('`src/new ü.txt`');
    expect(data.text).toContain('Keep the old table?');
    expect(data.text).toMatch(/<!-- \/baton:handoff -->\n\nMind the gap\.\n\nMore of mine\.$/);
    expect(data.text.length / 3).toBeLessThan(1_200);
    const fresh = await project.json(['tasks', 'resume', 'dbm']);
    expect(fresh.data.handoff).toMatchObject({ fresh: true, staleness: null });
    project.write('src/a.txt', 'again\n');
    const stale = await project.json(['tasks', 'resume', 'dbm']);
    expect(stale.data.handoff).toMatchObject({
      fresh: false,
      staleness: 'the working tree has changed since: src/a.txt',
    });
  });

  it('hand off long lists within 1,200 tokens', async () => {
    const project = createProject();
    const specs = Array.from({ length: 120 }, (_, index) => [
      '--task',
      `task-${index}: ${'A rather long title '.repeat(4)}${index}`,
    ]).flat();
    await project.run(['tasks', 'create', 'Long', '--id', 'long', ...specs]);
    const { data } = await project.json(['tasks', 'handoff', 'long']);
    expect(data.text.length).toBeLessThanOrEqual(3_600);
    expect(data.text).toMatch(/and \d+ more/);
  });
});

describe('proof', () => {
  const verdictsOf = (outcome: Awaited<ReturnType<CliProject['json']>>) => {
    const data = outcome.ok ? outcome.data : outcome.error.data;
    return {
      code: outcome.code,
      lines: [data.crossSessionContinuation, data.taskStatePersistence],
      findings: Object.entries(data.verdicts).flatMap(([name, verdict]) =>
        // biome-ignore lint/suspicious/noExplicitAny: what --json printed.
        (verdict as any).findings.map(({ task, commit, message }: any) => [name, task, commit !== null, message]),
      ),
    };
  };

  async function begun(): Promise<CliProject> {
    const project = await createMigration();
    await project.run(['tasks', 'set', 'dbm', 'database-migration', 'complete']);
    await project.run(['tasks', 'handoff', 'dbm', '--end']);
    project.git('add', '-A');
    project.git('commit', '-qm', 'one');
    return project;
  }

  it.each([
    [
      'fell back',
      /\| database-migration \| COMPLETE /,
      '| database-migration | PENDING ',
      'database-migration fell back: COMPLETE -> PENDING',
    ],
    ['was lost', /\| database-migration .*\n/, '', 'database-migration (COMPLETE) was lost'],
    [
      'was made anew',
      /(\| database-migration \| )COMPLETE (\| [^|]*\| [^|]*)\|.*\n/,
      '$1PENDING $2| — | — |\n',
      'database-migration was re-created: COMPLETE -> PENDING, without session and time',
    ],
  ])('names a task that %s, and the commit', async (_name, pattern, text, message) => {
    const project = await begun();
    const path = 'docs/tasks/dbm.md';
    const before = project.read(path);
    project.write(path, before.replace(pattern, text));
    project.git('commit', '-qam', 'oops');
    const broken = verdictsOf(await project.json(['tasks', 'verify', 'dbm']));
    expect(broken).toMatchObject({ code: 1, lines: ['FAILED', 'BROKEN'] });
    expect(broken.findings).toContainEqual(['statusPreservation', 'database-migration', true, message]);
    const hash = project.git('rev-parse', 'HEAD').slice(0, 7);
    expect((await project.run(['tasks', 'verify', 'dbm'])).stdout.replace(/\s+/g, ' ')).toContain(
      `${message} (${hash})`,
    );
    project.write(path, before);
    project.git('commit', '-qam', 'put it right');
    expect(verdictsOf(await project.json(['tasks', 'verify', 'dbm'])).code).toBe(0);
  });

  it('excuses what was forced and written down', async () => {
    const project = await begun();
    await project.run(['tasks', 'set', 'dbm', 'database-migration', 'pending', '--force']);
    project.git('commit', '-qam', 'again');
    const result = verdictsOf(await project.json(['tasks', 'verify', 'dbm']));
    expect(result.code).toBe(0);
    expect(result.findings.length).toBeGreaterThan(0);
  });

  it('calls a list out that was made anew, under another ID or the same', async () => {
    const project = await begun();
    await project.run([...migration.slice(0, 3), '--id', 'dbm2', ...migration.slice(5)]);
    const twin = verdictsOf(await project.json(['tasks', 'verify', 'dbm']));
    expect(twin).toMatchObject({ code: 1, lines: ['FAILED', 'BROKEN'] });
    expect(twin.findings[0]?.[3]).toContain('dbm was re-created as dbm2');
    expect(verdictsOf(await project.json(['tasks', 'verify', 'dbm2'])).code).toBe(1);

    const other = await begun();
    other.git('rm', '-q', 'docs/tasks/dbm.md');
    await new Promise((done) => setTimeout(done, 1_100));
    await other.run(migration);
    other.git('add', '-A');
    other.git('commit', '-qm', 'anew');
    const same = verdictsOf(await other.json(['tasks', 'verify', 'dbm']));
    expect(same.code).toBe(1);
    expect(same.findings.map(([name]) => name)).toEqual(expect.arrayContaining(['idContinuity', 'statusPreservation']));
  });

  it('finds a list whose ID was lost by its title and tasks', async () => {
    const project = await begun();
    project.git('mv', 'docs/tasks/dbm.md', 'docs/tasks/renamed.md');
    project.write('docs/tasks/renamed.md', project.read('docs/tasks/renamed.md').replace('id: dbm', 'id: renamed'));
    project.git('commit', '-qam', 'lose the ID');
    const found = await project.json(['tasks', 'verify', 'dbm']);
    expect(found.error.data.found).toBe('renamed, by title and tasks');
    expect(verdictsOf(found)).toMatchObject({ code: 1, lines: ['FAILED', 'BROKEN'] });
    expect((await project.json(['tasks', 'verify', 'nothing'])).error.code).toBe('unknown-list');
  });

  it('sees what was started before its turn', async () => {
    const project = await begun();
    const path = 'docs/tasks/dbm.md';
    project.write(path, project.read(path).replace('| data-validation | PENDING', '| data-validation | COMPLETE'));
    project.git('commit', '-qam', 'too early');
    const result = verdictsOf(await project.json(['tasks', 'verify', 'dbm']));
    expect(result).toMatchObject({ code: 1, lines: ['FAILED', 'VERIFIED'] });
    expect(result.findings[0]).toEqual([
      'seamlessContinuation',
      'data-validation',
      true,
      'data-validation was started (COMPLETE) before application-migration was complete, so it was not the next ready task',
    ]);
  });

  it('is not confused by branches that work side by side', async () => {
    const project = createProject();
    await project.run(['tasks', 'create', 'X', '--id', 'x', '--task', 'a: A', '--task', 'b: B', '--task', 'c: C']);
    project.git('add', '-A');
    project.git('commit', '-qm', 'one');
    project.git('switch', '-qc', 'side');
    await project.run(['tasks', 'set', 'x', 'a', 'complete']);
    project.git('commit', '-qam', 'a');
    project.git('switch', '-q', 'main');
    await project.run(['tasks', 'set', 'x', 'c', 'complete']);
    project.git('commit', '-qam', 'c');
    project.git('merge', '-q', '--no-edit', 'side');
    expect(statesOf(project, 'x')).toEqual(['a COMPLETE', 'b PENDING', 'c COMPLETE']);
    const result = await project.json(['tasks', 'verify', 'x']);
    expect(result.ok).toBe(true);
    expect(result.data.versions).toBe(4);
  });

  it('looks at the file alone where git knows nothing', async () => {
    const project = createProject({}, { git: false });
    await project.run(migration);
    const { data } = await project.json(['tasks', 'verify', 'dbm']);
    expect(data).toMatchObject({ taskStatePersistence: 'VERIFIED', versions: 0 });
    expect(data.warnings.join()).toContain('no git repository');
  });
});
