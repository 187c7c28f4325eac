import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { quickSupervisor, writeSmallAgent } from '../support/smallAgent.ts';
import { CliProject, type JsonOutcome } from './support/cliProject.ts';

const plan = `# Shop

## Wave Plan (Session: feature, 3 waves)

### Wave 1: Impl-Core (2 agents)
- Agent 1: Write src/ä.ts → src/ä.ts
- Agent 2: Slowly wait → src/slow.ts

### Wave 2: Impl-Polish (0 agents)

### Wave 3: Quality (1 agent)
- Agent 1: Write tests/a.test.ts → tests/** → it runs
  Dependencies: Wave 1 Agent 1
`;

const verbs = ['init', 'run', 'status', 'logs', 'pause', 'resume', 'stop', 'abort', 'close'];

describe('baton wave', () => {
  let project: CliProject;
  let environment: Record<string, string>;
  const json = (...args: readonly string[]): Promise<JsonOutcome> => project.json(['wave', ...args], { environment });
  const text = async (...args: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await project.run(['wave', ...args], { environment });
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    return stdout + stderr;
  };
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into it and compare what they find.
  const until = (holds: (run: any) => boolean): Promise<void> =>
    vi.waitFor(async () => expect(holds((await json('status')).data.run)).toBe(true), {
      timeout: 60_000,
      interval: 200,
    });

  beforeAll(() => {
    project = new CliProject({ 'docs/waves.md': plan, 'README.md': '# Shop\n' });
    writeSmallAgent(join(project.environment['BATON_CONFIG_HOME'] ?? ''));
    environment = { ...quickSupervisor, SO_SESSION_REGISTRY_DIR: join(project.root, '..', 'registry') };
  });
  afterAll(() => project.dispose());

  it('explains its verbs within 80 columns', async () => {
    const help = await text('--help');
    for (const verb of verbs) expect(help).toMatch(new RegExp(`^ {2}${verb} `, 'm'));
    for (const verb of ['run', 'init', 'close']) expect(await text(verb, '--help')).toContain('--json');
  });

  it('checks a plan, and says where it cannot be run', async () => {
    expect(await json('init', '--plan', 'docs/waves.md')).toMatchObject({
      code: 0,
      data: {
        path: null,
        plan: { waves: [{ role: 'Impl-Core' }, { role: 'Quality' }] },
        problems: [{ code: 'empty-wave', line: 9 }],
      },
    });
    project.write('docs/bad.md', '### Wave 1: Sorcery\n- Agent 1: a → ../x.ts\n');
    const bad = await json('run', '--plan', 'docs/bad.md');
    expect(bad).toMatchObject({ code: 1, error: { code: 'invalid-wave-plan' } });
    const checked = await text('init', '--plan', 'docs/bad.md');
    expect(checked).toContain('error: docs/bad.md:1: Wave 1 has the role "Sorcery"');
    expect(checked).toContain('error: docs/bad.md:2: w1-a1: ../x.ts leaves the repository');
    expect((await json('status')).data).toMatchObject({ run: null });
  });

  it('refuses what nobody has agreed to, begins, is followed and steered, and closed', async () => {
    expect(await json('run', '--plan', 'docs/waves.md')).toMatchObject({
      code: 1,
      error: { code: 'bootstrap-missing' },
    });
    expect(await json('run', '--plan', 'docs/waves.md', '--bootstrap')).toMatchObject({
      code: 1,
      error: { code: 'tree-not-clean' },
    });
    const begun = await json(
      'run',
      '--plan',
      'docs/waves.md',
      '--bootstrap',
      '--dirty',
      'commit',
      '--focus',
      'the API',
    );
    expect(begun).toMatchObject({
      code: 0,
      data: { run: { status: 'queued', waves: 2, stateFile: '.claude/STATE.md' } },
    });
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    const agentsOf = (run: any): Record<string, string> =>
      // biome-ignore lint/suspicious/noExplicitAny: as above.
      Object.fromEntries(run.waves.flatMap((wave: any) => wave.agents.map((one: any) => [one.key, one.status])));
    await until((run) => agentsOf(run)['w1-a2'] === 'running' && agentsOf(run)['w1-a1'] === 'done');
    expect(await json('close')).toMatchObject({ code: 1, error: { code: 'wrong-state' } });
    expect((await json('logs', 'w1-a2')).data.lines).toContain('still at w1-a2');
    expect(await json('logs', 'w9')).toMatchObject({
      code: 1,
      error: { code: 'unknown-item', data: { agents: ['w1-a1', 'w1-a2'] } },
    });
    const shown = await text('status');
    expect(shown).toMatch(/Wave 1 Impl-Core {2}running: dispatch/);
    expect(shown).toMatch(/w1-a2 {2}running {2}Slowly wait/);
    await text('stop', 'w1-a2', '-m', 'too slow');
    await until((run) => run.status === 'paused' || run.status === 'completed');
    const paused = (await json('status')).data.run;
    if (paused.status === 'paused') {
      await text('abort', '-m', 'enough');
      await until((run) => run.status === 'aborted');
    }
    expect((await project.run(['__complete', 'waves'])).stdout).toContain(begun.data.run.id);
    const closed = await text('close');
    expect(closed).toMatch(/^Shop is closed\.\n/);
    expect(closed).toContain('  - w1-a2: Slowly wait — stopped');
    expect((await json('status', '--all')).data.runs).toMatchObject([{ status: 'closed' }]);
    expect(project.read('.claude/STATE.md')).toMatch(/^status: completed$/m);
    expect(project.has('.claude/filescopes')).toBe(false);
    expect(project.read('src/ä.ts')).toBe('w1-a1\n');
  }, 120_000);
});
