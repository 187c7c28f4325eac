import { type IsolatedSession, readIsolatedSession } from '../../model/isolated.ts';
import type { SessionEntry } from '../../model/workspace.ts';
import type { LocalState } from '../../ports/localState.ts';
import { dispatchKey, readDispatchRecord, stateKey } from './records.ts';

/**
 * The isolated session that has a session of a plan, merged ones left out; undefined where none has, and for who works in the very worktree of
 * the one that has.
 */
export async function findDispatched(
  { localState }: { readonly localState: LocalState },
  { id, project }: Pick<SessionEntry, 'id' | 'project'>,
): Promise<IsolatedSession | undefined> {
  const record = readDispatchRecord(await localState.read(dispatchKey({ localState }, { source: 'session', id })));
  if (record === undefined) return undefined;
  const session = readIsolatedSession(await localState.read(stateKey(record.session)));
  if (session === undefined || session.status === 'merged') return undefined;
  if (session.item.project !== undefined && session.item.project !== project) return undefined;
  return isIn(localState, session) ? undefined : session;
}

/** Git names a linked worktree by the last part of its path, and so does the key of its records. */
function isIn({ worktreeKey, keyPart }: LocalState, { worktree }: IsolatedSession): boolean {
  const key = `worktree-${keyPart(worktree.slice(worktree.lastIndexOf('/') + 1))}`;
  return worktreeKey === key || worktreeKey.startsWith(`${key}.`);
}
