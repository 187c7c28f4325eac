import { join } from 'node:path';
import { validateSession } from 'session-orchestrator/scripts/lib/session-schema/validator.mjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { quickSupervisor, writeSmallAgent } from '../support/smallAgent.ts';
import { CliProject, collectOutcome } from './support/cliProject.ts';

/** Two sessions, the second after the first; each writes the files that its only wave names. */
const plan = (task = 'Write') => `# Shop Prompts

${['A-01', 'A-02']
  .map(
    (id, index) => `## Session ${id}: Part ${index + 1}

### Metadata

\`\`\`yaml
session_id: ${id}
dependencies: ${index === 0 ? 'none' : 'A-01'}
\`\`\`

### Prompt

\`\`\`markdown
## Wave Plan (Session: feature, 1 waves, isolation: none)

### Wave 1: Impl-Core (1 agents)

- Agent 1: ${task} src/part${index + 1}.ts → src/part${index + 1}.ts → it is there
\`\`\`

### Verification Commands

\`\`\`bash
test -f src/part${index + 1}.ts
\`\`\`
`,
  )
  .join('\n')}`;

const progress = `# Shop Progress

| Session | Status | Started | Completed | Commit | Notes |
|---------|--------|---------|-----------|--------|-------|
| A-01 | ⬜ Pending | — | — | — |  |
| A-02 | ⬜ Pending | — | — | — |  |
`;

describe('baton autopilot', () => {
  let project: CliProject;
  let environment: Record<string, string>;

  afterEach(() => project.dispose());

  function open(task?: string): void {
    project = new CliProject({
      'docs/SHOP_PROMPTS.md': plan(task),
      'docs/progress/SHOP_PROGRESS.md': progress,
      '.orchestrator/bootstrap.lock': 'version: 1\ntier: fast\n',
      'CLAUDE.md': '# Shop\n\n## Session Config\n\ntest-command: test -d src\n',
    });
    environment = { ...quickSupervisor, SO_SESSION_REGISTRY_DIR: join(project.root, '../sessions') };
    writeSmallAgent(project.environment.BATON_CONFIG_HOME ?? '');
  }
  const json = (...args: readonly string[]) => project.json(['autopilot', ...args], { environment });

  beforeEach(() => open());

  test('is off unless it is switched on, and says what would be next', async () => {
    expect(await json('run')).toMatchObject({ code: 1, error: { code: 'wrong-state' } });
    expect(await json('status')).toMatchObject({ data: { autopilot: null, alive: false } });
    expect((await json('stop')).error.code).toBe('wrong-state');
    const { data } = await json('run', '--dry-run', '--yes');
    expect(data.candidate).toMatchObject({ session: 'A-01' });
    const unapproved = await json('run', '--dry-run');
    expect(unapproved.data.candidate).toMatchObject({
      confidence: 0,
      doubts: ['the commands of its gates are not approved'],
    });
    expect(project.gitStatus()).toBe('');
  });

  test('carries out what is ready, one after another, and records it', async () => {
    const { code, data, error } = await json('run', '--enable', '--yes', '--confidence', '0.7');
    expect([code, error]).toEqual([0, undefined]);
    expect(data.autopilot).toMatchObject({ status: 'ended', killSwitch: null, tried: ['A-01', 'A-02'] });
    expect(project.read('docs/progress/SHOP_PROGRESS.md').match(/✅/g)).toHaveLength(2);
    const sessions = project
      .read('.orchestrator/metrics/sessions.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(sessions.map((one) => one.session_id)).toEqual(data.autopilot.sessions);
    for (const one of sessions) {
      expect(one.autopilot_run_id).toBe(data.autopilot.id);
      expect(() => validateSession(one)).not.toThrow();
    }
    expect(project.git('log', '--format=%s')).toMatch(/feat: Part 2[\s\S]*feat: Part 1/);
    expect(project.gitStatus()).not.toMatch(/src\//);
  });

  test('stops where a person says so, and the wave run pauses', async () => {
    project.dispose();
    open('Slowly');
    const running = project.start(['autopilot', 'run', '--enable', '--yes', '--confidence', '0.7', '--json'], {
      environment,
    });
    const outcome = collectOutcome(running);
    await vi.waitFor(
      async () =>
        expect((await json('status')).data.autopilot.current).toMatchObject({
          session: 'A-01',
          run: expect.any(String),
        }),
      { timeout: 60_000, interval: 500 },
    );
    expect((await json('stop', '--now')).data.autopilot.stopping).toBe(true);
    const { code, stdout } = await outcome;
    expect(code).toBe(0);
    expect(JSON.parse(stdout).data.autopilot).toMatchObject({ killSwitch: 'user-abort', tried: ['A-01'] });
    expect(JSON.parse(project.read('.orchestrator/metrics/autopilot.jsonl'))).toMatchObject({
      kill_switch: 'user-abort',
      iterations_completed: 1,
    });
  });
});
