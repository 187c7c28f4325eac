import { describe, expect, it } from 'vitest';
import { gateOptions } from '../../../../src/core/actions/waves/engine/gateWave.ts';
import { isWaveRunDue } from '../../../../src/core/actions/waves/listWaveRuns.ts';
import { runWaves } from '../../../../src/core/actions/waves/runWaves.ts';
import type { AgentEvent } from '../../../../src/core/model/agentEvent.ts';
import { endedAgentStatuses, type WaveRun } from '../../../../src/core/model/waves/waveRun.ts';
import type { WaveAgentOrder } from '../../../../src/core/ports/waveAgents.ts';
import {
  type AgentScript,
  createWaveWorld,
  plannedAgent,
  plannedWave,
  queueRun,
  runId,
  stateWithoutTimes,
  type WaveWorld,
} from '../../../support/waveWorld.ts';

const circles: readonly AgentEvent[] = [1, 2, 3].flatMap((turn): AgentEvent[] => [
  { kind: 'usage', inputTokens: 1, outputTokens: 1 },
  { kind: 'toolCall', id: `t${turn}`, name: 'Bash', input: 'ls', args: { command: 'ls' } },
  { kind: 'toolResult', id: `t${turn}`, isError: false, text: 'a' },
]);

/** What an agent does depends only on what it is told, so that it does the same when it is told again. */
function play(key: string, { prompt }: WaveAgentOrder): AgentScript {
  if (key === 'b' && !prompt.includes('turn-key-repetition')) {
    return { hangs: true, events: circles, writes: { 'src/b.ts': 'half\n' } };
  }
  if (key === 'c') return { writes: { 'src/c.ts': 'c done\n', 'README.md': 'not mine\n' } };
  if (key === 'd') return { says: 'STATUS: partial — half of it | REMAINING: the rest' };
  if (key.includes('fixer')) return { writes: { 'src/a.ts': 'mended\n' } };
  if (key === 'a') return { writes: { 'src/a.ts': 'broken\n' } };
  return { writes: { [`src/${key.slice(-1)}.ts`]: `${key} done\n` } };
}

async function createShop(): Promise<WaveWorld> {
  const world: WaveWorld = createWaveWorld({
    files: { 'src/a.ts': 'a\n', 'src/b.ts': 'b\n', 'src/c.ts': 'c\n', 'src/d.ts': 'd\n' },
    script: (key, _dispatch, order) => {
      const agent = world.run().agents.find((one) => one.key === key);
      if (agent !== undefined && endedAgentStatuses.includes(agent.status)) throw new Error(`${key} had ended`);
      return play(key, order);
    },
    commands: () => (world.project.text('src/a.ts') === 'broken\n' ? 1 : 0),
  });
  await queueRun(
    world,
    [
      plannedWave(1, 'Impl-Core', [
        plannedAgent('a', { mission: 'shop-a-1', isolation: 'none' }),
        plannedAgent('b', { dependencies: ['a'], isolation: 'none' }),
        plannedAgent('c', { isolation: 'worktree' }),
        plannedAgent('d', { isolation: 'worktree', mission: 'shop-d-2' }),
      ]),
      plannedWave(2, 'Quality', [plannedAgent('q', { files: ['src/q.ts'] })]),
    ],
    {
      config: { gate: { test: 'npm test' }, gateRetries: 1, enforcement: 'strict' },
      plan: {
        missions: [
          { id: 'shop-a-1', task: 'A', wave: 1, status: 'validated' },
          { id: 'shop-d-2', task: 'D', wave: 1, status: 'validated' },
        ],
      },
    },
  );
  world.effects = 0;
  return world;
}

/** What remains of a run, with what has to differ after a kill left out: times, and how often an agent was begun. */
function endOf(world: WaveWorld): unknown {
  const run: WaveRun = world.run();
  const files = Object.entries(world.project.all()).filter(([path]) => !/^\.orchestrator\/|STATE/.test(path));
  return {
    status: run.status,
    why: run.why,
    state: stateWithoutTimes(world).replace(/; attempt \d+/g, ''),
    files,
    agents: run.agents.map(({ key, status, changed, outside, merge }) => [
      key,
      status,
      changed,
      outside,
      merge?.freshness,
    ]),
    deviations: run.deviations.map(({ text }) => text),
    refs: [...world.refs.keys()].sort(),
    worktrees: world.worktrees.size,
    questions: run.questions,
  };
}

async function finish(world: WaveWorld): Promise<void> {
  for (let times = 0; times < 5; times++) {
    const run = await runWaves(world.open(), runId);
    if (!(await isWaveRunDue(world.open(), run))) return;
  }
}

/** Kills a run, as it is when `prepare` is done with it, at each of its effects, and lets another engine finish it. */
async function killEverywhere(prepare: () => Promise<WaveWorld>): Promise<unknown> {
  const whole = await prepare();
  await finish(whole);
  const expected = endOf(whole);
  const total = whole.effects;
  expect(total).toBeGreaterThan(5);
  const killed = async (at: number): Promise<void> => {
    const world = await prepare();
    world.killAt = at;
    await new Promise<void>((resolve, reject) => {
      world.onKilled = resolve;
      runWaves(world.open(), runId).then(() => reject(new Error(`it was not killed at effect ${at}`)), reject);
    });
    world.killAt = undefined;
    await finish(world);
    expect(endOf(world), `killed at effect ${at}`).toEqual(expected);
  };
  const effects = Array.from({ length: total }, (_, index) => index + 1);
  // Most of it is waiting.
  for (let at = 0; at < total; at += 30) await Promise.all(effects.slice(at, at + 30).map(killed));
  return expected;
}

/** A run that waits for an answer because its gate is red and nobody mends it, with that answer given. */
async function createRedShop(answer: string): Promise<WaveWorld> {
  const world: WaveWorld = createWaveWorld({
    files: { 'src/a.ts': 'a\n', 'src/b.ts': 'b\n' },
    script: (key) => ({ writes: { [`src/${key}.ts`]: 'broken\n' } }),
    commands: () => 1,
  });
  const agents = [plannedAgent('a', { isolation: 'none' }), plannedAgent('b', { isolation: 'worktree' })];
  await queueRun(world, [plannedWave(1, 'Impl-Core', agents)], { config: { gate: { test: 'npm test' } } });
  await finish(world);
  expect(world.run().status).toBe('paused');
  await world.answer(() => answer);
  world.effects = 0;
  return world;
}

describe('a run that is killed', () => {
  it('at any of its effects, goes to the same end', { timeout: 120_000 }, async () => {
    expect(await killEverywhere(createShop)).toMatchObject({ status: 'completed', worktrees: 0 });
  });

  it('while it rolls a wave back, has rolled it back in the end', { timeout: 60_000 }, async () => {
    const end = await killEverywhere(() => createRedShop(gateOptions.rollBack));
    expect(end).toMatchObject({ status: 'paused', agents: [], files: expect.arrayContaining([['src/a.ts', 'a\n']]) });
  });

  it('while it is aborted, is aborted in the end', { timeout: 60_000 }, async () => {
    const end = await killEverywhere(() => createRedShop(gateOptions.abort));
    expect(end).toMatchObject({ status: 'aborted', files: expect.arrayContaining([['src/a.ts', 'broken\n']]) });
  });
});
