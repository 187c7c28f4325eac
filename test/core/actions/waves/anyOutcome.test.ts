import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controlWaveRun } from '../../../../src/core/actions/waves/controlWaveRun.ts';
import { missionStatusesOf } from '../../../../src/core/actions/waves/engine/missions.ts';
import { runWaves } from '../../../../src/core/actions/waves/runWaves.ts';
import { parseState } from '../../../../src/core/formats/state.ts';
import type { AgentEvent } from '../../../../src/core/model/agentEvent.ts';
import type { PlannedWave } from '../../../../src/core/model/waves/wavePlan.ts';
import { endedAgentStatuses, type WaveRun } from '../../../../src/core/model/waves/waveRun.ts';
import {
  type AgentScript,
  createWaveWorld,
  plannedAgent,
  plannedWave,
  queueRun,
  runId,
  stateFile,
  type WaveWorld,
} from '../../../support/waveWorld.ts';

const circles: readonly AgentEvent[] = [1, 2, 3].flatMap((turn): AgentEvent[] => [
  { kind: 'usage', inputTokens: 1, outputTokens: 1 },
  { kind: 'toolCall', id: `t${turn}`, name: 'Bash', input: 'ls', args: { command: 'ls' } },
  { kind: 'toolResult', id: `t${turn}`, isError: false, text: 'a' },
]);

const outcomes = ['done', 'partial', 'failed', 'error', 'circles', 'outside'] as const;
type Outcome = (typeof outcomes)[number];

interface Case {
  readonly waves: readonly (readonly {
    readonly id: string;
    readonly needs: readonly string[];
    readonly ends: readonly Outcome[];
  }[])[];
  readonly maxParallel: number;
  readonly isGateRed: readonly boolean[];
  readonly waits: readonly number[];
  readonly answers: readonly number[];
}

const ids = ['a', 'b', 'c', 'd', 'e', 'f'] as const;

/** Up to three waves of up to three agents, which may depend on those before them. */
const cases: fc.Arbitrary<Case> = fc
  .array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 })
  .chain((sizes) => {
    const names = sizes.flatMap((size, wave) => ids.slice(wave * 3, wave * 3 + size).map((id) => ({ id, wave })));
    const agent = ({ id }: { readonly id: string }, index: number) =>
      fc.record({
        id: fc.constant(id),
        needs: fc.subarray(names.slice(0, index).map((one) => one.id)),
        ends: fc.array(fc.constantFrom(...outcomes), { minLength: 1, maxLength: 3 }),
      });
    return fc.record({
      waves: fc
        .tuple(...names.map(agent))
        .map((agents) => sizes.map((_, wave) => agents.filter((_one, index) => names[index]?.wave === wave))),
      maxParallel: fc.integer({ min: 1, max: 3 }),
      isGateRed: fc.array(fc.boolean(), { maxLength: 3 }),
      waits: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 3 }),
      answers: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 8 }),
    });
  });

function playOf({ waves, waits }: Case): (key: string, dispatch: number) => AgentScript {
  return (key, dispatch) => {
    const id = key.slice(-1);
    const ends = waves.flat().find((one) => one.id === id)?.ends ?? ['done'];
    const end = ends[Math.min(dispatch, ends.length) - 1] ?? 'done';
    const waitMs = waits[dispatch % waits.length] ?? 0;
    const until = new Promise((done) => setTimeout(done, waitMs));
    if (end === 'circles') return { hangs: true, events: circles, writes: { [`src/${id}.ts`]: 'half\n' } };
    if (end === 'error') return { until, isError: true, says: 'API error' };
    if (end === 'outside') return { until, writes: { 'README.md': `by ${key}\n` } };
    return { until, writes: { [`src/${id}.ts`]: `${dispatch}\n` }, says: `STATUS: ${end} — so` };
  };
}

/** What does not lead to the same question again. */
function isEnd(option: string): boolean {
  return /^(?:Hand over|Go on with|Carry)/.test(option);
}

function assertConsistent(world: WaveWorld, run: WaveRun, { maxParallel }: Case): void {
  expect(world.log.errors).toEqual([]);
  expect(world.mostRunning).toBeLessThanOrEqual(maxParallel);
  const { value: state, diagnostics } = parseState(world.project.text(stateFile) ?? '', stateFile);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const ended = (run.progress ?? []).filter(({ endedAt }) => endedAt !== undefined).map(({ wave }) => wave);
  expect(state.waves.map(({ number }) => number)).toEqual(ended);
  expect(state.currentWave).toBe(ended.length);
  expect(state.status).toBe(run.status === 'completed' ? 'active' : 'paused');
  const expected = Object.fromEntries(missionStatusesOf(run));
  expect(Object.fromEntries(state.missions.map(({ id, status }) => [id, status]))).toEqual(expected);
  expect(Object.fromEntries(state.missionMirror.map(({ id, status }) => [id, status]))).toEqual(expected);
  for (const { text } of run.deviations) expect(world.project.text(stateFile)?.split(`] ${text}\n`).length).toBe(2);
  if (run.status !== 'completed') return;
  for (const agent of run.agents) {
    expect(endedAgentStatuses).toContain(agent.status);
    expect(agent.status === 'blocked' || agent.startedAt !== undefined).toBe(true);
  }
  expect(Object.keys(world.project.all()).filter((path) => path.includes('scope'))).toEqual([]);
}

describe('a run in which anything may happen', () => {
  it('keeps record, STATE.md and missions consistent, and comes to an end', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const world = createWaveWorld({
          files: Object.fromEntries(ids.map((id) => [`src/${id}.ts`, `${id}\n`])),
          script: playOf(one),
          commands: (_command, count) => (one.isGateRed[count - 1] === true ? 1 : 0),
        });
        const waves = one.waves.map((agents, index): PlannedWave => {
          const planned = agents.map(({ id, needs }) =>
            plannedAgent(id, { dependencies: needs, mission: `m-${id}-1` }),
          );
          return plannedWave(index + 1, index === 0 ? 'Impl-Core' : 'Quality', planned);
        });
        await queueRun(world, waves, {
          config: { maxParallel: one.maxParallel, gate: { test: 'npm test' }, gateRetries: 1 },
          plan: {
            missions: one.waves.flatMap((agents, index) =>
              agents.map(({ id }) => ({ id: `m-${id}-1`, task: id, wave: index + 1, status: 'validated' })),
            ),
          },
        });
        const answers = [...one.answers];
        for (let turns = 0; turns < 20; turns++) {
          const run = await runWaves(world.open(), runId);
          assertConsistent(world, run, one);
          if (run.status !== 'paused') return;
          // After some answers whatever ends it: what a person keeps answering with "again" need not end.
          const chosen = answers.shift();
          await world.answer((_question, options) => options[chosen ?? -1] ?? options.find(isEnd) ?? options[0] ?? '');
          if (run.questions.length === 0) await controlWaveRun(world.open(), { kind: 'resume' });
        }
        throw new Error('it does not come to an end');
      }),
      { numRuns: 40 },
    );
  });
});
