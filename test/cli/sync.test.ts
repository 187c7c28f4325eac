import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliProject, collectOutcome, waitFor } from './support/cliProject.ts';

describe('baton tasks sync', () => {
  let project: CliProject;
  let folder: string;
  let environment: Record<string, string>;

  beforeEach(async () => {
    project = new CliProject();
    const config = join(project.environment.HOME ?? '', 'claude');
    environment = { CLAUDE_CONFIG_DIR: config };
    folder = join(config, 'tasks/shop');
    await project.run([
      'tasks',
      'create',
      'Shop',
      '--id',
      'shop',
      '--task',
      'schema: Write the schema',
      '--task',
      'docs: Write it down after schema',
    ]);
  });
  afterEach(() => project.dispose());

  const sync = (...args: readonly string[]) => project.run(['tasks', 'sync', 'shop', ...args], { environment });
  const json = (...args: readonly string[]) => project.json(['tasks', 'sync', 'shop', ...args], { environment });
  const task = (number: number) => JSON.parse(readFileSync(join(folder, `${number}.json`), 'utf8'));
  const change = (number: number, fields: object) =>
    writeFileSync(join(folder, `${number}.json`), JSON.stringify({ ...task(number), ...fields }, null, 2));
  const create = (number: number, subject: string) => {
    mkdirSync(folder, { recursive: true });
    const fields = { id: String(number), subject, description: '', status: 'pending', blocks: [], blockedBy: [] };
    writeFileSync(join(folder, `${number}.json`), JSON.stringify(fields, null, 2));
  };

  it('links, tells what it did, and then that there is nothing to do', async () => {
    const dry = await sync('--dry-run');
    expect(dry.stdout).toBe(
      'Would be done:\nClaude Code #1 schema: created, PENDING\nClaude Code #2 docs: created, PENDING\n',
    );
    expect(existsSync(folder)).toBe(false);
    const first = await sync();
    expect(first.stdout).toBe(
      `Linked to ${folder}\nClaude Code #1 schema: created, PENDING\nClaude Code #2 docs: created, PENDING\n`,
    );
    expect((await sync()).stdout).toBe('Nothing to do: both sides are in step.\n');
    expect(project.gitStatus()).toBe('?? docs/tasks/shop.md');
    change(1, { status: 'completed', subject: 'Write the whole schema' });
    create(3, 'Check it');
    const { code, data } = await json();
    expect(code).toBe(0);
    expect(data.changes).toEqual([
      { side: 'list', task: 'schema', number: '1', kind: 'status', from: 'PENDING', to: 'COMPLETE' },
      {
        side: 'list',
        task: 'schema',
        number: '1',
        kind: 'title',
        from: 'Write the schema',
        to: 'Write the whole schema',
      },
      { side: 'list', task: 'check-it', number: '3', kind: 'created', from: null, to: 'PENDING' },
    ]);
    expect(data).toMatchObject({ folder, linked: true, isNew: false, conflicts: [], rescued: [], problems: [] });
    expect(data.list.counts).toEqual({ pending: 2, inProgress: 0, complete: 1, total: 3 });
  });

  it('flags what Claude Code dropped, there and wherever the list is shown', async () => {
    await sync();
    expect((await project.json(['tasks', 'show', 'shop'])).data.tasks[0]).toMatchObject({ rescued: false });
    change(1, { status: 'completed' });
    await sync();
    rmSync(join(folder, '1.json'));
    expect((await json()).data.rescued).toEqual(['schema']);
    const shown = await project.json(['tasks', 'show', 'shop']);
    expect(shown.data.tasks.map(({ rescued }: { rescued: boolean }) => rescued)).toEqual([true, false]);
    expect((await project.run(['tasks', 'show', 'shop'])).stdout).toContain('rescued: gone from Claude Code');
  });

  it('exits with 1 on a conflict, and settles it with --prefer', async () => {
    await sync();
    await project.run(['tasks', 'set', 'shop', 'schema', 'in_progress']);
    change(1, { status: 'completed' });
    const { code, error } = await json();
    expect(code).toBe(1);
    expect(error).toMatchObject({ code: 'conflict', data: { conflicts: [{ kind: 'status', task: 'schema' }] } });
    const told = await sync();
    expect(told.stderr).toContain('schema is IN_PROGRESS in the list and COMPLETE in Claude Code (#1)');
    expect(told.stderr).toContain('--prefer');
    expect((await sync('--prefer', 'list')).code).toBe(0);
    expect(task(1).status).toBe('in_progress');
  });

  it('refuses wrong flags, an unknown list and an archived one', async () => {
    expect((await sync('--prefer', 'mine')).code).toBe(2);
    expect((await sync('--watch', '--dry-run')).code).toBe(2);
    const unknown = await project.json(['tasks', 'sync', 'shpo'], { environment });
    expect(unknown.error.code).toBe('unknown-list');
    await project.run(['tasks', 'archive', 'shop']);
    expect((await json()).error.code).toBe('wrong-state');
    expect(existsSync(folder)).toBe(false);
  });

  it('unlinks, and both sides stay', async () => {
    await sync();
    expect((await json('--unlink')).data).toMatchObject({ changed: true });
    expect((await json('--unlink')).data).toMatchObject({ changed: false });
    expect(readdirSync(folder)).toContain('1.json');
    expect((await sync()).stdout).toBe(`Linked to ${folder}\nNothing to do: both sides are in step.\n`);
  });

  it('makes no task twice when many sync at the same time', async () => {
    await sync();
    for (let number = 3; number < 9; number++) create(number, 'The same title');
    const ends = await Promise.all([sync(), sync(), sync(), sync()]);
    expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual(Array.from({ length: 4 }, () => [0, '']));
    const rows = project.read('docs/tasks/shop.md').match(/\| The same title \|/g);
    expect(rows).toHaveLength(6);
    expect((await sync()).stdout).toBe('Nothing to do: both sides are in step.\n');
  });

  it('watches until it is interrupted, and prints one object at its end with --json', async () => {
    const child = project.start(['tasks', 'sync', 'shop', '--watch', '--json'], { environment });
    const ended = collectOutcome(child);
    await waitFor(() => existsSync(join(folder, '2.json')));
    change(1, { status: 'in_progress' });
    await waitFor(() => project.read('docs/tasks/shop.md').includes('| schema | IN_PROGRESS |'));
    await project.run(['tasks', 'set', 'shop', 'schema', 'complete']);
    await waitFor(() => task(1).status === 'completed');
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    const { ok, data } = JSON.parse(stdout);
    expect(ok).toBe(true);
    expect(data.changes.map(({ side, kind, to }: Record<string, unknown>) => `${side} ${kind} ${to}`)).toEqual([
      'claude created PENDING',
      'claude created PENDING',
      'list status IN_PROGRESS',
      'claude status COMPLETE',
    ]);
  });

  it('ends watching with an error where the list is gone', async () => {
    const child = project.start(['tasks', 'sync', 'shop', '--watch'], { environment });
    const ended = collectOutcome(child);
    await waitFor(() => existsSync(join(folder, '2.json')));
    await project.run(['tasks', 'archive', 'shop']);
    const { code, stderr } = await ended;
    expect(code).toBe(1);
    expect(stderr).toContain('archived');
  });
});
