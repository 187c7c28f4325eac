import { BatonError } from '../../errors.ts';
import {
  currentSessionPath,
  defaultTtlHours,
  isLockLive,
  isProvenBy,
  ownerProofPath,
  ownerProofText,
  parseCurrentSession,
  parseOwnerProof,
  parseSessionLock,
  recordText,
  sessionLockPath,
  stableHost,
} from '../../formats/waves/sessionLock.ts';
import { newRegistryEntry, parseRegistryEntry, registryPath } from '../../formats/waves/sessionRegistry.ts';
import type { ExclusivityDecision, LockAttempt, LockOutcome, SessionLock } from '../../model/waves/sessionLock.ts';
import type { OrchestratorFiles } from '../../ports/orchestratorFiles.ts';
import type { ActionContext } from '../context.ts';
import { decideExclusivity } from './exclusivity.ts';
import { findPeers, peerOfLock, readLock } from './findPeers.ts';
import { appendEvent } from './metrics.ts';

/** Held for the moments in which a lock is replaced, refreshed or removed, so that none of that meets another. */
const changingLock = '.orchestrator/runtime/session-lock-change.lock';

/** What `current-session.json` says of a lock that a person took by hand. */
const handSource = 'baton-lock';

/** Files beside the lock that are of this machine only. */
const localFiles = [
  '.orchestrator/session.lock',
  '.orchestrator/state.lock',
  '.orchestrator/current-session.json',
  '.orchestrator/runtime/',
  '.orchestrator/tmp/',
  '.orchestrator/*.acquire',
];

export interface AcquireOptions {
  /** Proves ownership: unique, without `/`. */
  readonly sessionId: string;
  /** `<branch>-<date>-<mode>-<n>` */
  readonly label: string;
  readonly mode: string;
  readonly ttlHours?: number;
  /** Replace the lock of a session that gives no sign of life any more. */
  readonly takeOver?: boolean;
  /** The person chose to go on beside the peers; a live lock in this tree stays where it is all the same. */
  readonly despitePeers?: boolean;
  /** A person took it by hand, and may give it back so: `findHandTaken`. */
  readonly isByHand?: boolean;
}

/**
 * Takes `session.lock` of this tree, where the matrix and the lock that is there allow it; proof, current session, registry entry and event
 * go with it. Never throws for what the disk refuses: that is `fs-error`.
 *
 * @throws BatonError `invalid-argument` for an ID that cannot be one
 */
export async function acquireSessionLock(
  context: Pick<ActionContext, 'ports'>,
  options: AcquireOptions,
): Promise<LockAttempt> {
  if (!/^[\w.-]+$/.test(options.sessionId) || /^\.+$/.test(options.sessionId)) {
    throw new BatonError('invalid-argument', 'The ID of a session is letters, digits, ".", "_" and "-"');
  }
  const files = await context.ports.orchestrator();
  const peers = await findPeers(context, options);
  const decision = decideExclusivity(options.mode, peers);
  const refused = options.despitePeers === true ? undefined : refusalOf(decision, peers.length);
  if (refused !== undefined) {
    const lock = await readLock(files);
    return { outcome: refused, peers, decision, ...(lock && { lock }) };
  }
  try {
    await excludeLocalFiles(context);
    const { outcome, lock } = await takeLock(context, files, options);
    const isOurs = outcome === 'acquired' || outcome === 'renewed' || outcome === 'taken-over';
    if (isOurs && lock !== undefined) await announce(context, files, lock, options);
    return { outcome, peers, decision, ...(lock && { lock }) };
  } catch (error) {
    return {
      outcome: 'fs-error',
      peers,
      decision,
      error: error instanceof Error ? error.message : String(error),
    };
  }
}

function refusalOf(decision: ExclusivityDecision, peerCount: number): LockOutcome | undefined {
  if (decision.modeClass === 'always-ok') return peerCount > 0 ? 'active-readonly-bypass' : undefined;
  switch (decision.outcome) {
    case 'PASS_THROUGH':
      return undefined;
    case 'PROMOTION_OFFER':
      return 'active-compatible-parallel';
    case 'EXCLUSIVE_BLOCKED':
    case 'EXCLUSIVE_CHOICE':
      return 'active-incompatible-exclusive';
  }
}

interface Taken {
  readonly outcome: LockOutcome;
  readonly lock?: SessionLock;
}

async function takeLock(
  { ports }: Pick<ActionContext, 'ports'>,
  files: OrchestratorFiles,
  options: AcquireOptions,
): Promise<Taken> {
  const nowMs = ports.clock.now().epochMs;
  const mine = newLock(files, options, new Date(nowMs).toISOString());
  if (await files.create(sessionLockPath, recordText(mine))) return { outcome: 'acquired', lock: mine };
  return await files.exclusively(changingLock, { holder: options.sessionId }, async () => {
    const text = await files.readText(sessionLockPath);
    if (text === undefined && (await files.create(sessionLockPath, recordText(mine)))) {
      return { outcome: 'acquired', lock: mine };
    }
    const current = text === undefined ? undefined : parseSessionLock(text);
    // Something that is no lock is somebody's all the same: `baton lock release --stale` is for a person.
    if (current === undefined) return { outcome: 'active' };
    if (current.session_id === options.sessionId) {
      const renewed = { ...current, last_heartbeat: mine.started_at };
      await files.replace(sessionLockPath, recordText(renewed));
      return { outcome: 'renewed', lock: renewed };
    }
    if (isLockLive(current, nowMs)) return { outcome: 'active', lock: current };
    if (options.takeOver !== true) return { outcome: staleOutcome(files, current), lock: current };
    await files.replace(sessionLockPath, recordText(mine));
    return { outcome: 'taken-over', lock: mine };
  });
}

/** The PID is told for people; whether the session lives was decided by its heartbeat alone. */
function staleOutcome(files: OrchestratorFiles, lock: SessionLock): LockOutcome {
  const isSameHost = (lock.host_id ?? stableHost(lock.host)) === stableHost(files.host);
  return isSameHost && files.isRunning(lock.pid) ? 'stale-pid-alive' : 'stale-pid-dead';
}

function newLock(files: OrchestratorFiles, options: AcquireOptions, at: string): SessionLock {
  return {
    session_id: options.sessionId,
    started_at: at,
    last_heartbeat: at,
    mode: options.mode,
    pid: files.pid,
    host: files.host,
    host_id: stableHost(files.host),
    ttl_hours: options.ttlHours ?? defaultTtlHours,
    semantic_session_id: options.label,
  };
}

async function announce(
  context: Pick<ActionContext, 'ports'>,
  files: OrchestratorFiles,
  lock: SessionLock,
  { sessionId, label, mode, isByHand }: AcquireOptions,
): Promise<void> {
  const at = lock.last_heartbeat;
  await files.replace(ownerProofPath, ownerProofText(lock, files.root, at));
  const source = isByHand === true ? handSource : 'baton';
  const current = { session_id: sessionId, semantic_session_id: label, pid: files.pid, source, timestamp: at };
  await files.replace(currentSessionPath, recordText(current));
  const [tree] = await files.siblings();
  const entry = newRegistryEntry({
    sessionId,
    label,
    pid: files.pid,
    root: files.root,
    branch: tree?.branch,
    at,
    mode,
  });
  // The registry lies in the user's own folder; a session needs it for being seen by others, not for running.
  await files
    .registry()
    .replace(registryPath(sessionId), recordText(entry))
    .catch((error: unknown) => context.ports.logger.warn(`The registry of sessions was not written: ${error}`));
  await appendEvent(context, 'orchestrator.session.lock.acquired', {
    session_id: sessionId,
    semantic_session_id: label,
    mode,
    pid: lock.pid,
    host: lock.host,
    ttl_hours: lock.ttl_hours,
  });
}

/** Says that the session lives. False where the tree's lock is not its own (any more). */
export async function refreshHeartbeat(
  { ports }: Pick<ActionContext, 'ports'>,
  sessionId: string,
  progress: { readonly currentWave?: number; readonly status?: 'active' | 'wave' | 'idle' } = {},
): Promise<boolean> {
  const files = await ports.orchestrator();
  const at = new Date(ports.clock.now().epochMs).toISOString();
  const isOurs = await files.exclusively(changingLock, { holder: sessionId }, async () => {
    const lock = await readLock(files);
    if (lock?.session_id !== sessionId) return false;
    await files.replace(sessionLockPath, recordText({ ...lock, last_heartbeat: at }));
    return true;
  });
  if (!isOurs) return false;
  const registry = files.registry();
  const entry = parseRegistryEntry((await registry.readText(registryPath(sessionId)).catch(() => undefined)) ?? '');
  if (entry !== undefined) {
    const { currentWave, status } = progress;
    const changed = {
      ...entry,
      last_heartbeat: at,
      ...(status !== undefined && { status }),
      ...(currentWave !== undefined && { current_wave: currentWave }),
    };
    await registry.replace(registryPath(sessionId), recordText(changed)).catch(() => undefined);
  }
  return true;
}

/** What giving the lock back came to. */
export interface LockRelease {
  readonly released: boolean;
  readonly reason?: 'no-lock' | 'session-mismatch' | 'proof-mismatch';
}

/** Gives the lock back where it is the session's own; another's is never touched. Its registry entry, proof and current session go too. */
export async function releaseSessionLock(
  context: Pick<ActionContext, 'ports'>,
  sessionId: string,
): Promise<LockRelease> {
  const files = await context.ports.orchestrator();
  const outcome = await files.exclusively(changingLock, { holder: sessionId }, async (): Promise<LockRelease> => {
    const lock = await readLock(files);
    if (lock === undefined) return { released: false, reason: 'no-lock' };
    if (lock.session_id !== sessionId) return { released: false, reason: 'session-mismatch' };
    const proof = parseOwnerProof((await files.readText(ownerProofPath)) ?? '');
    // One that an earlier session left says nothing about this one.
    const isOurs = proof?.lockSession === sessionId;
    if (isOurs && !isProvenBy(lock, proof)) return { released: false, reason: 'proof-mismatch' };
    await files.remove(sessionLockPath);
    if (isOurs) await files.remove(ownerProofPath);
    return { released: true };
  });
  const current = parseCurrentSession((await files.readText(currentSessionPath)) ?? '');
  if (current?.session_id === sessionId) await files.remove(currentSessionPath);
  await files
    .registry()
    .remove(registryPath(sessionId))
    .catch(() => undefined);
  if (outcome.released) {
    await appendEvent(context, 'orchestrator.session.lock.released', { session_id: sessionId, verified: true });
  } else if (outcome.reason !== 'no-lock') {
    const reason = outcome.reason ?? 'not-deleted';
    await appendEvent(context, 'orchestrator.session.lock.release_failed', { session_id: sessionId, reason });
  }
  return outcome;
}

/** The session whose lock a person took by hand in this tree, where proof and lock agree on it; a wave run's is never one. */
export async function findHandTaken({ ports }: Pick<ActionContext, 'ports'>): Promise<string | undefined> {
  const files = await ports.orchestrator();
  const lock = await readLock(files);
  const current = parseCurrentSession((await files.readText(currentSessionPath)) ?? '');
  const proof = parseOwnerProof((await files.readText(ownerProofPath)) ?? '');
  const isHand = current?.source === handSource && current.session_id === lock?.session_id;
  return isHand && lock !== undefined && proof !== undefined && isProvenBy(lock, proof) ? lock.session_id : undefined;
}

/** Removes a lock without sign of life, or what is no lock; a person asked for it. False where a live one is there, or none. */
export async function removeStaleLock({ ports }: Pick<ActionContext, 'ports'>): Promise<boolean> {
  const files = await ports.orchestrator();
  return await files.exclusively(changingLock, { holder: 'stale' }, async () => {
    const lock = await readLock(files);
    if (lock !== undefined && isLockLive(lock, ports.clock.now().epochMs)) return false;
    return await files.remove(sessionLockPath);
  });
}

/** The lock of this tree and the peers, for people. */
export async function readLockStatus(context: Pick<ActionContext, 'ports'>, own: { readonly sessionId?: string } = {}) {
  const files = await context.ports.orchestrator();
  const nowMs = context.ports.clock.now().epochMs;
  const lock = await readLock(files);
  const isLive = lock !== undefined && isLockLive(lock, nowMs);
  const peers = await findPeers(context, own);
  const holder = lock && peerOfLock(lock, files.root, { isHere: true, nowMs });
  return { lock, isLive, holder, peers };
}

/** Whatever of it the project does not ignore itself is kept out of git's sight, as the agents' folders are. */
async function excludeLocalFiles({ ports }: Pick<ActionContext, 'ports'>): Promise<void> {
  const git = await ports.git('').catch(() => undefined);
  await git?.exclude(localFiles).catch(() => undefined);
}
