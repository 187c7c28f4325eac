import { FLAG_BOUNDS } from 'session-orchestrator/scripts/lib/autopilot/flags.mjs';
import { KILL_SWITCHES } from 'session-orchestrator/scripts/lib/autopilot/kill-switches.mjs';
import { runLoop } from 'session-orchestrator/scripts/lib/autopilot/loop.mjs';
import { readRecentAutopilotRuns } from 'session-orchestrator/scripts/lib/autopilot/recent-runs.mjs';
import { describe, expect, test } from 'vitest';
import {
  type AutopilotSteps,
  readAutopilot,
  runAutopilot,
  type SessionOrder,
  stopAutopilot,
} from '../../../../src/core/actions/waves/autopilot.ts';
import { boundsOf, killStalled } from '../../../../src/core/actions/waves/killSwitches.ts';
import { neverCancelled } from '../../../../src/core/base/cancellation.ts';
import { type AutopilotSessionResult, killSwitches } from '../../../../src/core/model/waves/autopilot.ts';
import { defaultWaveConfig } from '../../../../src/core/model/waves/waveConfig.ts';
import { createOrchestratorProject, type OrchestratorProject } from './orchestratorProject.ts';

const bounds = boundsOf({ ...defaultWaveConfig.autopilot, tokenBudget: 1000 });
const fine: AutopilotSessionResult = {
  label: 'main-2026-11-20-feature-1',
  agents: { failed: 0, spiral: 0 },
  planned: 4,
  carryover: 0,
  outputTokens: 10,
};

/** Sessions in their order, each with what it comes to. */
interface Script {
  readonly sessions?: readonly string[];
  readonly confidence?: readonly number[];
  readonly run?: (order: SessionOrder, project: OrchestratorProject) => Promise<Partial<AutopilotSessionResult>>;
  readonly peers?: number;
}

function stepsOf(project: OrchestratorProject, script: Script, ran: string[]): AutopilotSteps {
  const sessions = script.sessions ?? ['A-01', 'A-02', 'A-03', 'A-04', 'A-05', 'A-06'];
  return {
    async next(tried) {
      const session = sessions.find((one) => !tried.includes(one));
      if (session === undefined) return undefined;
      const confidence = script.confidence?.[tried.length] ?? 0.9;
      return { session, title: session, mode: 'feature', confidence, doubts: ['no gate'] };
    },
    async run(order) {
      ran.push(order.candidate.session);
      await order.began(`run-${order.candidate.session}`);
      const more = (await script.run?.(order, project)) ?? {};
      return { ...fine, label: `label-${order.candidate.session}`, ...more };
    },
    pressure: async () => ({ verdict: script.peers === undefined ? 'ok' : 'critical', peers: script.peers ?? 0 }),
  };
}

const contextOf = ({ ports }: OrchestratorProject) => ({
  ports,
  cancellation: neverCancelled,
  report: () => undefined,
});

test('names of switches and limits are those of the reference', () => {
  expect([...killSwitches].sort()).toEqual(Object.values<string>(KILL_SWITCHES).sort());
  const extreme = (value: number) => {
    const { maxSessions, maxHours, confidenceThreshold } = boundsOf({
      ...defaultWaveConfig.autopilot,
      maxSessions: value,
      maxHours: value,
      confidenceThreshold: value,
    });
    return { maxSessions, maxHours, confidenceThreshold };
  };
  for (const [value, limit] of [
    [-1, 'min'],
    [1e9, 'max'],
    [Number.NaN, 'default'],
  ] as const) {
    const expected = Object.fromEntries(Object.keys(extreme(value)).map((key) => [key, FLAG_BOUNDS[key][limit]]));
    expect(extreme(value)).toEqual(expected);
  }
  expect(killStalled(bounds, 599_000)).toBeUndefined();
  expect(killStalled(bounds, 600_000)?.kill).toBe('stall-timeout');
});

test.each<readonly [name: string, kill: string | null, ran: number, script: Script]>([
  ['the number of sessions', 'max-sessions-reached', 5, {}],
  ['nothing is ready any more', null, 2, { sessions: ['A-01', 'A-02'] }],
  ['nothing was ever ready', null, 0, { sessions: [] }],
  ['not sure enough from the beginning', null, 0, { confidence: [0.8] }],
  ['not sure enough later', 'low-confidence-fallback', 2, { confidence: [0.9, 0.85, 0.84] }],
  [
    'the hours',
    'max-hours-exceeded',
    2,
    {
      run: async (_order, project) => {
        project.pass(2.1);
        return {};
      },
    },
  ],
  ['the tokens', 'token-budget-exceeded', 2, { run: async () => ({ outputTokens: 500 }) }],
  ['a busy machine', 'resource-overload', 0, { peers: 7 }],
  ['a machine that is busy with few', 'max-sessions-reached', 5, { peers: 6 }],
  ['a spiral', 'spiral', 1, { run: async () => ({ agents: { failed: 1, spiral: 1 } }) }],
  ['a failure', 'failed-wave', 1, { run: async () => ({ agents: { failed: 1, spiral: 0 } }) }],
  ['a session that cannot be run', 'failed-wave', 1, { run: async () => Promise.reject(new Error('no plan')) }],
  ['too much is left', 'carryover-too-high', 1, { run: async () => ({ planned: 3, carryover: 2 }) }],
  ['half is left', 'max-sessions-reached', 5, { run: async () => ({ planned: 4, carryover: 2 }) }],
  ['nothing moves', 'stall-timeout', 1, { run: async () => ({ kill: { kill: 'stall-timeout', detail: 'still' } }) }],
  [
    'the person, at the next safe point',
    'user-abort',
    1,
    {
      run: async (order, project) => {
        expect(await order.killNow(0)).toBeUndefined();
        await stopAutopilot(project.context);
        expect(await order.mustEndNow()).toBe(false);
        expect((await order.killNow(0))?.kill).toBe('user-abort');
        return {};
      },
    },
  ],
  [
    'the person, at once',
    'user-abort',
    1,
    {
      run: async (order, project) => {
        await stopAutopilot(project.context, { now: true });
        expect(await order.mustEndNow()).toBe(true);
        return { kill: { kill: 'user-abort', detail: 'ended' } };
      },
    },
  ],
  [
    'the budget, in the middle of a session',
    'token-budget-exceeded',
    1,
    {
      run: async (order) => {
        const kill = await order.killNow(1000);
        return kill === undefined ? {} : { kill };
      },
    },
  ],
])('it ends by %s', async (_name, kill, count, script) => {
  const project = await createOrchestratorProject();
  const ran: string[] = [];
  const record = await runAutopilot(contextOf(project), bounds, stepsOf(project, script, ran));
  expect(record).toMatchObject({ status: 'ended', end: { kill } });
  expect(ran).toHaveLength(count);
  const [line, ...others] = readRecentAutopilotRuns({ repoRoot: project.root });
  expect(others).toEqual([]);
  expect(line).toMatchObject({ autopilot_run_id: record.id, kill_switch: kill, sessions: record.labels });
  expect(line.fallback_to_manual).toBe(kill === null && count === 0);
  await expect(stopAutopilot(project.context)).rejects.toMatchObject({ code: 'wrong-state' });
});

test('its line has the fields of the reference’s own loop, in their order', async () => {
  const project = await createOrchestratorProject();
  await runAutopilot(contextOf(project), bounds, stepsOf(project, { sessions: ['A-01'] }, []));
  const jsonlPath = `${project.root}/theirs.jsonl`;
  const theirs = await runLoop({
    jsonlPath,
    branch: 'main',
    sessionRunner: async () => null,
    modeSelector: async () => null,
  });
  const [ours] = readRecentAutopilotRuns({ repoRoot: project.root });
  expect(Object.keys(ours)).toEqual(Object.keys(theirs));
  expect(ours.autopilot_run_id).toMatch(/^main-\d{4}-\d{2}-\d{2}-\d{4}-autopilot$/);
});

describe('after a crash', () => {
  test('it goes on with the session that it had begun; a second one is refused meanwhile', async () => {
    const project = await createOrchestratorProject();
    let id = '';
    const first = stepsOf(
      project,
      {
        run: async ({ autopilotRun }) => {
          id = autopilotRun;
          await expect(runAutopilot(contextOf(project), bounds, stepsOf(project, {}, []))).rejects.toMatchObject({
            code: 'already-exists',
          });
          // As if it was killed here: whoever has the record is gone.
          throw new Error('killed');
        },
      },
      [],
    );
    const dying = { ...project.ports, localState: { ...project.ports.localState } };
    const killed = runAutopilot({ ...contextOf(project), ports: dying }, bounds, {
      ...first,
      run: async (order) => {
        await first.run(order).catch(() => undefined);
        dying.localState.update = () => Promise.reject(new Error('killed'));
        throw new Error('killed');
      },
    });
    await expect(killed).rejects.toThrow('killed');
    const left = await readAutopilot(project.context);
    expect(left).toMatchObject({
      id,
      status: 'running',
      current: { session: 'A-01', run: 'run-A-01' },
      tried: ['A-01'],
    });
    await project.ports.localState.update('autopilot/main.json', () => ({
      ...left,
      owner: { ...project.ports.owners.self, pid: 999_999_999 },
    }));

    const ran: string[] = [];
    const resumed: (string | undefined)[] = [];
    const steps = stepsOf(
      project,
      {
        sessions: ['A-01', 'A-02'],
        run: async (order) => {
          resumed.push(order.resumed);
          return {};
        },
      },
      ran,
    );
    const record = await runAutopilot(contextOf(project), bounds, steps);
    expect(record).toMatchObject({ id, status: 'ended', labels: ['label-A-01', 'label-A-02'], end: { kill: null } });
    expect(ran).toEqual(['A-01', 'A-02']);
    expect(resumed).toEqual(['run-A-01', undefined]);
  });

  test('stopping one that is not there any more ends its record', async () => {
    const project = await createOrchestratorProject();
    const { localState, owners } = project.ports;
    await runAutopilot(contextOf(project), bounds, stepsOf(project, { sessions: [] }, []));
    const { end: _, endedAt: _end, ...record } = (await readAutopilot(project.context)) ?? {};
    await localState.write('autopilot/main.json', {
      ...record,
      status: 'running',
      startedAt: '2026-01-01T00:00:00.000Z',
      owner: { ...owners.self, pid: 999_999_999 },
    });
    expect(await stopAutopilot(project.context)).toMatchObject({ status: 'ended', end: { kill: 'user-abort' } });
    expect(readRecentAutopilotRuns({ repoRoot: project.root })).toHaveLength(2);
  });
});
