import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliProject } from '../cli/support/cliProject.ts';
import { progressPath, sessionPath, shopFiles } from '../cli/support/shop.ts';
import { McpClient, protocolVersions } from './support/mcpClient.ts';

const migration = [
  { id: 'database-migration', title: 'Migrate database schema' },
  { id: 'application-migration', title: 'Migrate application code', after: ['database-migration'] },
  { id: 'data-validation', title: 'Validate migrated data', after: ['application-migration'] },
];

describe('the task tools', () => {
  let project: CliProject;
  let mcp: McpClient;

  beforeEach(async () => {
    project = new CliProject(shopFiles);
    mcp = await McpClient.connect(project);
  });
  afterEach(async () => {
    await mcp.close();
    project.dispose();
  });

  async function create(): Promise<{ id: string; path: string; revision: string }> {
    return (await mcp.ok('create_task_list', { title: 'Database migration', tasks: migration })).data;
  }

  it('carry a list over two clients', async () => {
    const made = await mcp.ok('create_task_list', { title: 'Database migration', tasks: migration });
    const { id, path } = made.data;
    expect(made.text).toContain('Multi-Session Orchestration: SESSION 1');
    expect(made.text).toContain(`TaskList Created: ${id}`);
    expect(made.text).toContain(`TaskList ID: ${id} - Save this for Session 2`);
    expect(made.data.message).toBe(made.text);
    expect(project.read(path)).toContain('| database-migration | PENDING |');

    await mcp.ok('update_task', { list: id, task: 'database-migration', status: 'in_progress' });
    const done = await mcp.ok('update_task', { list: id, task: 'database-migration', status: 'completed' });
    expect(done.data).toMatchObject({ task: { status: 'COMPLETE' }, newly_ready: ['application-migration'] });
    const ended = await mcp.ok('hand_off_task_list', {
      list: id,
      end: true,
      note: 'the schema is v2',
      questions: ['Keep v1?'],
    });
    expect(ended.text).toContain('SESSION 1 COMPLETE');
    expect(ended.data).toMatchObject({ session: 1, ended: true, handoff: expect.stringContaining('the schema is v2') });

    const other = await McpClient.connect(project);
    try {
      const resumed = await other.ok('resume_task_list', { list: id });
      expect(resumed.data).toMatchObject({ id, session: 2, next: { id: 'application-migration' }, rejoined: false });
      expect(resumed.data.handoff).toContain('Keep v1?');
      expect(resumed.text).toContain('[1] database-migration: COMPLETE (status preserved)');
      const again = await other.ok('resume_task_list', { list: id });
      expect(again.data).toMatchObject({ session: 2, rejoined: true });
      for (const task of ['application-migration', 'data-validation']) {
        await other.ok('update_task', { list: id, task, status: 'IN_PROGRESS' });
        await other.ok('update_task', { list: id, task, status: 'COMPLETE' });
      }
      await other.ok('hand_off_task_list', { list: id, end: true });
      const found = await mcp.ok('get_task_list', { list: id });
      expect(found.data).toMatchObject({ complete: 3, total: 3 });
      expect(project.read(path)).toMatch(/\| 2 \|.*\| test \|/);
    } finally {
      await other.close();
    }
  });

  it('add and edit tasks, and tell the ready ones', async () => {
    const { id } = await create();
    await mcp.ok('update_task', {
      action: 'add',
      list: id,
      task: 'docs',
      title: 'Write it down',
      after: ['data-validation'],
    });
    await mcp.ok('update_task', { list: id, task: 'docs', title: 'Document it', after: [] });
    const ready = await mcp.ok('get_task_list', { list: id, ready: true });
    expect(ready.data.tasks.map((task: { id: string }) => task.id)).toEqual(['database-migration', 'docs']);
    const lists = await mcp.ok('get_task_list');
    expect(lists.data.lists).toMatchObject([{ id, title: 'Database migration', total: 4 }]);
  });

  it('make a list of an outline, of another list, of a plan', async () => {
    const outline = await mcp.ok('create_task_list', { title: 'Release', outline: '- build\n- ship\n' });
    expect(outline.data.tasks.map((task: { id: string }) => task.id)).toEqual(['build', 'ship']);
    const copy = await mcp.ok('create_task_list', { title: 'Again', from_list: outline.data.id });
    expect(copy.data.tasks).toHaveLength(2);
    const planned = await mcp.ok('create_task_list', { title: 'Shop', from_plan: 'docs/SHOP_PROMPTS.md' });
    expect(planned.data.tasks.map((task: { id: string }) => task.id)).toContain('BE-02');
  });

  it('refuse with code, message, hint and facts', async () => {
    const { id } = await create();
    const before = project.read(`docs/tasks/${id}.md`);
    const error = async (name: string, input: Record<string, unknown>) => (await mcp.call(name, input)).data.error;
    expect(await error('update_task', { list: id, task: 'data-validation', status: 'IN_PROGRESS' })).toMatchObject({
      code: 'dependencies-unmet',
      message: expect.stringContaining('application-migration'),
    });
    expect(await error('update_task', { list: id, task: 'database-migraton', status: 'COMPLETE' })).toMatchObject({
      code: 'unknown-task',
      data: { nearest: ['database-migration'] },
    });
    expect(await error('get_task_list', { list: 'nothing' })).toMatchObject({ code: 'unknown-list' });
    expect(await error('resume_task_list', { list: 'nothing' })).toMatchObject({ code: 'unknown-list' });
    expect(await error('hand_off_task_list', { list: 'nothing' })).toMatchObject({ code: 'unknown-list' });
    expect(await error('create_task_list', { tasks: migration })).toMatchObject({ code: 'invalid-argument' });
    expect(await error('create_task_list', { title: 'x', id })).toMatchObject({ code: 'already-exists' });
    expect(await error('update_task', { list: id, task: 'database-migration', status: 'finished' })).toMatchObject({
      code: 'invalid-argument',
    });
    expect(
      await error('update_task', { list: id, task: 'database-migration', status: 'COMPLETE', title: 'x' }),
    ).toMatchObject({
      code: 'invalid-argument',
    });
    expect(project.read(`docs/tasks/${id}.md`)).toBe(before);
  });

  it('refuse what was decided on another state of the list', async () => {
    const { id, path, revision } = await create();
    const text = project.read(path).replace('Migrate database schema', 'Migrate the schema');
    project.write(path, text);
    const set = { list: id, task: 'database-migration', status: 'IN_PROGRESS' };
    const late = await mcp.call('update_task', { ...set, expected_revision: revision });
    expect(late.data.error).toMatchObject({ code: 'conflict' });
    expect(project.read(path)).toBe(text);
    const { data } = await mcp.ok('get_task_list', { list: id });
    const now = await mcp.ok('update_task', { ...set, expected_revision: data.revision });
    expect(now.data.revision).not.toBe(data.revision);
    expect((await mcp.ok('get_task_list', { list: id })).data.revision).toBe(now.data.revision);
  });

  it('keep what two clients write at a time', async () => {
    const { id } = await create();
    const other = await McpClient.connect(project);
    try {
      const names = Array.from({ length: 10 }, (_, at) => `extra-${at}`);
      await Promise.all(
        names.map((task, at) => (at % 2 === 0 ? mcp : other).ok('update_task', { action: 'add', list: id, task })),
      );
      const { data } = await mcp.ok('get_task_list', { list: id });
      expect(data.tasks.map((task: { id: string }) => task.id)).toEqual(expect.arrayContaining(names));
      expect(data.total).toBe(13);
    } finally {
      await other.close();
    }
  });
});

describe('resources and prompts', () => {
  let project: CliProject;

  beforeEach(() => {
    project = new CliProject(shopFiles);
  });
  afterEach(() => project.dispose());

  it.each(protocolVersions)('are read in version %s', async (version) => {
    const mcp = await McpClient.connect(project, { version });
    try {
      const { id } = (await mcp.ok('create_task_list', { title: 'Database migration', tasks: migration })).data;
      const { resources } = await mcp.client.listResources();
      expect(resources.map(({ uri }) => uri)).toEqual(
        expect.arrayContaining(['baton://progress', 'baton://session/current', `baton://tasks/${id}`]),
      );
      const read = async (uri: string) =>
        (await mcp.client.readResource({ uri })).contents.map((each) => ('text' in each ? each.text : ''));
      expect(await read('baton://progress')).toEqual([project.read(progressPath)]);
      expect(await read('baton://session/current')).toEqual(['No session is active.']);
      expect(await read(`baton://tasks/${id}`)).toEqual([project.read(`docs/tasks/${id}.md`)]);
      await expect(read('baton://tasks/nothing')).rejects.toThrow(/nothing/);
      await mcp.ok('start_session', { id: 'BE-02' });
      expect(await read('baton://session/current')).toEqual([project.read(sessionPath)]);

      const ref = { type: 'ref/resource', uri: 'baton://tasks/{id}' } as const;
      const { completion } = await mcp.client.complete({ ref, argument: { name: 'id', value: 'data' } });
      expect(completion.values).toEqual([id]);

      const { prompts } = await mcp.client.listPrompts();
      expect(prompts.map(({ name }) => name)).toEqual(['resume', 'handoff']);
      const text = async (name: string, args: Record<string, string> = {}) => {
        const { messages } = await mcp.client.getPrompt({ name, arguments: args });
        return messages.map(({ content }) => (content.type === 'text' ? content.text : '')).join('\n');
      };
      expect(await text('resume')).toContain('BE-02');
      expect(await text('handoff')).toContain('checkpoint_session');
      expect(await text('resume', { list: id })).toContain(`${id} (Database migration)`);
      expect(await text('handoff', { list: id })).toContain('hand_off_task_list');
      await expect(text('resume', { list: 'nothing' })).rejects.toThrow(/nothing/);
    } finally {
      await mcp.close();
    }
  });
});

describe('ask_question', () => {
  let project: CliProject;
  let mcp: McpClient;

  beforeEach(async () => {
    project = new CliProject(shopFiles);
    mcp = await McpClient.connect(project);
  });
  afterEach(async () => {
    await mcp.close();
    project.dispose();
  });

  it('waits for the person, and can be called again', async () => {
    const first = await mcp.ok('ask_question', { question: 'Which port?', options: ['80', '8080'], wait_seconds: 0 });
    expect(first.data).toMatchObject({ status: 'waiting', id: expect.stringMatching(/^which-port-/) });
    expect(first.text).toContain(`baton answer ${first.data.id}`);
    const waiting = mcp.ok('ask_question', { id: first.data.id, wait_seconds: 20 });
    await project.run(['answer', first.data.id, '2']);
    expect((await waiting).data).toMatchObject({ status: 'answered', answer: '8080' });
    expect((await mcp.ok('ask_question', { id: first.data.id })).data.answer).toBe('8080');
  });

  it('takes the outbox of a worker that may write nothing under .git', async () => {
    project.write('.git/baton/inbox', 'no folder');
    const outbox = join(project.root, '.baton');
    const environment = { BATON_SESSION_ID: 'session-BE-02-mjvznquz-xhjpar', BATON_OUTBOX: outbox };
    const worker = await McpClient.connect(project, { environment });
    try {
      expect((await mcp.call('ask_question', { question: 'Which port?' })).data.error.code).toBe('io-failed');
      const first = await worker.ok('ask_question', { question: 'Which port?', options: ['80'], wait_seconds: 0 });
      const [left] = JSON.parse(project.read('.baton/questions.json'));
      expect(left).toMatchObject({ question: 'Which port?', options: ['80'], blocking: false });
      expect(first.data).toEqual({ message: first.text, status: 'waiting', id: left.id });
      const waiting = worker.ok('ask_question', { id: left.id, wait_seconds: 20 });
      const answers = [{ questionId: left.id, answer: '80', answeredAt: '2026-01-02T08:00:00Z' }];
      project.write('.baton/answers.json', JSON.stringify(answers));
      expect((await waiting).data).toMatchObject({ status: 'answered', answer: '80' });
    } finally {
      await worker.close();
    }
  });

  it('keeps nobody else from working while it waits', async () => {
    const waiting = mcp.ok('ask_question', { question: 'Now?', wait_seconds: 20 });
    await mcp.ok('start_session', { id: 'BE-02' });
    await mcp.ok('checkpoint_session', { notes: ['meanwhile'] });
    const { items } = (await project.json(['inbox'])).data;
    await project.run(['answer', items[0].id, 'yes']);
    expect((await waiting).data.answer).toBe('yes');
  });

  it('keeps the question when the call is cancelled', async () => {
    const stop = new AbortController();
    const waiting = mcp.call('ask_question', { question: 'Now?' }, stop.signal);
    let items: unknown[] = [];
    for (let tries = 0; tries < 50 && items.length === 0; tries++) items = (await project.json(['inbox'])).data.items;
    stop.abort();
    await expect(waiting).rejects.toThrow();
    expect((await project.json(['inbox'])).data.items).toHaveLength(1);
    await mcp.ok('get_session');
  });

  it('refuses what is no question', async () => {
    const error = async (input: Record<string, unknown>) => (await mcp.call('ask_question', input)).data.error.code;
    expect(await error({})).toBe('invalid-argument');
    expect(await error({ question: 'a', id: 'b' })).toBe('invalid-argument');
    expect(await error({ question: ' ' })).toBe('invalid-argument');
    expect(await error({ question: 'a', wait_seconds: 51 })).toBe('invalid-argument');
    expect(await error({ id: 'nothing' })).toBe('unknown-item');
  });
});
