import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { installClaude } from '../../scripts/lib/agentClis.ts';
import { cacheDir } from '../../scripts/lib/paths.ts';
import { CliProject } from '../cli/support/cliProject.ts';
import { type ClaudeRun, runClaude } from '../support/claude.ts';
import { type ModelRequest, type Script, type Step, toolResults } from '../support/scriptedModel.ts';
import { writeTranscript } from './transcript.ts';

/** The example of the multi-session orchestrator. */
const tasks = [
  { id: 'database-migration', title: 'Migrate database schema' },
  { id: 'application-migration', title: 'Migrate application code', after: ['database-migration'] },
  { id: 'data-validation', title: 'Validate migrated data', after: ['application-migration'] },
];

const artefacts = join(cacheDir, 'artefacts/claude-migration');

function call(tool: string, input: Readonly<Record<string, unknown>>): Step {
  return { tool: `mcp__baton__${tool}`, input };
}

/** The ID of the list, where the model reads it: in the result of the first tool that it called. */
function listIn(request: ModelRequest): string {
  const id = /"id":\s*"([a-z0-9-]+)"/.exec((toolResults(request)[0] ?? '').replaceAll('\\"', '"'))?.[1];
  if (id === undefined) throw new Error(`no list in ${JSON.stringify(toolResults(request))}`);
  return id;
}

/** A script of steps that may need the list's ID. */
function scriptOf(steps: readonly ((list: string) => Step)[]): Script {
  return (turn, request) => steps[turn]?.(turn === 0 ? '' : listIn(request)) ?? { text: 'finished' };
}

function set(task: string, status: string): (list: string) => Step {
  return (list) => call('update_task', { list, task, status });
}

const handOff = (list: string): Step => call('hand_off_task_list', { list, end: true });

describe('the migration, through two processes of Claude Code', () => {
  let project: CliProject;
  let environment: Record<string, string>;

  beforeAll(async () => {
    await installClaude();
    mkdirSync(artefacts, { recursive: true });
  });

  beforeEach(async () => {
    project = new CliProject({ 'README.md': '# Shop\n', 'app/main.txt': 'uses v1\n' });
    const bin = join(project.environment.HOME ?? '', '.local/bin');
    mkdirSync(bin, { recursive: true });
    environment = { ...project.environment, PATH: `${bin}:${process.env.PATH}` };
    // Connected as a person connects it: the server's entry, the skill, and the launcher by which the agent finds `baton`.
    await project.run(['connect', 'claude', '--yes', '--launcher'], { environment });
    commit('chore: connect Claude Code');
  });
  afterEach(() => project.dispose());

  function commit(message: string): void {
    project.git('add', '-A');
    project.git('commit', '-q', '-m', message);
  }

  async function claude(prompt: string, script: Script): Promise<ClaudeRun> {
    const config = ['--mcp-config', join(project.root, '.mcp.json'), '--strict-mcp-config'];
    const run = await runClaude({
      cwd: project.root,
      prompt,
      script,
      args: [...config, '--allowedTools', 'mcp__baton', 'Write', '--permission-mode', 'acceptEdits'],
      environment,
    });
    expect(run.code, run.stderr + run.stdout.slice(-2000)).toBe(0);
    return run;
  }

  async function firstSession(): Promise<{ list: string; run: ClaudeRun }> {
    const run = await claude(
      'Begin the migration with a task list: database-migration, application-migration, data-validation. Do the first one.',
      scriptOf([
        () => call('create_task_list', { title: 'Migrate to v2', tasks }),
        set('database-migration', 'IN_PROGRESS'),
        () => ({
          tool: 'Write',
          input: { file_path: join(project.root, 'db/v2.sql'), content: 'CREATE TABLE v2 (id);\n' },
        }),
        set('database-migration', 'COMPLETE'),
        handOff,
        (list) => ({ text: `SESSION 1 COMPLETE. TaskList ID: ${list} - Save this for Session 2` }),
      ]),
    );
    const list = /TaskList ID: (\S+)/.exec(run.result)?.[1] ?? '';
    expect(project.read(`docs/tasks/${list}.md`)).toContain('| database-migration | COMPLETE |');
    commit('feat(db): migrate the schema');
    return { list, run };
  }

  it('goes on in the second where the first stopped, and is verified', async () => {
    const { list, run: first } = await firstSession();
    expect(toolResults(first.requests[1] ?? noRequest)[0]).toContain(`TaskList Created: ${list}`);
    expect(first.events.find(({ type }) => type === 'system')?.['mcp_servers']).toEqual([
      expect.objectContaining({ name: 'baton', status: 'connected' }),
    ]);

    const second = await claude(
      `Go on with the task list ${list}.`,
      scriptOf([
        () => call('resume_task_list', { list }),
        set('application-migration', 'IN_PROGRESS'),
        () => ({ tool: 'Write', input: { file_path: join(project.root, 'app/v2.txt'), content: 'uses v2\n' } }),
        set('application-migration', 'COMPLETE'),
        set('data-validation', 'IN_PROGRESS'),
        set('data-validation', 'COMPLETE'),
        handOff,
        () => ({ text: 'Session 2 complete, migration finished' }),
      ]),
    );
    expect(second.result).toBe('Session 2 complete, migration finished');
    // This is what the model of the second process was told, and all that it knew.
    const told = toolResults(second.requests[1] ?? noRequest)[0] ?? '';
    for (const line of [
      'Multi-Session Orchestration: SESSION 2',
      `TaskList Loaded: ${list}`,
      '[1] database-migration: COMPLETE (status preserved)',
    ]) {
      expect(told).toContain(line);
    }
    commit('feat(app): move to v2');

    const verified = await project.run(['tasks', 'verify', list]);
    writeTranscript(artefacts, { project: project.root, list, first, second, verdict: verified.stdout });
    expect(verified.stdout).toContain('Cross-Session Continuation: SUCCESS');
    expect(verified.stdout).toContain('Task State Persistence: VERIFIED');
    expect(verified.code).toBe(0);
    expect(project.read(`docs/tasks/${list}.md`)).toMatch(
      /\| 1 \|.*\| claude-code \|[^|]*\|\n\| 2 \|.*\| claude-code \|/,
    );
  });

  it('is called broken when the next process makes the list anew', async () => {
    const { list } = await firstSession();
    await claude(
      'Finish the migration.',
      scriptOf([
        () => call('create_task_list', { title: 'Migrate to v2', tasks }),
        set('database-migration', 'IN_PROGRESS'),
        set('database-migration', 'COMPLETE'),
        set('application-migration', 'IN_PROGRESS'),
        set('application-migration', 'COMPLETE'),
        handOff,
        () => ({ text: 'done' }),
      ]),
    );
    commit('feat(app): move to v2');
    const verified = await project.json(['tasks', 'verify', list]);
    expect(verified.code).toBe(1);
    const text = (await project.run(['tasks', 'verify', list])).stdout;
    expect(text).toContain('Cross-Session Continuation: FAILED');
    expect(text).toContain('Task State Persistence: BROKEN');
  });

  it('gives a third process what the second left, though the second was killed', async () => {
    const { list } = await firstSession();
    await claude(
      `Go on with ${list}.`,
      scriptOf([
        () => call('resume_task_list', { list }),
        set('application-migration', 'IN_PROGRESS'),
        () => ({ text: 'I stop here without a word.' }),
      ]),
    );
    const third = await claude(
      `Go on with ${list}.`,
      scriptOf([() => call('resume_task_list', { list }), () => ({ text: 'looked' })]),
    );
    const told = toolResults(third.requests[1] ?? noRequest)[0] ?? '';
    expect(told).toContain('application-migration: IN_PROGRESS (status preserved)');
    expect(told).toContain('SESSION 2');
    expect(told).toContain('has ended');
  });

  afterAll(() => {
    writeFileSync(
      join(artefacts, 'README.txt'),
      'Made by test/agents/migration.test.ts: what two real processes of Claude Code said.\n',
    );
  });
});

const noRequest: ModelRequest = { model: '', messages: [] };
