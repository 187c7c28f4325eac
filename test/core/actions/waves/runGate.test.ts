import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { redactDiagnosticsBundle, runQualityGateWithRetry } from 'session-orchestrator/scripts/lib/quality-gate.mjs';
import { describe, expect, it } from 'vitest';
import type { FixerOrder, GateOptions } from '../../../../src/core/actions/waves/runGate.ts';
import { runGate } from '../../../../src/core/actions/waves/runGate.ts';
import { scaleWave, type WaveOutcome } from '../../../../src/core/actions/waves/scaleWave.ts';
import type { Cancellation } from '../../../../src/core/base/cancellation.ts';
import { waveProgressText } from '../../../../src/core/formats/waves/waveProgress.ts';
import type { GateResult } from '../../../../src/core/model/waves/gate.ts';
import { defaultWaveConfig, type WaveConfig } from '../../../../src/core/model/waves/waveConfig.ts';
import type { WaveRun } from '../../../../src/core/model/waves/waveRun.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { createProject, refusal, type TestProject } from '../support.ts';

const bundles = '.orchestrator/metrics/verification-failures';

/** A run as far as its gates look at it. */
function runOf({ repository }: TestProject, config: Partial<WaveConfig>): WaveRun {
  const at = '2026-01-02T09:00:00+01:00';
  return {
    baton: 'wave-run/1',
    id: 'shop-1',
    label: 'main-2026-01-02-feature-1',
    root: repository.root,
    plan: { title: '', sessionType: 'feature', issues: [], waves: [], execution: {}, docsTasks: [], missions: [] },
    config: { ...defaultWaveConfig, ...config },
    enforcement: 'warn',
    stateFile: '.claude/STATE.md',
    status: 'active',
    wave: 2,
    step: 'gate',
    branch: 'main',
    startRef: '',
    agent: 'claude',
    agents: [],
    gates: [],
    docsTasks: [],
    startedAt: at,
    updatedAt: at,
    questions: [],
    deviations: [],
    snapshots: [],
  };
}

interface GateRun {
  readonly project: TestProject;
  gate(more?: Partial<GateOptions>): Promise<GateResult>;
  readonly orders: FixerOrder[];
}

async function createGate(
  config: Partial<WaveConfig>,
  fix: (project: TestProject) => void = () => undefined,
): Promise<GateRun> {
  const project = await createProject();
  const run = runOf(project, config);
  await project.ports.approvals.approve(Object.values(run.config.gate));
  const orders: FixerOrder[] = [];
  const dispatchFixer = async (order: FixerOrder): Promise<void> => {
    orders.push(order);
    fix(project);
  };
  return {
    project,
    orders,
    gate: (more) =>
      runGate(project.context, { run, wave: 2, kind: 'full', changed: ['src/a.ts'], dispatchFixer, ...more }),
  };
}

/** Fails the first time in this test, and each time until then. */
function failsOnce(): string {
  const flag = join(temporaryFolder(), 'flag');
  return `test -e '${flag}' || { touch '${flag}'; echo red; exit 1; }`;
}

describe('a gate', () => {
  it('runs lint, typecheck and test, counts tests, and keeps where it was green', async () => {
    const { gate, project } = await createGate({
      gate: { lint: 'echo clean', typecheck: 'true', test: 'echo "# pass 5"; echo "# fail 0"' },
    });
    const result = await gate();
    expect(result).toMatchObject({ passed: true, flaky: false, tests: { passed: 5, failed: 0 } });
    expect(result.attempts.map((results) => results.map(({ step, exitCode }) => [step, exitCode]))).toEqual([
      [
        ['lint', 0],
        ['typecheck', 0],
        ['test', 0],
      ],
    ]);
    const head = project.repository.git('rev-parse', 'HEAD');
    expect(project.repository.read('.orchestrator/runtime/last-green-sha.txt')).toBe(head);
    expect(project.dirty()).toEqual([]);
  });

  it('ends at the first failure, has it mended, and runs all of it again', async () => {
    const { gate, orders, project } = await createGate(
      { gate: { lint: 'test -f fixed.txt', typecheck: 'true', test: 'true' }, gateRetries: 2 },
      ({ repository }) => repository.write('fixed.txt', ''),
    );
    project.repository.write('src/a.ts', '');
    project.repository.write('docs/später.md', '');
    const result = await gate();
    expect(result.attempts.map((results) => results.map(({ step }) => step))).toEqual([
      ['lint'],
      ['lint', 'typecheck', 'test'],
    ]);
    expect(result).toMatchObject({ passed: true, flaky: false });
    expect(orders).toMatchObject([
      { attempt: 1, maxRetries: 2, changed: ['docs/später.md', 'src/a.ts'], failures: [{ step: 'lint', exitCode: 1 }] },
    ]);
    expect(existsSync(join(project.repository.root, bundles))).toBe(false);
  });

  it('that turns green without a change is flaky, also when it was red in an earlier call', async () => {
    const inOneCall = await createGate({ gate: { test: failsOnce() }, gateRetries: 1 });
    expect(await inOneCall.gate()).toMatchObject({ passed: true, flaky: true });

    const inTwo = await createGate({ gate: { test: failsOnce() } });
    expect(await inTwo.gate()).toMatchObject({ passed: false, flaky: false });
    expect(await inTwo.gate()).toMatchObject({ passed: true, flaky: true });

    const mended = await createGate({ gate: { test: failsOnce() } });
    expect(await mended.gate()).toMatchObject({ passed: false });
    mended.project.repository.write('src/a.ts', 'mended');
    expect(await mended.gate()).toMatchObject({ passed: true, flaky: false });
  });

  it('that stays red leaves a bundle with the fields of the reference, no secret in it', async () => {
    const key = `ghp_${'Ab1'.repeat(12)}`;
    const test = `seq 1 70; echo "TOKEN is ${key}"; echo /home/anna/x; exit 3`;
    const { gate, project, orders } = await createGate({ gate: { test }, gateRetries: 1 });
    project.repository.write(
      '.orchestrator/current-session.json',
      JSON.stringify({ session_id: 'shop-1', corrective_context: [{ hint: 'a' }] }),
    );
    const result = await gate();
    expect(result).toMatchObject({ passed: false, attempts: [[{ exitCode: 3 }], [{ exitCode: 3 }]] });
    expect(orders).toHaveLength(1);
    const tail = result.attempts[0]?.[0]?.tail.split('\n') ?? [];
    expect(tail).toHaveLength(50);
    expect(tail.slice(-3)).toEqual(['70', 'TOKEN is [masked]', '/home/anna/x']);

    const bundle = JSON.parse(project.repository.read(result.bundle ?? ''));
    expect(JSON.stringify(bundle)).not.toMatch(/ghp_|anna/);
    expect(bundle).toMatchObject({
      wave: 2,
      gate: 'test',
      retryAttempts: 2,
      maxRetries: 1,
      failures: [{ attempt: 1 }, { attempt: 2, exitCode: 3, timedOut: false }],
      changedFiles: ['src/a.ts'],
      correctiveContext: [{ hint: 'a' }],
    });
    const theirs = temporaryFolder();
    const { diagnosticsBundlePath } = await runQualityGateWithRetry({
      repoRoot: theirs,
      maxRetries: 0,
      commands: { lint: 'exit 1', typecheck: 'true', test: 'true' },
    });
    const reference = JSON.parse(readFileSync(diagnosticsBundlePath ?? '', 'utf8'));
    expect(Object.keys(bundle)).toEqual(Object.keys(reference));
    expect(Object.keys(bundle.finalError)).toEqual(Object.keys(reference.finalError));
    expect(readdirSync(join(theirs, bundles))[0]?.replace(/\d/g, '0')).toBe(
      result.bundle?.slice(bundles.length + 1).replace(/\d/g, '0'),
    );
    // What it masks on top of ours: nothing.
    const { repoRoot: _, ...rest } = bundle;
    expect(redactDiagnosticsBundle(rest).failures[0].command).toBe(bundle.failures[0].command);
  });

  it('ends what takes too long with 124', async () => {
    const { gate } = await createGate({ gate: { test: 'echo begun; sleep 60' }, gateTimeoutMinutes: 0.01 });
    expect((await gate()).attempts).toMatchObject([[{ exitCode: 124, tail: 'begun' }]]);
  });

  it('runs nothing that was not approved in exactly these words', async () => {
    const { gate, project } = await createGate({ gate: { test: 'true' } });
    const run = runOf(project, { gate: { lint: 'touch ran.txt', test: 'true' } });
    const error = await refusal(gate({ run }), 'approval-required');
    expect(error.data).toMatchObject({ commands: ['touch ran.txt', 'true'] });
    await refusal(gate({ run, approved: ['true'] }), 'approval-required');
    expect(existsSync(join(project.repository.root, 'ran.txt'))).toBe(false);
    expect(await gate({ run, approved: ['true', 'touch ran.txt'] })).toMatchObject({ passed: true });
  });

  it('is none for Discovery, git alone at the end, and an incremental one is not repeated over the same tree', async () => {
    const log = join(temporaryFolder(), 'log');
    const { gate, project } = await createGate({ gate: { test: `echo run >> '${log}'` } });
    const runs = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0);
    expect(await gate({ kind: 'none' })).toMatchObject({ passed: true, attempts: [] });
    expect(await gate({ kind: 'status' })).toMatchObject({ passed: true, attempts: [] });
    expect(runs()).toBe(0);
    await gate({ kind: 'incremental' });
    project.repository.write('.claude/STATE.md', '# changed');
    expect(await gate({ kind: 'incremental' })).toMatchObject({ passed: true, attempts: [] });
    expect(runs()).toBe(1);
    await gate({ kind: 'full' });
    project.repository.write('src/a.ts', 'changed');
    await gate({ kind: 'incremental' });
    expect(runs()).toBe(3);
  });

  it('says that it checked nothing where no command is configured', async () => {
    const { gate } = await createGate({ gate: { lint: 'skip', test: ' ' } });
    for (const kind of ['incremental', 'full'] as const) {
      expect(await gate({ kind })).toMatchObject({ passed: true, isUnset: true, attempts: [] });
    }
    expect(await gate({ kind: 'none' })).not.toHaveProperty('isUnset');
  });

  it('that is interrupted leaves no trace, and runs again', async () => {
    const listeners: (() => void)[] = [];
    let isCancelled = false;
    const cancellation: Cancellation = {
      get isCancelled() {
        return isCancelled;
      },
      onCancel(listener) {
        listeners.push(listener);
        return { dispose() {} };
      },
    };
    const { gate, project } = await createGate({ gate: { lint: 'true', test: 'sleep 0.2' } });
    const cut = gate({
      cancellation,
      onCommandStart({ step }) {
        if (step !== 'test') return;
        isCancelled = true;
        for (const listener of listeners) listener();
      },
    });
    await refusal(cut, 'cancelled');
    expect(existsSync(join(project.repository.root, '.orchestrator'))).toBe(false);
    expect(await gate()).toMatchObject({ passed: true, flaky: false });
  });

  it('writes nothing where nothing is to be kept', async () => {
    const { gate, project } = await createGate({ gate: { test: 'false' }, persistence: false });
    const { bundle, passed } = await gate();
    expect([bundle, passed, project.dirty()]).toEqual([undefined, false, []]);
  });
});

describe('the size of the next wave', () => {
  const outcome: WaveOutcome = {
    planned: 4,
    agentsPerWave: 6,
    statuses: ['done', 'done'],
    durationMs: 600_000,
    clean: true,
    plannedFiles: 3,
    changedFiles: 3,
  };
  it.each<[string, Partial<WaveOutcome>, string, number]>([
    ['stays', {}, 'unchanged', 4],
    ['one less after a quick one', { durationMs: 60_000 }, 'reduced', 3],
    ['two less of many', { durationMs: 60_000, planned: 6 }, 'reduced', 4],
    ['never none', { durationMs: 60_000, planned: 1 }, 'unchanged', 1],
    ['not less after a red gate', { durationMs: 60_000, clean: false }, 'unchanged', 4],
    ['one more to mend', { statuses: ['failed', 'done'] }, 'increased', 5],
    ['two more to mend', { statuses: ['failed', 'spiral', 'failed'] }, 'increased', 6],
    ['never above what is allowed', { statuses: ['failed', 'failed'], planned: 6 }, 'unchanged', 6],
    ['more where more was changed', { changedFiles: 5 }, 'increased', 5],
    ['more where tests broke', { regressions: 1 }, 'increased', 5],
  ])('%s', (_, change, kind, agents) => {
    expect(scaleWave({ ...outcome, ...change })).toMatchObject({ change: kind, agents });
  });
});

it('a finished wave is summed up in the documented lines', () => {
  const gate: GateResult = {
    wave: 2,
    kind: 'full',
    passed: true,
    attempts: [
      [
        { step: 'typecheck', command: 'tsc', exitCode: 0, durationMs: 1, tail: '' },
        { step: 'test', command: 'npm test', exitCode: 0, durationMs: 1, tail: '' },
      ],
    ],
    flaky: false,
    tests: { passed: 12, failed: 0 },
    at: '2026-01-02T09:00:00+01:00',
  };
  const text = waveProgressText({
    wave: 2,
    role: 'Impl-Core',
    agents: [{ name: 'w2-a1', status: 'done', note: 'the\nparser' }],
    durationMs: 252_000,
    gate,
    scaling: { change: 'reduced', agents: 3, reason: 'quick' },
    adaptations: [],
    next: { wave: 3, role: 'Impl-Polish' },
  });
  expect(text).toBe(
    [
      '## Wave 2 (Impl-Core) Complete ✓',
      '- w2-a1: done — the parser',
      '- Duration: 4m 12s',
      '- Tests: passing (12 passed, 0 failed) | TypeScript: 0 errors',
      '- Design: N/A',
      '- Scaling: reduced to 3 — quick',
      '- Adaptations for Wave 3 (Impl-Polish): none',
      '',
    ].join('\n'),
  );
});
