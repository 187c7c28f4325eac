import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCurrentStatus } from 'session-orchestrator/scripts/lib/agent-status.mjs';
import { parseEventLines, validateEventRecord } from 'session-orchestrator/scripts/lib/events-schema.mjs';
import {
  assertFileScopeSubset,
  findScopeFile,
  pathMatchesPattern,
} from 'session-orchestrator/scripts/lib/scope-gate.mjs';
import { readLock } from 'session-orchestrator/scripts/lib/session-lock.mjs';
import { validateSession } from 'session-orchestrator/scripts/lib/session-schema.mjs';
import { evaluateFrontmatterSafe } from 'session-orchestrator/scripts/lib/state-md/frontmatter-mutators.mjs';
import {
  parseMissionStatusStrict,
  parseStateMd,
  serializeStateMd,
} from 'session-orchestrator/scripts/lib/state-md.mjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { installClaude } from '../../scripts/lib/agentClis.ts';
import { cacheDir } from '../../scripts/lib/paths.ts';
import type { Step } from '../support/scriptedModel.ts';
import { isThere, markedProcesses, signal } from './claudeProject.ts';
import { bash, rewrite, write } from './isolatedScripts.ts';
import { WaveClaude, type WaveScript } from './waveClaude.ts';

const plan = `# A thread with two ends

## Wave Plan (Session: feature, 5 waves, isolation: auto)

### Wave 1: Discovery (1 agent, read-only)

- Agent 1: Look around
  Id: scout
  Task: Look around
  Files to read: src/main.txt
  Dependencies: none
  Mission: m-1

### Wave 2: Impl-Core (3 agents, parallel)

- Agent 1: Spin a
  Id: core-a
  Task: Spin a
  Files: src/a.txt
  Dependencies: none
  Mission: m-2
- Agent 2: Spin b
  Id: core-b
  Task: Spin b
  Files: src/b.txt
  Dependencies: none
  Mission: m-3
- Agent 3: Spin c
  Id: core-c
  Task: Spin c
  Files: src/c.txt
  Dependencies: none
  Mission: m-4

### Wave 3: Impl-Polish (1 agent)

- Agent 1: Smooth a
  Id: polish
  Task: Smooth a
  Files: src/a.txt
  Dependencies: core-a
  Mission: m-5

### Wave 4: Quality (1 agent)

- Agent 1: Prove it
  Id: proof
  Task: Prove it
  Files: src/proof.txt
  Dependencies: core-a, core-b

### Wave 5: Finalization (1 agent)

- Agent 1: Say it
  Id: say
  Task: Say it
  Files: CHANGES.md
  Dependencies: none

### Execution Config

- Waves: 5 | Agents-per-wave cap: 4 | Isolation: auto
- Enforcement: strict | Max turns: 12

\`\`\`yaml
### Wave-Plan Mission Status (machine-readable)
mission-status:
  - id: m-1
    task: Look around
    wave: 1
    status: brainstormed
  - id: m-2
    task: Spin a
    wave: 2
    status: brainstormed
  - id: m-3
    task: Spin b
    wave: 2
    status: brainstormed
  - id: m-4
    task: Spin c
    wave: 2
    status: brainstormed
  - id: m-5
    task: Smooth a
    wave: 3
    status: brainstormed
\`\`\`
`;

const check = '! grep -q bug src/a.txt 2>/dev/null && echo "Tests  3 passed (3)"';

const files = {
  '.baton.yaml': `mode: agentic\nwaves: ${JSON.stringify({
    'test-command': 'sh check.sh',
    'verification-auto-fix': { enabled: true, 'max-retries': 2 },
  })}\n`,
  'check.sh': `${check}\n`,
  'wave-plan.md': plan,
  'README.md': 'A thread.\n',
  'src/main.txt': 'one\n',
};

/** Changes one file again and again. */
function spins(at: string): readonly (Step | readonly Step[])[] {
  const turns = Array.from({ length: 8 }, (_one, turn) => write(at, 'src/c.txt', `try ${turn}\n`));
  return [...turns, { text: 'STATUS: done — at last' }];
}

const scripts: Readonly<Record<string, WaveScript>> = {
  scout: (at) => [
    {
      tool: 'mcp__baton__ask_question',
      input: { question: 'Which end comes first?', options: ['a', 'b'], blocking: true },
    },
    write(at, 'notes.md', 'what I saw\n'),
    { tool: 'Read', input: { file_path: join(at, 'src/main.txt') } },
    { text: 'src/main.txt says one.\n\nSTATUS: done — looked' },
  ],
  'core-a': (at) => [
    write(at, 'src/a.txt', 'a bug\n'),
    write(at, 'README.md', 'mine\n'),
    bash('git reset --hard'),
    { text: 'Changed `src/a.txt`.\n\nSTATUS: done — spun a' },
  ],
  'core-b': (at) => [
    write(at, 'src/b.txt', 'b\n'),
    bash('git add -A && git commit -qm "feat: b"'),
    { text: 'Changed `src/b.txt`.\n\nSTATUS: done — spun b' },
  ],
  'core-c': (at) => spins(at),
  'fixer-2': (at) => [...rewrite(at, 'src/a.txt', 'a\n'), { text: 'Changed `src/a.txt`.\n\nSTATUS: done — no bug' }],
  polish: (at, attempt) =>
    attempt === 1
      ? [bash('touch "$BATON_OUTBOX/begun"; sleep 300')]
      : [...rewrite(at, 'src/a.txt', 'a, smooth\n'), { text: 'Changed `src/a.txt`.\n\nSTATUS: done — smooth' }],
  proof: (at) => [write(at, 'src/proof.txt', 'proof\n'), { text: 'Changed `src/proof.txt`.\n\nSTATUS: done — proven' }],
  say: (at) => [write(at, 'CHANGES.md', '- a, b\n'), { text: 'Changed `CHANGES.md`.\n\nSTATUS: done — said' }],
};

const artefacts = join(cacheDir, 'artefacts/claude-waves');

const limitMs = 240_000;

describe('waves of the real Claude Code', { timeout: limitMs }, () => {
  let shop: WaveClaude;

  beforeAll(async () => {
    await installClaude();
    mkdirSync(artefacts, { recursive: true });
  });
  afterEach(() => shop.dispose());

  it('go from discovery to the end, through a red gate, a spiral, a question and a killed supervisor', async () => {
    shop = await WaveClaude.create({ files, scripts });
    const { project } = shop;
    const head = project.git('rev-parse', 'HEAD');
    for (const key of ['core-a', 'polish', 'proof', 'say']) shop.hold(key);
    await shop.ok('wave', 'run', '--plan', 'wave-plan.md', '--yes');

    // Wave 1: it asks, and is told; it would write, and is not let.
    const question = await untilAsked('scout');
    expect(question).toMatchObject({ question: 'Which end comes first?', wave: shop.run.id, waveAgent: 'scout' });
    await shop.ok('answer', question.id, 'a');
    await untilWave(2);
    expect(shop.told('scout')).toContain('This agent only reads');
    expect(shop.told('scout')).toContain('The person answered');
    expect(project.has('notes.md')).toBe(false);
    expectState(1, ['### Wave 1 — Discovery']);
    expect(agents()).toMatchObject({ scout: { status: 'done', changed: [], outside: [] } });

    // Wave 2: three side by side in worktrees of their own, each within its bounds.
    await shop.untilRun('core-a to run', ({ agents: all }) =>
      all.some(({ key, status }) => key === 'core-a' && status === 'running'),
    );
    const scope = JSON.parse(readFileSync(findScopeFile(project.root), 'utf8'));
    expect(scope).toMatchObject({ wave: 2, role: 'Impl-Core', enforcement: 'strict' });
    expect(scope.allowedPaths.some((one: string) => pathMatchesPattern('src/b.txt', one))).toBe(true);
    const ownScope = JSON.parse(project.read('.claude/filescopes/wave-2/core-b.json'));
    expect(assertFileScopeSubset(ownScope, scope.allowedPaths)).toEqual({ ok: true, missing: [] });
    expect(readCurrentStatus({ repoRoot: project.root }).entries).toMatchObject({ scout: { text: 'wave 1: done' } });
    expect(readLock({ repoRoot: project.root })).toMatchObject({ session_id: shop.run.id });
    shop.release('core-a');
    const spiral = await untilAsked(undefined);
    expect(spiral.question).toMatch(/core-c goes round in circles again: spiral, .*src\/c\.txt/);
    await shop.ok('answer', spiral.id, 'Hand over to me');
    await untilWave(3);
    expect(shop.told('core-a')).toContain('README.md is outside of the scope');
    expect(shop.told('core-a')).toContain('is blocked for agents of a wave');
    expect(agents()).toMatchObject({
      'core-a': { status: 'done', changed: ['src/a.txt'], isolation: 'worktree', merge: { freshness: 'pass' } },
      'core-b': { status: 'done', commits: [expect.any(String)], merge: { freshness: 'warn' } },
      'core-c': { status: 'stopped' },
      'w2-fixer-1': { status: 'done', isFixer: true },
    });
    const [gate] = shop.run.gates.filter(({ wave }) => wave === 2);
    expect(gate).toMatchObject({ passed: true, flaky: false, tests: { passed: 3, failed: 0 } });
    expect(gate?.attempts.map(([first]) => first?.exitCode)).toEqual([1, 0]);
    expect(project.read('src/a.txt')).toBe('a\n');
    expect(project.read('src/b.txt')).toBe('b\n');
    expect(project.read('README.md')).toBe('A thread.\n');
    expectState(2, ['### Wave 1 — Discovery', '### Wave 2 — Impl-Core']);
    expect(state()).toMatch(/^- \[.+\] Wave 2: core-b made commits/m);
    expect(state()).toMatch(/^- \[.+\] .*core-c was handed over/m);
    // What was handed over stays where the person finds it.
    expect(project.git('branch', '--list', 'so-worktree-*')).toMatch(/^\+ so-worktree-\S+-core-c$/);

    // Wave 3: the supervisor is killed while an agent's shell works; the agent goes on in its own session.
    shop.release('polish');
    await shop.untilRun('polish to run', ({ agents: all }) =>
      all.some(({ key, status }) => key === 'polish' && status === 'running'),
    );
    const outbox = join(shop.path('.baton'), `${shop.run.id}-polish`);
    await waitUntil(() => existsSync(join(outbox, 'begun')));
    await shop.untilWritten('polish', 'BATON_OUTBOX');
    const mark = `wave.${shop.run.id}`;
    expect(markedProcesses(mark).length).toBeGreaterThan(1);
    const old = markedProcesses(mark);
    const pid = shop.supervisorPid() ?? 0;
    signal(pid, 'SIGKILL');
    await waitUntil(() => !isThere(pid));
    await shop.ok('wave', 'resume');
    await waitUntil(() => !old.some(isThere));
    await untilWave(4);
    expect(agents()).toMatchObject({ polish: { status: 'done', attempt: 2, changed: ['src/a.txt'] } });
    // With its own history.
    expect(shop.told('polish').split('You are one agent of a wave run').length - 1).toBe(2);
    expect(project.read('src/a.txt')).toBe('a, smooth\n');
    expectState(3, ['### Wave 1 — Discovery', '### Wave 2 — Impl-Core', '### Wave 3 — Impl-Polish']);

    // Waves 4 and 5, and the end.
    shop.release('proof');
    await untilWave(5);
    expect(shop.run.gates.find(({ wave }) => wave === 4)).toMatchObject({ kind: 'full', passed: true });
    expect(parseMissionStatusStrict(parseStateMd(state()).frontmatter)).toMatchObject({
      invalid: [],
      warnings: [],
      items: ['completed', 'completed', 'completed', 'brainstormed', 'completed'].map((status) => ({ status })),
    });
    shop.release('say');
    await shop.untilRun('its end', ({ status }) => status === 'completed');
    expect(findScopeFile(project.root)).toBeNull();
    const { stdout: shown } = await project.run(['wave', 'status']);
    await shop.ok('wave', 'close');
    expect(shop.run.status).toBe('closed');
    expect(state()).toMatch(/^status: completed$/m);
    expect(project.git('rev-parse', 'HEAD')).toBe(head);
    expect(
      project
        .gitStatus()
        .split('\n')
        .map((line) => line.slice(3))
        .sort(),
    ).toEqual([
      '.claude/STATE.md',
      '.orchestrator/metrics/events.jsonl',
      '.orchestrator/metrics/sessions.jsonl',
      'CHANGES.md',
      'src/a.txt',
      'src/b.txt',
      'src/proof.txt',
    ]);
    expect(readLock({ repoRoot: project.root })).toBeNull();
    expect(markedProcesses(mark)).toEqual([]);
    checkMetrics();
    const title = '# Five waves of Claude Code\n\nRecorded by the tests: the real command line, its model scripted.\n';
    const text = `${title}\n\`\`\`\n${shown}\n\`\`\`\n\n\`\`\`markdown\n${state()}\`\`\`\n`;
    writeFileSync(join(artefacts, 'transcript.md'), text.replaceAll(shop.run.root, '/thread'));
  });

  it('are checked afterwards too: a hook of the person that crashes lets a write through', async () => {
    const crash = { hooks: { PreToolUse: [{ matcher: 'Write', hooks: [{ type: 'command', command: 'exit 1' }] }] } };
    const discovery =
      plan.slice(0, plan.indexOf('### Wave 2')) + plan.slice(plan.indexOf('### Execution'), plan.indexOf('```yaml'));
    shop = await WaveClaude.create({
      files: { ...files, 'wave-plan.md': discovery.replaceAll('5', '1') },
      scripts: { scout: (at) => [write(at, 'notes.md', 'mine\n'), { text: 'STATUS: done — looked' }] },
      // Settings of the person stand for those of Baton.
      args: ['--settings', JSON.stringify(crash)],
    });
    await shop.ok('wave', 'run', '--plan', 'wave-plan.md', '--yes');
    const run = await shop.untilRun('its end', ({ status }) => status === 'completed');
    expect(shop.told('scout')).toContain('File created successfully');
    expect(run.agents).toMatchObject([{ key: 'scout', outside: ['notes.md'] }]);
    expect(shop.project.has('notes.md')).toBe(false);
    // Undone, and kept where a person finds it.
    const kept = run.snapshots.find(({ label }) => label.includes('outside'));
    expect(shop.project.git('show', `${kept?.ref}:notes.md`)).toBe('mine');
    expect(state()).toMatch(/^- \[.+\] Wave 1: scout changed outside its scope: notes\.md \(undone; kept as \S+\)$/m);
  });

  function agents() {
    return Object.fromEntries(shop.run.agents.map((agent) => [agent.key, agent]));
  }

  function state(): string {
    return shop.project.read('.claude/STATE.md');
  }

  /** What the reference sees in STATE.md after a wave; what it writes of what it has read is what was there. */
  function expectState(wave: number, history: readonly string[]): void {
    const text = state();
    const parsed = parseStateMd(text);
    expect(parsed.frontmatter).toMatchObject({
      status: 'active',
      'current-wave': wave,
      'total-waves': 5,
      branch: 'main',
    });
    expect(serializeStateMd(parsed)).toBe(text);
    expect(evaluateFrontmatterSafe(text)).toMatchObject({ unsafe: false });
    expect((text.match(/^### Wave \d+ — [\w-]+/gm) ?? []).join('\n')).toBe(history.join('\n'));
  }

  async function untilWave(wave: number): Promise<void> {
    await shop.untilRun(`wave ${wave}`, (run) => run.wave === wave && run.step === 'dispatch');
  }

  /** The question of an agent, or of the coordinator itself. */
  async function untilAsked(waveAgent: string | undefined) {
    const find = () => shop.inbox().find((item) => item.wave !== undefined && item.waveAgent === waveAgent);
    await waitUntil(() => find() !== undefined);
    const found = find();
    if (found === undefined) throw new Error('nobody asks');
    return found;
  }

  function checkMetrics(): void {
    const lines = (name: string): readonly string[] =>
      shop.project.read(`.orchestrator/metrics/${name}`).trimEnd().split('\n');
    const [session] = lines('sessions.jsonl').map((line) => JSON.parse(line));
    expect(validateSession(session)).toMatchObject({ session_id: shop.run.label, total_waves: 5 });
    expect(session).toMatchObject({ status: 'completed', total_agents: expect.any(Number) });
    const events = parseEventLines(shop.project.read('.orchestrator/metrics/events.jsonl'));
    expect(events.malformedLines).toBe(0);
    expect(events.records.flatMap((one: unknown) => validateEventRecord(one).errors)).toEqual([]);
    const named = (name: string) => events.records.filter((one: { readonly event: string }) => one.event === name);
    expect(named('orchestrator.wave.completed')).toHaveLength(5);
    expect(named('stagnation_detected')).toMatchObject([{ pattern: 'spiral' }, { pattern: 'spiral' }]);
  }
});

async function waitUntil(isSo: () => boolean): Promise<void> {
  await expect.poll(isSo, { timeout: 60_000 }).toBe(true);
}
