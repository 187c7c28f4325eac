import type { SessionLock } from '../../model/waves/sessionLock.ts';

/** The lock's file, relative to the tree's root. */
export const sessionLockPath = '.orchestrator/session.lock';
/** Who wrote the lock, for a later process of the same session. */
export const ownerProofPath = '.orchestrator/runtime/lock-owner-proof.json';
export const currentSessionPath = '.orchestrator/current-session.json';

export const defaultTtlHours = 4;

/** Reads a lock; undefined where the text is none. One of the first schema has its start for a heartbeat. */
export function parseSessionLock(text: string): SessionLock | undefined {
  const value = readObject(text);
  if (value === undefined) return undefined;
  const { session_id, started_at, mode, pid, host, ttl_hours, last_heartbeat, host_id, semantic_session_id } = value;
  const isLock =
    typeof session_id === 'string' &&
    typeof started_at === 'string' &&
    typeof mode === 'string' &&
    typeof pid === 'number' &&
    typeof host === 'string' &&
    typeof ttl_hours === 'number';
  if (!isLock) return undefined;
  return {
    session_id,
    started_at,
    last_heartbeat: typeof last_heartbeat === 'string' && last_heartbeat !== '' ? last_heartbeat : started_at,
    mode,
    pid,
    host,
    ...(typeof host_id === 'string' && { host_id }),
    ttl_hours,
    ...(typeof semantic_session_id === 'string' && { semantic_session_id }),
  };
}

/** Writes a record as the reference does: two spaces, a newline at the end. */
export function recordText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A session lives while its heartbeat is younger than its time to live; nothing else counts. */
export function isLockLive(lock: SessionLock, nowMs: number): boolean {
  const heartbeatMs = Date.parse(lock.last_heartbeat);
  return !Number.isNaN(heartbeatMs) && nowMs - heartbeatMs < lock.ttl_hours * 3_600_000;
}

/** The machine's name without what changes with the network, as `host_id` has it. */
export function stableHost(host: string): string {
  const name = host.trim().toLowerCase();
  return /^(.+?)\.(?:local|home|lan|localdomain)$/.exec(name)?.[1] ?? name;
}

/** The identity of a lock that its proof has to repeat. */
export interface OwnerProof {
  readonly pid: number;
  readonly host: string;
  readonly startedAt: string;
  /** Whose lock it was: only told, never a proof. */
  readonly lockSession?: string;
}

/** The text of the proof file for a lock that was just taken. */
export function ownerProofText(lock: SessionLock, root: string, writtenAt: string): string {
  const proof: OwnerProof = { pid: lock.pid, host: lock.host, startedAt: lock.started_at };
  return recordText({
    schema_version: 1,
    proof,
    lock_session_id: lock.session_id,
    semantic_session_id: lock.semantic_session_id ?? null,
    repo_root: root,
    written_at: writtenAt,
  });
}

/** Reads the proof; undefined where it is not whole. */
export function parseOwnerProof(text: string): OwnerProof | undefined {
  const { proof, lock_session_id } = readObject(text) ?? {};
  if (typeof proof !== 'object' || proof === null) return undefined;
  const { pid, host, startedAt } = proof as Partial<Record<keyof OwnerProof, unknown>>;
  const isProof = typeof pid === 'number' && typeof host === 'string' && typeof startedAt === 'string';
  if (!isProof) return undefined;
  return { pid, host, startedAt, ...(typeof lock_session_id === 'string' && { lockSession: lock_session_id }) };
}

export function isProvenBy(lock: SessionLock, proof: OwnerProof): boolean {
  return lock.pid === proof.pid && lock.host === proof.host && lock.started_at === proof.startedAt;
}

/** What `current-session.json` says. */
export interface CurrentSession {
  readonly session_id: string;
  readonly semantic_session_id?: string;
  /** Who wrote it. */
  readonly source?: string;
}

export function parseCurrentSession(text: string): CurrentSession | undefined {
  const { session_id, semantic_session_id, source } = readObject(text) ?? {};
  if (typeof session_id !== 'string' || session_id === '') return undefined;
  return {
    session_id,
    ...(typeof semantic_session_id === 'string' && { semantic_session_id }),
    ...(typeof source === 'string' && { source }),
  };
}

/** Takes a JSON text for an object; undefined for anything else. */
export function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
