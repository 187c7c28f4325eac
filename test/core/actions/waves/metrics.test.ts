import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCurrentStatus } from 'session-orchestrator/scripts/lib/agent-status.mjs';
import { parseEventLines, validateEventRecord } from 'session-orchestrator/scripts/lib/events-schema.mjs';
import {
  deriveExpiresAt,
  LEARNING_TYPE_ALIASES,
  LEARNING_TYPE_REGISTRY,
  validateLearning,
} from 'session-orchestrator/scripts/lib/learnings/schema.mjs';
import { readProposalsJsonl } from 'session-orchestrator/scripts/lib/memory-proposals/collector.mjs';
import { PROPOSAL_TYPES, validateProposalRecord } from 'session-orchestrator/scripts/lib/memory-proposals/schema.mjs';
import { appendProposal } from 'session-orchestrator/scripts/lib/memory-proposals/store.mjs';
import { serializeSessionLineChecked } from 'session-orchestrator/scripts/lib/session-schema/serializer.mjs';
import { validateSession } from 'session-orchestrator/scripts/lib/session-schema/validator.mjs';
import { describe, expect, test } from 'vitest';
import { decayLearnings, judgeLearning, readLearnings } from '../../../../src/core/actions/waves/learnings.ts';
import {
  appendEvent,
  appendSessionRecord,
  pushAgentStatus,
  readMetrics,
} from '../../../../src/core/actions/waves/metrics.ts';
import { decideProposal, proposeMemory, readProposals } from '../../../../src/core/actions/waves/proposals.ts';
import { readJsonLines } from '../../../../src/core/formats/waves/jsonLines.ts';
import {
  changeConfidence,
  expiryOf,
  proposableTypes,
  typeOfLearning,
} from '../../../../src/core/formats/waves/learning.ts';
import { checkProposal } from '../../../../src/core/formats/waves/proposal.ts';
import { readPastRun, sessionRecordOf, utcOf } from '../../../../src/core/formats/waves/sessionRecord.ts';
import { defaultWaveConfig } from '../../../../src/core/model/waves/waveConfig.ts';
import type { WaveAgentRun, WaveRun } from '../../../../src/core/model/waves/waveRun.ts';
import { createOrchestratorProject } from './orchestratorProject.ts';

const sessionsPath = '.orchestrator/metrics/sessions.jsonl';
const eventsPath = '.orchestrator/metrics/events.jsonl';
const learningsPath = '.orchestrator/metrics/learnings.jsonl';
const proposalsPath = '.orchestrator/metrics/proposals.jsonl';

function agentOf(key: string, more: Partial<WaveAgentRun>): WaveAgentRun {
  return {
    key,
    wave: 1,
    task: key,
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

const planned = (id: string) => ({ id, task: id, files: [], tools: [], dependencies: [], resources: [] });

const finished: WaveRun = {
  baton: 'wave-run/1',
  id: 'shop-1-abc',
  label: 'main-2026-11-20-deep-2',
  root: '/shop',
  plan: {
    title: 'Shop',
    sessionType: 'deep',
    issues: [12, 15],
    waves: [
      { number: 1, title: 'Discovery', role: 'Discovery', sequential: false, agents: [planned('w1-a1')] },
      {
        number: 2,
        title: 'Impl-Core',
        role: 'Impl-Core',
        sequential: false,
        agents: ['w2-a1', 'w2-a2', 'w2-a3'].map(planned),
      },
    ],
    execution: {},
    docsTasks: [],
    missions: [],
  },
  config: defaultWaveConfig,
  enforcement: 'strict',
  status: 'completed',
  wave: 2,
  step: 'record',
  branch: 'main',
  startRef: 'a'.repeat(40),
  agent: 'claude',
  agents: [
    agentOf('w1-a1', { usage: { inputTokens: 100, outputTokens: 10, costUsd: 0.1, turns: 1 } }),
    agentOf('w2-a1', {
      wave: 2,
      attempt: 2,
      changed: ['src/a.ts', 'src/b.ts'],
      usage: { inputTokens: 1, outputTokens: 2, costUsd: 0.25, turns: 1 },
    }),
    agentOf('w2-a2', { wave: 2, status: 'spiral', changed: ['src/b.ts'] }),
    agentOf('w2-a3', { wave: 2, status: 'partial' }),
    agentOf('w2-fixer-1', { wave: 2, isFixer: true }),
  ],
  gates: [{ wave: 2, kind: 'full', passed: true, attempts: [], flaky: true, at: '2026-11-20T11:00:00+01:00' }],
  docsTasks: [],
  // An offset without a colon, as real files have it; the schema wants UTC.
  startedAt: '2026-11-20T10:00:00+0100',
  updatedAt: '2026-11-20T11:00:00+01:00',
  questions: [],
  deviations: [],
  snapshots: [],
};
const extra = { completedAt: '2026-11-20T11:30:30+01:00', status: 'completed' } as const;

describe('sessions.jsonl', () => {
  test('the record of a run is one that the reference accepts', () => {
    const record = sessionRecordOf(finished, { ...extra, autopilotRun: 'auto-1', learningsAdded: 1 });
    expect(() => validateSession(record)).not.toThrow();
    expect(() => serializeSessionLineChecked(record)).not.toThrow();
    expect(record).toMatchObject({
      session_id: finished.label,
      started_at: '2026-11-20T09:00:00.000Z',
      completed_at: '2026-11-20T10:30:30.000Z',
      duration_seconds: 5430,
      waves: [
        { wave: 1, role: 'Discovery', agent_count: 1, files_changed: 0, quality: 'none' },
        { wave: 2, role: 'Impl-Core', agent_count: 4, files_changed: 2, quality: 'pass', flaky: true },
      ],
      agent_summary: { complete: 3, partial: 1, failed: 0, spiral: 1 },
      total_files_changed: 2,
      retries: 2,
      effectiveness: { planned_items: 4, planned_issues: 2, carryover: 2, completion_rate: 0.5 },
      total_cost_usd: 0.35,
      autopilot_run_id: 'auto-1',
    });
  });

  test('work that a later wave went on with counts once, what was never begun too', () => {
    const rest = agentOf('w2-rest-w2-a3', { wave: 2, carries: 'w2-a3', status: 'done' });
    const agents = [...finished.agents.filter(({ key }) => key !== 'w2-a2'), rest];
    expect(sessionRecordOf({ ...finished, agents }, extra)).toMatchObject({
      effectiveness: { planned_items: 4, carryover: 1, completion_rate: 0.75 },
    });
  });

  test.each([
    ['a clock that went back', { completedAt: '2026-11-20T08:00:00Z' }, {}],
    ['a type that nobody knows', {}, { plan: { ...finished.plan, sessionType: 'express' } }],
    ['a run without agents', {}, { agents: [], gates: [], wave: 0 }],
    ['a start that is no time', {}, { startedAt: 'yesterday' }],
  ])('%s gives a valid record all the same', (_name, more, run) => {
    const record = sessionRecordOf({ ...finished, ...run }, { ...extra, ...more });
    expect(() => validateSession(record)).not.toThrow();
  });

  test('is written once, whoever resumes the end; what stands there stays', async () => {
    const project = await createOrchestratorProject();
    const older =
      '{"session_id":"main-2026-04-18-1154","session_type":"deep","platform":"codex","started_at":"2026-04-18T11:54:27+02:00","ended_at":"2026-04-18T12:54:27+0200","files_changed":4}\r\n{"session_id":"cut';
    project.write(sessionsPath, older);
    const writes = Array.from({ length: 5 }, () => appendSessionRecord(project.context, finished, extra));
    expect((await Promise.all(writes)).filter((one) => one.written)).toHaveLength(1);
    const text = project.read(sessionsPath) ?? '';
    expect(text.startsWith(`${older}\n`)).toBe(true);
    expect(text.endsWith('}\n')).toBe(true);
    const { runs, brokenLines } = await readMetrics(project.context);
    expect(brokenLines).toBe(1);
    expect(runs).toMatchObject([
      { id: 'main-2026-04-18-1154', durationSeconds: 3600, filesChanged: 4, retries: undefined },
      { id: finished.label, retries: 2, costUsd: 0.35, completionRate: 0.5, agents: { spiral: 1 } },
    ]);
  });

  test.each([
    [
      { session_id: 'a', type: 'feature', waves_total: 3, head_ref: 'x' },
      { type: 'feature', totalWaves: 3, branch: 'x' },
    ],
    [
      { session_id: 'a', mode: 'deep', waves: [{ wave: 1, role: 'R', agents: 2 }, 'no wave'] },
      { type: 'deep', waves: [{ wave: 1, role: 'R', agents: 2 }] },
    ],
    [
      { session_id: 'a', waves: 3, agent_summary: 'x', effectiveness: null },
      { type: 'unknown', waves: [], agents: { complete: 0 } },
    ],
    [{ type: 'feature' }, undefined],
  ])('reads %j', (record, run) => {
    if (run === undefined) expect(readPastRun(record)).toBeUndefined();
    else expect(readPastRun(record)).toMatchObject(run);
  });

  test.each([
    ['2026-11-20T10:00:00+02:00', '2026-11-20T08:00:00.000Z'],
    ['2026-11-20T10:00:00+0200', '2026-11-20T08:00:00.000Z'],
    ['2026-11-20T10:00:00Z', '2026-11-20T10:00:00.000Z'],
  ])('%s is %s', (time, utc) => {
    expect(utcOf(time)).toBe(utc);
  });
});

test('events of many writers at once are whole lines, and those of the reference’s form', async () => {
  const project = await createOrchestratorProject();
  const fields = { session: 's', wave: 2, agent: 'a', pattern: 'error-echo', file: 'ä\n.ts', occurrences: 3 };
  await Promise.all(Array.from({ length: 50 }, () => appendEvent(project.context, 'stagnation_detected', fields)));
  const { records, malformedLines } = parseEventLines(project.read(eventsPath));
  expect(malformedLines).toBe(0);
  expect(records).toHaveLength(50);
  for (const record of records) expect(validateEventRecord(record).valid).toBe(true);
  expect((await readMetrics(project.context)).stagnations).toBe(50);
});

test('the status of agents is read by the reference, the last word of each', async () => {
  const project = await createOrchestratorProject();
  project.write('.orchestrator/runtime/agent-status-current.json', '{"half');
  await Promise.all(
    ['w1-a1', 'w1-a2'].map((agentId) =>
      pushAgentStatus(project.context, { agentId, text: `reads ${'x'.repeat(400)}` }),
    ),
  );
  await pushAgentStatus(project.context, { agentId: 'w1-a1', step: 2, total: 5, label: 'tests' });
  const { entries, source } = readCurrentStatus({ repoRoot: project.root });
  expect(source).toBe('live-map');
  expect(entries['w1-a1']).toMatchObject({ kind: 'progress', step: 2, total: 5, label: 'tests' });
  expect(entries['w1-a2'].text).toHaveLength(256);
});

describe('learnings', () => {
  test('types, their days and confidence follow the reference', () => {
    const types = Object.keys(LEARNING_TYPE_REGISTRY);
    for (const type of [...types, 'unheard-of']) {
      expect([type, expiryOf(type, '2026-01-01T00:00:00.000Z')]).toEqual([
        type,
        deriveExpiresAt('2026-01-01T00:00:00.000Z', type),
      ]);
    }
    expect([...proposableTypes].sort()).toEqual([...PROPOSAL_TYPES].sort());
    for (const [name, type] of Object.entries(LEARNING_TYPE_ALIASES)) expect(typeOfLearning(name)).toBe(type);
  });

  test.each([
    [0.5, 'confirm', 0.65],
    [0.95, 'confirm', 1],
    [0.5, 'contradict', 0.3],
    [0.1, 'contradict', 0],
    [0.5, 'decay', 0.45],
    [0.02, 'decay', 0],
  ] as const)('%f %s %f', (before, step, after) => {
    expect(changeConfidence(before, step)).toBe(after);
  });

  test('judging and a run’s end change their lines alone, once', async () => {
    const project = await createOrchestratorProject();
    const line = (id: string, more: object = {}) =>
      JSON.stringify({
        id,
        type: 'fragile-file',
        subject: id,
        insight: 'i',
        evidence: 'e',
        confidence: 0.5,
        source_session: 'old',
        created_at: new Date().toISOString(),
        expires_at: '2099-01-01T00:00:00Z',
        schema_version: 1,
        ...more,
      });
    const over = line('over', { expires_at: '2020-01-01T00:00:00Z' });
    const broken = '{ "id": "hand made", no json';
    project.write(
      learningsPath,
      `${line('a')}\r\n${broken}\n${over}\n${line('b')}\n${line('c', { source_session: 'now' })}`,
    );
    const confirmed = await judgeLearning(project.context, { id: 'a', finding: 'confirm', session: 'now' });
    expect(confirmed.confidence).toBe(0.65);
    expect(await decayLearnings(project.context, { session: 'now' })).toBe(1);
    expect(await decayLearnings(project.context, { session: 'now' })).toBe(0);
    expect(await decayLearnings(project.context, { session: 'next', touched: ['b'] })).toBe(2);
    const lines = (project.read(learningsPath) ?? '').split('\n');
    expect(lines[0]?.endsWith('}\r')).toBe(true);
    expect(lines.slice(1, 3)).toEqual([broken, over]);
    expect((await readLearnings(project.context)).map(({ id, confidence }) => [id, confidence])).toEqual([
      ['a', 0.6],
      ['b', 0.45],
      ['c', 0.45],
    ]);
    for (const record of readJsonLines(lines.join('\n')).records) expect(() => validateLearning(record)).not.toThrow();
    await expect(judgeLearning(project.context, { id: 'nobody', finding: 'confirm' })).rejects.toMatchObject({
      code: 'unknown-item',
    });
  });
});

describe('proposals', () => {
  const draft = {
    type: 'fragile-file',
    subject: 'cart.ts',
    insight: 'secret insight',
    evidence: 'secret evidence',
    confidence: 0.7,
    isWaveAgent: true,
  };
  const state = (more = 'status: active\ncurrent-wave: 1') => `---\nschema-version: 1\nsession: main-1\n${more}\n---\n`;

  test('the quota holds among many, beside the reference, and nothing of the text is audited', async () => {
    const project = await createOrchestratorProject();
    project.write('.claude/STATE.md', state());
    const tries = Array.from({ length: 6 }, () =>
      proposeMemory(project.context, { ...draft, filePaths: ['src/cart.ts'], agent: 'w2-a1' }),
    );
    const statuses = (await Promise.all(tries)).map((one) => one.status).sort();
    expect(statuses).toEqual(['queued', 'queued', 'queued', 'queued', 'queued', 'quota-exceeded']);
    const [record] = await readProposalsJsonl({ repoRoot: project.root });
    expect(record).toMatchObject({ wave_id: 'W2', proposed_by_agent: 'w2-a1', file_paths: ['src/cart.ts'] });
    expect(validateProposalRecord(record)).toEqual({ ok: true });
    expect(await appendProposal({ record, repoRoot: project.root, waveId: 'W2' })).toMatchObject({
      status: 'quota-exceeded',
    });
    expect(
      await appendProposal({ record: { ...record, wave_id: 'W3' }, repoRoot: project.root, waveId: 'W3' }),
    ).toMatchObject({ status: 'queued' });
    const { records } = readJsonLines(project.read(eventsPath) ?? '');
    expect(records).toHaveLength(6);
    expect(records[0]).toMatchObject({
      event: 'orchestrator.memory.propose_invoked',
      wave: 2,
      flags_present: expect.arrayContaining(['insight']),
    });
    expect(project.read(eventsPath)).not.toMatch(/secret|cart/);
  });

  test.each([
    ['no STATE.md', undefined, {}, 'rejected-wrong-context'],
    ['one that is completed', state('status: completed\ncurrent-wave: 1'), {}, 'rejected-wrong-context'],
    ['no wave in it', state('status: active'), {}, 'rejected-wrong-context'],
    ['not an agent', state(), { isWaveAgent: false }, 'rejected-wrong-context'],
    ['below the floor', state(), { confidence: 0.49 }, 'rejected-low-confidence'],
    ['a type for coordinators', state(), { type: 'autonomy-verdict' }, 'error'],
    ['two lines', state(), { subject: 'a\nb' }, 'error'],
    ['too long', state(), { insight: 'x'.repeat(2001) }, 'error'],
    ['no number', state(), { confidence: Number.NaN }, 'error'],
    ['a path that leads out', state(), { filePaths: ['../x'] }, 'error'],
    ['only checked', undefined, { dryRun: true }, 'dry-run-ok'],
  ])('%s', async (_name, text, more, status) => {
    const project = await createOrchestratorProject();
    if (text !== undefined) project.write('.claude/STATE.md', text);
    expect((await proposeMemory(project.context, { ...draft, ...more })).status).toBe(status);
    expect(project.read(proposalsPath)).toBeUndefined();
  });

  test('an agent in a worktree proposes in the tree of its run', async () => {
    const project = await createOrchestratorProject({ isEmpty: false });
    const tree = join(project.root, '.worktrees/wave-1');
    project.repository.git('worktree', 'add', '-q', '-b', 'so-worktree-1', tree);
    const agents = [agentOf('w2-a1', { worktree: tree, status: 'running' })];
    const run = { ...finished, root: project.root, agents, status: 'active', stateFile: '.claude/STATE.md' };
    await project.ports.localState.write(`waves/${run.id}/run.json`, run);
    const inTree = await project.at(tree);
    expect((await proposeMemory(inTree, draft)).status).toBe('rejected-wrong-context');
    project.write('.claude/STATE.md', state());
    expect(await proposeMemory(inTree, draft)).toMatchObject({ status: 'queued', wave: 'W2' });
    expect(await readProposals(project.context)).toHaveLength(1);
    expect(existsSync(join(tree, '.orchestrator'))).toBe(false);
  });

  test('accepted ones are learnings of the reference’s form, once; rejected ones are kept apart; other lines stay', async () => {
    const project = await createOrchestratorProject();
    project.write('.claude/STATE.md', state());
    const broken = '{"id":"torn';
    project.write(proposalsPath, `${broken}\n`);
    for (const subject of ['one', 'two', 'three']) await proposeMemory(project.context, { ...draft, subject });
    const [one, two, three] = await readProposals(project.context);
    await decideProposal(project.context, { id: one?.id ?? '', decision: 'accept', session: 'main-1' });
    await decideProposal(project.context, { id: two?.id ?? '', decision: 'reject', session: 'main-1', reason: 'no' });
    expect((await readProposals(project.context)).map((each) => each.subject)).toEqual(['three']);
    expect(project.read(proposalsPath)).toBe(`${broken}\n${JSON.stringify(three)}\n`);
    const [learning, ...more] = readJsonLines(project.read(learningsPath) ?? '').records;
    expect(more).toEqual([]);
    expect(() => validateLearning(learning)).not.toThrow();
    expect(learning).toMatchObject({ id: one?.id, source_session: 'main-1', _provenance: 'agent-proposed@W2' });
    expect(project.read('.orchestrator/proposals.rejected.log')).toContain('"_rejected_reason":"no"');
    // As if it had been killed between the learning and the queue.
    project.write(proposalsPath, `${JSON.stringify(one)}\n`);
    await decideProposal(project.context, { id: one?.id ?? '', decision: 'accept', session: 'main-1' });
    expect(readJsonLines(project.read(learningsPath) ?? '').records).toHaveLength(1);
    await expect(
      decideProposal(project.context, { id: 'gone', decision: 'accept', session: 'x' }),
    ).rejects.toMatchObject({ code: 'unknown-item' });
  });

  test.each([['C:\\x'], ['/etc/passwd'], ['src/*.ts'], ['a'.repeat(257)]])('the path %s is refused', (path) => {
    expect(checkProposal({ ...draft, file_paths: [path] })).toHaveLength(1);
  });
});
