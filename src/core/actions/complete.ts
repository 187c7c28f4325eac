import { phrase } from '../base/phrase.ts';
import type { Effect } from '../effects/effect.ts';
import { runEffects } from '../effects/runner.ts';
import { BatonError } from '../errors.ts';
import { buildRecordMessage, buildWorkMessage, checkConventional, partOf } from '../formats/commitMessage.ts';
import { countPassed } from '../model/receipt.ts';
import { writeStatus } from '../model/sessionStatus.ts';
import type { SessionEntry, Workspace } from '../model/workspace.ts';
import type { Commit, FileChange } from '../ports/git.ts';
import { readySessions } from '../store/lookup.ts';
import { type OpenSession, requireActive } from './activeSession.ts';
import { beginVerb } from './beginVerb.ts';
import { sessionCommits } from './checkpointNumbers.ts';
import { chooseFiles } from './chooseFiles.ts';
import { clearEffect, forgetEffect, receiptNote } from './closeSession.ts';
import type { ActionContext } from './context.ts';
import { noPlaceForNotes } from './fail.ts';
import { findNext } from './nextSessions.ts';
import { cellTime, progressEffects, startedCell, timedNote } from './progressChanges.ts';
import { retryOnConflict } from './retryOnConflict.ts';
import { runVerification, tickProven, verificationError } from './runVerification.ts';
import { assertStateWritable, statePaths, unsavedWarnings } from './stateCommit.ts';
import { repositoryPaths } from './statePlaces.ts';
import { assertStillVerified, type CheckedWork, noteChecked } from './stillVerified.ts';
import { endLinkedList } from './tasks/linkedList.ts';
import type { VerificationListener } from './verify.ts';
import { assertCommittable, locateWork, type WorkPlace } from './workRepository.ts';

export interface CompleteOptions extends VerificationListener {
  /** The session that the caller takes for the active one; another is not completed instead. */
  readonly id?: string;
  /** The work commit's subject. */
  readonly message: string;
  readonly body?: string;
  /** False: nothing is run, and the commit says that success is only claimed. Default true. */
  readonly verify?: boolean;
  /** Exactly these files (relative to the repository's top level) beside the state files; nobody is asked. */
  readonly files?: readonly string[];
}

/** How sure it is that the session's work is right. */
export type VerifiedResult = { readonly passed: number; readonly total: number } | 'claimed' | 'nothing-to-verify';

export interface CompleteResult {
  readonly session: string;
  /** The work commit; of the state files alone where the checkpoints hold all the work; undefined where there was no work, and outside git. */
  readonly commit?: Commit;
  /** The commit of the progress table. */
  readonly record?: Commit;
  /** What the work commit holds, relative to the repository's top level. */
  readonly files: readonly string[];
  readonly verified: VerifiedResult;
  /** Sessions that can be started now, those that unblock most first. */
  readonly next: readonly SessionEntry[];
  readonly warnings: readonly string[];
}

/**
 * Completes the active session: verifies it, commits its work with SESSION.md cleared and its notes in the progress file, then records
 * the hash in the progress table with a second commit. `Verified: 3/3` in the work commit means that what it holds and what was left out of
 * it are together what the commands ran on. Where anything refuses, everything is as before and the session is still active.
 *
 * @throws BatonError `no-active-session`, `unknown-session` and `wrong-state` for `id`, `verification-failed`, `wrong-state` where files changed
 *   since they were verified, `approval-required`, `cancelled`, `merge-in-progress`, `detached-head`, `no-identity`, `hook-failed`,
 *   `invalid-argument`, `read-only` for a state file, `no-progress` where its notes would be lost
 */
export async function complete(context: ActionContext, options: CompleteOptions): Promise<CompleteResult> {
  const { workspace, warnings } = await beginVerb(context);
  const session = requireActive(workspace, warnings, options.id);
  if (session.progressPath === undefined && session.file.notes.length > 0) throw noPlaceForNotes(session.id);
  // Says that a message is wrong before anything runs.
  buildWorkMessage({ subject: options.message, session: session.id });
  const place = await locateWork(context, session.folder);
  if (place) await assertCommittable(place.work, 'complete');
  if (place?.home && !place.isHome) await assertCommittable(place.home, 'complete');
  // Said before the commands run for minutes.
  await assertStateWritable(context, session);
  const verification = await verifyFirst(context, workspace, session, options);
  const completion = { ...verification, options: { ...options, id: session.id } };
  const done = await retryOnConflict(() => closeAndCommit(context, completion));
  const unconventional = checkConventional(options.message.trim());
  return {
    ...done,
    warnings: [
      ...warnings,
      ...(unconventional ? [unconventional] : []),
      ...(verification.warnings ?? []),
      ...done.warnings,
    ],
  };
}

async function verifyFirst(
  context: ActionContext,
  workspace: Workspace,
  session: OpenSession,
  options: CompleteOptions,
): Promise<Verification> {
  if (options.verify === false) return { verified: 'claimed' };
  if (session.file.commands.length === 0) return { verified: 'nothing-to-verify' };
  const ran = await runVerification(context, workspace, session, options);
  const { receipt } = ran;
  await tickProven(context, session, receipt);
  if (!receipt.ok) throw verificationError(context.ports.localState, receipt);
  return { ...(await noteChecked(context, { workspace, session }, ran)), verified: countPassed(receipt) };
}

interface Verification {
  /** Undefined where nothing was run. */
  readonly checked?: CheckedWork;
  readonly verified: VerifiedResult;
  readonly warnings?: readonly string[];
}

interface Completion extends Verification {
  readonly options: CompleteOptions;
}

async function closeAndCommit(context: ActionContext, completion: Completion): Promise<CompleteResult> {
  const { options, verified } = completion;
  const workspace = await context.store.refresh();
  const session = requireActive(workspace, [], options.id);
  const place = await locateWork(context, session.folder);
  // Else the verification would seem to run on while a person chooses.
  context.report(phrase`Choosing the files of ${session.id}`);
  const chosen = place
    ? await chooseFiles(context, { workspace, session, place, ...(options.files && { files: options.files }) })
    : { files: [], leftOut: [], warnings: ['The project is in no git repository, so nothing was committed'] };
  if (place && completion.checked) await assertStillVerified({ workspace, session, place }, completion.checked);
  if (context.cancellation.isCancelled)
    throw new BatonError('cancelled', phrase`complete of ${session.id} was cancelled`);
  context.report(phrase`Completing ${session.id}`);
  const effects = await planEffects(context, { ...completion, workspace, session, place, ...chosen });
  const outcome = await runEffects(context, 'complete', session.id, effects);
  const after = await context.store.refresh();
  const { work, record } = outcome.hashes;
  const isSaid = work !== undefined || record?.message.startsWith(options.message.trim()) === true;
  const hasNothing = place && chosen.files.length === 0 && !isSaid;
  return {
    session: session.id,
    ...(work && { commit: work }),
    ...(record && { record }),
    files: work && place ? await committedFiles(place, work, chosen.files) : [],
    verified,
    next: readySessions(after),
    warnings: [
      ...chosen.warnings,
      ...(hasNothing ? ['No work was left to commit: only the record was committed'] : []),
      ...unsavedWarnings(outcome),
    ],
  };
}

interface CompletionPlan extends Completion {
  readonly workspace: Workspace;
  readonly session: OpenSession;
  readonly place: WorkPlace | undefined;
  /** The files of the work commit, state files left out. */
  readonly files: readonly string[];
  /** Changed files that stay out of it. */
  readonly leftOut: readonly string[];
  /** What has changed in the session's repository, where that is known. */
  readonly changes?: readonly FileChange[];
}

async function planEffects(context: ActionContext, plan: CompletionPlan): Promise<readonly Effect[]> {
  const { workspace, session, place, files, checked, verified, changes } = plan;
  const { clock, localState } = context.ports;
  const now = clock.now();
  const last = place ? await lastCheckpoint(place, session) : undefined;
  const notes = [
    ...(checked ? [receiptNote(now, checked.receipt)] : []),
    ...(verified === 'claimed' ? [timedNote(now, 'Completed without verification (claimed)')] : []),
  ];
  const cells = {
    status: writeStatus('done'),
    ...startedCell(session.file.startedAt),
    completed: cellTime(now),
    commit: { hashOf: 'work', ...(last !== undefined && { otherwise: last }) },
  } as const;
  const clear = clearEffect(session, now, findNext(workspace, session.entry));
  const forget = forgetEffect(localState);
  const notesOf = session.file;
  const linked = await endLinkedList(context, workspace, session.file);
  const list = place && linked.path !== undefined ? repositoryPaths(place, linked.path) : [];
  const known = place?.isHome ? changes : undefined;
  const state = place ? [...new Set([...(await statePaths(workspace, session, place, known)), ...list])] : [];
  const isInCheckpoints = files.length === 0 && last !== undefined;
  const hasWorkCommit = place && (files.length > 0 || (isInCheckpoints && place.isHome));
  if (!hasWorkCommit) {
    return [
      ...progressEffects(workspace, session, { now, cells, notesOf, notes }),
      ...linked.effects,
      clear,
      // The message that somebody wrote for the work must not be lost where the work's own repository has nothing left to commit.
      ...recordCommit(place, state, isInCheckpoints ? workMessage(plan) : buildRecordMessage({ session: session.id })),
      forget,
    ];
  }
  return [
    ...progressEffects(workspace, session, { now, notesOf, notes }),
    ...linked.effects,
    clear,
    {
      kind: 'commit',
      name: 'work',
      folder: session.folder,
      paths: place.isHome ? [...new Set([...files, ...state])] : files,
      message: workMessage(plan),
      // State files may be ignored by git.
      ...(isInCheckpoints && { optional: true }),
    },
    ...progressEffects(workspace, session, { now, cells }),
    ...recordCommit(place, state, buildRecordMessage({ session: session.id })),
    forget,
  ];
}

function recordCommit(place: WorkPlace | undefined, paths: readonly string[], message: string): Effect[] {
  if (!place?.home) return [];
  return [{ kind: 'commit', name: 'record', folder: '', paths, message, optional: true }];
}

function workMessage({ options, session, workspace, verified, leftOut }: CompletionPlan): string {
  const project = workspace.config.project ?? session.entry?.project ?? session.file.project;
  const phase = session.entry?.plan?.phase;
  // The commands saw these files too, so the commit alone was never checked.
  const isPart = typeof verified === 'object' && leftOut.length > 0;
  const body = [options.body?.trim(), isPart && besideText(leftOut.length)].filter(Boolean).join('\n\n');
  return buildWorkMessage({
    subject: options.message,
    ...(body !== '' && { body }),
    ...(project !== undefined && { partOf: partOf({ project, ...(phase !== undefined && { phase }) }) }),
    ...(verified !== 'nothing-to-verify' && { verified }),
    session: session.id,
  });
}

function besideText(count: number): string {
  const files = count === 1 ? 'a changed file that is' : `${count} changed files that are`;
  return `Verified together with ${files} not in this commit.`;
}

/** What the table names where the checkpoints hold all the work. */
async function lastCheckpoint(place: WorkPlace, session: OpenSession): Promise<string | undefined> {
  const commits = await sessionCommits(place.work, session.id, session.file.startRef);
  return commits.find(({ kind }) => kind === 'checkpoint')?.hash.slice(0, 7);
}

async function committedFiles(
  place: WorkPlace,
  commit: Commit,
  planned: readonly string[],
): Promise<readonly string[]> {
  const parent = commit.parents[0];
  return parent === undefined ? planned : place.work.changedFiles(parent, commit.hash);
}
