import { describe, expect, it } from 'vitest';
import type { CliProject } from './support/cliProject.ts';
import { planPath, progressPath, sessionPath, shopFiles } from './support/shop.ts';
import { createProject } from './support/taskProject.ts';

/** The shop, whose BE-02 names a task list. */
async function createShop(): Promise<CliProject> {
  const plan = (shopFiles[planPath] ?? '').replace('session_id: BE-02\n', 'session_id: BE-02\ntask_list: products\n');
  const project = createProject({ ...shopFiles, [planPath]: plan });
  await project.run([
    'tasks',
    'create',
    'Products',
    '--id',
    'products',
    '--task',
    'model: Model',
    '--task',
    'api: API after model',
  ]);
  await project.run(['tasks', 'handoff', 'products', '--end']);
  project.git('add', '-A');
  project.git('commit', '-qm', 'list');
  return project;
}

describe('a session of a plan that names a task list', () => {
  it('resumes it when it starts, and ends its session when it completes', async () => {
    const project = await createShop();
    const started = await project.json(['start', 'BE-02']);
    expect(started.data.taskList).toEqual({ id: 'products', session: 2, rejoined: false });
    expect(project.read(sessionPath)).toContain('task_list: products\n');
    await project.run(['tasks', 'set', 'products', 'model', 'complete']);
    project.write('src/products.txt', 'products\n');
    const completed = await project.json(['complete', '-m', 'feat(products): keep products', '--yes']);
    expect(completed.ok).toBe(true);
    expect(project.gitStatus()).toBe('');
    const list = project.read('docs/tasks/products.md');
    expect(list).toMatch(/\| 2 \| \S+ \| 20\S+ \| BE-02 \| model \|/);
    expect(list).toContain('`src/products.txt`');
    expect((await project.json(['tasks', 'verify', 'products'])).ok).toBe(true);
    expect((await project.json(['tasks', 'resume', 'products'])).data.session).toBe(3);
  });

  it('starts although the list is not there, and says so', async () => {
    const project = await createShop();
    project.git('rm', '-q', 'docs/tasks/products.md');
    const started = await project.json(['start', 'BE-02']);
    expect(started.data.taskList).toBeNull();
    expect(started.data.warnings.join()).toContain(
      'The task list of BE-02 was not resumed: There is no task list products',
    );
  });

  it('does not make its verification stale by setting tasks', async () => {
    const project = await createShop();
    await project.run(['start', 'BE-02']);
    project.write('src/products.txt', 'products\n');
    expect((await project.json(['verify', '--yes'])).data.receipt.ok).toBe(true);
    await project.run(['tasks', 'set', 'products', 'model', 'complete']);
    expect((await project.json(['status'])).data.active.receipt).toBe('passed');
  });
});

describe('the handoff of a session of a plan', () => {
  it('is in SESSION.md after a checkpoint, and in the paused one; show prints it, resume says when it is stale', async () => {
    const project = createProject(shopFiles);
    await project.run(['start', 'BE-02']);
    project.write('src/products.txt', 'products\n');
    await project.run(['checkpoint', '-m', 'models done', '--done', 'the models', '--remaining', 'the API']);
    const text = project.read(sessionPath);
    expect(text).toMatch(
      /## Handoff\n\n<!-- baton:handoff session=BE-02 .*-->\n- \*\*Session:\*\* `BE-02` Keep products, plan /,
    );
    expect(text).toContain(
      '- **State:** checkpoint 1: models done\n- **Done:**\n  - the models\n- **Remaining:**\n  - the API\n',
    );
    expect(text).toContain('  - `src/products.txt`\n');
    expect(project.git('status', '--porcelain')).toBe('');
    project.write(sessionPath, `${text}\nMine: ask Ada.\n`);
    const shown = await project.json(['show', 'BE-02']);
    expect(shown.data.handoff).toMatchObject({ fresh: true });
    await project.run(['pause', '-m', 'lunch']);
    const paused = project.read('docs/sessions/paused/BE-02.md');
    expect(paused.match(/baton:handoff session/g)).toHaveLength(1);
    expect(paused).toContain('- **State:** paused: lunch\n');
    expect(paused).toContain('WIP: [BE-02] checkpoint 1 - models done');
    expect(paused).toMatch(/<!-- \/baton:handoff -->\n\nMine: ask Ada\.\n$/);
    project.write('src/products.txt', 'more\n');
    const resumed = await project.json(['resume']);
    expect(resumed.data.handoff).toMatchObject({
      fresh: false,
      staleness: 'the working tree has changed since: src/products.txt',
    });
    expect(project.read(progressPath)).toContain('🔄 Active');
  });
});
