import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { validateEventRecord } from 'session-orchestrator/scripts/lib/events-schema.mjs';
import { classifyMode } from 'session-orchestrator/scripts/lib/exclusivity-matrix.mjs';
import { findPeers as referencePeers } from 'session-orchestrator/scripts/lib/peer-discovery.mjs';
import {
  acquire,
  checkStale,
  isLockOwnedByProof,
  loadOwnerProof,
  readLock as referenceLock,
  release,
  updateHeartbeat,
} from 'session-orchestrator/scripts/lib/session-lock.mjs';
import { readRegistry, repoPathHash } from 'session-orchestrator/scripts/lib/session-registry.mjs';
import { describe, expect, test } from 'vitest';
import { classOfMode, decideExclusivity } from '../../../../src/core/actions/waves/exclusivity.ts';
import { findPeers } from '../../../../src/core/actions/waves/findPeers.ts';
import {
  acquireSessionLock,
  readLockStatus,
  refreshHeartbeat,
  releaseSessionLock,
  removeStaleLock,
} from '../../../../src/core/actions/waves/sessionLock.ts';
import { readJsonLines } from '../../../../src/core/formats/waves/jsonLines.ts';
import {
  isLockLive,
  parseSessionLock,
  recordText,
  stableHost,
} from '../../../../src/core/formats/waves/sessionLock.ts';
import type { Peer, SessionLock } from '../../../../src/core/model/waves/sessionLock.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { createOrchestratorProject } from './orchestratorProject.ts';

const lockPath = '.orchestrator/session.lock';
const eventsPath = '.orchestrator/metrics/events.jsonl';
const feature = { sessionId: 'run-1', label: 'main-2026-11-20-feature-1', mode: 'feature' };

/** As a plugin of version 5.9 left it in a public repository, names changed (formats.md §1.6). */
const realLock = {
  session_id: '7ee39e92-62b1-4402-9fdb-7b6cce81d60e',
  started_at: '2026-10-08T23:57:05.009Z',
  last_heartbeat: '2026-10-08T23:57:05.523Z',
  mode: 'session',
  pid: 79562,
  host: 'Laptop.local',
  host_id: 'laptop',
  ttl_hours: 4,
  semantic_session_id: 'main-2026-10-08-session-54',
};

describe('the lock’s text', () => {
  test('is written as the reference writes it, and a lock that it wrote is read', () => {
    expect(recordText(realLock)).toBe(`${JSON.stringify(realLock, null, 2)}\n`);
    expect(parseSessionLock(recordText(realLock))).toEqual(realLock);
    const { last_heartbeat: _none, ...older } = realLock;
    expect(parseSessionLock(JSON.stringify(older))?.last_heartbeat).toBe(older.started_at);
  });

  test.each(['', '{', '[]', 'null', '{"session_id":"x"}', JSON.stringify({ ...realLock, pid: '1' })])(
    '%j is none',
    (text) => {
      expect(parseSessionLock(text)).toBeUndefined();
    },
  );

  test.each([
    ['younger than its time', -3.9, true],
    ['older', -4.1, false],
    ['from the future, by another clock', 1, true],
  ])('lives by its heartbeat alone: %s', (_name, hours, isLive) => {
    const nowMs = Date.parse(realLock.last_heartbeat) - hours * 3_600_000;
    expect(isLockLive(realLock, nowMs)).toBe(isLive);
  });

  test.each([
    ['Laptop.local', 'laptop'],
    ['BOX.lan.local', 'box.lan'],
    ['.local', '.local'],
    ['ci-7', 'ci-7'],
  ])('the host %s is %s', (host, id) => {
    expect(stableHost(host)).toBe(id);
  });
});

describe('taking and giving back', () => {
  test('leaves what the reference reads: lock, proof, current session, registry, events; and nothing in git’s sight', async () => {
    const project = await createOrchestratorProject({ isEmpty: false });
    const { outcome, lock } = await acquireSessionLock(project.context, feature);
    expect(outcome).toBe('acquired');
    expect(lock).toMatchObject({ session_id: 'run-1', mode: 'feature', ttl_hours: 4, host: hostname() });
    expect(referenceLock({ repoRoot: project.root })).toEqual(lock);
    expect(checkStale({ repoRoot: project.root })).toMatchObject({ exists: true, isLive: true, sameHost: true });
    expect(isLockOwnedByProof(lock, loadOwnerProof({ repoRoot: project.root }))).toBe(true);
    const current: unknown = JSON.parse(project.read('.orchestrator/current-session.json') ?? '');
    expect(current).toMatchObject({ session_id: 'run-1', semantic_session_id: feature.label, source: 'baton' });
    const [entry] = await readRegistry();
    expect(entry).toMatchObject({
      session_id: 'run-1',
      branch: 'main',
      status: 'active',
      mode: 'feature',
      repo_path_hash: repoPathHash(project.root),
    });
    expect(acquire({ ...feature, sessionId: 'other', repoRoot: project.root })).toMatchObject({
      ok: false,
      reason: 'active',
    });
    expect(project.repository.git('status', '--porcelain', '-uall')).toBe(`?? ${eventsPath}\n`);

    expect(await releaseSessionLock(project.context, 'run-1')).toEqual({ released: true });
    for (const path of [
      lockPath,
      '.orchestrator/current-session.json',
      '.orchestrator/runtime/lock-owner-proof.json',
    ]) {
      expect(project.read(path)).toBeUndefined();
    }
    expect(await readRegistry()).toEqual([]);
    const { records } = readJsonLines(project.read(eventsPath) ?? '');
    expect(records.map((event) => event.event)).toEqual([
      'orchestrator.session.lock.acquired',
      'orchestrator.session.lock.released',
    ]);
    for (const event of records) expect(validateEventRecord(event)).toEqual({ valid: true, errors: [] });
    expect(acquire({ ...feature, sessionId: 'other', repoRoot: project.root })).toMatchObject({ ok: true });
  });

  test('respects a lock of the reference, which only its own session gives back', async () => {
    const project = await createOrchestratorProject();
    expect(
      acquire({
        sessionId: 'theirs',
        mode: 'session',
        quiet: true,
        repoRoot: project.root,
        semanticSessionId: feature.label,
      }),
    ).toMatchObject({ ok: true });
    const attempt = await acquireSessionLock(project.context, feature);
    expect(attempt.outcome).toBe('active-compatible-parallel');
    expect(attempt.decision).toMatchObject({ outcome: 'PROMOTION_OFFER', unknownModes: ['session'] });
    expect(attempt.decision.options).toEqual(['worktree', 'wait', 'go-on', 'stop']);
    expect((await acquireSessionLock(project.context, { ...feature, despitePeers: true })).outcome).toBe('active');
    // The label is the same, and proves nothing.
    expect(await releaseSessionLock(project.context, 'run-1')).toEqual({ released: false, reason: 'session-mismatch' });
    expect(await refreshHeartbeat(project.context, 'run-1')).toBe(false);
    expect(await removeStaleLock(project.context)).toBe(false);
    expect(release({ sessionId: 'theirs', repoRoot: project.root })).toMatchObject({ deleted: true });
    expect((await acquireSessionLock(project.context, feature)).outcome).toBe('acquired');
  });

  test('a heartbeat keeps it alive on both sides, whatever became of the process that wrote it', async () => {
    const project = await createOrchestratorProject();
    await acquireSessionLock(project.context, { ...feature, ttlHours: 1 });
    const written = JSON.parse(project.read(lockPath) ?? '') as SessionLock;
    project.write(lockPath, recordText({ ...written, pid: 999_999_999 }));
    expect((await readLockStatus(project.context)).isLive).toBe(true);
    project.pass(0.9);
    expect(await refreshHeartbeat(project.context, 'run-1', { currentWave: 2, status: 'wave' })).toBe(true);
    project.pass(0.9);
    expect((await readLockStatus(project.context)).isLive).toBe(true);
    expect((await readRegistry())[0]).toMatchObject({ current_wave: 2, status: 'wave' });
    expect(updateHeartbeat({ repoRoot: project.root, sessionId: 'run-1' })).toBe(true);
    project.pass(2);
    expect((await readLockStatus(project.context)).isLive).toBe(false);
  });

  test('a session that gives no sign of life is named, and taken over only where that is asked for', async () => {
    const project = await createOrchestratorProject();
    project.write(
      lockPath,
      recordText({ ...realLock, host: hostname(), host_id: stableHost(hostname()), pid: 999_999_999 }),
    );
    expect((await acquireSessionLock(project.context, feature)).outcome).toBe('stale-pid-dead');
    project.write(
      lockPath,
      recordText({ ...realLock, host: hostname(), host_id: stableHost(hostname()), pid: process.pid }),
    );
    expect((await acquireSessionLock(project.context, feature)).outcome).toBe('stale-pid-alive');
    const attempt = await acquireSessionLock(project.context, { ...feature, takeOver: true });
    expect(attempt).toMatchObject({ outcome: 'taken-over', lock: { session_id: 'run-1' } });
    expect(referenceLock({ repoRoot: project.root })).toMatchObject({ session_id: 'run-1' });
    // Again, as after a crash: the same session, the same start.
    project.pass(0.5);
    const again = await acquireSessionLock(project.context, feature);
    expect(again).toMatchObject({ outcome: 'renewed', lock: { started_at: attempt.lock?.started_at } });
  });

  test('something that is no lock is left for a person', async () => {
    const project = await createOrchestratorProject();
    project.write(lockPath, '{ "half": ');
    expect((await acquireSessionLock(project.context, feature)).outcome).toBe('active');
    expect(project.read(lockPath)).toBe('{ "half": ');
    expect(await removeStaleLock(project.context)).toBe(true);
    expect((await acquireSessionLock(project.context, feature)).outcome).toBe('acquired');
  });

  test('of twenty that try at once, one gets it', async () => {
    const project = await createOrchestratorProject();
    const tries = Array.from({ length: 20 }, (_, index) =>
      acquireSessionLock(project.context, { ...feature, sessionId: `run-${index}`, despitePeers: true }),
    );
    const outcomes = (await Promise.all(tries)).map((one) => one.outcome);
    expect(outcomes.filter((one) => one === 'acquired')).toHaveLength(1);
    expect(outcomes.filter((one) => one === 'active')).toHaveLength(19);
    expect(readdirSync(join(project.root, '.orchestrator')).filter((name) => /tmp|acquire/.test(name))).toEqual([]);
  });

  test('a folder that may not be written is said, and no lock is held', async () => {
    const project = await createOrchestratorProject();
    project.write('.orchestrator', 'a file where the folder would be\n');
    const attempt = await acquireSessionLock(project.context, feature);
    expect(attempt.outcome).toBe('fs-error');
    expect(attempt.error).toMatch(/session\.lock/);
    const linked = await createOrchestratorProject();
    const outside = temporaryFolder();
    symlinkSync(outside, join(linked.root, '.orchestrator'));
    expect((await acquireSessionLock(linked.context, feature)).outcome).toBe('fs-error');
    expect(readdirSync(outside)).toEqual([]);
    await expect(acquireSessionLock(project.context, { ...feature, sessionId: '../x' })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });
});

describe('who else is at work', () => {
  const state = (fields: Readonly<Record<string, string>>) => {
    const lines = Object.entries({ 'schema-version': '1', 'session-type': 'deep', status: 'active', ...fields });
    return `---\n${lines.map(([key, value]) => `${key}: ${value}`).join('\n')}\n---\n\n## Current Wave\n\nWave 1\n`;
  };
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

  test('locks of all trees, registry and state files; each once, own and dead ones not', async () => {
    const project = await createOrchestratorProject({ isEmpty: false });
    const tree = join(project.root, '..', `${project.root.split('/').at(-1)}-tree`);
    project.repository.git('worktree', 'add', '-q', '-b', 'side', tree);
    const side = await project.at(tree);
    await acquireSessionLock(side, { ...feature, sessionId: 'side', label: 'side-2026-11-20-deep-1', mode: 'deep' });
    await acquireSessionLock(project.context, feature);
    project.write('.claude/STATE.md', state({ session: feature.label, started_at: hoursAgo(1) }));
    project.write(
      '.claude/STATE-café.md',
      state({ session: 'main-2026-11-20-deep-7', started_at: hoursAgo(1), 'current-wave': '3' }),
    );
    project.write('.codex/STATE.md', state({ session: 'old', started_at: hoursAgo(5) }));
    project.write('.pi/STATE.md', state({ session: 'done', status: 'completed', started_at: hoursAgo(1) }));
    project.write('.cursor/STATE.md', 'no frontmatter at all\n');
    project.write('.cursor/STATE-side.md', state({ session: 'x', branch: 'side', started_at: hoursAgo(1) }));

    const peers = await findPeers(project.context, feature);
    expect(
      peers.map(({ sessionId, source, isHere, isAbandoned }) => [sessionId, source, isHere, isAbandoned === true]),
    ).toEqual([
      ['side', 'discovered', false, false],
      ['main-2026-11-20-deep-7', 'state-md', true, false],
      ['old', 'state-md', true, true],
    ]);
    expect(peers[1]).toMatchObject({ currentWave: 3, mode: 'deep', file: '.claude/STATE-café.md' });
    // By its label alone: only because lock and current session agree on whose it is.
    expect((await findPeers(project.context, { label: feature.label })).map((peer) => peer.sessionId)).not.toContain(
      'run-1',
    );
    // The reference finds our session from the other tree, and we find what it finds.
    const { peers: found } = await referencePeers(project.root, {
      mySessionId: 'nobody',
      listWorktreesImpl: async () => [project.root, tree].map((path) => ({ path, branch: '' })),
    });
    expect(
      found
        .filter((peer: Peer) => peer.source === 'discovered')
        .map((peer: Peer) => peer.sessionId)
        .sort(),
    ).toEqual(['run-1', 'side']);
    const fromSide = await findPeers(side, { sessionId: 'side' });
    expect(fromSide.map((peer) => [peer.sessionId, peer.worktreePath])).toEqual([['run-1', project.root]]);
    project.repository.git('worktree', 'remove', '--force', tree);
  });

  test('one of the registry alone, while the lock is another’s, counts for nothing', async () => {
    const project = await createOrchestratorProject();
    await acquireSessionLock(project.context, { ...feature, sessionId: 'ended' });
    const lock = parseSessionLock(project.read(lockPath) ?? '');
    project.write(lockPath, recordText({ ...lock, session_id: 'new' }));
    const peers = await findPeers(project.context);
    expect(peers.map((peer) => [peer.sessionId, peer.isSuperseded === true])).toEqual([
      ['new', false],
      ['ended', true],
    ]);
    expect(decideExclusivity('deep', peers).peers.map((peer) => peer.sessionId)).toEqual(['new']);
    project.pass(0.3);
    expect((await findPeers(project.context)).map((peer) => peer.sessionId)).toEqual(['new']);
  });

  test('what cannot be read stops nobody', async () => {
    const project = await createOrchestratorProject();
    project.write('.claude', 'a file\n');
    project.write('.git/worktrees/gone/gitdir', '/nowhere/.git\n');
    project.write(lockPath, 'no json');
    expect(await findPeers(project.context)).toEqual([]);
    const { ports } = project.context;
    const files = await ports.orchestrator();
    const hanging = {
      ...files,
      siblings: () => new Promise<never>(() => undefined),
      within: <T>(_ms: number, work: Promise<T>) => files.within(50, work),
    };
    expect(await findPeers({ ports: { ...ports, orchestrator: async () => hanging } })).toEqual([]);
    await expect(files.readText('../../outside')).rejects.toMatchObject({ code: 'outside-project' });
    expect(existsSync(join(project.root, '.orchestrator'))).toBe(true);
  });
});

describe('the exclusivity matrix', () => {
  const peer = (mode: string | undefined, more: Partial<Peer> = {}): Peer => ({
    source: 'discovered',
    sessionId: `peer-${mode}`,
    mode,
    worktreePath: '/elsewhere',
    isHere: true,
    ...more,
  });

  test.each([
    'bootstrap',
    'housekeeping',
    'memory-cleanup',
    'deep',
    'feature',
    'discovery',
    'evolve',
    'plan',
    'repo-audit',
    'portfolio',
  ])('%s has the class that the reference gives it', (mode) => {
    expect(classOfMode(mode)).toBe(classifyMode(mode));
  });

  test.each([
    ['alone', 'deep', [], 'PASS_THROUGH', []],
    ['read only beside an exclusive one', 'discovery', [peer('housekeeping')], 'PASS_THROUGH', []],
    ['an exclusive one blocks', 'deep', [peer('feature'), peer('bootstrap')], 'EXCLUSIVE_BLOCKED', ['wait', 'stop']],
    [
      'also from another tree',
      'deep',
      [peer('housekeeping', { isHere: false })],
      'EXCLUSIVE_BLOCKED',
      ['wait', 'stop'],
    ],
    ['two in one tree', 'deep', [peer('feature')], 'PROMOTION_OFFER', ['worktree', 'wait', 'go-on', 'stop']],
    ['two in two trees', 'deep', [peer('feature', { isHere: false })], 'PASS_THROUGH', []],
    [
      'unknown modes are taken for parallel ones',
      'session',
      [peer('session')],
      'PROMOTION_OFFER',
      ['worktree', 'wait', 'go-on', 'stop'],
    ],
    ['no mode at all', 'deep', [peer(undefined)], 'PROMOTION_OFFER', ['worktree', 'wait', 'go-on', 'stop']],
    ['beside one that only reads', 'deep', [peer('plan')], 'PASS_THROUGH', []],
    [
      'the contradiction is a choice',
      'housekeeping',
      [peer('deep', { isHere: false })],
      'EXCLUSIVE_CHOICE',
      ['wait', 'go-on', 'stop'],
    ],
    [
      'a state file asks, and never blocks',
      'deep',
      [peer('housekeeping', { source: 'state-md' })],
      'PROMOTION_OFFER',
      ['worktree', 'wait', 'go-on', 'stop'],
    ],
    [
      'abandoned or superseded ones',
      'housekeeping',
      [peer('deep', { isAbandoned: true }), peer('bootstrap', { isSuperseded: true })],
      'PASS_THROUGH',
      [],
    ],
    [
      'a mode named like a method',
      'toString',
      [peer('constructor')],
      'PROMOTION_OFFER',
      ['worktree', 'wait', 'go-on', 'stop'],
    ],
  ] as const)('%s', (_name, mode, peers, outcome, options) => {
    const decision = decideExclusivity(mode, peers);
    expect(decision.outcome).toBe(outcome);
    expect(decision.options).toEqual(options);
  });
});

test('the events of the lock are lines of their own, readable as text', async () => {
  const project = await createOrchestratorProject();
  project.write(eventsPath, '{"event":"broken');
  await acquireSessionLock(project.context, feature);
  const text = readFileSync(join(project.root, eventsPath), 'utf8');
  expect(text.startsWith('{"event":"broken\n{"timestamp":"')).toBe(true);
  expect(readJsonLines(text)).toMatchObject({ broken: 1, records: [{ event: 'orchestrator.session.lock.acquired' }] });
});
