import { parseState } from '../../formats/state.ts';
import {
  currentSessionPath,
  isLockLive,
  parseCurrentSession,
  parseSessionLock,
  sessionLockPath,
} from '../../formats/waves/sessionLock.ts';
import { isEntryFresh, parseRegistryEntry, repoPathHash } from '../../formats/waves/sessionRegistry.ts';
import { stateFolders } from '../../model/waveState.ts';
import type { Peer, SessionLock } from '../../model/waves/sessionLock.ts';
import type { OrchestratorFiles, SiblingTree } from '../../ports/orchestratorFiles.ts';
import type { ActionContext } from '../context.ts';

/** Whose peers are looked for. A label alone counts only where the tree's lock and `current-session.json` agree on its session. */
export interface OwnSession {
  readonly sessionId?: string;
  readonly label?: string;
}

/** Looking for peers ends after this; what was found by then counts. */
const limitMs = 2_000;

/** A STATE.md says nothing about a session that began longer ago. */
const maximumStateHours = 4;

/**
 * Other sessions of the clone: live locks of all its working trees, fresh entries of the user's registry, and active state files
 * (`STATE-<slug>.md` too) of this tree. Never throws: what cannot be read hides nobody and stops nobody.
 */
export async function findPeers(context: Pick<ActionContext, 'ports'>, own: OwnSession = {}): Promise<readonly Peer[]> {
  const files = await context.ports.orchestrator().catch(() => undefined);
  if (files === undefined) return [];
  const nowMs = context.ports.clock.now().epochMs;
  const found: Peer[] = [];
  const search = async (): Promise<void> => {
    const ownLock = await readLock(files);
    const ownId = own.sessionId ?? (await sessionOfLabel(files, ownLock, own.label));
    const add = (peers: readonly Peer[]): void => {
      for (const peer of peers) {
        if (peer.sessionId === ownId || found.some((one) => one.sessionId === peer.sessionId)) continue;
        found.push(peer);
      }
    };
    add(await peersOfLocks(files, nowMs));
    add(await peersOfRegistry(files, nowMs, ownLock));
    const states = await peersOfStates(files, nowMs);
    const isKnown = ({ sessionId }: Peer): boolean =>
      sessionId === own.label || sessionId === own.sessionId || found.some((one) => one.label === sessionId);
    add(states.filter((peer) => !isKnown(peer)));
  };
  await files.within(limitMs, search());
  return found;
}

/** The lock of a tree, live or not. */
export async function readLock(files: OrchestratorFiles): Promise<SessionLock | undefined> {
  const text = await files.readText(sessionLockPath).catch(() => undefined);
  return text === undefined ? undefined : parseSessionLock(text);
}

async function sessionOfLabel(
  files: OrchestratorFiles,
  lock: SessionLock | undefined,
  label: string | undefined,
): Promise<string | undefined> {
  if (label === undefined || lock === undefined) return undefined;
  const current = parseCurrentSession((await files.readText(currentSessionPath)) ?? '');
  const isSame = current?.semantic_session_id === label && current.session_id === lock.session_id;
  return isSame ? lock.session_id : undefined;
}

async function peersOfLocks(files: OrchestratorFiles, nowMs: number): Promise<readonly Peer[]> {
  const trees = await files.siblings().catch((): readonly SiblingTree[] => [{ root: files.root }]);
  const peers = trees.map(async ({ root }): Promise<readonly Peer[]> => {
    const lock = await readLock(root === files.root ? files : files.at(root));
    if (lock === undefined || !isLockLive(lock, nowMs)) return [];
    return [peerOfLock(lock, root, { isHere: root === files.root, nowMs })];
  });
  return (await Promise.all(peers)).flat();
}

/** A lock's session as a peer. */
export function peerOfLock(lock: SessionLock, root: string, options: { isHere: boolean; nowMs: number }): Peer {
  return {
    source: 'discovered',
    sessionId: lock.session_id,
    ...(lock.semantic_session_id !== undefined && { label: lock.semantic_session_id }),
    mode: lock.mode,
    pid: lock.pid,
    host: lock.host,
    worktreePath: root,
    isHere: options.isHere,
    ...ageOf(lock.started_at, options.nowMs),
    lastHeartbeat: lock.last_heartbeat,
  };
}

async function peersOfRegistry(
  files: OrchestratorFiles,
  nowMs: number,
  ownLock: SessionLock | undefined,
): Promise<readonly Peer[]> {
  const registry = files.registry();
  const hash = repoPathHash(files.root);
  const lockOwner = ownLock !== undefined && isLockLive(ownLock, nowMs) ? ownLock.session_id : undefined;
  const names = (await registry.list('active').catch(() => [])).filter((name) => name.endsWith('.json'));
  const peers = names.map(async (name): Promise<readonly Peer[]> => {
    const entry = parseRegistryEntry((await registry.readText(`active/${name}`).catch(() => undefined)) ?? '');
    if (entry === undefined || entry.repo_path_hash !== hash || !isEntryFresh(entry, nowMs)) return [];
    return [
      {
        source: 'discovered',
        sessionId: entry.session_id,
        ...(typeof entry.semantic_session_id === 'string' && { label: entry.semantic_session_id }),
        mode: entry.mode ?? 'session',
        ...(typeof entry.pid === 'number' && { pid: entry.pid }),
        host: files.host,
        worktreePath: files.root,
        isHere: true,
        ...ageOf(entry.started_at, nowMs),
        ...(typeof entry.current_wave === 'number' && { currentWave: entry.current_wave }),
        lastHeartbeat: entry.last_heartbeat,
        ...(lockOwner !== undefined && lockOwner !== entry.session_id && { isSuperseded: true }),
      },
    ];
  });
  return (await Promise.all(peers)).flat();
}

async function peersOfStates(files: OrchestratorFiles, nowMs: number): Promise<readonly Peer[]> {
  const inFolder = async (folder: string): Promise<readonly string[]> => {
    const names = await files.list(folder).catch(() => []);
    return names.filter((name) => /^STATE(?:-.+)?\.md$/.test(name)).map((name) => `${folder}/${name}`);
  };
  const paths = (await Promise.all(stateFolders.map(inFolder))).flat();
  const [tree] = await files.siblings().catch((): readonly SiblingTree[] => []);
  const peers = paths.map(async (path): Promise<readonly Peer[]> => {
    const text = await files.readText(path).catch(() => undefined);
    return text === undefined ? [] : peerOfState(text, { path, root: files.root, branch: tree?.branch, nowMs });
  });
  return (await Promise.all(peers)).flat();
}

interface StatePlace {
  readonly path: string;
  readonly root: string;
  /** That is checked out there. */
  readonly branch: string | undefined;
  readonly nowMs: number;
}

function peerOfState(text: string, { path, root, branch, nowMs }: StatePlace): readonly Peer[] {
  const { value: state } = parseState(text, path);
  // Left over from work on another branch (formats.md §1.2).
  if (state.branch !== undefined && branch !== undefined && state.branch !== branch) return [];
  const session = state.fields.findLast((field) => field.key === 'session')?.value;
  if (state.status !== 'active' || session === undefined || session === '') return [];
  const age = ageOf(state.startedAt ?? '', nowMs);
  const isAbandoned = age.ageHours === undefined || age.ageHours > maximumStateHours;
  return [
    {
      source: 'state-md',
      sessionId: session,
      mode: state.sessionType,
      worktreePath: root,
      isHere: true,
      ...age,
      currentWave: state.currentWave ?? 0,
      file: path,
      ...(isAbandoned && { isAbandoned }),
      reason: isAbandoned ? 'ABANDONED' : 'ACTIVE',
    },
  ];
}

/** Real files also have `+0200` for an offset, which not every engine takes for a date. */
function ageOf(startedAt: string, nowMs: number): { readonly ageHours?: number } {
  const ms = Date.parse(startedAt.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(ms) ? {} : { ageHours: (nowMs - ms) / 3_600_000 };
}
