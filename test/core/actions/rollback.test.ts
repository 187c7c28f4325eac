import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkpoint } from '../../../src/core/actions/checkpoint.ts';
import { complete } from '../../../src/core/actions/complete.ts';
import { note } from '../../../src/core/actions/note.ts';
import { pause } from '../../../src/core/actions/pause.ts';
import { planRollback, rollback } from '../../../src/core/actions/rollback.ts';
import { start } from '../../../src/core/actions/start.ts';
import { createProject, files, planPath, progressPath, refusal, sessionPath, type TestProject } from './support.ts';

async function work(project: TestProject, id: string, files: readonly string[]): Promise<void> {
  await start(project.context, { id, force: true });
  for (const [at, file] of files.entries()) {
    project.repository.write(file, `${id}\n`);
    if (at < files.length - 1) await checkpoint(project.context, { message: `step ${at + 1}` });
  }
  await complete(project.context, { message: `feat(x): ${id}`, verify: false });
}

describe('rollback', () => {
  test('takes a finished session back with one commit, though the neighbouring row has changed since', async () => {
    const project = await createProject();
    await work(project, 'A-01', ['schema.txt', 'größe eins.txt']);
    await work(project, 'A-02', ['endpoints.txt']);
    const neighbour = project.row('A-02');
    const plan = await planRollback(project.context, { session: 'A-01' });
    expect(plan.commits.map(({ message }) => message.split('\n')[0])).toEqual([
      'feat(x): A-01',
      'WIP: [A-01] checkpoint 1 - step 1',
    ]);
    expect([...plan.files].sort()).toEqual(['größe eins.txt', 'schema.txt'].sort());
    expect(plan.commands).toEqual(['echo undone > rolled-back.log']);
    expect(project.subjects()).toHaveLength(6);
    const { commit, warnings, ran } = await rollback(project.context, { session: 'A-01' });
    expect(project.subjects()).toHaveLength(7);
    expect(commit.message).toMatch(/^revert: roll back A-01\n\nReverted:\n- [0-9a-f]{12} feat\(x\): A-01\n- /);
    expect(project.repository.git('ls-files')).not.toMatch(/schema|eins/);
    expect(project.repository.read('endpoints.txt')).toBe('A-02\n');
    expect(project.row('A-01')).toMatch(/^\| A-01 \| 🔁 Retry \| [-\d]+ [\d:]+ \| — \| — \| keep me \|$/);
    expect(project.row('A-02')).toBe(neighbour);
    expect(project.progress()).toMatch(/#### A-01: Schema[\s\S]*Rolled back \(reverted [0-9a-f]{7}, [0-9a-f]{7}\)\n/);
    expect(project.progress()).toContain('| Sessions Completed | 1 / 4 |');
    expect(project.dirty()).toEqual([]);
    expect(ran).toEqual([]);
    expect(warnings.join()).toContain('echo undone');
    expect(project.session()).toContain('Last Session:** A-02');
  });

  test('to a checkpoint: the active session goes on from there', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-01' });
    for (const name of ['one', 'two', 'three']) {
      project.repository.write('schema.txt', `${name}\n`);
      project.repository.write(`${name}.txt`, 'x\n');
      await checkpoint(project.context, { message: name });
    }
    await refusal(rollback(project.context, { to: 7 }), 'unknown-checkpoint');
    await refusal(rollback(project.context, { to: 3 }), 'nothing-to-roll-back');
    const { reverted } = await rollback(project.context, { to: 1 });
    expect(reverted).toHaveLength(2);
    expect(project.repository.read('schema.txt')).toBe('one\n');
    expect(project.repository.git('ls-files')).toMatch(/one\.txt/);
    expect(project.repository.git('ls-files')).not.toMatch(/two|three/);
    expect(project.session()).toContain('session: A-01');
    expect(project.row('A-01')).toContain('🔄 Active');
    expect(project.progress()).toContain('Rolled back to checkpoint 1');
    project.repository.write('four.txt', 'x\n');
    expect((await checkpoint(project.context, { message: 'four' })).number).toBe(4);
    // Checkpoints 2 and 3 are gone already and must not be reverted once more.
    expect((await planRollback(project.context)).commits).toHaveLength(2);
    await rollback(project.context);
    expect(project.repository.git('ls-files')).not.toMatch(/one|two|four|schema/);
    expect(project.row('A-01')).toContain('🔁 Retry');
    expect(project.session()).toContain('# Session Complete');
    expect(project.dirty()).toEqual([]);
    await refusal(rollback(project.context, { session: 'A-01' }), 'nothing-to-roll-back');
    await start(project.context, { id: 'A-01' });
    project.repository.write('schema.txt', 'again\n');
    expect((await checkpoint(project.context, { message: 'again' })).number).toBe(1);
    expect((await planRollback(project.context)).commits).toHaveLength(1);
  });

  test('keeps the notes of an active and of a paused session', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-01' });
    await note(project.context, { kind: 'note', text: 'remember' });
    project.repository.write('a.txt', 'x\n');
    await checkpoint(project.context, { message: 'one' });
    await pause(project.context);
    await rollback(project.context, { session: 'A-01' });
    expect(project.progress()).toMatch(/- \[\d\d:\d\d\] remember\n/);
    expect(existsSync(join(project.repository.root, 'docs/sessions/paused/A-01.md'))).toBe(false);
    expect(project.row('A-01')).toContain('🔁 Retry');
    expect(project.dirty()).toEqual([]);
  });

  test('refuses uncommitted files, naming them, but not state files', async () => {
    const project = await createProject();
    await work(project, 'A-01', ['schema.txt']);
    await start(project.context, { id: 'A-02' });
    const session = project.session();
    project.repository.write('README.md', 'half done\n');
    const error = await refusal(rollback(project.context, { session: 'A-01' }), 'wrong-state');
    expect(error.message).toContain('README.md');
    project.repository.git('checkout', '-q', '--', 'README.md');
    await rollback(project.context, { session: 'A-01' });
    expect(project.session()).toBe(session);
    expect(project.row('A-02')).toContain('🔄 Active');
    expect(project.dirty()).toEqual([` M ${sessionPath}`]);
  });

  test('a conflict stops it, and nothing is changed', async () => {
    const project = await createProject();
    await work(project, 'A-01', ['schema.txt']);
    project.repository.commit('chore: later', { 'schema.txt': 'changed by others\n' });
    const before = { progress: project.progress(), head: project.repository.git('rev-parse', 'HEAD') };
    const error = await refusal(rollback(project.context, { session: 'A-01' }), 'revert-conflict');
    expect(JSON.stringify(error.data)).toContain('schema.txt');
    expect({ progress: project.progress(), head: project.repository.git('rev-parse', 'HEAD') }).toEqual(before);
    expect(project.dirty()).toEqual([]);
    expect(await project.ports.localState.list('journal/')).toEqual([]);
    expect((await (await project.ports.git(''))?.head())?.operation).toBeUndefined();
  });

  test("runs the plan's commands only on demand and once approved, and stops where one fails", async () => {
    const project = await createProject();
    await work(project, 'A-01', ['schema.txt']);
    const error = await refusal(rollback(project.context, { session: 'A-01', runCommands: true }), 'approval-required');
    expect(error.data).toMatchObject({ commands: ['echo undone > rolled-back.log'] });
    project.repository.write('.gitignore', 'ignored/\n*.log\n.*.[0-9]*.tmp\n');
    project.repository.commit('chore: ignore logs');
    const { ran } = await rollback({ ...project.context, yes: true }, { session: 'A-01', runCommands: true });
    expect(ran.map(({ exitCode }) => exitCode)).toEqual([0]);
    expect(project.repository.read('rolled-back.log')).toBe('undone\n');

    const failing = await createProject({ yes: true });
    failing.repository.write(
      'docs/SHOP_PROMPTS.md',
      failing.repository.read('docs/SHOP_PROMPTS.md').replace('echo undone > rolled-back.log', 'exit 4'),
    );
    failing.repository.commit('docs: other commands');
    await work(failing, 'A-01', ['schema.txt']);
    const head = failing.repository.git('rev-parse', 'HEAD');
    await refusal(rollback(failing.context, { session: 'A-01', runCommands: true }), 'process-failed');
    expect(failing.repository.git('rev-parse', 'HEAD')).toBe(head);
    expect(failing.row('A-01')).toContain('✅ Done');
  });

  test('uncommitted rows of others in the progress file survive', async () => {
    const project = await createProject();
    await work(project, 'A-01', ['schema.txt']);
    const noted = project.progress().replace('| ‖ A-03 |', '| by hand |');
    project.repository.write(progressPath, noted);
    await rollback(project.context, { session: 'A-01' });
    expect(project.row('A-02')).toContain('| by hand |');
    expect(project.row('A-01')).toContain('🔁 Retry');
  });

  test('never takes back the commits of another project’s session with the same ID', async () => {
    const other = (name: string, text: string) => text.replaceAll('Shop', name);
    const project = await createProject({
      files: {
        'docs/OTHER_PROMPTS.md': other('Other', files[planPath] ?? ''),
        'docs/progress/OTHER_PROGRESS.md': other('Other', files[progressPath] ?? '').replace('SHOP', 'OTHER'),
      },
    });
    const begin = (plan: string) => start(project.context, { id: 'A-03', plan });
    await begin(planPath);
    project.repository.write('shop.txt', 'x\n');
    await complete(project.context, { message: 'feat: shop' });
    await begin('docs/OTHER_PROMPTS.md');
    project.repository.write('other.txt', 'x\n');
    await checkpoint(project.context, { message: 'other' });
    const { commits } = await planRollback(project.context);
    expect(commits.map(({ message }) => message.split('\n', 1)[0])).toEqual(['WIP: [A-03] checkpoint 1 - other']);
    project.repository.write(sessionPath, project.session().replace(/^start_ref: .*$/m, 'start_ref: 0000000'));
    // Where nothing tells the beginning, the progress file that a commit changed tells whose it is.
    expect((await planRollback(project.context)).files).toEqual(['other.txt']);
  });

  test('untracked files that it does not touch are left alone, those in its way refuse it', async () => {
    const project = await createProject({ files: { 'old/schema.txt': 'old\n', 'notes.txt': 'n\n' } });
    await start(project.context, { id: 'A-01' });
    rmSync(join(project.repository.root, 'old'), { recursive: true });
    project.repository.write('schema.txt', 'new\n');
    await complete(project.context, { message: 'feat(x): move', verify: false });
    const { root } = project.repository;
    for (const way of ['old', 'old/schema.txt']) {
      project.repository.write(way, 'precious\n');
      const error = await refusal(rollback(project.context, { session: 'A-01' }), 'wrong-state');
      expect(error.data).toMatchObject({ files: [way] });
      expect(project.repository.read(way)).toBe('precious\n');
      rmSync(join(root, 'old'), { recursive: true });
    }
    project.repository.write('old/other.txt', 'mine\n');
    project.repository.write('scratch.txt', 'mine\n');
    project.repository.write('notes.txt', 'changed\n');
    expect((await refusal(rollback(project.context, { session: 'A-01' }), 'wrong-state')).data).toMatchObject({
      files: ['notes.txt'],
    });
    project.repository.git('checkout', '-q', '--', 'notes.txt');
    await rollback(project.context, { session: 'A-01' });
    expect(project.repository.read('old/schema.txt')).toBe('old\n');
    expect(existsSync(join(root, 'schema.txt'))).toBe(false);
    expect(project.dirty()).toEqual(['?? old/other.txt', '?? scratch.txt']);
  });

  test('refuses unknown sessions and those without commits', async () => {
    const project = await createProject();
    await refusal(rollback(project.context), 'no-active-session');
    await refusal(rollback(project.context, { session: 'A-09' }), 'unknown-session');
    await refusal(rollback(project.context, { session: 'A-03' }), 'nothing-to-roll-back');
  });
});
