import { describe, expect, test } from 'vitest';
import { pause } from '../../../src/core/actions/pause.ts';
import { resume } from '../../../src/core/actions/resume.ts';
import { start } from '../../../src/core/actions/start.ts';
import { status } from '../../../src/core/actions/status.ts';
import { createProject, openProject, plan, planPath, progress, progressPath, refusal, sessionPath } from './support.ts';

describe('start', () => {
  test('writes SESSION.md and the row, and changes no other byte of the table', async () => {
    const project = await createProject();
    const result = await start(project.context, { id: 'A-01' });
    expect(result).toMatchObject({ path: sessionPath, forced: [], warnings: [], model: { recommended: true } });
    expect(result.model.reason).toContain('Schema');
    expect(result.session).toMatchObject({ id: 'A-01', status: 'active', activeHere: true });
    const head = project.repository.git('rev-parse', 'HEAD').trim();
    expect(project.session()).toContain(`start_ref: ${head}\n`);
    expect(project.session()).toContain('# Session A-01: Schema\n\nWrite schema.txt.\n');
    const started = /(\d{4}-\d\d-\d\d \d\d:\d\d)/.exec(project.row('A-01'))?.[1] ?? 'no time';
    expect(project.progress()).toBe(progress.replace('| A-01 | ⬜ Pending | — |', `| A-01 | 🔄 Active | ${started} |`));
  });

  test("takes the plan's model, else the caller's, and refuses what is no name", async () => {
    const project = await createProject({
      files: { [progressPath]: progress.replace('| A-01 | ⬜ Pending', '| A-01 | ✅ Done') },
    });
    const error = await refusal(start(project.context, { id: 'A-02', model: '--dangerous' }), 'invalid-argument');
    expect(error.message).toContain('--dangerous');
    expect((await start(project.context, { id: 'A-02' })).model).toMatchObject({
      model: 'claude-sonnet-4-5',
      recommended: false,
    });
    const other = await createProject();
    expect((await start(other.context, { id: 'A-01', model: 'opus' })).model).toMatchObject({
      model: 'opus',
      recommended: false,
    });
    expect(other.session()).toContain('opus');
  });

  test('a name in the plan that is none is a warning, and never used', async () => {
    const project = await createProject({ files: { [planPath]: plan.replace('claude-sonnet-4-5', '"$(rm -rf /)"') } });
    const { model, warnings } = await start(project.context, { id: 'A-02', force: true });
    expect(model).toMatchObject({ model: 'sonnet', recommended: true });
    expect(warnings.join()).toContain('$(rm -rf /)');
  });

  test('refuses unmet dependencies with their states; force overrides, and is recorded', async () => {
    const project = await createProject();
    const error = await refusal(start(project.context, { id: 'A-02' }), 'dependencies-unmet');
    expect(error.message).toContain('A-01 (pending)');
    expect(error.data).toMatchObject({ unmet: [{ id: 'A-01', status: 'pending' }] });
    expect(project.dirty()).toEqual([]);
    const { forced } = await start(project.context, { id: 'A-02', force: true });
    expect(forced).toEqual(['not done are A-01 (pending)']);
    expect(project.progress()).toMatch(
      /#### A-02: Endpoints\n\n- \[\d\d:\d\d\] Started by force: not done are A-01 \(pending\)\n/,
    );
  });

  test('refuses another active session, an unknown ID with the nearest, and the wrong states', async () => {
    const text = progress
      .replace('| A-01 | ⬜ Pending', '| A-01 | ✅ Done')
      .replace('| A-03 | ⬜ Pending', '| A-03 | ❌ Blocked')
      .replace('| A-04 | ⬜ Pending', '| A-04 | ⏸️ Paused');
    const project = await createProject({ files: { [progressPath]: text } });
    expect((await refusal(start(project.context, { id: 'A-05' }), 'unknown-session')).hint).toContain('A-0');
    expect((await refusal(start(project.context, { id: 'A-01' }), 'wrong-state')).message).toBe('A-01 is done');
    expect((await refusal(start(project.context, { id: 'A-03' }), 'wrong-state')).message).toBe('A-03 is blocked');
    expect((await refusal(start(project.context, { id: 'A-04' }), 'wrong-state')).hint).toContain('baton resume A-04');
    await start(project.context, { id: 'A-02' });
    expect((await refusal(start(project.context, { id: 'A-01', force: true }), 'session-active')).message).toContain(
      'A-02',
    );
    expect((await refusal(start(project.context, { id: 'A-02' }), 'session-active')).message).toContain('already');
    expect((await refusal(start(project.context, { id: 'A-05' }), 'unknown-session')).hint).toContain('A-0');
    expect((await refusal(resume(project.context, { id: 'A-05' }), 'unknown-session')).hint).toContain('A-0');
  });

  test('starts one that is done again by force, keeps Started and clears Completed', async () => {
    const done = '| A-01 | ✅ Done | 2026-01-01 09:00 | 2026-01-01 10:00 | abcdef1 |';
    const project = await createProject({
      files: { [progressPath]: progress.replace('| A-01 | ⬜ Pending | — | — | — |', done) },
    });
    const { forced } = await start(project.context, { id: 'A-01', force: true });
    expect(forced).toEqual(['it was done']);
    expect(project.row('A-01')).toBe('| A-01 | 🔄 Active | 2026-01-01 09:00 | — | abcdef1 | keep me |');
  });

  test('refuses while .baton.yaml cannot be followed, since files and commits would go elsewhere', async () => {
    const project = await createProject({ files: { '.baton.yaml': 'repositories:\n  backend: ../else\n' } });
    const error = await refusal(start(project.context, { id: 'A-01' }), 'invalid-config');
    expect([error.message, error.data?.['path']]).toEqual([expect.stringContaining('"../else"'), '.baton.yaml']);
    project.repository.write('.baton.yaml', 'repositories:\n  backend: [\n');
    await refusal(start(project.context, { id: 'A-01' }), 'invalid-config');
    expect(project.row('A-01')).toContain('Pending');
    project.repository.write('.baton.yaml', 'unknown_key: 1\n');
    await start(project.context, { id: 'A-01' });
  });

  test('says that the frontmatter of SESSION.md cannot be read, not that it is somebody else’s', async () => {
    const project = await createProject();
    project.repository.write(sessionPath, '---\nbaton: session/1\nsession: [A-01\n---\n\n# Notes\n');
    const error = await refusal(pause(project.context), 'unreadable-file');
    expect(error.message).toContain(sessionPath);
  });

  test('never overwrites a foreign SESSION.md', async () => {
    const mine = '# My notes\r\n\r\nImportant.\r\n';
    const project = await createProject({ files: { [sessionPath]: mine } });
    await refusal(start(project.context, { id: 'A-01' }), 'foreign-session-file');
    expect(project.session()).toBe(mine);
    const { keptAs = '' } = await start(project.context, { id: 'A-01', force: true });
    expect(keptAs).toMatch(/^docs\/sessions\/SESSION\.kept-\d{8}-\d{6}\.md$/);
    expect(project.repository.read(keptAs)).toBe(mine);
    expect(project.session()).toContain('session: A-01');
  });

  test('asks about a foreign SESSION.md where somebody can be asked', async () => {
    const questions: string[] = [];
    const answers = [false, true];
    const prompt = {
      confirm: async ({ question }: { question: string }) => {
        questions.push(question);
        return answers.shift();
      },
    };
    const project = await createProject({ files: { [sessionPath]: 'mine\n' }, prompt });
    await refusal(start(project.context, { id: 'A-01' }), 'foreign-session-file');
    const { keptAs = '' } = await start(project.context, { id: 'A-01' });
    expect(questions).toHaveLength(2);
    expect(project.repository.read(keptAs)).toBe('mine\n');
  });

  test('adds a row that the table lacks, and brings the metrics up to date', async () => {
    const text = progress.replace(/\| A-01 .*\n/, '').replace('0 / 4', '0 / 3');
    const project = await createProject({ files: { [progressPath]: text } });
    await start(project.context, { id: 'A-01' });
    expect(project.row('A-01')).toMatch(/^\| A-01 \| 🔄 Active \| \d{4}-/);
    expect(project.progress()).toContain('| Sessions Completed | 0 / 4 |');
  });

  test('works in a repository without commits, and outside git', async () => {
    const bare = await createProject({ git: false });
    const { warnings } = await start(bare.context, { id: 'A-01' });
    expect(warnings.join()).toContain('no git repository');
    expect(bare.row('A-01')).toContain('🔄 Active');
    expect(bare.session()).not.toContain('start_ref');
    const unborn = await createProject({ git: false });
    unborn.repository.git('init', '-q');
    const again = await openProject(unborn.repository);
    await start(again.context, { id: 'A-03' });
    expect(again.session()).not.toContain('start_ref');
    expect((await status(again.context)).active).toMatchObject({ id: 'A-03' });
  });

  test('finds a plan by its path that no glob finds', async () => {
    const project = await createProject({ files: { 'notes/other.md': plan.replaceAll('A-0', 'X-0') } });
    await refusal(start(project.context, { id: 'X-01', plan: 'notes/none.md' }), 'no-plan');
    const result = await start(project.context, { id: 'X-01', plan: 'notes/other.md' });
    expect(result.session.id).toBe('X-01');
    expect(project.row('X-01')).toContain('🔄 Active');
    expect(project.session()).toContain('plan: notes/other.md');
  });

  test('keeps CRLF, a BOM and a missing last line ending of the progress file', async () => {
    const text = `\uFEFF${progress.replaceAll('\n', '\r\n').replace(/\r\n$/, '')}`;
    const project = await createProject({ files: { [progressPath]: text } });
    await start(project.context, { id: 'A-01' });
    const started = /(\d{4}-\d\d-\d\d \d\d:\d\d)/.exec(project.row('A-01'))?.[1] ?? 'no time';
    expect(project.progress()).toBe(text.replace('| A-01 | ⬜ Pending | — |', `| A-01 | 🔄 Active | ${started} |`));
  });

  test('an ID in two projects is refused with both places, and told apart by the project', async () => {
    const other = progress.replace('# Shop', '# Zoo').replace('../SHOP_PROMPTS.md', '../ZOO_PROMPTS.md');
    const project = await createProject({
      files: { 'docs/progress/ZOO_PROGRESS.md': other, 'docs/ZOO_PROMPTS.md': plan.replace('# Shop', '# Zoo') },
    });
    const error = await refusal(start(project.context, { id: 'A-01' }), 'ambiguous-session');
    expect(JSON.stringify(error.data)).toContain('ZOO');
    const { session } = await start(project.context, { id: 'A-01', project: 'Zoo' });
    expect(session.project).toBe('Zoo');
    expect(project.row('A-01')).toContain('⬜ Pending');
  });
});
