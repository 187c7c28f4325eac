import { describe, expect, it } from 'vitest';
import { controlWaveRun } from '../../../../src/core/actions/waves/controlWaveRun.ts';
import { gateOptions } from '../../../../src/core/actions/waves/engine/gateWave.ts';
import { stuckOptions } from '../../../../src/core/actions/waves/engine/stuckAgents.ts';
import { isWaveRunDue, listWaveRuns } from '../../../../src/core/actions/waves/listWaveRuns.ts';
import { runWaves } from '../../../../src/core/actions/waves/runWaves.ts';
import type { AgentEvent } from '../../../../src/core/model/agentEvent.ts';
import type { PlannedWave } from '../../../../src/core/model/waves/wavePlan.ts';
import type { WaveRun } from '../../../../src/core/model/waves/waveRun.ts';
import {
  type AgentScript,
  createWaveWorld,
  plannedAgent,
  plannedWave,
  queueRun,
  root,
  runId,
  stateFile,
  type WaveWorld,
} from '../../../support/waveWorld.ts';

/** An agent that runs the same command again and again, until it is stopped. */
const circles: AgentScript = {
  hangs: true,
  events: [1, 2, 3].flatMap((turn): AgentEvent[] => [
    { kind: 'usage', inputTokens: 1, outputTokens: 1 },
    { kind: 'toolCall', id: `t${turn}`, name: 'Bash', input: 'ls', args: { command: 'ls' } },
    { kind: 'toolResult', id: `t${turn}`, isError: false, text: 'a' },
  ]),
};

const writes = (...paths: readonly string[]): AgentScript => ({
  writes: Object.fromEntries(paths.map((path) => [path, `${path} done\n`])),
});

const shop = { 'src/a.ts': 'a\n', 'src/b.ts': 'b\n', 'src/c.ts': 'c\n', 'src/d.ts': 'd\n' };

function statuses(run: WaveRun): readonly string[] {
  return run.agents.map(({ key, status, attempt }) =>
    attempt > 1 ? `${key} ${status} ${attempt}` : `${key} ${status}`,
  );
}

function deviations(run: WaveRun): readonly string[] {
  return run.deviations.map(({ text }) => text);
}

const core = (...ids: readonly string[]): PlannedWave =>
  plannedWave(
    1,
    'Impl-Core',
    ids.map((id) => plannedAgent(id)),
  );

async function go(world: WaveWorld): Promise<WaveRun> {
  const run = await runWaves(world.open(), runId);
  expect(world.log.errors).toEqual([]);
  return run;
}

describe('a run', () => {
  it('goes straight through its waves', async () => {
    const world = createWaveWorld({
      files: shop,
      script: (key) => (key === 'look' || key === 'end' ? {} : writes(`src/${key}.ts`)),
    });
    await queueRun(
      world,
      [
        plannedWave(1, 'Discovery', [plannedAgent('look', { files: [] })]),
        plannedWave(2, 'Impl-Core', [
          plannedAgent('a', { mission: 'shop-a-1' }),
          plannedAgent('b', { dependencies: ['a'] }),
          plannedAgent('c'),
        ]),
        plannedWave(3, 'Quality', [plannedAgent('q', { files: ['src/q.ts'] })]),
        plannedWave(4, 'Finalization', [plannedAgent('end', { files: [] })]),
      ],
      {
        config: { gate: { test: 'npm test' } },
        plan: { missions: [{ id: 'shop-a-1', task: 'A', wave: 2, status: 'brainstormed' }] },
      },
    );
    const run = await go(world);
    expect([run.status, run.why]).toEqual(['completed', undefined]);
    expect(run.agents.map(({ key, status, isolation }) => `${key} ${status} ${isolation}`)).toEqual([
      'look done none',
      'a done worktree',
      'b done worktree',
      'c done worktree',
      'q done none',
      'end done none',
    ]);
    expect(world.project.text('src/b.ts')).toBe('src/b.ts done\n');
    expect(world.worktrees.size).toBe(0);
    expect(world.commands).toEqual(['npm test', 'npm test']);
    const state = world.project.text(stateFile) ?? '';
    expect(state).toContain('status: active\ncurrent-wave: 4\n');
    expect(state).toContain('- shop-a-1: completed');
    expect(run.deviations).toEqual([]);
    expect([...world.refs.keys()]).toContain('refs/so-snapshots/main-2026-11-20-feature-1/wave-2-before');
    // What bounds agents is taken away with the last wave; nobody is told where the run began.
    expect(Object.keys(world.project.all()).filter((path) => path.includes('scope'))).toEqual([]);
    expect(world.dispatches.some(({ prompt }) => prompt.includes('head0'))).toBe(false);
  });

  it('carries over what failed, once; what depends on it waits for that', async () => {
    const world = createWaveWorld({
      files: shop,
      script: (key) => (key === 'a' ? { says: 'STATUS: failed — no idea' } : writes(`src/${key.slice(-1)}.ts`)),
    });
    await queueRun(world, [
      plannedWave(1, 'Impl-Core', [plannedAgent('a'), plannedAgent('b', { dependencies: ['a'] }), plannedAgent('c')]),
      plannedWave(2, 'Impl-Polish', [plannedAgent('d')]),
    ]);
    const run = await go(world);
    expect(run.status).toBe('completed');
    expect(statuses(run)).toEqual(['a failed', 'b blocked', 'c done', 'd done', 'w2-rest-a done', 'w2-rest-b done']);
    expect(world.dispatches.find(({ key }) => key === 'w2-rest-a')?.prompt).toContain('no idea');
    expect(deviations(run)).toEqual(['Wave 1: b was not begun, because a is not done']);
  });

  it.each([
    ['strict', 'none', 'c\n', 'undone'],
    ['warn', 'none', 'c\n', 'undone'],
    ['off', 'none', 'src/c.ts done\n', undefined],
    ['strict', 'worktree', 'c\n', 'undone'],
    ['warn', 'worktree', 'src/c.ts done\n', 'left as it is'],
  ] as const)(
    'with enforcement %s and isolation %s a write outside the scope is %s',
    async (enforcement, isolation, text, done) => {
      const world = createWaveWorld({ files: shop, script: () => writes('src/a.ts', 'src/c.ts') });
      await queueRun(world, [core('a')], { config: { enforcement, isolation } });
      const run = await go(world);
      expect(world.project.text('src/c.ts')).toBe(text);
      expect(world.project.text('src/a.ts')).toBe('src/a.ts done\n');
      expect(deviations(run)).toEqual(
        done === undefined ? [] : [expect.stringContaining(`Wave 1: a changed outside its scope: src/c.ts (${done}`)],
      );
      expect(run.agents[0]?.outside).toEqual(done === undefined ? [] : ['src/c.ts']);
      // What was undone can be had back: it may have been a person's.
      const kept = [...world.refs].filter(([ref]) => ref.includes('outside')).map(([, commit]) => commit);
      expect(kept.some((commit) => commit.includes('src/c.ts done'))).toBe(done === 'undone');
    },
  );

  it('lets agents that look change nothing, also in worktrees of their own', async () => {
    const world = createWaveWorld({ files: shop, script: (key) => writes(`src/${key}.ts`) });
    const agents = ['a', 'b', 'c'].map((id) => plannedAgent(id, { files: [], isolation: 'worktree' }));
    await queueRun(world, [plannedWave(1, 'Discovery', agents)], { config: { enforcement: 'warn' } });
    const run = await go(world);
    expect(world.project.all()).toMatchObject(shop);
    expect(deviations(run)).toEqual(
      ['a', 'b', 'c'].map((id) =>
        expect.stringMatching(
          `^Wave 1: ${id} changed outside its scope: src/${id}\\.ts \\(undone; kept as refs/so-snapshots/.+/wave-1-outside-${id}\\)$`,
        ),
      ),
    );
  });

  it('commits what a wave changed behind a green gate, where that is asked for', async () => {
    const world = createWaveWorld({ files: shop, script: (key) => writes(`src/${key}.ts`), withGit: true });
    await queueRun(world, [core('a', 'b'), plannedWave(2, 'Quality', [])], { config: { autoCommit: true } });
    const run = await go(world);
    expect(run.status).toBe('completed');
    expect(world.commits).toEqual([{ message: 'chore(wave-1): Impl-Core, Shop', paths: ['src/a.ts', 'src/b.ts'] }]);
    expect(run.commits).toEqual([{ wave: 1, hash: 'commit 1' }]);
  });

  it('tells commits of agents, and what they say they changed and did not', async () => {
    const world = createWaveWorld({
      files: shop,
      script: () => ({
        ...writes('src/a.ts'),
        commits: true,
        says: 'Updated src/a.ts and src/b.ts.\nSTATUS: done — all',
      }),
    });
    await queueRun(world, [core('a')]);
    const run = await go(world);
    expect(run.agents[0]?.commits).toEqual(['commit of a']);
    expect(run.agents[0]?.notVerified).toEqual(['src/b.ts']);
    expect(world.project.text(stateFile)).toMatch(/^- Agent "a: .*; not verified: src\/b\.ts$/m);
    expect(deviations(run)).toEqual(['Wave 1: a made commits though agents make none: commit ']);
  });

  it('re-scopes an agent that goes round in circles once, with its changes undone', async () => {
    const world = createWaveWorld({
      files: shop,
      script: (_key, dispatch) =>
        dispatch === 1 ? { ...circles, ...writes('src/a.ts') } : { says: 'STATUS: done — less' },
    });
    await queueRun(world, [core('a')]);
    const run = await go(world);
    expect(statuses(run)).toEqual(['a done 2']);
    expect(world.project.text('src/a.ts')).toBe('a\n');
    expect(world.dispatches.map(({ resume }) => resume)).toEqual([undefined, undefined]);
    expect(world.dispatches[1]?.prompt).toContain('turn-key-repetition');
    expect(world.project.text('.orchestrator/metrics/events.jsonl')).toContain('"pattern":"turn-key-repetition"');
  });

  it.each([
    [stuckOptions.continueOnce, ['a done 3'], 'session-a'],
    [stuckOptions.raiseLimit, ['a done 3'], 'session-a'],
    ['Try the other file', ['a done 3'], 'session-a'],
    [stuckOptions.handOver, ['a stopped 2'], undefined],
    [stuckOptions.rollBack, ['a done'], undefined],
  ])('asks when it does so again; answered with "%s"', async (answer, after, resumed) => {
    const world = createWaveWorld({
      files: shop,
      script: (_key, dispatch) =>
        dispatch <= 2 ? { ...circles, ...writes('src/a.ts') } : { says: 'STATUS: done — all' },
    });
    await queueRun(world, [plannedWave(1, 'Impl-Core', [plannedAgent('a', { maxTurns: 9 })])]);
    const asked = await go(world);
    expect([asked.status, statuses(asked)]).toEqual(['paused', ['a spiral 2']]);
    expect(world.project.text(stateFile)).toContain('status: paused');
    const [entry] = await listWaveRuns(world.open());
    expect(entry?.questions.map(({ options, recommended }) => [options, recommended])).toEqual([
      [Object.values(stuckOptions), stuckOptions.handOver],
    ]);
    expect(await isWaveRunDue(world.open(), asked)).toBe(false);
    await world.answer(() => answer);
    expect(await isWaveRunDue(world.open(), asked)).toBe(true);
    let run = await go(world);
    if (answer === stuckOptions.rollBack) {
      expect([run.status, run.step, world.project.text('src/a.ts')]).toEqual(['paused', 'prepare', 'a\n']);
      await controlWaveRun(world.open(), { kind: 'resume' });
      run = await go(world);
    }
    expect([run.status, statuses(run)]).toEqual(['completed', after]);
    expect(world.dispatches[2]?.resume).toBe(resumed);
    if (answer === stuckOptions.raiseLimit) expect(run.agents[0]?.maxTurns).toBe(18);
    if (answer.startsWith('Try')) expect(world.dispatches[2]?.prompt).toContain('Try the other file');
    expect(world.project.text(stateFile)).toContain(`→ Antwort: ${answer}`);
  });

  it('mends a red gate through a fixer', async () => {
    const world = createWaveWorld({
      files: shop,
      script: (key) => (key.includes('fixer') ? writes('src/a.ts') : { writes: { 'src/a.ts': 'broken\n' } }),
      commands: (_command, count) => (count === 1 ? 1 : 0),
    });
    await queueRun(world, [core('a')], { config: { gate: { test: 'npm test' }, gateRetries: 2 } });
    const run = await go(world);
    expect([run.status, statuses(run)]).toEqual(['completed', ['a done', 'w1-fixer-1 done']]);
    expect(run.gates.map(({ passed, attempts }) => [passed, attempts.length])).toEqual([[true, 2]]);
    expect(world.dispatches[1]?.prompt).toMatch(/mock/);
    expect(deviations(run)).toEqual(['Wave 1: auto-fix used 1 retry until the gate was green']);
  });

  it('looks at what a fixer did: its commits are told, what is outside its scope is undone, the rest is its own', async () => {
    const world = createWaveWorld({
      files: shop,
      script: (key) =>
        key.includes('fixer') ? { ...writes('src/b.ts', 'src/c.ts'), commits: true } : writes(`src/${key}.ts`),
      commands: (_command, count) => (count === 1 ? 1 : 0),
    });
    await queueRun(world, [core('a', 'b')], { config: { gate: { test: 'npm test' }, gateRetries: 1 } });
    const run = await go(world);
    const fixer = run.agents.find(({ isFixer }) => isFixer);
    expect(fixer).toMatchObject({ changed: [], outside: ['src/c.ts'] });
    expect(world.project.text('src/c.ts')).toBe('c\n');
    expect(deviations(run)).toEqual([
      expect.stringContaining('Wave 1: w1-fixer-1 changed outside its scope: src/c.ts (undone; kept as '),
      'Wave 1: w1-fixer-1 made commits though agents make none: commit ',
      expect.stringContaining('auto-fix used 1 retry'),
    ]);
  });

  it.each([
    [gateOptions.retry, 'completed'],
    [gateOptions.goOn, 'completed'],
    [gateOptions.abort, 'aborted'],
    [gateOptions.rollBack, 'paused'],
  ])('waits for the person where a gate stays red; answered with "%s"', async (answer, status) => {
    let isBroken = true;
    const world = createWaveWorld({
      files: shop,
      script: () => writes('src/a.ts'),
      commands: () => (isBroken ? 1 : 0),
    });
    await queueRun(world, [core('a')], { config: { gate: { lint: 'lint', test: 'npm test' }, gateRetries: 1 } });
    const asked = await go(world);
    expect([asked.status, asked.step, world.commands]).toEqual(['paused', 'gate', ['lint', 'lint']]);
    isBroken = false;
    await world.answer(() => answer);
    const run = await go(world);
    expect(run.status).toBe(status);
    expect(run.gates.map(({ passed }) => passed)).toEqual(
      answer === gateOptions.retry ? [false, true] : answer === gateOptions.rollBack ? [] : [false],
    );
    // What the person mended is no fixer's.
    expect(deviations(run).join('\n')).not.toContain('auto-fix');
    expect(deviations(run).includes('Wave 1: went on with a red gate')).toBe(answer === gateOptions.goOn);
    expect(world.project.text('src/a.ts')).toBe(answer === gateOptions.rollBack ? 'a\n' : 'src/a.ts done\n');
  });

  it('pauses between agents: what runs goes on to its end, nothing more begins', async () => {
    let release = (): void => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    const world = createWaveWorld({ files: shop, script: (key) => (key === 'a' ? { until } : {}) });
    await queueRun(world, [{ ...core('a', 'b', 'c'), sequential: true }]);
    const context = world.open();
    const going = runWaves(context, runId);
    await expect.poll(() => world.running.has('a')).toBe(true);
    await controlWaveRun(context, { kind: 'pause', text: 'lunch' });
    await new Promise((done) => setTimeout(done, 20));
    release();
    const paused = await going;
    expect([paused.status, paused.why, statuses(paused)]).toEqual([
      'paused',
      'lunch',
      ['a done', 'b queued', 'c queued'],
    ]);
    expect(await isWaveRunDue(context, paused)).toBe(false);
    // What is not to begin any more is taken out of a run that rests at once.
    expect(statuses(await controlWaveRun(context, { kind: 'stop-agent', agent: 'c' }))[2]).toBe('c stopped');
    await controlWaveRun(context, { kind: 'resume' });
    expect(statuses(await go(world))).toEqual(['a done', 'b done', 'c stopped']);
    expect(world.project.text('.orchestrator/session.lock')).toContain(runId);
  });

  it('ends its agents when it is aborted, and keeps everything else', async () => {
    const world = createWaveWorld({
      files: shop,
      script: (key) => ({ ...writes(`src/${key}.ts`), hangs: key !== 'a' }),
    });
    await queueRun(world, [core('a', 'b', 'c')]);
    const context = world.open();
    const going = runWaves(context, runId);
    await expect.poll(() => world.running.size).toBe(2);
    await controlWaveRun(context, { kind: 'abort' });
    const run = await going;
    expect([run.status, statuses(run)]).toEqual(['aborted', ['a done', 'b stopped', 'c stopped']]);
    expect(world.worktrees.size).toBe(3);
    expect(world.project.text(stateFile)).toContain('status: paused');
    expect(Object.keys(world.project.all()).some((path) => path.endsWith('wave-scope.json'))).toBe(false);
  });

  it('does not go on in a tree that another session took meanwhile', async () => {
    const world = createWaveWorld({ files: shop, script: () => ({ isError: true, says: 'API error' }) });
    await queueRun(world, [core('a')]);
    expect((await go(world)).status).toBe('paused');
    const at = new Date(world.open().ports.clock.now().epochMs).toISOString();
    const lock = {
      session_id: 'other',
      started_at: at,
      last_heartbeat: at,
      mode: 'deep',
      pid: 1,
      host: 'h',
      ttl_hours: 4,
    };
    world.project.set('.orchestrator/session.lock', JSON.stringify(lock));
    await world.answer((_question, [first]) => first ?? '');
    const run = await go(world);
    expect([run.status, run.why]).toEqual(['failed', expect.stringContaining('Another session is at work')]);
    expect(world.dispatches.length).toBe(1);
    expect(world.project.text('.orchestrator/session.lock')).toContain('"other"');
    // With the tree free again it goes on, and the answer counts.
    world.project.delete('.orchestrator/session.lock');
    await controlWaveRun(world.open(), { kind: 'resume' });
    await go(world);
    expect(world.dispatches.length).toBe(2);
  });

  it('asks about each agent that goes round in circles; one that has ended is not stopped', async () => {
    const world = createWaveWorld({ files: shop, script: (_key, dispatch) => (dispatch <= 2 ? circles : {}) });
    await queueRun(world, [{ ...core('a', 'b'), sequential: true }]);
    expect(statuses(await go(world))).toEqual(['a spiral 2', 'b spiral 2']);
    await expect(controlWaveRun(world.open(), { kind: 'stop-agent', agent: 'a' })).rejects.toThrow('has ended: spiral');
    await world.answer((_question, [first]) => first ?? '');
    expect(statuses(await go(world))).toEqual(['a done 3', 'b done 3']);
  });

  it('stops one agent for the person, and goes on without', async () => {
    const world = createWaveWorld({ files: shop, script: (key) => ({ hangs: key === 'b' }) });
    await queueRun(world, [core('a', 'b')]);
    const context = world.open();
    const going = runWaves(context, runId);
    await expect.poll(() => world.run().agents.find(({ key }) => key === 'b')?.status).toBe('running');
    await controlWaveRun(context, { kind: 'stop-agent', agent: 'b' });
    const run = await going;
    expect([run.status, statuses(run)]).toEqual(['completed', ['a done', 'b stopped']]);
  });

  it.each([
    ['strict', ["Wave 1: changed in the run's own tree, where none of its agents works: src/d.ts (kept)"]],
    ['off', []],
  ] as const)('with enforcement %s tells what changed beside agents in worktrees', async (enforcement, told) => {
    const world: WaveWorld = createWaveWorld({
      files: shop,
      script: (key) => {
        world.project.set('src/d.ts', 'by its path\n');
        return writes(`src/${key}.ts`);
      },
    });
    const wave = plannedWave(1, 'Impl-Core', [plannedAgent('a', { isolation: 'worktree' })]);
    await queueRun(world, [wave], { config: { enforcement } });
    const run = await go(world);
    expect(deviations(run)).toEqual(told);
    expect(world.project.text('src/d.ts')).toBe('by its path\n');
    expect(world.project.text('src/a.ts')).toBe('src/a.ts done\n');
  });

  it('asks what becomes of work that meets what others changed', async () => {
    const world = createWaveWorld({
      files: shop,
      script: (key) =>
        key === 'q' ? {} : { writes: { [`src/${key.slice(-1)}.ts`]: `by ${key}\n`, 'src/d.ts': `by ${key}\n` } },
    });
    await queueRun(
      world,
      [
        plannedWave(1, 'Impl-Core', [
          plannedAgent('a', { isolation: 'none' }),
          plannedAgent('b', { isolation: 'worktree', files: ['src/b.ts', 'src/d.ts'] }),
          plannedAgent('d', { isolation: 'none', files: ['src/x/*.ts'] }),
        ]),
        plannedWave(2, 'Quality', [plannedAgent('q', { files: [] })]),
      ],
      { config: { enforcement: 'off' } },
    );
    const asked = await go(world);
    expect([asked.status, asked.step]).toEqual(['paused', 'merge']);
    expect(world.project.text('src/b.ts')).toBe('b\n');
    await world.answer((_question, [first]) => first ?? '');
    const run = await go(world);
    expect([run.status, statuses(run)]).toEqual([
      'completed',
      ['a done', 'b partial', 'd done', 'q done', 'w2-rest-b done'],
    ]);
  });

  it('asks where every agent of a wave failed', async () => {
    const world = createWaveWorld({
      files: shop,
      script: (_key, dispatch) => ({ isError: dispatch === 1, says: 'API error' }),
    });
    await queueRun(world, [core('a', 'b')]);
    const asked = await go(world);
    expect([asked.status, statuses(asked)]).toEqual(['paused', ['a failed', 'b failed']]);
    await world.answer((_question, [first]) => first ?? '');
    const run = await go(world);
    expect([run.status, statuses(run)]).toEqual(['completed', ['a done 2', 'b done 2']]);
  });

  it('is one wave without scope files for housekeeping', async () => {
    const world = createWaveWorld({
      files: shop,
      script: () => ({
        writes: { 'src/a.ts': `scope: ${Object.keys(world.project.all()).some((path) => path.includes('scope'))}` },
      }),
    });
    await queueRun(world, [core('a')], { plan: { sessionType: 'housekeeping' } });
    const run = await go(world);
    expect(run.status).toBe('completed');
    expect(world.project.text('src/a.ts')).toBe('scope: false');
    expect(world.project.text(stateFile)).toContain('status: active');
  });

  it('writes nothing without persistence, and cannot be taken up again', async () => {
    const world = createWaveWorld({ files: shop, script: () => writes('src/a.ts') });
    await queueRun(world, [core('a')], { config: { persistence: false } });
    const run = await go(world);
    expect(run.status).toBe('closed');
    expect(Object.keys(world.project.all()).filter((path) => path.startsWith('.'))).toEqual([]);
    expect(world.refs.size).toBe(0);
    await queueRun(world, [core('a')], { config: { persistence: false } });
    await world.project.localState.update(`waves/${runId}/run.json`, (one) => ({
      ...(one as WaveRun),
      status: 'active',
      wave: 1,
    }));
    const lost = await go(world);
    expect([lost.status, lost.why]).toEqual(['failed', expect.stringContaining('cannot be resumed')]);
  });

  it('skips a wave without agents, and never runs more at a time than is allowed', async () => {
    const world = createWaveWorld({ files: shop });
    await queueRun(
      world,
      [core('a', 'b', 'c', 'd'), plannedWave(2, 'Quality', []), plannedWave(3, 'Finalization', [])],
      {
        config: { maxParallel: 2 },
      },
    );
    const run = await go(world);
    expect(run.status).toBe('completed');
    expect(world.mostRunning).toBe(2);
    expect(world.project.text(stateFile)).toContain('### Wave 2 — [Quality] (skipped, no tasks)');
    expect(world.dispatches.every(({ folder }) => folder.startsWith(root))).toBe(true);
  });
});
