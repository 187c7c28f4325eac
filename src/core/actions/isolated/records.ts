import { isoTimeOf } from '../../base/localTime.ts';
import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import {
  type IsolatedSession,
  type IsolatedStatus,
  liveStatuses,
  type MoveOptions,
  moveTo,
  readIsolatedSession,
  type WorkItem,
} from '../../model/isolated.ts';
import { nearestIds } from '../../model/sessionId.ts';
import type { LocalState } from '../../ports/localState.ts';
import type { Owner } from '../../ports/owner.ts';
import type { ActionContext } from '../context.ts';

/** Parts of a context that the records take. */
export type RecordContext = { readonly ports: Pick<ActionContext['ports'], 'localState' | 'clock'> };

/** The folder of a session's records, as a prefix of keys. */
export function folderKey(id: string): string {
  return `isolated/${id}`;
}

/** The lease of the one supervisor of a clone. */
export const supervisorLease = 'isolated/supervisor.lease';

/** The owner of that lease writes itself here once it has seen to what an earlier supervisor left. */
export const recoveredKey = 'isolated/recovered.json';

/** Where a session's records go after its merge. */
export function archiveKey(id: string): string {
  return `isolated/archive/${id}`;
}

export function stateKey(id: string): string {
  return `${folderKey(id)}/state.json`;
}

/** The record that keeps a work item from being dispatched twice: created exclusively, it names the session that has the item. */
export function dispatchKey(
  { localState }: Pick<RecordContext['ports'], 'localState'>,
  item: Pick<WorkItem, 'source' | 'id' | 'list'>,
): string {
  return `isolated/keys/${localState.keyPart([item.source, item.list ?? '', item.id].join(' '))}.json`;
}

/** What the record of a dispatched item says. */
export interface DispatchRecord {
  /** ID of the isolated session that has the item. */
  readonly session: string;
  /** Who dispatched it. */
  readonly owner: Owner;
}

/** Takes an unknown value for a dispatch record where it has one's shape. */
export function readDispatchRecord(value: unknown): DispatchRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { session, owner } = value as Partial<DispatchRecord>;
  const isRecord = typeof session === 'string' && isIsolatedId(session) && typeof owner?.pid === 'number';
  return isRecord ? { session, owner } : undefined;
}

/** IDs become folders and parts of branch names. */
export function isIsolatedId(id: string): boolean {
  return /^session-[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(id) && !id.includes('..');
}

/** All isolated sessions that are not in the archive, in the order of their dispatch. */
export async function readIsolatedSessions(localState: LocalState): Promise<readonly IsolatedSession[]> {
  const keys = (await localState.list('isolated/', { levels: 2 })).filter((key) =>
    /^isolated\/session-[^/]+\/state\.json$/.test(key),
  );
  const read = await Promise.all(keys.map(async (key) => readIsolatedSession(await localState.read(key))));
  return read.filter((one) => one !== undefined).sort((a, b) => compareTimes(a, b));
}

function compareTimes(a: IsolatedSession, b: IsolatedSession): number {
  return Date.parse(a.createdAt) - Date.parse(b.createdAt) || (a.id < b.id ? -1 : 1);
}

/**
 * Finds a session by its ID, by the beginning of one, or by the ID of its work item.
 *
 * @throws BatonError `unknown-isolated`, where several fit too
 */
export async function requireIsolated({ ports }: RecordContext, name: string): Promise<IsolatedSession> {
  const all = await readIsolatedSessions(ports.localState);
  const found =
    all.filter(({ id }) => id === name).at(0) ??
    only(all.filter(({ item }) => item.id === name)) ??
    only(all.filter(({ id }) => id.startsWith(name) && name !== ''));
  if (found !== undefined) return found;
  const names = all.flatMap(({ id, item }) => [id, item.id]);
  const several = all.filter(({ id, item }) => item.id === name || id.startsWith(name));
  if (several.length > 1) {
    throw new BatonError('unknown-isolated', phrase`${name} may be any of ${several.map(({ id }) => id).join(', ')}`, {
      hint: 'Name one by its whole ID.',
      data: { name, ids: several.map(({ id }) => id) },
    });
  }
  const nearest = nearestIds(name, names);
  throw new BatonError('unknown-isolated', phrase`There is no isolated session ${name}`, {
    hint:
      nearest.length > 0 ? phrase`Did you mean ${nearest.join(' or ')}?` : '`baton isolated list` lists what there is.',
    data: { name, nearest },
  });
}

function only<T>(values: readonly T[]): T | undefined {
  return values.length === 1 ? values[0] : undefined;
}

/**
 * Changes a session's record with no other process between; nothing is written where `change` gives undefined.
 *
 * @throws BatonError `unknown-isolated` where it is gone; what `change` throws
 */
export async function updateIsolated(
  { ports }: RecordContext,
  id: string,
  change: (session: IsolatedSession) => IsolatedSession | undefined,
): Promise<IsolatedSession> {
  const after = await ports.localState.update(stateKey(id), (value) => {
    const session = readIsolatedSession(value);
    if (session === undefined) {
      throw new BatonError('unknown-isolated', phrase`There is no isolated session ${id} any more`, {
        data: { name: id },
      });
    }
    return change(session);
  });
  // It was read as one a moment ago, under the same lease.
  return after as IsolatedSession;
}

/**
 * Moves a session to another state, with what else changes with it.
 *
 * @throws BatonError `wrong-state` where its state does not allow that
 */
export function moveIsolated(
  context: RecordContext,
  id: string,
  status: IsolatedStatus,
  options: Omit<MoveOptions, 'at'> & {
    /** What else changes; never the state or its history. */
    readonly change?: (session: IsolatedSession) => Omit<Partial<IsolatedSession>, 'status' | 'phase' | 'history'>;
    /** What is forgotten with it. */
    readonly drop?: readonly ('error' | 'request' | 'agentSession' | 'phase')[];
    /** Only from one of these states. */
    readonly from?: readonly IsolatedStatus[];
  } = {},
): Promise<IsolatedSession> {
  const { change, drop, from, ...move } = options;
  return updateIsolated(context, id, (session) => {
    const isFrom = from === undefined || from.includes(session.status);
    const moved = isFrom ? moveTo(session, status, { ...move, at: isoTimeOf(context.ports.clock.now()) }) : undefined;
    if (moved === undefined) throw wrongMove(session, status);
    const after = { ...moved, ...change?.(session) };
    if (drop === undefined) return after;
    const kept = Object.entries(after).filter(([name]) => !drop.some((one) => one === name));
    // Only what may be missing was taken from it.
    return Object.fromEntries(kept) as unknown as IsolatedSession;
  });
}

function wrongMove({ id, item, status }: IsolatedSession, to: IsolatedStatus): BatonError {
  const isAtWork = status === 'queued' || liveStatuses.includes(status);
  return new BatonError('wrong-state', phrase`${item.id} (${id}) is ${status}, and cannot become ${to}`, {
    hint: isAtWork
      ? phrase`Wait until it rests, or stop it first: \`baton isolated stop ${item.id}\`.`
      : phrase`\`baton isolated status ${item.id}\` tells how it came to that.`,
    data: { id, status, to },
  });
}
