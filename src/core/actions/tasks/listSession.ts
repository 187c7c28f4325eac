import { isoTimeOf } from '../../base/localTime.ts';
import type { ListSession, TaskList } from '../../model/taskList.ts';
import type { LocalState } from '../../ports/localState.ts';
import type { Owner } from '../../ports/owner.ts';
import type { Ports } from '../../ports/ports.ts';

/** What this worktree remembers of the session that it works in on a list. */
export interface ListSessionRecord {
  readonly list: string;
  readonly number: number;
  /** As the log has it; tells the session from another branch's with the same number. */
  readonly started: string;
  /** The process that opened or rejoined it last. */
  readonly owner: Owner;
  /** ISO 8601 with zone. */
  readonly at: string;
  /** HEAD when the session was opened; undefined outside git and before the first commit. */
  readonly startRef?: string;
}

/** Key of what this worktree remembers of a list. */
export function listSessionKey(localState: LocalState, list: string): string {
  return `lists/${localState.worktreeKey}/${localState.keyPart(list)}`;
}

/** Reads what this worktree remembers; undefined where there is nothing, or nothing that says anything. */
export async function readListSession(
  { localState }: Pick<Ports, 'localState'>,
  list: string,
): Promise<ListSessionRecord | undefined> {
  const value = await localState.read(listSessionKey(localState, list));
  if (typeof value !== 'object' || value === null) return undefined;
  const record = value as Partial<ListSessionRecord>;
  const isRecord =
    record.list === list &&
    typeof record.number === 'number' &&
    typeof record.started === 'string' &&
    typeof record.owner === 'object';
  return isRecord ? (record as ListSessionRecord) : undefined;
}

/** Remembers that this worktree works in a session of a list. */
export async function writeListSession(
  { localState, owners, clock }: Pick<Ports, 'localState' | 'owners' | 'clock'>,
  session: Pick<ListSessionRecord, 'list' | 'number' | 'started' | 'startRef'>,
): Promise<void> {
  const record: ListSessionRecord = { ...session, owner: owners.self, at: isoTimeOf(clock.now()) };
  await localState.write(listSessionKey(localState, session.list), record);
}

/** Forgets it, when the session has ended. */
export async function forgetListSession({ localState }: Pick<Ports, 'localState'>, list: string): Promise<void> {
  await localState.remove(listSessionKey(localState, list));
}

/** This worktree's session among those of the list, where it is still open. */
export function openSessionHere(list: TaskList, record: ListSessionRecord | undefined): ListSession | undefined {
  if (record === undefined) return undefined;
  return list.sessions.findLast(
    ({ number, started, ended }) => ended === undefined && number === record.number && started === record.started,
  );
}

/** The session to which a change is put down: this worktree's, else the one that was opened last; `isOpen` where it has not ended. */
export function currentSession(
  list: TaskList,
  record: ListSessionRecord | undefined,
): { readonly number: number; readonly isOpen: boolean } {
  const open = openSessionHere(list, record) ?? list.sessions.findLast(({ ended }) => ended === undefined);
  return open === undefined ? { number: list.session, isOpen: false } : { number: open.number, isOpen: true };
}
