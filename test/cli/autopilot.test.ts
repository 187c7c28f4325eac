import { join } from 'node:path';
import { validateSession } from 'session-orchestrator/scripts/lib/session-schema/validator.mjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { quickSupervisor, writeSmallAgent } from '../support/smallAgent.ts';
import { CliProject, collectOutcome } from './support/cliProject.ts';

/** Two sessions, the second after the first; the first writes the file that its only wave names, the second never ends. */
const plan = `# Shop Prompts

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

- Agent 1: ${index === 0 ? 'Write' : 'Slowly write'} src/part${index + 1}.ts → src/part${index + 1}.ts → it is there
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

  beforeEach(() => {
    project = new CliProject({
      'docs/SHOP_PROMPTS.md': plan,
      'docs/progress/SHOP_PROGRESS.md': progress,
      '.orchestrator/bootstrap.lock': 'version: 1\ntier: fast\n',
      'CLAUDE.md': '# Shop\n\n## Session Config\n\ntest-command: test -d src\n',
    });
    environment = { ...quickSupervisor, SO_SESSION_REGISTRY_DIR: join(project.root, '../sessions') };
    writeSmallAgent(project.environment.BATON_CONFIG_HOME ?? '');
  });
  const json = (...args: readonly string[]) => project.json(['autopilot', ...args], { environment });

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

  test('carries out what is ready, one after another, until a person stops it; and records it', async () => {
    const running = project.start(['autopilot', 'run', '--enable', '--yes', '--confidence', '0.7', '--json'], {
      environment,
    });
    const outcome = collectOutcome(running);
    await vi.waitFor(
      async () => {
        const { autopilot } = (await json('status')).data;
        expect(autopilot.current).toMatchObject({ session: 'A-02', run: expect.any(String) });
      },
      { timeout: 50_000, interval: 500 },
    );
    expect((await json('stop', '--now')).data.autopilot.stopping).toBe(true);
    const { code, stdout } = await outcome;
    expect(code).toBe(0);
    const { autopilot } = JSON.parse(stdout).data;
    expect(autopilot).toMatchObject({ status: 'ended', killSwitch: 'user-abort', tried: ['A-01', 'A-02'] });
    const line = JSON.parse(project.read('.orchestrator/metrics/autopilot.jsonl'));
    expect(line).toMatchObject({ kill_switch: 'user-abort', sessions: autopilot.sessions });

    expect(project.git('log', '--format=%s')).toBe('chore(progress): record A-01\nfeat: Part 1\nchore: begin');
    expect(project.read('docs/progress/SHOP_PROGRESS.md')).toMatch(/A-01 \| ✅.*\n\| A-02 \| 🔄/);
    const record = JSON.parse(project.read('.orchestrator/metrics/sessions.jsonl'));
    expect(() => validateSession(record)).not.toThrow();
    expect(record).toMatchObject({ session_id: autopilot.sessions[0], autopilot_run_id: autopilot.id });
  });
});
