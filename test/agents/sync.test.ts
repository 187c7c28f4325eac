import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { installClaude } from '../../scripts/lib/agentClis.ts';
import { bundle, CliProject, collectOutcome, nodePath, waitFor } from '../cli/support/cliProject.ts';
import { type ClaudeRun, runClaude } from '../support/claude.ts';
import { type Step, toolResults } from '../support/scriptedModel.ts';

const list = 'migrate.to-v2';

/** Claude Code's name of its folder. */
const folderName = 'migrate-to-v2';

describe("a task list and Claude Code's own tasks", () => {
  let project: CliProject;
  let environment: Record<string, string>;
  let store: string;
  const started: ChildProcess[] = [];

  beforeAll(async () => {
    await installClaude();
  });

  beforeEach(async () => {
    project = new CliProject({ 'README.md': '# Shop\n' });
    const config = join(project.environment.HOME ?? '', 'claude');
    mkdirSync(config);
    environment = {
      ...project.environment,
      CLAUDE_CONFIG_DIR: config,
      PATH: process.env.PATH ?? '',
      CLAUDE_CODE_ENABLE_TODO_TOOLS: '1',
      CLAUDE_CODE_TASK_LIST_ID: list,
    };
    store = join(config, 'tasks', folderName);
    await baton(
      ...['tasks', 'create', 'Migrate to v2', '--id', list],
      ...['--task', 'schema: Migrate the schema', '--task', 'code: Migrate the code after schema'],
    );
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map(end));
    project.dispose();
  });

  async function baton(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await project.run(args, { environment });
    expect(code, stdout + stderr).toBe(0);
    return stdout;
  }

  async function claude(...steps: readonly (Step | readonly Step[])[]): Promise<ClaudeRun> {
    const run = await runClaude({
      cwd: project.root,
      prompt: 'Work on the tasks.',
      script: (turn) => steps[turn] ?? { text: 'done' },
      args: ['--strict-mcp-config', '--allowedTools', 'TaskCreate', 'TaskUpdate', 'TaskList', 'TaskGet', 'Bash'],
      environment,
    });
    expect(run.code, run.stderr + run.stdout.slice(-2000)).toBe(0);
    return run;
  }

  /** What the tools gave back, of all turns. */
  function told(run: ClaudeRun): readonly string[] {
    const last = run.requests.at(-1);
    return last === undefined ? [] : toolResults(last);
  }

  function rows(): readonly string[] {
    return project
      .read(`docs/tasks/${list}.md`)
      .split('\n')
      .flatMap((line) => {
        const [, id, status, title, after] = /^\| (\S+) \| ([A-Z_]+) \| (.*?) \| (\S+) \|/.exec(line) ?? [];
        return id === undefined ? [] : [`${id} ${status} ${title} ${after}`];
      });
  }

  function task(number: number): Record<string, unknown> {
    return JSON.parse(readFileSync(join(store, `${number}.json`), 'utf8'));
  }

  it('are one list to TaskList, TaskCreate and TaskUpdate', async () => {
    await baton('tasks', 'sync', list);
    const run = await claude(
      { tool: 'TaskList', input: {} },
      { tool: 'TaskCreate', input: { subject: 'Check the data', description: 'All of it', activeForm: 'Checking' } },
      { tool: 'TaskUpdate', input: { taskId: '3', addBlockedBy: ['2'] } },
      { tool: 'TaskUpdate', input: { taskId: '1', status: 'completed' } },
      { tool: 'TaskUpdate', input: { taskId: '2', status: 'in_progress', metadata: { by: 'me' } } },
      { tool: 'TaskList', input: {} },
    );
    const [first = '', ...others] = told(run);
    expect(first).toContain('#1 [pending] Migrate the schema');
    expect(first).toContain('#2 [pending] Migrate the code [blocked by #1]');
    expect(others.at(-1)).toContain('#3 [pending] Check the data [blocked by #2]');
    await baton('tasks', 'sync', list);
    expect(rows().toSorted()).toEqual([
      'check-the-data PENDING Check the data code',
      'code IN_PROGRESS Migrate the code schema',
      'schema COMPLETE Migrate the schema —',
    ]);
    expect(task(2)).toMatchObject({ metadata: { baton: 'code', by: 'me' } });
    expect(task(3)).toMatchObject({ description: 'All of it', metadata: { baton: 'check-the-data' } });
    expect(await baton('tasks', 'sync', list)).toBe('Nothing to do: both sides are in step.\n');
    // A task that is removed there, and one here.
    await claude({ tool: 'TaskUpdate', input: { taskId: '3', status: 'deleted' } });
    await baton('tasks', 'add', list, '--task', 'docs: Write it down after code');
    await baton('tasks', 'sync', list);
    expect(rows().map((row) => row.split(' ')[0])).not.toContain('check-the-data');
    await baton('tasks', 'remove', list, 'docs');
    await baton('tasks', 'sync', list);
    const after = await claude(
      { tool: 'TaskList', input: {} },
      { tool: 'TaskCreate', input: { subject: 'Celebrate', description: '' } },
    );
    expect(told(after)[0]).not.toContain('Write it down');
    // #4 was ours and is gone: its number is not given away again.
    expect(told(after)[1]).toContain('#5');
  });

  it('stay in step both ways while they are watched', async () => {
    const watch = project.start(['tasks', 'sync', list, '--watch'], { environment });
    started.push(watch);
    const ended = collectOutcome(watch);
    await waitFor(() => existsSync(join(store, '2.json')));
    const set = (id: string, status: string): string =>
      `'${nodePath}' '${bundle}' tasks set ${list} ${id} ${status} --json`;
    const until = (number: number, status: string): string =>
      `for i in $(seq 200); do grep -q '"status": "${status}"' '${join(store, `${number}.json`)}' && break; sleep 0.05; done`;
    const run = await claude(
      { tool: 'TaskUpdate', input: { taskId: '1', status: 'in_progress' } },
      { tool: 'TaskCreate', input: { subject: 'Check the data', description: 'd' } },
      { tool: 'TaskUpdate', input: { taskId: '1', status: 'completed' } },
      {
        tool: 'Bash',
        input: {
          command: `for i in $(seq 200); do grep -q '^| schema | COMPLETE' 'docs/tasks/${list}.md' && break; sleep 0.05; done; ${set('code', 'in_progress')}; ${until(2, 'in_progress')}`,
        },
      },
      { tool: 'TaskList', input: {} },
    );
    expect(told(run).at(-1)).toContain('#2 [in_progress] Migrate the code');
    await waitFor(() => rows().length === 3);
    expect(rows()).toEqual(
      expect.arrayContaining([
        'schema COMPLETE Migrate the schema —',
        'code IN_PROGRESS Migrate the code schema',
        'check-the-data PENDING Check the data —',
      ]),
    );
    watch.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('list schema: PENDING -> ');
    expect(stdout).toContain('Claude Code #2 code: PENDING -> IN_PROGRESS');
  });

  it('rescue what Claude Code drops, and tell apart what has its number afterwards', async () => {
    await baton('tasks', 'sync', list);
    await claude(
      { tool: 'TaskUpdate', input: { taskId: '1', status: 'completed' } },
      { tool: 'TaskUpdate', input: { taskId: '2', status: 'completed' } },
    );
    await baton('tasks', 'sync', list);
    // As its store was seen to lose them: files and mark gone, so that the next task gets a number that was used before.
    for (const name of readdirSync(store)) rmSync(join(store, name), { recursive: true });
    const run = await claude({ tool: 'TaskCreate', input: { subject: 'Something else', description: 'd' } });
    expect(told(run)[0]).toContain('#1');
    const { code, data } = await project.json(['tasks', 'sync', list], { environment });
    expect(code).toBe(0);
    expect(data.rescued).toEqual(['schema', 'code']);
    expect(rows().toSorted()).toEqual([
      'code COMPLETE Migrate the code schema',
      'schema COMPLETE Migrate the schema —',
      'something-else PENDING Something else —',
    ]);
    // A session that lost the list makes a task anew: that is said, not guessed.
    await claude({ tool: 'TaskCreate', input: { subject: 'Migrate the schema', description: 'd' } });
    const again = await project.json(['tasks', 'sync', list], { environment });
    expect(again.code).toBe(1);
    expect(again.error).toMatchObject({
      code: 'conflict',
      data: { conflicts: [{ kind: 'recreated', task: 'schema', number: '2' }], rescued: ['code'] },
    });
  });

  it('wait for each other: Claude Code for the locks that we hold', async () => {
    await baton('tasks', 'sync', list);
    for (const [lock, call] of [
      ['.lock.lock', { tool: 'TaskCreate', input: { subject: 'Late', description: 'd' } }],
      ['1.json.lock', { tool: 'TaskUpdate', input: { taskId: '1', status: 'in_progress' } }],
    ] as const) {
      const file = join(store, lock === '.lock.lock' ? '3.json' : '1.json');
      const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
      mkdirSync(join(store, lock));
      let releasedAt = 0;
      // Released once the model was told to call the tool, and some time after.
      const run = await runClaude({
        cwd: project.root,
        prompt: 'Work.',
        script: (turn) => {
          if (turn > 0) return { text: 'done' };
          setTimeout(() => {
            expect(existsSync(file) ? readFileSync(file, 'utf8') : undefined).toBe(before);
            releasedAt = Date.now();
            rmdirSync(join(store, lock));
          }, 1_200);
          return call;
        },
        args: ['--strict-mcp-config', '--allowedTools', 'TaskCreate', 'TaskUpdate'],
        environment,
      });
      expect(run.code, run.stderr).toBe(0);
      expect(readFileSync(file, 'utf8')).not.toBe(before);
      expect(statSync(file).mtimeMs).toBeGreaterThan(releasedAt - 50);
    }
  });

  it('lose nothing when both create and change tasks at the same time', async () => {
    await baton('tasks', 'sync', list);
    const watch = project.start(['tasks', 'sync', list, '--watch'], { environment });
    started.push(watch);
    const creations = (name: string): readonly Step[] =>
      Array.from({ length: 8 }, (_, at) => ({
        tool: 'TaskCreate',
        input: { subject: `${name} ${at}`, description: 'd' },
      }));
    const adding = (async () => {
      for (let at = 0; at < 4; at++) await baton('tasks', 'add', list, '--task', `ours-${at}: Ours ${at}`, '--last');
    })();
    await Promise.all([claude(...creations('One')), claude(creations('Two')), adding]);
    await waitFor(
      () => rows().length === 22 && readdirSync(store).filter((name) => name.endsWith('.json')).length === 22,
    );
    await end(watch);
    expect(await baton('tasks', 'sync', list)).toBe('Nothing to do: both sides are in step.\n');
    expect(new Set(rows().map((row) => row.split(' ')[0])).size).toBe(22);
  });
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((done) => child.once('close', done));
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await closed;
  clearTimeout(timer);
}
