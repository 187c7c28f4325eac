import { phrase } from '../../base/phrase.ts';
import { runEffects } from '../../effects/runner.ts';
import { BatonError } from '../../errors.ts';
import { buildRecordMessage } from '../../formats/commitMessage.ts';
import type { IsolatedSession, WorkItem } from '../../model/isolated.ts';
import { writeStatus } from '../../model/sessionStatus.ts';
import type { Commit, Git } from '../../ports/git.ts';
import { findSession } from '../../store/lookup.ts';
import { readWorkspace } from '../beginVerb.ts';
import { cellTime, progressEffects } from '../progressChanges.ts';
import { statePaths } from '../stateCommit.ts';
import { findTargets } from '../statePlaces.ts';
import { readTaskListNamed } from '../tasks/readLists.ts';
import { setTask } from '../tasks/setTask.ts';
import type { IsolatedContext } from './context.ts';
import { approveIsolated } from './decide.ts';
import { freeItem } from './itemClaims.ts';
import { findReadyWork } from './readyWork.ts';
import { archiveKey, folderKey, moveIsolated, readIsolatedSessions, requireIsolated } from './records.ts';
import { readReviewedTree } from './reviewedTree.ts';

export interface MergeOptions {
  /** ID of the session, or of its work item. */
  readonly id: string;
  /** Merge without a valid approval; why is recorded. */
  readonly override?: string;
  /** Keep the worktree; one that was adopted always stays. */
  readonly keepWorktree?: boolean;
}

export interface MergeResult {
  readonly session: string;
  readonly item: string;
  /** Full hash of the merge commit; with `wasIn` of the commit that had everything of its branch before. */
  readonly commit: string;
  /** Its branch brought nothing new: no merge was made, and only its work item was closed. */
  readonly wasIn: boolean;
  /** Items that can be worked on now and could not before. */
  readonly unblocked: readonly WorkItem[];
  readonly warnings: readonly string[];
}

/**
 * Merges a session's approved work into the branch that it started from, closes its work item, and moves its worktree into the trash. What
 * the worktree holds uncommitted is committed on its branch first. A conflict leaves everything as it was and is written into the
 * session's record.
 *
 * @throws BatonError `unknown-isolated`, `wrong-state`, `review-missing` where there is no verdict or it is about an older tree,
 *   `merge-conflict` (data.files), `merge-in-progress`, `hook-failed`, what git refuses
 */
export async function mergeIsolated(context: IsolatedContext, options: MergeOptions): Promise<MergeResult> {
  const found = await requireIsolated(context, options.id);
  const home = await requireHome(context, found);
  const session = await requireApproved(context, found, options.override);
  const before = new Set((await findReadyWork(context)).items.map(itemName));
  await commitRest(context, session);
  const merged = await home.merge({ branch: session.branch, message: mergeMessage(session, options.override) });
  if ('conflicts' in merged) throw await recordConflict(context, session, merged.conflicts);
  const { commit, wasIn = false } = merged;
  const warnings = await closeItem(context, session, wasIn ? undefined : commit);
  await moveIsolated(context, session.id, 'merged', {
    ...(wasIn && { why: `${session.base.branch} had everything of its branch already` }),
    change: () => (wasIn ? {} : { mergeCommit: commit.hash }),
  });
  warnings.push(...(await putAway(context, session, options.keepWorktree === true || session.adopted === true)));
  const after = (await findReadyWork(context)).items;
  return {
    session: session.id,
    item: session.item.id,
    commit: commit.hash,
    wasIn,
    unblocked: after.filter((item) => !before.has(itemName(item))),
    warnings,
  };
}

/** What was merged before another stopped it: the work item, and the IDs of those that became ready. */
export interface MergedBefore {
  readonly session: string;
  readonly item: string;
  readonly commit: string;
  readonly unblocked: readonly string[];
}

/**
 * Merges everything that is approved, one after another in the order of dispatch, which is that of dependencies: what waited for another
 * was dispatched after it. The first that fails ends it.
 *
 * @throws BatonError what `mergeIsolated` throws, with `data.merged` (`MergedBefore[]`), which its hint names too
 */
export async function mergeApproved(
  context: IsolatedContext,
  options: Omit<MergeOptions, 'id'> = {},
): Promise<readonly MergeResult[]> {
  const merged: MergeResult[] = [];
  const sessions = await readIsolatedSessions(context.ports.localState);
  for (const { id, status } of sessions) {
    if (status !== 'approved') continue;
    try {
      merged.push(await mergeIsolated(context, { ...options, id }));
    } catch (error) {
      throw merged.length > 0 && BatonError.is(error) ? withMerged(error, merged) : error;
    }
  }
  return merged;
}

/** What `mergeApproved` had merged when it failed. */
export function mergedBefore(error: BatonError): readonly MergedBefore[] {
  const merged = error.data?.['merged'];
  return Array.isArray(merged) ? merged : [];
}

function withMerged(error: BatonError, merged: readonly MergeResult[]): BatonError {
  const before = phrase`Merged before that: ${merged.map(({ item, commit }) => `${item} (${commit.slice(0, 7)})`).join(', ')}.`;
  const list: readonly MergedBefore[] = merged.map(({ session, item, commit, unblocked }) => ({
    session,
    item,
    commit,
    unblocked: unblocked.map(({ id }) => id),
  }));
  return new BatonError(error.code, error.message, {
    hint: error.hint === undefined ? before : phrase`${before} ${error.hint}`,
    data: { ...error.data, merged: list },
    cause: error.cause,
  });
}

function itemName({ source, list, id }: WorkItem): string {
  return [source, list ?? '', id].join(' ');
}

/** The person's own working tree, with the branch checked out that the work is for. */
async function requireHome({ ports }: IsolatedContext, { base }: IsolatedSession): Promise<Git> {
  const git = await ports.git('');
  if (git === undefined) throw new BatonError('not-a-repository', 'This is no git repository any more');
  const { branch } = await git.head();
  if (branch === base.branch) return git;
  throw new BatonError(
    'wrong-state',
    phrase`The work is for ${base.branch}, and ${branch ?? phrase`no branch`} is checked out`,
    {
      hint: phrase`Check out ${base.branch}, then merge again.`,
      data: { base: base.branch, branch: branch ?? null },
    },
  );
}

/** The session with an approval of its work as it is now; an override is one, by the person, and is recorded as such. */
async function requireApproved(
  context: IsolatedContext,
  session: IsolatedSession,
  override: string | undefined,
): Promise<IsolatedSession> {
  const { status, review, item, id } = session;
  if (!['approved', 'conflict', 'rejected', 'failed', 'stopped'].includes(status)) {
    throw new BatonError('wrong-state', phrase`${item.id} is ${status} and cannot be merged`, {
      hint:
        status === 'waiting'
          ? 'Answer its question (`baton inbox`), or stop it first.'
          : 'Wait for its verdict, or stop it first.',
      data: { id, status },
    });
  }
  if (override !== undefined) {
    if (override.trim() !== '') return await approveIsolated(context, { id, reason: override });
    throw new BatonError('invalid-argument', 'Merging without an approval needs a reason', { hint: 'Say why.' });
  }
  if (review?.decision !== 'approved') {
    throw new BatonError('review-missing', phrase`The work on ${item.id} is not approved`, {
      hint: 'Look at it and approve it yourself (`baton isolated approve`), or send it back (`baton isolated retry`).',
      data: { id, status },
    });
  }
  if ((await readReviewedTree(context, session)) === review.tree) return session;
  throw new BatonError('review-missing', phrase`The approval of ${item.id} is about an older state of its work`, {
    hint: 'Something changed after the review. Look at it and approve it yourself, or send it back for another review.',
    data: { id, reviewedTree: review.tree },
  });
}

/** What the worker left uncommitted belongs to its work. */
async function commitRest({ isolated }: IsolatedContext, session: IsolatedSession): Promise<void> {
  const git = await (await isolated.portsOf(session.worktree)).git('');
  if (git === undefined) return;
  const changes = await git.changes();
  if (changes.length === 0) return;
  const paths = changes.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from]));
  await git.commit({
    paths,
    message: `chore: commit what is left of ${session.item.id} before the merge\n\nIsolated: ${session.id}`,
  });
}

/** `Merge <item>: <title>`, what was done, who reviewed it, and the session in lines that are found again. */
function mergeMessage({ id, item, review }: IsolatedSession, override: string | undefined): string {
  const reviewed =
    override !== undefined
      ? `Merged without an approval: ${override.trim()}`
      : `Reviewed by: ${review?.reviewedBy ?? ''}${review?.byPerson === undefined ? '' : ` (${review.byPerson.reason})`}`;
  const summary = review?.summary.trim();
  const title = item.title === item.id ? '' : `: ${item.title.replace(/\s+/g, ' ')}`;
  return [`Merge ${item.id}${title}`, ...(summary ? [summary] : []), `${reviewed}\nIsolated: ${id}`].join('\n\n');
}

async function recordConflict(
  context: IsolatedContext,
  session: IsolatedSession,
  files: readonly string[],
): Promise<BatonError> {
  const { id, item, base, branch } = session;
  await moveIsolated(context, id, 'conflict', {
    why: `conflicts in ${files.join(', ')}`,
    change: () => ({ conflicts: files }),
  });
  return new BatonError(
    'merge-conflict',
    phrase`${item.id} does not merge into ${base.branch}: conflicts in ${files.join(', ')}`,
    {
      hint: phrase`Nothing was changed. \`baton isolated retry ${item.id}\` has the session resolve them; or merge ${branch} by hand.`,
      data: { id, files },
    },
  );
}

/** Closes the work item where it comes from. What fails here undoes no merge: it is told. */
async function closeItem(
  context: IsolatedContext,
  session: IsolatedSession,
  commit: Commit | undefined,
): Promise<string[]> {
  const { item } = session;
  try {
    if (item.source === 'beads') {
      const reason =
        commit === undefined ? 'Approved; nothing was to be merged' : `Merged in ${commit.hash.slice(0, 7)}`;
      await context.isolated.beads.close(item.id, reason);
    } else if (item.source === 'task') return await recordTask(context, item);
    else await recordSession(context, session, commit);
    return [];
  } catch (error) {
    return [
      phrase`${item.id} is merged, but was not closed: ${error instanceof Error ? error.message : String(error)}`,
    ];
  }
}

/** Completes the task, and commits its list where nothing else in it waits to be committed: the person's tree stays clean. */
async function recordTask(context: IsolatedContext, item: WorkItem): Promise<string[]> {
  const { entry } = await readTaskListNamed(context, item.list ?? '');
  const { id: list, path } = entry.list;
  const git = await context.ports.git('');
  const isChanged = async (): Promise<boolean> => {
    const changes = (await git?.changes()) ?? [];
    return changes.some((one) => one.path === `${git?.prefix ?? ''}${path}`);
  };
  const hadChanges = await isChanged();
  await setTask(context, { list, task: item.id, status: 'COMPLETE', force: true });
  // A list that git ignores does not change for it.
  if (git === undefined || hadChanges || !(await isChanged())) return [];
  try {
    await git.commit({ paths: [git.prefix + path], message: `chore(tasks): record ${list}/${item.id}` });
    return [];
  } catch (error) {
    return [phrase`${path} is not committed: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** Writes the session's row as `complete` would, and commits it. */
async function recordSession(
  context: IsolatedContext,
  { item, startedAt }: IsolatedSession,
  commit: Commit | undefined,
): Promise<void> {
  const workspace = await readWorkspace(context);
  const entry = findSession(workspace, item.id, item.project === undefined ? {} : { project: item.project });
  const { progressPath } = entry;
  if (progressPath === undefined) return;
  const now = context.ports.clock.now();
  const home = await context.ports.git('');
  const place = {
    ...(home !== undefined && { home }),
    targets: home === undefined ? new Map() : await findTargets(context.ports.files, workspace, home),
  };
  const tracked = { id: item.id, entry, progressPath };
  const cells = {
    status: writeStatus('done'),
    ...(startedAt !== undefined && { started: { whereBlank: startedAt.slice(0, 16).replace('T', ' ') } }),
    completed: cellTime(now),
    ...(commit !== undefined && { commit: commit.hash.slice(0, 7) }),
  } as const;
  await runEffects(context, 'merge', item.id, [
    ...progressEffects(workspace, tracked, { now, cells }),
    {
      kind: 'commit',
      name: 'record',
      folder: '',
      paths: await statePaths(workspace, tracked, place),
      message: buildRecordMessage({ session: item.id }),
      optional: true,
    },
  ]);
  await context.store.refresh();
}

/** The worktree goes into the trash, from where it comes back whole; the records into the archive. */
async function putAway(context: IsolatedContext, session: IsolatedSession, keepWorktree: boolean): Promise<string[]> {
  const { localState } = context.ports;
  const warnings: string[] = [];
  if (!keepWorktree) {
    await context.isolated.worktrees.trash(session.worktree, session.id).catch((error: unknown) => {
      warnings.push(phrase`The worktree stays where it is: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
  await freeItem(context, session);
  await localState.moveFolder(folderKey(session.id), archiveKey(session.id));
  return warnings;
}
