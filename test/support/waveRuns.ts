/** A wave run in the middle, as its record has it: what trees, board and commands show of one. */
import { readWavePlan } from '../../src/core/formats/waves/wavePlan.ts';
import type { AgentActivity } from '../../src/core/model/activity.ts';
import { defaultWaveConfig } from '../../src/core/model/waves/waveConfig.ts';
import type { WaveAgentRun, WaveRun } from '../../src/core/model/waves/waveRun.ts';

/** A plan of five waves in the documented form. */
export const harbourPlan = `# Harbour fares

## Wave Plan (Session: feature, 5 waves, isolation: auto)

### Wave 1: Discovery (1 agent, read-only)

- Agent 1: Find where fares are computed
  - Files to read: src/**
  - Acceptance: a list of the places

### Wave 2: Impl-Core (3 agents, parallel)

- Agent 1: Fares of groups → src/groups.ts → groups of ten pay less
- Agent 2: Fares of ferries → src/ferries.ts → ferries have a table
- Agent 3: Print fares → src/print.ts → prints both

### Wave 3: Impl-Polish (2 agents, parallel)

- Agent 1: Join groups and ferries → src/index.ts → one entry
- Agent 2: Seed the database of fares → src/seed.ts → seeded

### Wave 4: Quality (1 agent)

- Agent 1: Test all fares → test/** → all pass

### Wave 5: Finalization (1 agent)

- Agent 1: Write the changelog → CHANGELOG.md → it is there

### Execution Config

- Waves: 5 | Agents-per-wave cap: 6 | Isolation: auto
`;

/** When it began, where nothing else is said. */
const harbourStart = '2026-11-20T10:00:00Z';

/** What its running agent does. */
export const harbourActivity: AgentActivity = {
  at: '2026-11-20T10:21:00Z',
  line: 'Edit src/index.ts',
  usage: { inputTokens: 4_000, outputTokens: 900, turns: 5, costUsd: 0.04 },
};

/** The run: Discovery and Impl-Core are over, Impl-Polish is at work. */
export function harbourRun(root: string, over: Partial<WaveRun> = {}, start = harbourStart): WaveRun {
  const at = (minutes: number): string => new Date(Date.parse(start) + minutes * 60_000).toISOString();
  const { plan } = readWavePlan(harbourPlan, 'docs/waves/harbour.md');
  const agentOf = (wave: number, index: number, more: Partial<WaveAgentRun>): WaveAgentRun => {
    const planned = plan.waves[wave - 1]?.agents[index - 1];
    if (planned === undefined) throw new Error(`The plan has no agent ${index} in wave ${wave}`);
    return {
      key: planned.id,
      wave,
      task: planned.task,
      files: planned.files,
      status: 'done',
      attempt: 1,
      isolation: 'none',
      startedAt: at(0),
      maxTurns: 15,
      changed: [],
      notVerified: [],
      outside: [],
      commits: [],
      findings: [],
      ...more,
    };
  };
  const ended = { endedAt: at(12) };
  return {
    baton: 'wave-run/1',
    id: 'harbour-abc-000001',
    label: 'main-2026-11-20-feature-1',
    root,
    plan,
    config: defaultWaveConfig,
    enforcement: 'warn',
    status: 'active',
    wave: 3,
    step: 'dispatch',
    branch: 'main',
    startRef: 'HEAD',
    agent: 'small',
    agents: [
      agentOf(1, 1, { ...ended, report: { status: 'done', note: 'three places' } }),
      agentOf(2, 1, {
        ...ended,
        usage: { inputTokens: 9_000, outputTokens: 2_000, turns: 9, costUsd: 0.12 },
        changed: ['src/groups.ts'],
        report: { status: 'done', note: 'groups of ten pay less' },
      }),
      agentOf(2, 2, {
        ...ended,
        status: 'partial',
        changed: ['src/ferries.ts', 'src/tides.ts'],
        outside: ['src/tides.ts'],
        report: { status: 'partial', note: 'the table', remaining: 'night ferries' },
      }),
      agentOf(2, 3, {
        ...ended,
        status: 'spiral',
        attempt: 2,
        usage: { inputTokens: 20_000, outputTokens: 3_000, turns: 15, costUsd: 0.31 },
        findings: [
          {
            pattern: 'spiral',
            severity: 'stop',
            file: 'src/print.ts',
            occurrences: 3,
            evidence: ['Edit src/print.ts', 'Bash npm test', 'Edit src/print.ts', 'Edit src/print.ts'],
            at: at(11),
          },
        ],
      }),
      agentOf(3, 1, { status: 'running', startedAt: at(20) }),
      agentOf(3, 2, { status: 'waiting', waitsFor: 'db:test' }),
    ],
    gates: [
      {
        wave: 2,
        kind: 'incremental',
        passed: true,
        flaky: false,
        tests: { passed: 41, failed: 0 },
        attempts: [
          [{ step: 'test', command: 'npm test', exitCode: 1, durationMs: 2_400, tail: '1 failing: fares of groups' }],
          [{ step: 'test', command: 'npm test', exitCode: 0, durationMs: 2_100, tail: '41 passing' }],
        ],
        at: at(16),
      },
    ],
    docsTasks: [],
    startedAt: at(0),
    updatedAt: at(20),
    questions: [],
    deviations: [{ at: at(12), text: 'w2-a2 changed src/tides.ts outside its scope' }],
    snapshots: [],
    ...over,
  };
}

/** A STATE.md as other tools write it: a run of theirs in its third wave. */
export const foreignState = `---
schema-version: 1
session-type: feature
branch: main
status: active
current-wave: 2
total-waves: 5
started_at: 2026-11-20T08:00:00Z
session: main-2026-11-20-feature-9
---

# Session State

## Current Wave

Wave 3 — Impl-Polish

## Wave History

### Wave 1 — Discovery
- Agent "explorer": done — src/ — found it

### Wave 2 — Impl-Core
- Agent "builder": done — src/a.ts — built
- Agent "second": failed — src/b.ts — did not build

## Open Questions
- [ ] Which currency? (source: W2/builder, prio: high)
`;
