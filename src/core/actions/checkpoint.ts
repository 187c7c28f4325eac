import { phrase } from '../base/phrase.ts';
import { revisionOf } from '../base/revision.ts';
import { notARepository } from '../effects/applyEffect.ts';
import type { Effect, StateEdit } from '../effects/effect.ts';
import { runEffects } from '../effects/runner.ts';
import { BatonError } from '../errors.ts';
import { buildCheckpointMessage, buildRecordMessage } from '../formats/commitMessage.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Commit } from '../ports/git.ts';
import { type OpenSession, requireActive } from './activeSession.ts';
import { beginVerb } from './beginVerb.ts';
import { nextCheckpoint, sessionCommits } from './checkpointNumbers.ts';
import type { ActionContext } from './context.ts';
import { progressEffects, timedNote } from './progressChanges.ts';
import { retryOnConflict } from './retryOnConflict.ts';
import { handoffEdit } from './sessionHandoff.ts';
import { activeRecordKey, readDirtyRecord } from './sessionRecord.ts';
import { statePaths, unsavedWarnings } from './stateCommit.ts';
import {
  assertCommittable,
  assertResolved,
  listChanges,
  locateWork,
  type SessionChange,
  type WorkPlace,
} from './workRepository.ts';

export interface CheckpointOptions {
  /** One line. */
  readonly message: string;
  /** What is done; from the checklist's ticked items where not given. */
  readonly done?: readonly string[];
  /** What remains; from the checklist's other items where not given. */
  readonly remaining?: readonly string[];
}

export interface CheckpointResult {
  readonly session: string;
  readonly number: number;
  readonly commit: Commit;
  /** What was committed, relative to the repository's top level. */
  readonly files: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Commits what the active session has changed so far as its next checkpoint, with the state files. Files that were dirty before the
 * session and are unchanged since are not its work: they are left out, and named.
 *
 * @throws BatonError `no-active-session`, `not-a-repository`, `merge-in-progress`, `detached-head`, `no-identity`, `nothing-to-commit`,
 *   `hook-failed`, `invalid-argument`; the files are then as they were
 */
export async function checkpoint(context: ActionContext, options: CheckpointOptions): Promise<CheckpointResult> {
  return retryOnConflict(() => tryCheckpoint(context, options));
}

async function tryCheckpoint(context: ActionContext, options: CheckpointOptions): Promise<CheckpointResult> {
  const { workspace, warnings } = await beginVerb(context);
  const session = requireActive(workspace, warnings);
  const place = await locateWork(context, session.folder);
  if (!place) throw notARepository(session.folder);
  await assertCommittable(place.work, phrase`a checkpoint`);
  if (place.home && !place.isHome) await assertCommittable(place.home, phrase`a checkpoint`);
  const { files, left, changes } = await chooseFiles(context, workspace, session, place);
  const number = nextCheckpoint(
    session.file.checkpoints,
    await sessionCommits(place.work, session.id, session.file.startRef),
  );
  const message = checkpointMessage(session, number, options);
  const now = context.ports.clock.now();
  const handoff = await handoffEdit(context, workspace, session, {
    reason: phrase`checkpoint ${number}: ${options.message}`,
    ...(options.done && { done: options.done }),
    ...(options.remaining && { remaining: options.remaining }),
  });
  const effects = [
    ...sessionEffects(session, number, handoff),
    ...progressEffects(workspace, session, {
      now,
      notes: [timedNote(now, `Checkpoint ${number}: ${options.message}`)],
    }),
    ...commitEffects(session, place, {
      files,
      message,
      state: await statePaths(workspace, session, place, place.isHome ? changes : undefined),
    }),
  ];
  context.report(phrase`Committing checkpoint ${number} of ${session.id}`);
  const outcome = await runEffects(context, 'checkpoint', session.id, effects);
  await context.store.refresh();
  const commit = outcome.hashes['work'];
  if (!commit) throw new BatonError('nothing-to-commit', phrase`${session.id} has nothing to commit`);
  const leftWarning = phrase`Left out, because they were changed before ${session.id} started: ${left.join(', ')}`;
  return {
    session: session.id,
    number,
    commit,
    files,
    warnings: [...warnings, ...(left.length > 0 ? [leftWarning] : []), ...unsavedWarnings(outcome)],
  };
}

async function chooseFiles(
  context: ActionContext,
  workspace: Workspace,
  session: OpenSession,
  place: WorkPlace,
): Promise<{ files: readonly string[]; left: readonly string[]; changes: readonly SessionChange[] }> {
  const { localState } = context.ports;
  const record = await readDirtyRecord(localState, activeRecordKey(localState), session.id);
  const changes = await listChanges(workspace, place, record);
  assertResolved(changes);
  const left = changes.filter(({ untouched }) => untouched).map(({ path }) => path);
  const files = changes.filter(({ untouched }) => !untouched).map(({ path }) => path);
  if (files.length === 0) {
    throw new BatonError('nothing-to-commit', phrase`Nothing has changed since the last commit of ${session.id}`, {
      hint: 'Go on working; `baton note` keeps a remark without a commit.',
      data: { leftOut: left },
    });
  }
  return { files, left, changes };
}

function checkpointMessage(session: OpenSession, number: number, options: CheckpointOptions): string {
  const { checklist } = session.file;
  return buildCheckpointMessage({
    session: session.id,
    number,
    message: options.message,
    completed: options.done ?? checklist.filter(({ checked }) => checked).map(({ text }) => text),
    remaining: options.remaining ?? checklist.filter(({ checked }) => !checked).map(({ text }) => text),
  });
}

function sessionEffects(session: OpenSession, number: number, handoff: StateEdit): Effect[] {
  const edits: StateEdit[] = [handoff];
  // The reference script's SESSION.md has no frontmatter and does not get one: there the commits alone tell the number.
  if (session.file.byBaton) edits.push({ kind: 'set-frontmatter', values: { checkpoints: String(number) } });
  return [{ kind: 'edit', path: session.file.path, edits, expectedRevision: revisionOf(session.file.text) }];
}

function commitEffects(
  session: OpenSession,
  place: WorkPlace,
  {
    files,
    message,
    state,
  }: { readonly files: readonly string[]; readonly message: string; readonly state: readonly string[] },
): Effect[] {
  if (place.isHome) {
    return [
      { kind: 'commit', name: 'work', folder: session.folder, paths: [...new Set([...files, ...state])], message },
    ];
  }
  const record = buildRecordMessage({ session: session.id });
  return [
    { kind: 'commit', name: 'work', folder: session.folder, paths: files, message },
    ...(place.home
      ? [{ kind: 'commit', name: 'state', folder: '', paths: state, message: record, optional: true } as const]
      : []),
  ];
}
