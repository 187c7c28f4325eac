import { describe, expect, test } from 'vitest';
import { check } from '../../../src/core/actions/check.ts';
import { init } from '../../../src/core/actions/init.ts';
import { listSessions } from '../../../src/core/actions/listSessions.ts';
import { show } from '../../../src/core/actions/show.ts';
import { start } from '../../../src/core/actions/start.ts';
import { tick } from '../../../src/core/actions/tick.ts';
import { createProject, openProject, plan, planPath, progress, progressPath, refusal } from './support.ts';

describe('init', () => {
  test('makes a progress file from a plan, with a row for each session, and the ignore lines', async () => {
    const project = await createProject();
    const { git, write } = project.repository;
    git('rm', '-q', progressPath);
    write('.gitignore', 'ignored/');
    write(planPath, plan.replaceAll('A-01', 'BE-01').replaceAll('A-03', 'FE-01'));
    const { path, created, warnings } = await init(project.context, {
      project: 'Über Shop 2',
      repositories: [],
      plan: `./${planPath}`,
    });
    expect(path).toBe('docs/progress/ÜBER_SHOP_2_PROGRESS.md');
    expect([...created].sort()).toEqual(['.gitignore', path].sort());
    expect(warnings).toEqual([]);
    const text = project.repository.read(path);
    expect(text).toMatch(/^# Über Shop 2 Progress\n/);
    expect(text).toContain('> **Branch:** main\n');
    expect(text).toContain('](../SHOP_PROMPTS.md)');
    expect(text).toMatch(/## Repository: backend\n\n### Week 1\n[\s\S]*\| BE-01 \| ⬜ Pending \|/);
    expect(text).toMatch(/## Repository: frontend\n[\s\S]*\| FE-01 \| ⬜ Pending \|/);
    expect(project.repository.read('.gitignore')).toBe('ignored/\n.worktrees/\n.baton/\n.*.[0-9]*.tmp\n');
    const { sessions } = await listSessions(project.context, { ready: true });
    expect(sessions.map(({ id }) => id)).toContain('BE-01');
    await refusal(init(project.context, { project: 'über shop 2', repositories: [] }), 'already-exists');
    expect(project.repository.read(path)).toBe(text);
    expect((await start(project.context, { id: 'BE-01' })).warnings).toEqual([]);
  });

  test('makes one for named repositories, and refuses a plan that is none', async () => {
    const project = await createProject();
    const { path } = await init(project.context, { project: 'zoo', repositories: ['backend', 'my frontend'] });
    expect(project.repository.read(path)).toMatch(/## Repository: backend[\s\S]*## Repository: my frontend/);
    await refusal(init(project.context, { project: 'two', repositories: [], plan: 'README.md' }), 'no-plan');
    await refusal(init(project.context, { project: 'two', repositories: [], plan: 'none.md' }), 'no-plan');
    await refusal(init(project.context, { project: ' -/- ', repositories: [] }), 'invalid-argument');
  });

  test('tells .baton.yaml of a plan that the globs do not find', async () => {
    const project = await createProject({ files: { 'notes/the plan.md': plan.replaceAll('A-0', 'Z-0') } });
    const { created } = await init(project.context, { project: 'zoo', repositories: [], plan: 'notes/the plan.md' });
    expect(created).toContain('.baton.yaml');
    const again = await openProject(project.repository);
    const { sessions } = await listSessions(again.context, { text: 'z-01' });
    expect(sessions).toMatchObject([{ id: 'Z-01', planPath: 'notes/the plan.md', project: 'zoo' }]);
    expect((await listSessions(again.context, { project: 'Shop' })).sessions).toHaveLength(4);
    const second = await createProject({
      files: { 'notes/plan.md': plan, '.baton.yaml': 'verification_timeout_minutes: 3\n' },
    });
    const { warnings } = await init(second.context, { project: 'zoo', repositories: [], plan: 'notes/plan.md' });
    expect(warnings.join()).toContain("- 'notes/plan.md'");
  });
});

describe('check', () => {
  test('finds what only git knows, and says nothing of a clean project', async () => {
    const project = await createProject();
    expect(await check(project.context)).toMatchObject({ problems: [], fixed: 0 });
    const head = project.repository.git('rev-parse', '--short', 'HEAD').trim();
    const text = progress
      .replace('| A-01 | ⬜ Pending | — | — | — |', `| A-01 | ✅ Done | — | — | ${head} |`)
      .replace('| A-03 | ⬜ Pending | — | — | — |', '| A-03 | ✅ Done | — | — | abcdef1 |');
    project.repository.write(progressPath, text);
    const { problems } = await check(project.context);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.diagnostics.map(({ code, message }) => [code, message.includes('abcdef1')])).toEqual([
      ['unknown-commit', true],
    ]);
  });

  test('narrows to files, and refuses what is no state file', async () => {
    const project = await createProject({ files: { [progressPath]: progress.replace('⬜ Pending', 'Whatever') } });
    expect((await check(project.context, { files: [progressPath] })).problems).toHaveLength(1);
    expect((await check(project.context, { files: [planPath] })).problems).toEqual([]);
    await refusal(check(project.context, { files: ['README.md'] }), 'invalid-argument');
  });

  test('applies the safe fixes, and nothing else changes', async () => {
    const text = progress
      .replace('| A-03 | ⬜ Pending | — | — | — |  |', '| A-03 | ⬜ Pending |')
      .replace('| A-04 | ⬜ Pending', '| A-04 | Whatever');
    const project = await createProject({ files: { [progressPath]: text } });
    const codes = (await check(project.context)).problems.flatMap(({ diagnostics }) =>
      diagnostics.map(({ code }) => code),
    );
    expect([...codes].sort()).toEqual(['malformed-row', 'unknown-status']);
    const { fixed, problems } = await check(project.context, { fix: true });
    expect(fixed).toBe(1);
    expect(problems.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code))).toEqual(['unknown-status']);
    const lines = project.progress().split('\n');
    expect(lines.filter((line, at) => line !== text.split('\n')[at])).toEqual([project.row('A-03')]);
    expect(project.row('A-03').split('|')).toHaveLength(8);
  });
});

describe('tick, show, sessions', () => {
  test('ticks an item by number, text and part of it; refuses what may be two', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-01' });
    const before = project.session();
    expect(await tick(project.context, { item: 'reviewed', checked: true })).toMatchObject({
      text: 'The schema is reviewed',
      checklist: { done: 1, total: 2 },
    });
    expect(project.session()).toBe(before.replace('- [ ] The schema', '- [x] The schema'));
    await tick(project.context, { item: 1, checked: false });
    expect(project.session()).toBe(before);
    expect(
      (await refusal(tick(project.context, { item: 'schema', checked: true }), 'invalid-argument')).message,
    ).toContain('2 items');
    expect((await refusal(tick(project.context, { item: 9, checked: true }), 'invalid-argument')).hint).toContain(
      'reviewed',
    );
  });

  test('show and sessions tell what the files say, and refuse what they do not know', async () => {
    const project = await createProject();
    expect(await show(project.context, { id: 'A-02' })).toMatchObject({
      entry: { id: 'A-02', title: 'Endpoints' },
      dependencies: [{ id: 'A-01', status: 'pending', met: false }],
      commits: [],
      verified: 'not verified',
      receiptState: 'none',
    });
    await refusal(show(project.context, { id: 'A-99' }), 'unknown-session');
    await refusal(listSessions(project.context, { project: 'Zoo' }), 'no-project');
    expect((await listSessions(project.context, { status: ['done'] })).sessions).toEqual([]);
    expect((await listSessions(project.context, { text: 'GRÖ' })).sessions.map(({ id }) => id)).toEqual(['A-03']);
    expect((await listSessions(project.context, { ready: true })).sessions.map(({ id }) => id)).toEqual([
      'A-01',
      'A-03',
    ]);
  });
});
