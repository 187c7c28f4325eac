import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileApprovals } from '../../src/platform/fileApprovals.ts';
import { CliProject } from '../cli/support/cliProject.ts';
import { progressPath, sessionPath, shopFiles } from '../cli/support/shop.ts';
import { McpClient } from './support/mcpClient.ts';

describe('the further tools', () => {
  let project: CliProject;
  let mcp: McpClient;

  beforeEach(async () => {
    project = new CliProject(shopFiles);
    mcp = await McpClient.connect(project, { args: ['--tools', 'all'] });
  });
  afterEach(async () => {
    await mcp.close();
    project.dispose();
  });

  const refusal = async (name: string, input: Record<string, unknown> = {}) =>
    (await mcp.call(name, input)).data.error.code;

  it('list sessions', async () => {
    const { data } = await mcp.ok('list_sessions', { status: ['pending'], text: 'products' });
    expect(data.sessions.map(({ id }: { id: string }) => id)).toEqual(['BE-02', 'FE-01']);
    expect(await refusal('list_sessions', { project: 'Nothing' })).toBe('no-project');
  });

  it('edit a cell of a row', async () => {
    const edit = { session: 'BE-02', column: 'notes', text: 'a | b', was: '' };
    expect((await mcp.ok('edit_cell', edit)).data).toMatchObject({ path: progressPath, column: 'Notes' });
    expect(project.read(progressPath)).toMatch(/\| BE-02 .*\| a \\\| b \|/);
    expect(await refusal('edit_cell', { ...edit, text: 'c' })).toBe('conflict');
    await mcp.ok('edit_cell', { ...edit, text: '', was: 'a | b' });
  });

  it('note, tick, verify, pause, resume and fail', async () => {
    expect(await refusal('add_note', { text: 'x' })).toBe('no-active-session');
    expect(await refusal('tick_item', { item: 'x' })).toBe('no-active-session');
    expect(await refusal('verify_session')).toBe('no-active-session');
    expect(await refusal('pause_session')).toBe('no-active-session');
    expect(await refusal('resume_session', { id: 'BE-02' })).not.toBe('internal');
    expect(await refusal('fail_session', { why: 'x' })).toBe('no-active-session');
    const started = await mcp.ok('start_session', { id: 'BE-02' });

    const noted = await mcp.ok('add_note', { text: 'in cents', expected_revision: started.data.revision });
    expect(noted.data).toMatchObject({ path: sessionPath });
    expect(await refusal('add_note', { text: 'late', expected_revision: started.data.revision })).toBe('conflict');
    await mcp.ok('add_note', { text: 'FE-01 waits', kind: 'blocker' });
    await mcp.ok('add_note', { text: 'FE-01 waits', resolve: true });
    expect(project.read(progressPath)).toContain('- [x] FE-01 waits');

    expect((await mcp.ok('tick_item', { item: 'The code is there' })).data).toMatchObject({ done: 1, total: 2 });
    expect(await refusal('tick_item', { item: 'nothing like it' })).toBe('invalid-argument');

    expect(await refusal('verify_session')).toBe('approval-required');
    const commands = ['test -f src/products.txt', 'echo "checked products"'];
    await createFileApprovals(project.root, project.environment.BATON_CONFIG_HOME).approve(commands);
    const failed = await mcp.ok('verify_session');
    expect(failed.data).toMatchObject({ ok: false, passed: 1, total: 2, failed: [{ command: commands[0] }] });
    project.write('src/products.txt', 'one\n');
    expect((await mcp.ok('verify_session')).data).toMatchObject({ ok: true, passed: 2 });

    const aside = (await mcp.ok('pause_session', { reason: 'waits' })).data;
    expect(await refusal('resume_session', { expected_revision: 'older' })).toBe('conflict');
    expect((await mcp.ok('get_session')).data).toMatchObject({ paused: ['BE-02'] });
    expect(project.read(aside.path)).toContain('paused');
    const resumed = await mcp.ok('resume_session', { id: 'BE-02', expected_revision: aside.revision });
    expect(resumed.data).toMatchObject({ session: 'BE-02', path: sessionPath });
    expect(await refusal('recover_verb', { expected_revision: 'older' })).toBe('conflict');
    await mcp.ok('fail_session', { why: 'the API is gone' });
    expect(project.read(progressPath)).toContain('the API is gone');
  });

  it('roll back and recover', async () => {
    expect(await refusal('rollback_session')).toBe('no-active-session');
    expect(await refusal('recover_verb')).toBe('nothing-to-recover');
    await mcp.ok('start_session', { id: 'BE-02' });
    project.write('src/products.txt', 'one\n');
    await mcp.ok('checkpoint_session', { message: 'one' });
    project.write('src/products.txt', 'two\n');
    await mcp.ok('checkpoint_session', { message: 'two' });
    const back = await mcp.ok('rollback_session', { to_checkpoint: 1 });
    expect(back.data.reverted).toHaveLength(1);
    expect(project.read('src/products.txt')).toBe('one\n');
    expect(await refusal('rollback_session', { to_checkpoint: 7 })).toBe('unknown-checkpoint');
  });

  it('find problems, and mend only what needs no choice', async () => {
    expect((await mcp.ok('check_files')).data.problems).toEqual([]);
    project.write(
      progressPath,
      project.read(progressPath).replace('| BE-03 | Take payments | ⬜ Pending', '| BE-03 | Take payments | soon'),
    );
    const { data } = await mcp.ok('check_files', { files: [progressPath] });
    expect(data.problems).toMatchObject([{ file: progressPath, code: expect.stringContaining('status'), line: 15 }]);
    expect((await mcp.ok('check_files', { fix: true })).data.fixed).toBe(0);
    const seen = { files: [progressPath], fix: true, expected_revision: data.revision };
    expect((await mcp.ok('check_files', seen)).data.revision).toBe(data.revision);
    expect(await refusal('check_files', { ...seen, expected_revision: 'older' })).toBe('conflict');
    expect(await refusal('check_files', { fix: true, expected_revision: data.revision })).toBe('invalid-argument');
  });

  it('make a plan with its progress file', async () => {
    const { data } = await mcp.ok('create_plan', { project: 'Zoo', sessions: ['ZO-01: Lions', 'Keepers after ZO-01'] });
    expect(data).toMatchObject({ path: 'docs/ZOO_PROMPTS.md', sessions: ['ZO-01', 'ZOO-01'] });
    expect(project.read('docs/progress/ZOO_PROGRESS.md')).toContain('| ZOO-01 |');
    expect(await refusal('create_plan', { project: 'Zoo', sessions: ['More'] })).toBe('already-exists');
  });

  it('reorder, move, remove, archive and verify', async () => {
    const tasks = [
      { id: 'a', title: 'First' },
      { id: 'b', title: 'Second' },
      { id: 'c', title: 'Third', after: ['a'] },
    ];
    const one = (await mcp.ok('create_task_list', { title: 'One', tasks })).data;
    const two = (await mcp.ok('create_task_list', { title: 'Two', tasks: [{ id: 'z', title: 'Last' }] })).data;
    const ids = (data: { tasks: { id: string }[] }) => data.tasks.map(({ id }) => id);

    expect(ids((await mcp.ok('reorder_task', { list: one.id, task: 'b', to: 'first' })).data)).toEqual(['b', 'a', 'c']);
    expect(await refusal('reorder_task', { list: one.id, task: 'x', to: 'first' })).toBe('unknown-task');
    expect(ids((await mcp.ok('move_task', { list: one.id, task: 'b', to_list: two.id })).data)).toContain('b');
    expect(await refusal('move_task', { list: one.id, task: 'a', to_list: 'nothing' })).toBe('unknown-list');
    expect(await refusal('remove_task', { list: one.id, task: 'nothing' })).toBe('unknown-task');
    const { revision } = (await mcp.ok('get_task_list', { list: one.id })).data;
    expect(ids((await mcp.ok('remove_task', { list: one.id, task: 'c', expected_revision: revision })).data)).toEqual([
      'a',
    ]);
    expect(await refusal('remove_task', { list: one.id, task: 'a', expected_revision: revision })).toBe('conflict');

    project.git('add', '-A');
    project.git('commit', '-q', '-m', 'chore: lists');
    const verified = await mcp.ok('verify_task_list', { list: one.id });
    expect(verified.data).toMatchObject({ cross_session_continuation: 'SUCCESS', task_state_persistence: 'VERIFIED' });
    expect(verified.text).toContain('Task State Persistence: VERIFIED');
    expect(await refusal('verify_task_list', { list: 'nothing' })).toBe('unknown-list');

    expect(await refusal('archive_task_list', { list: two.id, expected_revision: 'older' })).toBe('conflict');
    const now = (await mcp.ok('get_task_list', { list: two.id })).data.revision;
    expect((await mcp.ok('archive_task_list', { list: two.id, expected_revision: now })).data.path).not.toBe(two.path);
    expect(await refusal('update_task', { list: two.id, task: 'z', status: 'COMPLETE' })).toBe('wrong-state');
    await mcp.ok('archive_task_list', { list: two.id, restore: true });
  });

  it('claim for one of two clients, and release', async () => {
    const { id } = (await mcp.ok('create_task_list', { title: 'One', tasks: [{ id: 'a', title: 'First' }] })).data;
    const other = await McpClient.connect(project, { args: ['--tools', 'all'] });
    try {
      const both = await Promise.all([
        mcp.call('claim_item', { item: 'a', list: id, owner: 'ada' }),
        other.call('claim_item', { item: 'a', list: id, owner: 'bob' }),
      ]);
      expect(both.map(({ isError }) => isError).sort()).toEqual([false, true]);
      const winner = both.find(({ isError }) => !isError)?.data;
      expect(both.find(({ isError }) => isError)?.data.error.code).toBe('claimed');
      expect((await mcp.ok('get_task_list', { list: id })).data.tasks[0].claimed_by).toBe(winner.owner);
      const mine = { item: 'a', list: id, owner: winner.owner };
      expect(await refusal('claim_item', { ...mine, expected_revision: 'older' })).toBe('conflict');
      expect(await refusal('release_item', { ...mine, expected_revision: 'older' })).toBe('conflict');
      expect((await mcp.ok('release_item', { ...mine, expected_revision: winner.revision })).data.revision).toBe(
        winner.revision,
      );
      expect(await refusal('release_item', { item: 'a', list: id })).toBe('not-claimed');
    } finally {
      await other.close();
    }
  });
});
