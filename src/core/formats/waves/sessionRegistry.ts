import { digestOf } from '../../base/revision.ts';
import { readObject } from './sessionLock.ts';

/** An entry of the user's registry of sessions, `active/<session_id>.json` (formats.md §1.6). */
export interface RegistryEntry {
  readonly session_id: string;
  readonly semantic_session_id?: string | null;
  readonly pid?: number;
  readonly repo_path_hash?: string;
  readonly branch?: string | null;
  readonly started_at: string;
  readonly last_heartbeat: string;
  readonly current_wave?: number;
  readonly mode?: string | null;
}

/** An entry that was not refreshed for this long does not count. */
const freshMs = 15 * 60_000;

export function registryPath(sessionId: string): string {
  return `active/${sessionId}.json`;
}

/** Names a folder without telling it: the whole SHA-256 of its absolute path. */
export function repoPathHash(root: string): string {
  return digestOf(root);
}

/** The entry of a session that begins now. Key order as the reference writes it. */
export function newRegistryEntry(options: {
  readonly sessionId: string;
  readonly label: string;
  readonly pid: number;
  readonly root: string;
  readonly branch: string | undefined;
  readonly at: string;
  readonly mode: string;
}): object {
  const { sessionId, label, pid, root, branch, at, mode } = options;
  return {
    session_id: sessionId,
    semantic_session_id: label,
    pid,
    platform: null,
    repo_path_hash: repoPathHash(root),
    repo_name: root.split(/[\\/]/).findLast((part) => part !== '') ?? root,
    branch: branch ?? null,
    started_at: at,
    last_heartbeat: at,
    status: 'active',
    current_wave: 0,
    host_class: null,
    mode,
  };
}

/** Reads an entry; undefined where the text is none. */
export function parseRegistryEntry(text: string): (RegistryEntry & Record<string, unknown>) | undefined {
  const value = readObject(text);
  if (value === undefined) return undefined;
  const { session_id, started_at, last_heartbeat, mode } = value;
  const isEntry = [session_id, started_at, last_heartbeat].every((one) => typeof one === 'string');
  const isModeFine = mode === undefined || mode === null || typeof mode === 'string';
  return isEntry && isModeFine ? (value as unknown as RegistryEntry & Record<string, unknown>) : undefined;
}

export function isEntryFresh(entry: RegistryEntry, nowMs: number): boolean {
  const at = Date.parse(entry.last_heartbeat);
  return !Number.isNaN(at) && nowMs - at <= freshMs;
}
