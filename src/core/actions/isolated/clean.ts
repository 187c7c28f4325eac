import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import { type IsolatedSession, liveStatuses, readIsolatedSession } from '../../model/isolated.ts';
import type { MarkedProcess } from '../../ports/isolatedPorts.ts';
import type { StrayRef, TrashedWorktree, WorktreeInfo, WorktreeSheet } from '../../ports/worktrees.ts';
import { waveWorktrees } from '../waves/waveWorktrees.ts';
import { findOtherWorktrees } from './adopt.ts';
import type { IsolatedContext } from './context.ts';
import { claimItem, freeItem, freeLostClaims } from './itemClaims.ts';
import {
  archiveKey,
  dispatchKey,
  folderKey,
  isIsolatedId,
  readDispatchRecord,
  readIsolatedSessions,
  requireIsolated,
  stateKey,
} from './records.ts';

/** What is in a session's worktree, for who is about to remove it; undefined where the worktree is gone already. */
export async function inspectIsolated(
  context: IsolatedContext,
  session: IsolatedSession,
): Promise<WorktreeSheet | undefined> {
  try {
    return await context.isolated.worktrees.inspect(session.worktree, session.base.branch);
  } catch (error) {
    if (BatonError.is(error, 'unknown-item')) return undefined;
    throw error;
  }
}

/**
 * Puts a session away: its worktree into the trash, whole; its records into the archive; its work item is free again. `restoreIsolated` undoes it.
 *
 * @throws BatonError `unknown-isolated`, `wrong-state` while it is at work
 */
export async function removeIsolated(
  context: IsolatedContext,
  { id }: { readonly id: string },
): Promise<{ readonly session: IsolatedSession; readonly trashed?: TrashedWorktree }> {
  const session = await requireIsolated(context, id);
  if (session.status === 'queued' || liveStatuses.includes(session.status)) {
    throw new BatonError('wrong-state', phrase`${session.item.id} is ${session.status}`, {
      hint: 'Stop it first: `baton isolated stop`.',
      data: { id: session.id, status: session.status },
    });
  }
  const sheet = await inspectIsolated(context, session);
  const trashed =
    sheet === undefined ? undefined : await context.isolated.worktrees.trash(session.worktree, session.id);
  const { localState } = context.ports;
  await freeItem(context, session);
  await localState.moveFolder(folderKey(session.id), archiveKey(session.id));
  return { session, ...(trashed !== undefined && { trashed }) };
}

/**
 * Finds a worktree in the trash by the session's ID, the beginning of one, or the ID of its work item: then the last that was put away.
 *
 * @throws BatonError `unknown-item`
 */
async function requireTrashed(context: IsolatedContext, name: string): Promise<TrashedWorktree> {
  const trash = await context.isolated.worktrees.listTrash();
  const exact = trash.find(({ id }) => id === name) ?? trash.findLast(({ id }) => name !== '' && id.startsWith(name));
  if (exact !== undefined) return exact;
  for (const one of trash.toReversed()) {
    const session = readIsolatedSession(await context.ports.localState.read(`${archiveKey(one.id)}/state.json`));
    if (session?.item.id === name) return one;
  }
  throw new BatonError('unknown-item', phrase`There is no session ${name} in the trash`, {
    hint: '`baton isolated list --all` lists what was merged or put away.',
    data: { id: name },
  });
}

/**
 * What is in a worktree in the trash, for who is about to remove it for ever.
 *
 * @throws BatonError `unknown-item`
 */
export async function inspectTrashed(
  context: IsolatedContext,
  name: string,
): Promise<{ readonly trashed: TrashedWorktree; readonly sheet?: WorktreeSheet }> {
  const { worktrees } = context.isolated;
  const trashed = await requireTrashed(context, name);
  const sheet = await worktrees.inspect(trashed.path, await homeBranch(context)).catch(() => undefined);
  return { trashed, ...(sheet !== undefined && { sheet }) };
}

/**
 * Removes a worktree in the trash for ever, with its branch: only after a person was shown what is in it, and named it.
 *
 * @throws BatonError `unknown-item`, `io-failed` where something of it is still there
 */
export async function purgeTrashed(context: IsolatedContext, name: string): Promise<void> {
  const { id } = await requireTrashed(context, name);
  await context.isolated.worktrees.purge(id, { base: await homeBranch(context), unmergedToo: true });
}

async function homeBranch({ ports }: IsolatedContext): Promise<string> {
  return (await (await ports.git(''))?.head())?.branch ?? 'HEAD';
}

/**
 * Brings a session back that was put away, with its worktree as it was.
 *
 * @throws BatonError `unknown-item` where the trash does not have it, `already-exists` where something took its place, `already-dispatched`
 *   where its item was dispatched anew
 */
export async function restoreIsolated(
  context: IsolatedContext,
  { id }: { readonly id: string },
): Promise<{ readonly session: IsolatedSession; readonly trashed: TrashedWorktree }> {
  const { localState, owners } = context.ports;
  const { id: name } = await requireTrashed(context, id);
  const session = readIsolatedSession(await localState.read(`${archiveKey(name)}/state.json`));
  if (session === undefined) {
    throw new BatonError('unknown-item', phrase`The records of ${name} are gone`, {
      hint: 'It was no session any more when it was put away; `git worktree move` brings the folder back.',
      data: { id: name },
    });
  }
  const isMerged = session.status === 'merged';
  const key = dispatchKey(context.ports, session.item);
  // A merged item is done: only its worktree comes back.
  if (!isMerged && !(await localState.create(key, { session: name, owner: owners.self }))) {
    throw new BatonError('already-dispatched', phrase`${session.item.id} has been dispatched anew`, {
      hint: 'Remove the new session first, or keep this one in the trash.',
      data: { item: session.item.id },
    });
  }
  const trashed = await context.isolated.worktrees.restore(name).catch(async (error: unknown) => {
    if (!isMerged) await freeItem(context, session);
    throw error;
  });
  if (!isMerged) {
    await localState.moveFolder(archiveKey(name), folderKey(name));
    await claimItem(context, session.item, name);
  }
  return { session, trashed };
}

/** A worktree in the trash, and what it takes. */
export interface SizedTrash extends TrashedWorktree {
  /** Undefined where counting would take too long. */
  readonly bytes?: number;
}

/** What nobody needs any more, of every kind. */
export interface Leftovers {
  /** In the trash, merged or without work of their own, and old enough or too much. */
  readonly trash: readonly SizedTrash[];
  /** In the trash, with work that is nowhere else: never removed unless named. */
  readonly kept: readonly SizedTrash[];
  /** Worktrees of Baton's that no session has any more, nor a wave run that may go on. */
  readonly orphans: readonly WorktreeInfo[];
  /** Records that hold work items for sessions that are not there. */
  readonly keys: readonly string[];
  /** Branches of Baton's without worktree and record, and what kept a worktree that is not in the trash: removed where `merged`. */
  readonly refs: readonly StrayRef[];
  /** Processes of sessions that are not at work. */
  readonly processes: readonly MarkedProcess[];
  /** Worktrees that Baton did not make: shown, never touched. */
  readonly foreign: readonly WorktreeInfo[];
}

export interface CleanOptions {
  /** Trash that is younger stays. */
  readonly olderThanDays?: number;
  /** The oldest go, however young, until the trash takes no more than that. */
  readonly mostBytes?: number;
}

const defaultDays = 14;
const dayMs = 24 * 60 * 60_000;

/** Looks for leftovers; changes nothing. */
export async function findLeftovers(context: IsolatedContext, options: CleanOptions = {}): Promise<Leftovers> {
  const { localState, clock } = context.ports;
  const { worktrees } = context.isolated;
  const sessions = await readIsolatedSessions(localState);
  const base = await homeBranch(context);
  const before = clock.now().epochMs - (options.olderThanDays ?? defaultDays) * dayMs;
  const all: SizedTrash[] = [];
  for (const one of await worktrees.listTrash()) {
    const bytes = await worktrees.measure(one.path);
    all.push({ ...one, ...(bytes !== undefined && { bytes }) });
  }
  const trash: SizedTrash[] = [];
  const kept: SizedTrash[] = [];
  let leftBytes = all.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  // The oldest come first.
  for (const one of all) {
    const sheet = await worktrees.inspect(one.path, base).catch(() => undefined);
    const holdsWork = sheet === undefined || !sheet.merged || sheet.modified.length + sheet.untracked.length > 0;
    if (holdsWork) kept.push(one);
    else if (one.atMs <= before || leftBytes > (options.mostBytes ?? Number.POSITIVE_INFINITY)) {
      trash.push(one);
      leftBytes -= one.bytes ?? 0;
    }
  }
  const foreign = await findOtherWorktrees(context);
  const known = new Set([
    ...sessions.map(({ worktree }) => worktree),
    ...foreign.map(({ path }) => path),
    ...(await waveWorktrees(context)),
  ]);
  const branches = new Set(sessions.map(({ branch }) => `refs/heads/${branch}`));
  const orphans = (await worktrees.list()).filter(
    ({ path, isMain, isGone }) =>
      !isMain && !isGone && !known.has(path) && !path.startsWith(`${worktrees.folder}/.trash/`),
  );
  return {
    trash,
    kept,
    orphans,
    keys: await findStaleKeys(context),
    refs: (await worktrees.strayRefs(base)).filter(({ ref }) => !branches.has(ref)),
    processes: await findLostProcesses(context),
    foreign,
  };
}

/** Those of sessions whose record says that they rest, or which have none. */
async function findLostProcesses({ ports, isolated }: IsolatedContext): Promise<readonly MarkedProcess[]> {
  const lost: MarkedProcess[] = [];
  for (const one of await isolated.processes.list()) {
    const id = sessionOfMark(one.mark);
    if (id === undefined) continue;
    const session = readIsolatedSession(await ports.localState.read(stateKey(id)));
    const isAtWork = session !== undefined && (session.status === 'queued' || liveStatuses.includes(session.status));
    if (!isAtWork) lost.push(one);
  }
  return lost;
}

/** A session's mark is its ID with a digest; those of wave runs are others. */
function sessionOfMark(mark: string): string | undefined {
  const [own = ''] = mark.split('/');
  const id = own.slice(0, Math.max(0, own.lastIndexOf('.')));
  return isIsolatedId(id) ? id : undefined;
}

async function findStaleKeys({ ports }: IsolatedContext): Promise<readonly string[]> {
  const { localState, owners } = ports;
  const stale: string[] = [];
  for (const key of await localState.list('isolated/keys/')) {
    const record = readDispatchRecord(await localState.read(key));
    if (record !== undefined) {
      if ((await localState.read(stateKey(record.session))) !== undefined) continue;
      if ((await owners.stateOf(record.owner)) !== 'dead') continue;
    }
    stale.push(key);
  }
  return stale;
}

/**
 * Removes leftovers that were shown: orphans go into the trash, old trash goes for ever, records and refs that hold nothing are dropped, and
 * processes are ended.
 */
export async function removeLeftovers(context: IsolatedContext, leftovers: Leftovers): Promise<readonly string[]> {
  const { worktrees } = context.isolated;
  const base = await homeBranch(context);
  const problems: string[] = [];
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  };
  for (const { path } of leftovers.orphans) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    await attempt(() => worktrees.trash(path, `orphan-${name}`));
  }
  for (const { id } of leftovers.trash) await attempt(() => worktrees.purge(id, { base }));
  for (const ref of leftovers.refs) if (ref.merged) await attempt(() => worktrees.removeStrayRef(ref, base));
  // What was sent to work meanwhile is no leftover any more.
  const lost = new Set((await findLostProcesses(context)).map(({ pid }) => pid));
  const marks = new Set(leftovers.processes.filter(({ pid }) => lost.has(pid)).map(({ mark }) => mark));
  for (const mark of marks) await attempt(() => context.isolated.processes.end(mark));
  for (const key of leftovers.keys) await attempt(() => context.ports.localState.remove(key));
  await attempt(() => freeLostClaims(context));
  return problems;
}
