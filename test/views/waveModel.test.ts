import { describe, expect, it } from 'vitest';
import { describeWaveRun, describeWaveState } from '../../src/core/actions/waves/describeWaveRun.ts';
import type { WaveRunEntry } from '../../src/core/actions/waves/listWaveRuns.ts';
import { pastWaveRuns, shownRuns } from '../../src/core/actions/waves/shownRuns.ts';
import { parseState } from '../../src/core/formats/state.ts';
import { shapeWaves } from '../../src/core/formats/waves/shapeWaves.ts';
import { readWavePlan } from '../../src/core/formats/waves/wavePlan.ts';
import { wavePlanText } from '../../src/core/formats/waves/wavePlanText.ts';
import { defaultWaveConfig } from '../../src/core/model/waves/waveConfig.ts';
import type { WaveRun } from '../../src/core/model/waves/waveRun.ts';
import { buildAgentTree, countNeeds } from '../../src/extension/views/agents/model.ts';
import { buildWaveTree, changedWaves, type WaveNode, type WaveTree } from '../../src/extension/views/waves/model.ts';
import { foreignState, harbourActivity, harbourPlan, harbourRun } from '../support/waveRuns.ts';

function entryOf(run: WaveRun, more: Partial<WaveRunEntry> = {}): WaveRunEntry {
  return { run, activities: { 'w3-a1': harbourActivity }, questions: [], interrupted: false, ...more };
}

const shown = describeWaveRun(entryOf(harbourRun('/work')));

function treeOf(run = shown): WaveTree {
  return buildWaveTree([{ folder: 'file:///work', name: 'work', runs: [run] }]);
}

/** Kinds and names of the rows, by their depth. */
function draw(tree: WaveTree): readonly string[] {
  const line = (nodeId: string, depth: number): readonly string[] => {
    const node = tree.nodes.get(nodeId);
    if (node === undefined) throw new Error(`There is no row ${nodeId}`);
    return [`${'  '.repeat(depth)}${nameOf(node)}`, ...node.children.flatMap((child) => line(child, depth + 1))];
  };
  return tree.roots.flatMap((root) => line(root, 0));
}

function nameOf({ content }: WaveNode): string {
  switch (content.kind) {
    case 'run':
      return `run ${content.run.status} ${content.run.wave}/${content.run.total}`;
    case 'wave':
      return `wave ${content.wave.number} ${content.wave.state}`;
    case 'agent':
      return `${content.agent.key} ${content.agent.status}`;
    case 'gate':
      return `gate ${content.wave} ${content.gate.passed ? 'passed' : 'failed'} ${content.gate.attempts}`;
    case 'planned':
      return `planned ${content.id}`;
    case 'question':
      return `question ${content.question.text}`;
    case 'warning':
      return `${content.about} ${content.values.join(' ')}`;
    default:
      return content.kind;
  }
}

describe('a wave run in the trees', () => {
  it('has its waves, their agents, and the gates between', () => {
    expect(draw(treeOf())).toEqual([
      'run active 3/5',
      '  wave 1 done',
      '    w1-a1 done',
      '  wave 2 done',
      '    w2-a1 done',
      '    w2-a2 partial',
      '      outside src/tides.ts',
      '    w2-a3 spiral',
      '      finding',
      '  gate 2 passed 2',
      '  wave 3 running',
      '    w3-a1 running',
      '    w3-a2 waiting',
      '  wave 4 pending',
      '    planned w4-a1',
      '  wave 5 pending',
      '    planned w5-a1',
      '  list',
      '    deviation',
    ]);
  });

  it('says of each agent what it does, what it used up, and what can be done with it', () => {
    const [running, waiting] = shown.waves[2]?.agents ?? [];
    expect(running).toMatchObject({ line: 'Edit src/index.ts', turns: 5, costUsd: 0.04, can: ['log', 'stop'] });
    expect(waiting).toMatchObject({ waitsFor: 'db:test', can: ['log', 'stop'] });
    expect(shown.waves[1]?.agents[1]?.note).toBe('the table (night ferries)');
  });

  it.each<[Partial<WaveRun>, boolean, string, readonly string[]]>([
    [{ status: 'active' }, false, 'active', ['pause', 'abort', 'changes']],
    [{ status: 'active' }, true, 'interrupted', ['resume', 'abort', 'changes']],
    [{ status: 'queued', wave: 0 }, false, 'queued', ['pause', 'abort']],
    [{ status: 'paused' }, false, 'paused', ['resume', 'abort', 'changes']],
    [{ status: 'failed' }, false, 'failed', ['resume', 'abort', 'close', 'changes']],
    [
      { status: 'completed', wave: 5, stateFile: '.claude/STATE.md' },
      false,
      'completed',
      ['close', 'openState', 'changes'],
    ],
    [{ status: 'closed', wave: 5 }, false, 'closed', ['changes']],
    [{ status: 'aborted' }, false, 'aborted', ['close', 'changes']],
  ])('%o, interrupted %s: is %s and can %o', (over, interrupted, status, can) => {
    const described = describeWaveRun(entryOf(harbourRun('/work', over), { interrupted }));
    expect([described.status, described.can]).toEqual([status, can]);
  });

  it('fires the smallest row that differs, and nothing where nothing does', () => {
    const run = harbourRun('/work');
    const again = describeWaveRun(entryOf(run));
    expect(changedWaves(treeOf(), treeOf(again))).toEqual([]);
    const activity = { ...harbourActivity, line: 'Bash npm test' };
    const moved = describeWaveRun(entryOf(run, { activities: { 'w3-a1': activity } }));
    expect(changedWaves(treeOf(), treeOf(moved))?.map(({ agent }) => agent)).toEqual(['w3-a1']);
    expect(changedWaves(treeOf(), buildWaveTree([]))).toBeUndefined();
  });
});

it('stands among the agents with the wave that runs, and other sessions last', () => {
  const peer = {
    source: 'discovered',
    sessionId: 'other-1',
    mode: 'feature',
    worktreePath: '/b',
    isHere: false,
  } as const;
  const input = { folder: 'file:///work', name: 'work', entries: [], items: [], bypassing: new Set<string>() };
  const tree = buildAgentTree([{ ...input, runs: [shown], peers: [peer] }]);
  const kinds = tree.roots.map((root) => {
    const node = tree.nodes.get(root);
    return [node?.element.kind, node?.children.map((child) => tree.nodes.get(child)?.element.agent)];
  });
  expect(kinds).toEqual([
    ['wave', ['w3-a1', 'w3-a2']],
    ['peers', [undefined]],
  ]);
  const needs = (run: Partial<WaveRun>) =>
    countNeeds([{ ...input, runs: [describeWaveRun(entryOf(harbourRun('/work', run)))] }]);
  expect([needs({}), needs({ status: 'completed' }), needs({ status: 'failed' }), needs({ status: 'paused' })]).toEqual(
    [0, 1, 1, 1],
  );
});

describe('a run of other tools', () => {
  const state = parseState(foreignState, '.claude/STATE.md').value;

  it('is told from STATE.md alone', () => {
    const described = describeWaveState(state);
    expect(described).toMatchObject({ status: 'active', wave: 2, total: 5, source: 'state', can: ['openState'] });
    expect(draw(treeOf(described))).toEqual([
      'run active 2/5',
      '  question Which currency?',
      '  wave 1 done',
      '    w1-a1 done',
      '  wave 2 failed',
      '    w2-a1 done',
      '    w2-a2 failed',
      '  wave 3 running',
      '  wave 4 pending',
      '  wave 5 pending',
    ]);
  });

  it('is shown beside those of Baton, but for the file that one of these keeps', () => {
    const own = entryOf(harbourRun('/work', { stateFile: '.claude/STATE.md' }));
    const closed = entryOf(harbourRun('/work', { id: 'old', status: 'closed' }));
    const ids = (entries: readonly WaveRunEntry[]) =>
      shownRuns({ root: '/work', entries, workspace: { waveStates: [state] } }).map(({ id }) => id);
    expect(ids([closed])).toEqual(['state:.claude/STATE.md']);
    expect(ids([closed, own])).toEqual(['harbour-abc-000001']);
    expect(ids([entryOf(harbourRun('/elsewhere'))])).toEqual(['harbour-abc-000001', 'state:.claude/STATE.md']);
  });
});

it('counts past runs of the metrics, and those that were never closed, once each', () => {
  const aborted = harbourRun('/work', { label: 'b', status: 'aborted', endedAt: '2026-11-20T10:30:00Z' });
  const closed = harbourRun('/work', { label: 'a', status: 'closed', endedAt: '2026-11-20T10:30:00Z' });
  const metrics = {
    ...{ id: 'a', type: 'feature', startedAt: '2026-11-19T10:00:00Z', completedAt: '2026-11-19T10:30:00Z' },
    ...{ durationSeconds: undefined, status: 'completed', branch: undefined, totalWaves: 5, totalAgents: 7 },
    ...{ filesChanged: 3, agents: { complete: 6, partial: 0, failed: 0, spiral: 1 }, retries: 2, costUsd: 1.5 },
    ...{
      outputTokens: undefined,
      completionRate: 1,
      plannedIssues: 0,
      carryover: 0,
      autopilotRun: undefined,
      waves: [],
    },
  };
  expect(pastWaveRuns([metrics], [aborted, closed, harbourRun('/work', { label: 'c' })])).toEqual([
    expect.objectContaining({ label: 'a', minutes: 30, retries: 2, spirals: 1, costUsd: 1.5, completed: true }),
    expect.objectContaining({ label: 'b', minutes: 30, retries: 1, spirals: 1, completed: false }),
  ]);
});

describe('the builder', () => {
  const { plan } = readWavePlan(harbourPlan, 'docs/waves/harbour.md');
  const single = {
    ...plan,
    waves: plan.waves.slice(1, 2).map((wave) => ({ ...wave, agents: wave.agents.slice(0, 1) })),
  };

  it('gives each chosen role a wave, keeps the work there is, and shares files out', () => {
    const files = ['src/a.ts', 'src/b.ts', 'src/c.ts'];
    const shaped = shapeWaves(single, { roles: ['Quality', 'Impl-Core', 'Discovery'], agents: 2, files });
    expect(shaped.waves.map(({ number, title, agents }) => [number, title, agents.map((one) => one.files)])).toEqual([
      [1, 'Discovery', [[]]],
      [2, 'Impl-Core', [['src/a.ts', 'src/c.ts'], ['src/b.ts']]],
      [3, 'Quality', [['**/*.test.*', '**/*.spec.*', '**/__tests__/**']]],
    ]);
    const again = readWavePlan(wavePlanText(shaped, defaultWaveConfig), 'docs/waves/x.md');
    expect(again.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(again.plan.waves.map(({ title, agents }) => [title, agents.length])).toEqual([
      ['Discovery', 1],
      ['Impl-Core', 2],
      ['Quality', 1],
    ]);
  });

  it('leaves several agents of the plan as they are', () => {
    const shaped = shapeWaves(plan, { roles: ['Impl-Core'], agents: 1, files: ['src/groups.ts'] });
    expect(shaped.waves[0]?.agents.map(({ id, files }) => [id, files])).toEqual([
      ['w1-a1', ['src/groups.ts']],
      ['w1-a2', ['src/ferries.ts']],
      ['w1-a3', ['src/print.ts']],
    ]);
  });
});
