import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { start as startSession } from '../../../../src/core/actions/start.ts';
import { bootstrapPath } from '../../../../src/core/actions/waves/bootstrapGate.ts';
import type { PreflightChoice } from '../../../../src/core/actions/waves/preflight.ts';
import { readWaveRuns, updateWaveRun } from '../../../../src/core/actions/waves/records.ts';
import { acquireSessionLock, releaseSessionLock } from '../../../../src/core/actions/waves/sessionLock.ts';
import { type StartWaveRunOptions, startWaveRun } from '../../../../src/core/actions/waves/startWaveRun.ts';
import { revisionOf } from '../../../../src/core/base/revision.ts';
import { isolatedOf } from '../isolated/support.ts';
import { createProject, type TestProject } from '../support.ts';

const planPath = 'docs/PAY_WAVES.md';
const stateFile = '.claude/STATE.md';
const lockText = 'version: 1\ntier: fast\n';

const plan = `# Pay

## Wave Plan (Session: feature, 2 waves)

### Wave 1: Impl-Core (1 agent)

- Agent 1: Write the API → src/api.ts → it answers

### Wave 2: Quality (1 agent)

- Agent 1: Test it → tests/api.test.ts → green
`;

function has({ repository }: TestProject, path: string): boolean {
  return existsSync(join(repository.root, path));
}

interface Started {
  readonly project: TestProject;
  readonly context: Awaited<ReturnType<typeof isolatedOf>>['context'];
  readonly counts: { ensured: number };
  start(more?: Partial<StartWaveRunOptions>): ReturnType<typeof startWaveRun>;
}

async function open(files: Readonly<Record<string, string>> = {}): Promise<Started> {
  const project = await createProject({ files: { [planPath]: plan, [bootstrapPath]: lockText, ...files } });
  const { context, counts } = await isolatedOf(project);
  return { project, context, counts, start: (more = {}) => startWaveRun(context, { plan: planPath, ...more }) };
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'none',
    (error: { readonly code?: string }) => error.code ?? error,
  );

/** None of these projects has a command for its gate, which each run says. */
const unchecked =
  'No gate checks anything: set lint-command, typecheck-command or test-command under waves in .baton.yaml';

describe('startWaveRun', () => {
  it('records the run, its lock and its STATE.md, and asks for the supervisor', async () => {
    const { project, start, counts, context } = await open();
    const { run } = await start({ focus: ' the API first ' });
    expect([run.status, run.wave, run.focus, run.agent]).toEqual(['queued', 0, 'the API first', 'claude']);
    expect(run.startRef).toBe(project.repository.git('rev-parse', 'HEAD').trim());
    expect(counts.ensured).toBe(1);
    const state = project.repository.read(stateFile);
    expect(state).toContain(
      `status: active\ncurrent-wave: 0\ntotal-waves: 2\nsession: ${run.label}\nsession-id: ${run.id}\n`,
    );
    expect(JSON.parse(project.repository.read('.orchestrator/session.lock'))).toMatchObject({
      session_id: run.id,
      semantic_session_id: run.label,
      mode: 'feature',
    });
    expect((await readWaveRuns(context.ports.localState)).map(({ id }) => id)).toEqual([run.id]);
    expect(await codeOf(start())).toBe('wave-run-active');
  });

  it.each([
    ['an unknown role', { [planPath]: plan.replace('Impl-Core', 'Dancing') }, {}, 'invalid-wave-plan'],
    ['no set-up', { [bootstrapPath]: 'version: 1\n' }, {}, 'bootstrap-missing'],
    ['a plan that was changed', {}, { planRevision: revisionOf('other') }, 'conflict'],
    [
      'an active STATE.md of somebody',
      { [stateFile]: '---\nstatus: active\nbranch: main\nsession: other-1\n---\n' },
      {},
      'session-conflict',
    ],
  ] as const)('refuses %s, and leaves nothing behind', async (_what, files, more, code) => {
    const { project, start, counts, context } = await open(files);
    expect(await codeOf(start(more))).toBe(code);
    expect(counts.ensured).toBe(0);
    expect(await readWaveRuns(context.ports.localState)).toEqual([]);
    expect(has(project, '.orchestrator/session.lock')).toBe(false);
    expect(project.dirty()).toEqual([]);
  });

  it('takes no offence at what the start of a session has written', async () => {
    const { project, context, start } = await open();
    await startSession(context, { id: 'A-01' });
    expect(project.dirty()).not.toEqual([]);
    const { run } = await start();
    expect(run.deviations.map(({ text }) => text)).toEqual([unchecked]);
  });

  it('leaves nothing behind where STATE.md cannot be written', async () => {
    const { project, start, counts, context } = await open({ [stateFile]: '---\nstatus: idle\n---\n' });
    chmodSync(join(project.repository.root, stateFile), 0o444);
    expect(await codeOf(start())).toBe('read-only');
    expect(counts.ensured).toBe(0);
    expect(await readWaveRuns(context.ports.localState)).toEqual([]);
    expect(has(project, '.orchestrator/session.lock')).toBe(false);
  });

  it('begins afresh where the person says that an active STATE.md is over', async () => {
    const { start } = await open({ [stateFile]: '---\nstatus: active\nbranch: main\nsession: other-1\n---\n' });
    const { run } = await start({ fresh: true });
    expect(run.deviations.map(({ text }) => text)).toEqual([
      'Pre-flight: .claude/STATE.md of other-1 was active, and was begun afresh',
      unchecked,
    ]);
  });

  it('sets the repository up with consent only', async () => {
    const project = await createProject({ files: { [planPath]: plan } });
    const { context } = await isolatedOf(project);
    const asked: PreflightChoice[] = [];
    const choose = (answer: string) => async (choice: PreflightChoice) => {
      asked.push(choice);
      return answer;
    };
    expect(await codeOf(startWaveRun(context, { plan: planPath, choose: choose('no') }))).toBe('bootstrap-missing');
    expect(has(project, bootstrapPath)).toBe(false);
    await startWaveRun(context, { plan: planPath, choose: choose('yes') });
    expect(project.repository.read(bootstrapPath)).toMatch(/^version: 1\ntier: fast$/m);
    expect(asked.map(({ about, recommended }) => [about, recommended])).toEqual([
      ['bootstrap', 'yes'],
      ['bootstrap', 'yes'],
    ]);
  });

  it.each([
    ['commit', [], 'chore: state before the wave run Pay', []],
    ['stash', [], undefined, ['Pre-flight: 2 changed files were stashed']],
    [
      'continue',
      ['?? "größe neu.txt"', ' M README.md'],
      undefined,
      ['Pre-flight: the run began with 2 uncommitted files: README.md, größe neu.txt'],
    ],
  ] as const)('sees to changes as the person says: %s', async (dirty, left, subject, deviations) => {
    const { project, start } = await open();
    project.repository.write('README.md', 'changed\n');
    project.repository.write('größe neu.txt', 'new\n');
    expect(await codeOf(start())).toBe('tree-not-clean');
    const { run } = await start({ dirty });
    const own = (line: string): boolean => /STATE\.md|metrics/.test(line);
    expect(
      project
        .dirty()
        .filter((line) => !own(line))
        .sort(),
    ).toEqual([...left].sort());
    expect(run.deviations.map(({ text }) => text)).toEqual([...deviations, unchecked]);
    if (subject !== undefined) expect(project.subjects()[0]).toBe(subject);
    expect(project.repository.git('stash', 'list').split('\n').length - 1).toBe(dirty === 'stash' ? 1 : 0);
  });

  it('begins beside another session only where the person says so, and never in its tree: a worktree is the way out', async () => {
    const { project, context, start } = await open();
    // Set up a moment ago, and not committed yet.
    project.repository.git('rm', '-q', '--cached', bootstrapPath);
    project.repository.git('commit', '-qm', 'chore: leave the set-up out');
    await acquireSessionLock(context, { sessionId: 'other', label: 'main-2026-01-02-feature-7', mode: 'feature' });
    expect(await codeOf(start())).toBe('session-conflict');
    expect(await codeOf(start({ conflict: 'go-on', dirty: 'continue' }))).toBe('session-conflict');
    await expect(start({ conflict: 'stop' })).rejects.toMatchObject({
      data: { options: ['worktree', 'wait', 'stop'] },
    });
    const { run, warnings } = await start({ conflict: 'worktree' });
    expect(run.root).toMatch(/\.worktrees\/waves-pay-/);
    expect(run.branch).toMatch(/^baton\/waves-pay-/);
    expect(warnings[0]).toContain(run.root);
    expect(readFileSync(join(run.root, stateFile), 'utf8')).toContain(`session-id: ${run.id}\n`);
  });

  it('waits for another session where the person says so, and begins when it has ended', async () => {
    const { context } = await open();
    const other = { sessionId: 'other', label: 'main-2026-01-02-feature-7', mode: 'feature' };
    await acquireSessionLock(context, other);
    const said: string[] = [];
    const listening = { ...context, report: (text: string) => void said.push(text) };
    const waiting = startWaveRun(listening, { plan: planPath, conflict: 'wait' });
    await vi.waitFor(() => expect(said).toContain('Waiting for main-2026-01-02-feature-7 (feature)'));
    await releaseSessionLock(context, other.sessionId);
    expect((await waiting).run.status).toBe('queued');
  });

  it('takes the worktree away again in which it cannot begin', async () => {
    const { project, context, start } = await open();
    project.repository.git('rm', '-q', '--cached', planPath);
    project.repository.git('commit', '-qm', 'chore: leave the plan out');
    await acquireSessionLock(context, { sessionId: 'other', label: 'main-2026-01-02-feature-7', mode: 'feature' });
    expect(await codeOf(start({ conflict: 'worktree' }))).not.toBe('none');
    expect(project.repository.git('worktree', 'list').trim().split('\n')).toHaveLength(1);
    expect(project.repository.git('branch', '--list', 'baton/*')).toBe('');
  });

  it('keeps of an earlier STATE.md what outlives a session', async () => {
    const before = [
      '---',
      'status: completed',
      'branch: main',
      'session: old-1',
      '---',
      '',
      '## Wave History',
      '',
      '### Wave 1 — Impl-Core',
      '- Agent "x": done — 1 file — ok',
      '',
      '## What Not To Retry',
      '',
      '- **Mocking the clock** (old-1, 2026-01-01)',
      '  - why: FAILED — it hides the bug',
      '',
    ].join('\n');
    const { project, start } = await open({ [stateFile]: before });
    await start();
    const state = project.repository.read(stateFile);
    expect(state).toContain('status: active');
    expect(state).toContain('- **Mocking the clock** (old-1, 2026-01-01)');
    expect(state.indexOf('## Previous Session')).toBeGreaterThan(0);
    expect(state.indexOf('### Wave 1')).toBeGreaterThan(state.indexOf('## Previous Session'));
  });

  it('begins anew when an earlier run is over', async () => {
    const { project, context, start } = await open();
    const { run } = await start();
    await updateWaveRun(context, run.id, (one) => ({ ...one, status: 'closed' }));
    await releaseSessionLock(context, run.id);
    const second = (await start()).run;
    expect(second.label).not.toBe(run.label);
    expect(project.repository.read(stateFile)).toContain(`session-id: ${second.id}\n`);
  });
});
