import { BatonError } from '../../errors.ts';
import { type AgentActivity, readActivity } from '../../model/activity.ts';
import type { InboxItem } from '../../model/inbox.ts';
import { type IsolatedSession, liveStatuses, readIsolatedSession } from '../../model/isolated.ts';
import type { LocalState } from '../../ports/localState.ts';
import type { Owner, Owners } from '../../ports/owner.ts';
import type { ActionContext } from '../context.ts';
import { readItems } from '../inbox/records.ts';
import { archiveKey, folderKey, readIsolatedSessions, requireIsolated, supervisorLease } from './records.ts';

/** A session with what happens in it now. */
export interface IsolatedEntry {
  readonly session: IsolatedSession;
  readonly activity?: AgentActivity;
  /** Its questions that have no answer. */
  readonly questions: readonly InboxItem[];
  /** It was at work when its supervisor ended: its record says so, or still says that it runs while nobody looks after it. */
  readonly interrupted: boolean;
  /** It was merged or put away; its records are in the archive. */
  readonly archived: boolean;
}

/** All isolated sessions, in the order of their dispatch; with `archived` those that are merged or put away too. Changes nothing. */
export async function listIsolated(
  context: Pick<ActionContext, 'ports'>,
  options: { readonly archived?: boolean } = {},
): Promise<readonly IsolatedEntry[]> {
  const { localState } = context.ports;
  const items = await readItems(localState);
  const sessions = await readIsolatedSessions(localState);
  const entries = await Promise.all(sessions.map((session) => toEntry(context, session, items)));
  return options.archived === true ? [...(await readArchive(context)), ...entries] : entries;
}

/**
 * One session with what happens in it now; where none of that name is at work, the last one that was merged or put away.
 *
 * @throws BatonError `unknown-isolated`
 */
export async function showIsolated(context: Pick<ActionContext, 'ports'>, id: string): Promise<IsolatedEntry> {
  const session = await requireIsolated(context, id).catch((error: unknown) => {
    if (!BatonError.is(error, 'unknown-isolated')) throw error;
    return error;
  });
  if (!(session instanceof BatonError)) {
    return await toEntry(context, session, await readItems(context.ports.localState));
  }
  const archive = await readArchive(context);
  const found = archive.findLast((entry) => entry.session.id === id || entry.session.item.id === id);
  if (found === undefined) throw session;
  return found;
}

async function toEntry(
  { ports }: Pick<ActionContext, 'ports'>,
  session: IsolatedSession,
  items: readonly InboxItem[],
): Promise<IsolatedEntry> {
  const activity = readActivity(await ports.localState.read(`${folderKey(session.id)}/activity.json`));
  const questions = items.filter(({ isolated, answer }) => isolated === session.id && answer === undefined);
  return {
    session,
    ...(activity !== undefined && { activity }),
    questions,
    interrupted: await isInterrupted(ports, session),
    archived: false,
  };
}

async function isInterrupted(
  { owners, localState }: ActionContext['ports'],
  session: IsolatedSession,
): Promise<boolean> {
  if (session.status === 'failed') return session.error?.code === 'interrupted';
  // A question rests without a process.
  if (!liveStatuses.includes(session.status) || session.status === 'waiting') return false;
  // An agent whose supervisor was killed may live on, but nobody takes what it says.
  return !(await isSupervised(localState, owners));
}

async function isSupervised(localState: LocalState, owners: Owners): Promise<boolean> {
  const lease = await localState.read(supervisorLease);
  if (typeof lease !== 'object' || lease === null || !('owner' in lease)) return false;
  return (await owners.stateOf(lease.owner as Owner)) === 'alive';
}

async function readArchive({ ports }: Pick<ActionContext, 'ports'>): Promise<readonly IsolatedEntry[]> {
  const keys = await ports.localState.list('isolated/archive/');
  const states = keys.filter((key) => /^isolated\/archive\/[^/]+\/state\.json$/.test(key));
  const read = await Promise.all(states.map(async (key) => readIsolatedSession(await ports.localState.read(key))));
  return read
    .filter((one) => one !== undefined)
    .sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt))
    .map((session) => ({ session, questions: [], interrupted: false, archived: true }));
}

/** Where a session's records and log are. */
export function recordsOf(session: IsolatedSession, archived = session.status === 'merged'): string {
  return archived ? archiveKey(session.id) : folderKey(session.id);
}
