import { execFileSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { validateSession } from 'session-orchestrator/scripts/lib/session-schema/validator.mjs';
import { parseStateMd } from 'session-orchestrator/scripts/lib/state-md.mjs';
import { describe, expect, it } from 'vitest';
import type { ActionContext } from '../../../../src/core/actions/context.ts';
import { answer } from '../../../../src/core/actions/inbox/answer.ts';
import { listInbox } from '../../../../src/core/actions/inbox/listInbox.ts';
import { type ClosedWaveRun, closeWaveRun } from '../../../../src/core/actions/waves/closeWaveRun.ts';
import { planState, writeState } from '../../../../src/core/actions/waves/engine/writeState.ts';
import { initWavePlan } from '../../../../src/core/actions/waves/initWavePlan.ts';
import { planWaves } from '../../../../src/core/actions/waves/planWaves.ts';
import { readWaveRuns, updateWaveRun, waveRunKey } from '../../../../src/core/actions/waves/records.ts';
import { removeScopes, writeScopes } from '../../../../src/core/actions/waves/scopeFiles.ts';
import { acquireSessionLock } from '../../../../src/core/actions/waves/sessionLock.ts';
import { loadWaveConfig } from '../../../../src/core/actions/waves/waveConfig.ts';
import { neverCancelled } from '../../../../src/core/base/cancellation.ts';
import { applyEdits } from '../../../../src/core/base/textEdit.ts';
import { parseState } from '../../../../src/core/formats/state.ts';
import { readStateSections } from '../../../../src/core/formats/waves/stateSections.ts';
import { defaultWaveConfig } from '../../../../src/core/model/waves/waveConfig.ts';
import type { PlannedAgent, PlannedWave } from '../../../../src/core/model/waves/wavePlan.ts';
import type { WaveAgentRun, WaveRun } from '../../../../src/core/model/waves/waveRun.ts';
import { WorkspaceStore } from '../../../../src/core/store/workspaceStore.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { createOrchestratorProject, type OrchestratorProject } from './orchestratorProject.ts';

function openContext({ ports }: OrchestratorProject): ActionContext {
  return { ports, store: new WorkspaceStore(ports), cancellation: neverCancelled, report: () => undefined };
}

function planned(id: string, files: readonly string[], more: Partial<PlannedAgent> = {}): PlannedAgent {
  return { id, task: `Do ${id}`, files, tools: [], dependencies: [], resources: [], ...more };
}

const core: PlannedWave = {
  number: 1,
  title: 'Impl-Core',
  role: 'Impl-Core',
  agents: [planned('a', ['src/a.mjs', 'src/gen/**']), planned('b', ['src/b c.ts'])],
  sequential: false,
};

function agent(key: string, more: Partial<WaveAgentRun> = {}): WaveAgentRun {
  return {
    key,
    wave: 1,
    task: `Do ${key}`,
    files: [],
    status: 'done',
    attempt: 1,
    isolation: 'none',
    maxTurns: 15,
    changed: [],
    notVerified: [],
    outside: [],
    commits: [],
    findings: [],
    ...more,
  };
}

function runOf(project: OrchestratorProject, more: Partial<WaveRun> = {}): WaveRun {
  return {
    baton: 'wave-run/1',
    id: 'shop-abc-123456',
    label: 'main-2026-08-22-feature-1',
    root: project.root,
    plan: {
      title: 'Shop',
      sessionType: 'feature',
      issues: [],
      waves: [core],
      execution: {},
      docsTasks: [],
      missions: [],
    },
    config: defaultWaveConfig,
    enforcement: 'strict',
    stateFile: '.claude/STATE.md',
    status: 'completed',
    wave: 1,
    step: 'record',
    branch: 'main',
    startRef: '',
    agent: 'claude',
    agents: [],
    gates: [],
    docsTasks: [],
    startedAt: '2026-08-22T10:00:00+02:00',
    updatedAt: '2026-08-22T10:30:00+02:00',
    endedAt: '2026-08-22T10:30:00+02:00',
    questions: [],
    deviations: [],
    snapshots: [],
    ...more,
  };
}

describe('planning waves', () => {
  const plan =
    '## Wave Plan (Session: deep, 1 wave)\n### Wave 1: Impl-Core\n- Agent 1: Task 2 of the plan → src/a.ts\n\n### Execution Config\n- Isolation: worktree | Enforcement: off | Persistence: false\n- Bite-sized plan: docs/steps.md\n';

  it('reads plan, steps and configuration, the plan’s execution fields over the project’s', async () => {
    const project = await createOrchestratorProject();
    project.write('docs/w.md', plan);
    project.write('docs/steps.md', '## Task 1: One\n\nx\n\n## Task 2: Two\n\n- keep   this\n');
    project.write(
      'AGENTS.md',
      '## Session Config\nisolation: none\nagents-per-wave: 2 (deep: 3)\nenforcement: strict\nlint-command: make lint\n',
    );
    project.write('.baton.yaml', 'waves:\n  agents_per_wave: 5\n  max-turns: never\n');
    project.write('package.json', '{"scripts":{"test":"vitest","lint":"biome"}}');
    const {
      plan: read,
      config,
      problems,
    } = await planWaves(openContext(project), { plan: './docs/w.md', sequential: true });
    expect(read.waves).toMatchObject([
      { sequential: true, agents: [{ planFile: 'docs/steps.md', steps: '## Task 2: Two\n\n- keep   this' }] },
    ]);
    expect(config).toMatchObject({
      isolation: 'worktree',
      enforcement: 'off',
      agentsPerWave: 5,
      persistence: true,
      gate: { lint: 'make lint', test: 'npm test' },
    });
    expect(config.gate).not.toHaveProperty('typecheck');
    expect(problems).toMatchObject([{ code: 'unreadable-config', path: '.baton.yaml', line: 3, severity: 'warning' }]);
    expect((await loadWaveConfig(openContext(project))).sources).toEqual(['.baton.yaml', 'AGENTS.md']);
  });

  it('says what is missing', async () => {
    const project = await createOrchestratorProject();
    const context = openContext(project);
    project.write('docs/w.md', plan);
    expect((await planWaves(context, { plan: 'docs/w.md' })).problems).toMatchObject([
      { code: 'missing-plan-file', line: 3 },
    ]);
    project.write('docs/empty.md', '# Nothing\n');
    const { problems } = await planWaves(context, { plan: 'docs/empty.md' });
    expect(problems.map(({ code }) => code)).toContain('no-waves');
    await expect(planWaves(context, { plan: 'docs/none.md' })).rejects.toMatchObject({ code: 'no-plan' });
    await expect(planWaves(context, {})).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('sees files that lead out of the repository by a link', async () => {
    const project = await createOrchestratorProject();
    symlinkSync(temporaryFolder(), join(project.root, 'away'));
    project.write(
      'w.md',
      '### Wave 1: Quality\n- Agent 1: a → away/x.ts\n- Agent 2: b → away/sub/**\n- Agent 3: c → src/new/x.ts, docs/*.md\n',
    );
    const { problems } = await planWaves(openContext(project), { plan: 'w.md' });
    expect(problems.map(({ code, agent: who, line }) => [code, who, line])).toEqual([
      ['outside-project', 'w1-a1', 2],
      ['outside-project', 'w1-a2', 3],
    ]);
  });

  it('makes a document of a session, which is planned again with its steps, and never overwrites', async () => {
    const project = await createOrchestratorProject();
    project.write(
      'docs/P_PROMPTS.md',
      '## Session BE-04: Users\n\n### Metadata\n\n```yaml\nfiles: [src/u.ts]\n```\n\n### Prompt\n\nWrite users.\n',
    );
    project.write(
      'docs/progress/P_PROGRESS.md',
      '# P Progress\n\n| Session | Status | Started | Completed | Commit |\n|--|--|--|--|--|\n| BE-04 | ⬜ Pending | — | — | — |\n',
    );
    const context = openContext(project);
    const made = await initWavePlan(context, { session: 'BE-04', plan: 'docs/new.md' });
    expect(made).toMatchObject({ path: 'docs/new.md', plan: { session: 'BE-04' } });
    expect(project.read('docs/new.md')).toBe(made.text);
    const again = await planWaves(context, { plan: 'docs/new.md' });
    expect(again.plan).toMatchObject({
      session: 'BE-04',
      waves: [{ agents: [{ task: 'BE-04: Users', steps: 'Write users.', files: ['src/u.ts'], mission: 'm-1' }] }],
      missions: [{ id: 'm-1', wave: 1 }],
    });
    await expect(initWavePlan(context, { session: 'BE-04', out: 'docs/new.md' })).rejects.toMatchObject({
      code: 'already-exists',
    });
    expect(project.read('docs/new.md')).toBe(made.text);
  });
});

describe('scope files', () => {
  const reference = (args: readonly string[], input: string): string =>
    execFileSync(
      process.execPath,
      [
        join(import.meta.dirname, '../../../../node_modules/session-orchestrator/scripts/validate-wave-scope.mjs'),
        ...args,
      ],
      {
        input,
        encoding: 'utf8',
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );

  it('are what the reference takes, and grow while agents run', async () => {
    const project = await createOrchestratorProject();
    const context = openContext(project);
    const run = runOf(project);
    await writeScopes(context, run, core);
    const folder = join(project.root, '.claude/filescopes');
    expect(JSON.parse(project.read('.claude/wave-scope.json') ?? '')).toEqual({
      wave: 1,
      role: 'Impl-Core',
      enforcement: 'strict',
      allowedPaths: ['src/a.mjs', 'src/gen/**', 'tests/**/a*.test.mjs', 'src/b c.ts', 'tests/**/b c*.test.ts'],
      blockedCommands: ['rm -rf', 'git push --force', 'DROP TABLE', 'git reset --hard', 'git checkout -- .'],
      gates: { 'path-guard': true },
    });
    const scope = project.read('.claude/wave-scope.json') ?? '';
    expect(JSON.parse(project.read('.claude/filescopes/wave-1.scopes.json') ?? '')).toEqual([
      { id: 'a', files: ['src/a.mjs', 'src/gen/**'] },
      { id: 'b', files: ['src/b c.ts'] },
      { id: 'coordinator', files: [] },
    ]);
    reference(['--assert-subset', join(folder, 'wave-1/a.json'), '--expand-test-siblings'], scope);
    reference(['--assert-disjoint', join(folder, 'wave-1.scopes.json')], scope);
    expect(JSON.parse(project.read('.claude/filescopes/wave-1/coordinator.json') ?? '')).toEqual([]);
    // A fixer comes while another agent is at work: nothing of the union is taken away.
    const agents = [
      agent('b', { status: 'running', files: ['src/b c.ts'] }),
      agent('w1-fixer-1', { status: 'queued', isFixer: true, files: ['src/x.ts'] }),
    ];
    await writeScopes(context, { ...run, agents }, core);
    const { allowedPaths } = JSON.parse(project.read('.claude/wave-scope.json') ?? '') as { allowedPaths: string[] };
    expect(allowedPaths).toEqual(expect.arrayContaining(['src/a.mjs', 'src/x.ts']));
    await removeScopes(context, run);
    await removeScopes(context, run);
    expect(project.read('.claude/wave-scope.json')).toBeUndefined();
    expect(project.read('.claude/filescopes/wave-1.scopes.json')).toBeUndefined();
    expect(existsSync(folder)).toBe(false);
  });

  it('of Discovery deny everything, and the project’s own policy counts', async () => {
    const project = await createOrchestratorProject();
    project.write(
      '.orchestrator/policy/blocked-commands.json',
      '{"rules":[{"id":"1","pattern":"npm publish","severity":"block"},{"id":"2","pattern":"x","severity":"warn"}]}',
    );
    const wave: PlannedWave = {
      number: 2,
      title: 'Discovery',
      role: 'Discovery',
      agents: [planned('look', [])],
      sequential: false,
    };
    await writeScopes(openContext(project), runOf(project, { stateFile: '.codex/STATE.md' }), wave);
    expect(JSON.parse(project.read('.codex/wave-scope.json') ?? '')).toMatchObject({
      allowedPaths: [],
      blockedCommands: ['npm publish'],
    });
  });

  it('are not written where two agents meet', async () => {
    const project = await createOrchestratorProject();
    const wave = { ...core, agents: [planned('a', ['src/**']), planned('b', ['src/x.ts'])] };
    await expect(writeScopes(openContext(project), runOf(project), wave)).rejects.toMatchObject({
      code: 'invalid-argument',
      data: { agents: ['a', 'b'] },
    });
    expect(project.read('.claude/wave-scope.json')).toBeUndefined();
  });
});

const proposal = (id: string, subject: string): string =>
  `${JSON.stringify({ id, created_at: '2026-08-22T08:10:00.000Z', wave_id: 'W1', type: 'fragile-file', subject, insight: 'i', evidence: 'e', confidence: 0.7, schema_version: 1 })}\n`;

const docsTask = (id: string, targetPattern: string) => ({
  id,
  audience: 'user',
  targetPattern,
  rationale: 'r',
  wave: 1,
  status: 'planned',
});

/** A run whose waves are done, with STATE.md, lock and proposals. */
async function completedRun(
  project: OrchestratorProject,
  more: Partial<WaveRun> = {},
): Promise<{ readonly context: ActionContext; readonly run: WaveRun }> {
  const context = openContext(project);
  const run = runOf(project, {
    startRef: project.repository.git('rev-parse', 'HEAD').trim(),
    docsTasks: [docsTask('docs-1', '**/*.md'), docsTask('docs-2', 'CHANGELOG.md'), docsTask('docs-3', 'docs/adr/*.md')],
    progress: [
      {
        wave: 1,
        commit: '',
        head: '',
        startedAt: '2026-08-22T10:00:00+02:00',
        endedAt: '2026-08-22T10:30:00+02:00',
        changed: ['README.md'],
      },
    ],
    agents: [
      agent('a'),
      agent('b', { status: 'partial', report: { status: 'partial', note: 'half', remaining: 'the rest' } }),
      agent('c', {
        status: 'spiral',
        findings: [{ pattern: 'spiral', severity: 'stop', file: 'src/c.ts', occurrences: 3, evidence: [], at: '' }],
      }),
    ],
    ...more,
  });
  await context.ports.localState.write(waveRunKey(run.id), run);
  await writeState(context, run);
  await acquireSessionLock(context, { sessionId: run.id, label: run.label, mode: 'feature' });
  project.write('README.md', '# Shop\n\nMore.\n');
  project.write('CHANGELOG.md', '- New <!-- REVIEW: source needed -->\n');
  return { context, run };
}

describe('closing a run', () => {
  it('verifies docs, asks for each proposal, records and lets go; again it changes nothing', async () => {
    const project = await createOrchestratorProject({ isEmpty: false });
    const { context, run } = await completedRun(project);
    project.write(
      '.orchestrator/metrics/proposals.jsonl',
      proposal('p-1', 'cart.ts') + proposal('p-2', 'menu.ts') + proposal('p-3', 'tax.ts'),
    );
    const asked: string[] = [];
    const close = (): Promise<ClosedWaveRun> =>
      closeWaveRun(context, {
        decide: async ({ id, subject }, { number, of }) => {
          asked.push(`${number}/${of} ${subject}`);
          return id === 'p-1' ? 'accept' : id === 'p-2' ? 'reject' : undefined;
        },
      });
    const closed = await close();
    expect(closed.docs.map(({ task, verdict, files }) => [task.id, verdict, files])).toEqual([
      ['docs-1', 'partial', ['CHANGELOG.md', 'README.md']],
      ['docs-2', 'partial', ['CHANGELOG.md']],
      ['docs-3', 'gap', []],
    ]);
    expect(asked).toEqual(['1/3 cart.ts', '2/3 menu.ts', '3/3 tax.ts']);
    expect(project.read('.orchestrator/metrics/learnings.jsonl')).toContain('"_provenance":"agent-proposed@W1"');
    expect(closed.proposals.waiting.map(({ id }) => id)).toEqual(['p-3']);
    expect(closed.carriedOver).toEqual(['b: Do b — partial; remaining: the rest', 'c: Do c — spiral']);
    expect(closed.run.status).toBe('closed');
    const text = project.read('.claude/STATE.md') ?? '';
    expect(parseStateMd(text)).toMatchObject({ frontmatter: { status: 'completed', 'carryover-ratio': 1 } });
    const sections = readStateSections(text);
    expect(sections.docsTasks.map(({ status }) => status)).toEqual(['partial', 'partial', 'gap']);
    expect(sections.questions.map(({ question, source, priority }) => [question, source, priority])).toEqual([
      ['b: Do b — partial; remaining: the rest', 'session-end', 'medium'],
      ['c: Do c — spiral', 'session-end', 'high'],
    ]);
    expect(sections.notToRetry).toMatchObject([
      { approach: 'Do c', why: 'SPIRAL — spiral, 3 times (evidence: src/c.ts)', session: run.label },
    ]);
    const recorded = (project.read('.orchestrator/metrics/sessions.jsonl') ?? '').trim().split('\n');
    expect(recorded).toHaveLength(1);
    expect(() => validateSession(JSON.parse(recorded[0] ?? ''))).not.toThrow();
    expect(JSON.parse(recorded[0] ?? '')).toMatchObject({ status: 'completed', learnings_added: 1 });
    expect(project.read('.orchestrator/session.lock')).toBeUndefined();

    // Killed before the record said so: the same again does no harm.
    await updateWaveRun(context, run.id, (one) => ({ ...one, status: 'completed' }));
    await close();
    expect(project.read('.claude/STATE.md')).toBe(text);
    expect((project.read('.orchestrator/metrics/sessions.jsonl') ?? '').trim().split('\n')).toEqual(recorded);
    expect((project.read('.orchestrator/metrics/events.jsonl') ?? '').match(/session\.ended/g)).toHaveLength(1);
  });

  it('asks in the inbox where nobody can be asked, and settles it when it is answered', async () => {
    const project = await createOrchestratorProject({ isEmpty: false });
    const { context } = await completedRun(project);
    project.write('.orchestrator/metrics/proposals.jsonl', proposal('p-1', 'cart.ts') + proposal('p-2', 'menu.ts'));
    const first = await closeWaveRun(context);
    expect(first.proposals.waiting).toHaveLength(2);
    const { items } = await listInbox(context);
    expect(items.map(({ question, blocking }) => [question, blocking])).toEqual([
      ['Remember "cart.ts"? (fragile-file, confidence 0.7)', false],
      ['Remember "menu.ts"? (fragile-file, confidence 0.7)', false],
    ]);
    const cart = items.find(({ question }) => question.includes('cart'));
    await answer(context, { id: cart?.id ?? '', text: 'Remember it' });
    const second = await closeWaveRun(context);
    expect(second.proposals.accepted.map(({ id }) => id)).toEqual(['p-1']);
    expect(second.proposals.waiting.map(({ id }) => id)).toEqual(['p-2']);
    expect((await listInbox(context)).items).toHaveLength(1);
  });

  it('is refused while the run is under way, and puts one that was given up down as abandoned', async () => {
    const project = await createOrchestratorProject({ isEmpty: false });
    const { context, run } = await completedRun(project, { status: 'active' });
    await expect(closeWaveRun(context)).rejects.toMatchObject({ code: 'wrong-state' });
    await updateWaveRun(context, run.id, (one) => ({ ...one, status: 'aborted' }));
    await closeWaveRun(context, { id: 'shop-' });
    expect(JSON.parse(project.read('.orchestrator/metrics/sessions.jsonl') ?? '')).toMatchObject({
      status: 'abandoned',
    });
  });

  it('leaves a STATE.md of another session alone', async () => {
    const project = await createOrchestratorProject({ isEmpty: false });
    const { context, run } = await completedRun(project);
    const other = (project.read('.claude/STATE.md') ?? '').replace(`session-id: ${run.id}`, 'session-id: another');
    project.write('.claude/STATE.md', other);
    await expect(closeWaveRun(context)).rejects.toMatchObject({ code: 'session-conflict' });
    expect(project.read('.claude/STATE.md')).toBe(other);
  });

  it('keeps the records of the last runs, and puts older ones away', async () => {
    const project = await createOrchestratorProject();
    const { localState } = project.ports;
    const config = { ...defaultWaveConfig, persistence: false };
    const begun = (day: number): Partial<WaveRun> => ({
      id: `run-${day}`,
      config,
      startedAt: `2026-08-${day}T10:00:00Z`,
    });
    for (let day = 1; day <= 22; day++) {
      const run = runOf(project, { ...begun(day + 9), status: day === 22 ? 'completed' : 'closed' });
      await localState.write(waveRunKey(run.id), run);
    }
    await closeWaveRun(openContext(project));
    const ids = (await readWaveRuns(localState)).map(({ id }) => id);
    expect([ids.length, ids[0], ids.at(-1)]).toEqual([20, 'run-12', 'run-31']);
    expect(await localState.read('waves-archive/run-10/run.json')).toMatchObject({ id: 'run-10' });
  });

  it('writes nothing without persistence, and commits housekeeping once', async () => {
    const project = await createOrchestratorProject({ isEmpty: false });
    const plan = { ...runOf(project).plan, sessionType: 'housekeeping', title: 'Clean up' };
    const { stateFile: _, ...rest } = runOf(project, { plan, config: { ...defaultWaveConfig, persistence: false } });
    const run: WaveRun = {
      ...rest,
      progress: [{ wave: 1, commit: '', head: '', startedAt: '', changed: ['README.md'] }],
    };
    const context = openContext(project);
    await context.ports.localState.write(waveRunKey(run.id), run);
    project.write('README.md', '# Shop, clean\n');
    project.write('mine.txt', 'not of the run\n');
    const { commit } = await closeWaveRun(context);
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    expect(project.repository.git('log', '-1', '--name-only', '--format=%s').trim().split(/\n+/)).toEqual([
      'chore: Clean up',
      'README.md',
    ]);
    expect(project.read('.orchestrator/metrics/sessions.jsonl')).toBeUndefined();
  });
});

describe('waves that a plan leaves out', () => {
  it('stand in the history where they would have been, once, with the number of the document', async () => {
    const project = await createOrchestratorProject();
    const waves = [core, { ...core, number: 2, title: 'Quality' }];
    const skipped = [
      { number: 1, title: 'Discovery' },
      { number: 3, title: 'Impl-Polish' },
      { number: 5, title: 'Finalization' },
    ];
    const plan = { ...runOf(project).plan, waves, skipped };
    const progress = (wave: number) => ({ wave, commit: '', head: '', startedAt: '', endedAt: '2026-08-22T10:00:00Z' });
    let text = '';
    for (const wave of [1, 1, 2, 2]) {
      const done = Array.from({ length: wave }, (_, index) => progress(index + 1));
      const run = runOf(project, { plan, status: 'active', wave, progress: done });
      text = applyEdits(text, planState(text, { run, questions: [], at: '2026-08-22T08:00:00.000Z' }));
    }
    expect(text.match(/^### Wave .*$/gm)?.map((line) => line.replace(/ \(planned.*/, ''))).toEqual([
      '### Wave 1 — [Discovery] (skipped, no tasks)',
      '### Wave 1 — Impl-Core',
      '### Wave 3 — [Impl-Polish] (skipped, no tasks)',
      '### Wave 2 — Quality',
      '### Wave 5 — [Finalization] (skipped, no tasks)',
    ]);
    expect(parseState(text, 'STATE.md').diagnostics).toEqual([]);
  });
});
