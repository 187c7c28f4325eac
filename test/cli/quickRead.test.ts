import { describe, expect, it } from 'vitest';
import type { CliProject } from './support/cliProject.ts';
import { createMigration, createProject } from './support/taskProject.ts';

/** What is printed with and without the quick way; an option that it does not know takes the long one. */
async function bothWays(project: CliProject, args: readonly string[], cwd = '.'): Promise<void> {
  const quick = await project.run(args, { cwd });
  const full = await project.run([...args, '--verbose'], { cwd });
  expect(quick.stdout).toBe(full.stdout);
  expect(quick.code).toBe(full.code);
  expect(full.stderr).toContain(quick.stderr);
}

const verbs = [
  ['tasks', 'list'],
  ['tasks', 'list', '--archived'],
  ['tasks', 'show', 'dbm'],
  ['tasks', 'ready', 'dbm'],
  ['tasks', 'show', 'Database migration'],
  ['tasks', 'show', 'nothing'],
];

describe('a quick read', () => {
  it('prints what the whole command line prints', async () => {
    const project = await createMigration();
    await project.run(['tasks', 'set', 'dbm', 'database-migration', 'complete']);
    await project.run(['tasks', 'handoff', 'dbm', '--end', '--question', 'Why <!-- not -->?']);
    await project.run(['tasks', 'create', 'Old', '--id', 'old', '--task', 'a: A | B']);
    await project.run(['tasks', 'archive', 'old']);
    project.write(
      'docs/tasks/odd.md',
      '\uFEFF| State | ID | Notes |\r\n|---|---|---|\r\n| done | `x` | n |\r\n| ? | y | |\r\n| | x | |',
    );
    project.write('docs/tasks/README.md', '# No list\n');
    const all = [...verbs, ['tasks', 'show', 'odd'], ['tasks', 'show', 'old'], ['tasks', 'ready', 'odd']];
    for (const [index, verb] of all.entries()) await bothWays(project, index % 2 === 0 ? verb : ['--json', ...verb]);
    await bothWays(project, ['--json', 'tasks', 'show', 'odd']);
    await bothWays(project, ['tasks', 'ready', 'dbm']);
  }, 60_000);

  it('finds the project from a folder in it, from a worktree, and by --cwd', async () => {
    const project = await createMigration();
    project.git('add', '-A');
    project.git('commit', '-qm', 'list');
    project.git('worktree', 'add', '-q', '../other');
    await bothWays(project, ['tasks', 'show', 'dbm'], 'docs');
    await bothWays(project, ['tasks', 'show', 'dbm'], '../other');
    await bothWays(project, ['--cwd', '../other/docs', '--json', 'tasks', 'list']);
    await bothWays(project, ['--cwd', '../nowhere', '--json', 'tasks', 'list']);
    // Another project within the repository.
    project.write('inner/docs/sessions/SESSION.md', '');
    await bothWays(project, ['tasks', 'list'], 'inner');
  }, 60_000);

  it('prints of a very long list what is to be done, and all of it when asked', async () => {
    const rows = Array.from({ length: 700 }, (_, index) => {
      const status = index < 300 ? 'COMPLETE' : index < 302 ? 'IN_PROGRESS' : 'PENDING';
      return `| t-${index} | ${status} | Task ${index} | ${index >= 310 ? `t-${index - 1}` : '—'} | — | — |`;
    });
    const head = '| Task | Status | Title | After | Session | Updated |\n|---|---|---|---|---|---|';
    const project = createProject({ 'docs/tasks/big.md': `# Big\n\n${head}\n${rows.join('\n')}\n` });
    const { stdout } = await project.run(['tasks', 'show', 'big']);
    expect(stdout).toMatch(
      /t-300 +IN_PROGRESS[\s\S]*t-309 +PENDING[\s\S]*… and 690 more tasks; --all prints every one/,
    );
    expect(stdout).toContain('Critical path: t-309 → t-310');
    expect(stdout).toContain('… 371 more …');
    expect(stdout).not.toContain('t-299 ');
    const all = await project.run(['tasks', 'show', 'big', '--all']);
    expect(all.stdout.match(/^ {2}t-\d+ /gm)).toHaveLength(700);
    expect((await project.json(['tasks', 'show', 'big'])).data.tasks).toHaveLength(700);
    await bothWays(project, ['tasks', 'show', 'big']);
    await bothWays(project, ['tasks', 'show', 'big', '--all']);
    await project.run(['claim', 't-302', '--owner', 'ada']);
    expect((await project.run(['tasks', 'show', 'big'])).stdout).toContain('claimed by ada');
  }, 60_000);

  it('leaves to the command line what is not plain', async () => {
    const project = await createMigration();
    await project.run(['claim', 'database-migration', '--owner', 'ada']);
    const shown = await project.json(['tasks', 'show', 'dbm']);
    expect(shown.data.tasks[0].claim.owner).toBe('ada');
    await project.run(['release', 'database-migration', '--force']);
    await bothWays(project, ['tasks', 'show', 'dbm']);

    project.write(
      'docs/tasks/dbm.md',
      project.read('docs/tasks/dbm.md').replace('title: Database', 'title: >-\n  Data base'),
    );
    expect((await project.json(['tasks', 'list'])).data.lists[0].title).toBe('Data base migration');
    expect((await project.run(['tasks', 'show', '--help'])).stdout).toContain('Usage: baton tasks show');
    expect((await project.json(['tasks', 'show'])).error.code).toBe('invalid-argument');

    project.write('lists/x.md', '| Task | Status |\n|---|---|\n| a | PENDING |\n');
    project.write('.baton.yaml', 'task_folder: lists\n');
    expect((await project.json(['tasks', 'list'])).data.lists.map(({ id }: { id: string }) => id)).toEqual(['x']);

    const plain = createProject(
      { 'docs/tasks/x.md': '| Task | Status |\n|---|---|\n| a | PENDING |\n' },
      { git: false },
    );
    await bothWays(plain, ['tasks', 'show', 'x']);
  }, 60_000);
});
