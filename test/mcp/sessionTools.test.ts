import { spawn } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileApprovals } from '../../src/platform/fileApprovals.ts';
import { bundle, CliProject, waitFor } from '../cli/support/cliProject.ts';
import { planOf, progressOf, progressPath, sessionPath, shopFiles } from '../cli/support/shop.ts';
import { bundleForNode } from '../support/startNode.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { McpClient } from './support/mcpClient.ts';

describe('the session tools', () => {
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

  it('carry a session from start to done', async () => {
    const started = await mcp.ok('start_session', { id: 'BE-02' });
    expect(started.data).toMatchObject({ path: sessionPath, session: { id: 'BE-02', status: 'active', ready: false } });
    expect(started.text).toContain('Write it.');
    expect(started.data.session.prompt).toContain('Write it.');

    const active = await mcp.ok('get_session');
    expect(active.data.session).toMatchObject({ id: 'BE-02', verification: 'none', checkpoints: 0 });
    expect(active.data.revision).toBe(started.data.revision);

    project.write('src/products.txt', 'one\n');
    const reached = await mcp.ok('checkpoint_session', {
      message: 'models',
      notes: ['prices are in cents'],
      decisions: ['Use UUIDs'],
      blockers: ['FE-01 waits for the API'],
      done: ['models'],
      remaining: ['API'],
    });
    expect(reached.data).toMatchObject({
      session: 'BE-02',
      checkpoint: 1,
      files: expect.arrayContaining(['src/products.txt']),
    });
    expect(project.git('log', '-1', '--format=%B')).toContain('Remaining:\n- API');
    expect(project.read(sessionPath)).toContain('prices are in cents');
    expect(project.read(progressPath)).toContain('Use UUIDs');

    project.write('src/products.txt', 'one\ntwo\n');
    await approve(project, ['test -f src/products.txt', 'echo "checked products"']);
    const done = await mcp.ok('complete_session', { message: 'feat(products): keep them' });
    expect(done.data).toMatchObject({ session: 'BE-02', verified: 'verified 2/2' });
    expect(done.data.next.map(({ id }: { id: string }) => id)).toContain('BE-03');
    expect(project.gitStatus()).toBe('');
    expect(project.git('log', '-2', '--format=%s')).toBe('chore(progress): record BE-02\nfeat(products): keep them');
  });

  it('run nothing that a person has not approved', async () => {
    await mcp.ok('start_session', { id: 'BE-02' });
    project.write('src/products.txt', 'one\n');
    const refused = await mcp.call('complete_session', { message: 'feat(products): keep them' });
    expect(refused.isError).toBe(true);
    expect(refused.data.error).toMatchObject({
      code: 'approval-required',
      hint: expect.stringContaining('baton verify'),
      data: { commands: ['test -f src/products.txt', 'echo "checked products"'] },
    });
    expect(refused.text).toContain('approval-required');
    expect(refused.text).not.toMatch(/\n\s+at /);
    expect(project.git('rev-list', '--count', 'HEAD')).toBe('1');
    expect((await mcp.ok('get_session')).data.session).toMatchObject({ id: 'BE-02', status: 'active' });

    // The person sees it in the inbox, once, until it is approved; words approve nothing.
    await mcp.call('complete_session', { message: 'feat(products): keep them' });
    const commands = ['test -f src/products.txt', 'echo "checked products"'];
    const { items } = (await project.json(['inbox'])).data;
    expect(items).toMatchObject([{ id: refused.data.error.data.inbox_item, kind: 'approval', commands }]);
    expect((await project.json(['answer', items[0].id, 'yes'])).error.code).toBe('wrong-state');
    expect((await mcp.call('complete_session', { message: 'feat(products): keep them' })).isError).toBe(true);
    await approve(project, commands);
    expect((await project.json(['inbox'])).data.items).toEqual([]);
  });

  it('say that success is only claimed', async () => {
    await mcp.ok('start_session', { id: 'BE-02' });
    project.write('src/products.txt', 'one\n');
    const done = await mcp.ok('complete_session', { message: 'feat(products): keep them', verify: false });
    expect(done.data.verified).toBe('only claimed');
  });

  it('refuse with code, message, hint and facts', async () => {
    const unmet = await mcp.call('start_session', { id: 'FE-01' });
    expect(unmet).toMatchObject({
      isError: true,
      data: {
        error: {
          code: 'dependencies-unmet',
          message: 'FE-01 waits for BE-02 (pending)',
          hint: expect.stringContaining('force: true'),
          data: { unmet: [{ id: 'BE-02', status: 'pending' }] },
        },
      },
    });
    expect((await mcp.call('get_session', { id: 'BE-2' })).data.error).toMatchObject({
      code: 'unknown-session',
      data: { nearest: expect.arrayContaining(['BE-02']) },
    });
    expect((await mcp.call('checkpoint_session', { message: 'x' })).data.error.code).toBe('no-active-session');
    expect((await mcp.call('checkpoint_session')).data.error.code).toBe('invalid-argument');
    expect((await mcp.call('complete_session', { message: 'x' })).data.error.code).toBe('no-active-session');
    const slip = await mcp.call('start_session', { sesion: 'BE-02' });
    expect(slip.data.error).toMatchObject({ code: 'invalid-argument', hint: expect.stringContaining('id, plan') });
    expect(project.has(sessionPath)).toBe(false);
  });

  it('tell one session, and the ready ones', async () => {
    const one = await mcp.ok('get_session', { id: 'BE-02' });
    expect(one.data.session).toMatchObject({
      id: 'BE-02',
      ready: true,
      plan: 'docs/SHOP_PROMPTS.md',
      verified: 'not verified',
    });
    const ready = await mcp.ok('get_session', { ready: true });
    expect(ready.data.ready.map(({ id }: { id: string }) => id)).toEqual(['BE-02', 'FE-02']);
  });

  it('refuse what was decided on another state of SESSION.md', async () => {
    const { data } = await mcp.ok('start_session', { id: 'BE-02' });
    project.write(sessionPath, project.read(sessionPath).replace('- [ ] The code is there', '- [x] The code is there'));
    project.write('src/products.txt', 'one\n');
    const late = await mcp.call('checkpoint_session', { message: 'x', expected_revision: data.revision });
    expect(late.data.error).toMatchObject({
      code: 'conflict',
      data: { path: sessionPath, expected_revision: data.revision },
    });
    expect(late.data.error.data.text).toContain('- [x] The code is there');
    expect(project.git('rev-list', '--count', 'HEAD')).toBe('1');
    const now = await mcp.ok('checkpoint_session', { message: 'x', expected_revision: late.data.error.data.revision });
    expect(now.data.checkpoint).toBe(1);
    expect(now.data.revision).not.toBe(late.data.error.data.revision);
  });

  it('let two clients race for a session, and one wins', async () => {
    const other = await McpClient.connect(project);
    try {
      const both = await Promise.all([
        mcp.call('start_session', { id: 'BE-02' }),
        other.call('start_session', { id: 'FE-02' }),
      ]);
      expect(both.map(({ isError }) => isError).sort()).toEqual([false, true]);
      const loser = both.find(({ isError }) => isError);
      expect(['session-active', 'interrupted', 'conflict', 'already-exists']).toContain(loser?.data.error.code);
      expect((await other.ok('get_session')).data.session.id).toBe((await mcp.ok('get_session')).data.session.id);
    } finally {
      await other.close();
    }
  });

  it('keep what two clients write down at a time', async () => {
    await mcp.ok('start_session', { id: 'BE-02' });
    const other = await McpClient.connect(project);
    try {
      const notes = Array.from({ length: 8 }, (_, at) => `note number ${at}.`);
      await Promise.all(
        notes.map((text, at) => (at % 2 === 0 ? mcp : other).ok('checkpoint_session', { notes: [text] })),
      );
      const text = project.read(sessionPath);
      for (const each of notes) expect(text.split(each)).toHaveLength(2);
    } finally {
      await other.close();
    }
  });

  it('say what was done before a refusal', async () => {
    await mcp.ok('start_session', { id: 'BE-02' });
    project.write('.git/MERGE_HEAD', `${project.git('rev-parse', 'HEAD')}\n`);
    const half = await mcp.call('checkpoint_session', { notes: ['kept all the same'], message: 'x' });
    expect(half.data.error).toMatchObject({
      code: 'merge-in-progress',
      data: { written: [expect.stringContaining(sessionPath)] },
    });
    expect(project.read(sessionPath)).toContain('kept all the same');
  });

  it('keep what many calls at a time write', async () => {
    await mcp.ok('start_session', { id: 'BE-02' });
    const notes = Array.from({ length: 12 }, (_, at) => `note number ${at}`);
    await Promise.all(notes.map((note) => mcp.ok('checkpoint_session', { notes: [note] })));
    for (const note of notes) expect(project.read(sessionPath)).toContain(note);
  });

  it('leave nothing locked when a client dies in the middle of a call', async () => {
    project.dispose();
    await mcp.close();
    project = new CliProject({
      'docs/SHOP_PROMPTS.md': planOf([{ id: 'BE-01', title: 'Wait', commands: ['echo begun > begun.txt; sleep 60'] }]),
      [progressPath]: progressOf(['BE-01']),
    });
    mcp = await McpClient.connect(project);
    await mcp.ok('start_session', { id: 'BE-01' });
    await approve(project, ['echo begun > begun.txt; sleep 60']);
    await mcp.close();
    const script = bundleForNode('test/mcp/children/callTool.ts', temporaryFolder());
    const input = JSON.stringify({ message: 'feat: wait' });
    const dying = spawn(process.execPath, [script, bundle, 'complete_session', input], {
      cwd: project.root,
      env: project.environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let server = 0;
    dying.stdout.on('data', (chunk) => {
      server ||= Number(chunk);
    });
    await waitFor(() => project.has('begun.txt'));
    expect(isAlive(server)).toBe(true);
    dying.kill('SIGKILL');
    await waitFor(() => !isAlive(server));

    mcp = await McpClient.connect(project);
    const { data } = await mcp.ok('get_session');
    expect(data.session).toMatchObject({ id: 'BE-01', status: 'active', verification: 'none' });
    expect(data).not.toHaveProperty('interrupted');
    await mcp.ok('checkpoint_session', { notes: ['still works'] });
    expect(project.git('rev-list', '--count', 'HEAD')).toBe('1');
  });
});

/** Approves as a person does in a terminal or in VS Code: the same file holds it. */
async function approve(project: CliProject, commands: readonly string[]): Promise<void> {
  await createFileApprovals(project.root, project.environment.BATON_CONFIG_HOME).approve(commands);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
