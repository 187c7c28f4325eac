import { phrase } from '../base/phrase.ts';
import { notARepository } from '../effects/applyEffect.ts';
import type { Effect } from '../effects/effect.ts';
import { runEffects } from '../effects/runner.ts';
import { BatonError } from '../errors.ts';
import { buildRecordMessage, buildRollbackMessage } from '../formats/commitMessage.ts';
import { writeStatus } from '../model/sessionStatus.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Commit } from '../ports/git.ts';
import type { CommandOutcome } from '../ports/process.ts';
import { beginVerb, readWorkspace } from './beginVerb.ts';
import { clearEffect, forgetEffect } from './closeSession.ts';
import type { ActionContext } from './context.ts';
import { findReady } from './nextSessions.ts';
import { progressEffects, timedNote } from './progressChanges.ts';
import { findCommitsToRevert, type RevertChoice } from './revertChoice.ts';
import { runRollbackCommands } from './rollbackCommands.ts';
import { pausedRecordKey } from './sessionRecord.ts';
import { chooseTarget, findOwn, type SessionTarget } from './sessionTarget.ts';
import { assertStateWritable, pausedPathsOf, unsavedWarnings } from './stateCommit.ts';
import { repositoryPaths } from './statePlaces.ts';
import { assertCommittable, isStateInWork, isTemporary, locateWork, type WorkPlace } from './workRepository.ts';

export interface RollbackOptions {
  /** Keeps this checkpoint and those before it; without it the whole session goes. */
  readonly to?: number;
  /** ID; the active session where not given. */
  readonly session?: string;
  /** The project of `session`, where several have that ID. */
  readonly project?: string;
  /** The plan of `session`, where several define it. */
  readonly plan?: string;
  /** Runs the plan's rollback commands, first, once they are approved. */
  readonly runCommands?: boolean;
}

/** What a rollback would do. */
export interface RollbackPlan {
  readonly session: string;
  /** Newest first, the order in which they are reverted. */
  readonly commits: readonly Commit[];
  /** Files that the commits touched, state files left out; relative to the repository's top level. */
  readonly files: readonly string[];
  /** The plan's rollback commands. */
  readonly commands: readonly string[];
}

export interface RollbackResult {
  readonly session: string;
  readonly reverted: readonly Commit[];
  readonly commit: Commit;
  readonly commands: readonly string[];
  /** How the commands ended, where they were run. */
  readonly ran: readonly CommandOutcome[];
  readonly warnings: readonly string[];
}

/**
 * Says what a rollback would do, and changes nothing.
 *
 * @throws BatonError as `rollback` does for what it refuses beforehand
 */
export async function planRollback(context: ActionContext, options: RollbackOptions = {}): Promise<RollbackPlan> {
  return describe(await prepare(context, await readWorkspace(context), options));
}

/**
 * Takes back the commits of a session: all of them, or those behind a checkpoint. They are reverted without committing, newest first,
 * state files left out; state files are edited through the write path; one commit holds it all. Hosts show `planRollback` and ask first.
 *
 * The row becomes Retry, unless an active session goes back to one of its checkpoints: it goes on from there. The plan's rollback commands
 * run before anything is reverted, because a migration needs its own code to be undone.
 *
 * @throws BatonError `no-active-session`, `unknown-session`, `ambiguous-session`, `not-a-repository`, `unknown-checkpoint`,
 *   `nothing-to-roll-back`, `wrong-state` for uncommitted changes, `merge-in-progress`, `detached-head`, `no-identity`,
 *   `revert-conflict`, `approval-required`, `process-failed` where a rollback command fails, `hook-failed`, `read-only` for a
 *   state file; nothing is changed then
 */
export async function rollback(context: ActionContext, options: RollbackOptions = {}): Promise<RollbackResult> {
  const { workspace, warnings } = await beginVerb(context);
  const preparation = await prepare(context, workspace, options);
  const { target, place, choice } = preparation;
  const plan = describe(preparation);
  await assertCommittable(place.work, 'rollback');
  if (place.home && !place.isHome) await assertCommittable(place.home, 'rollback');
  // What the commands do cannot be taken back.
  await assertStateWritable(context, target);
  const ran = options.runCommands
    ? await runRollbackCommands(context, { workspace, session: target, commands: plan.commands })
    : [];
  context.report(phrase`Rolling back ${target.id}`);
  const outcome = await runEffects(
    context,
    'rollback',
    target.id,
    planEffects(context, workspace, preparation, options),
  );
  await context.store.refresh();
  const commit = outcome.hashes['rollback'] ?? outcome.hashes['state'];
  if (!commit)
    throw new BatonError('nothing-to-roll-back', phrase`The commits of ${target.id} have left nothing to take back`);
  const notRun = plan.commands.length > 0 && !options.runCommands;
  return {
    session: target.id,
    reverted: choice.commits,
    commit,
    commands: plan.commands,
    ran,
    warnings: [
      ...warnings,
      ...(notRun ? [phrase`The plan's rollback commands were not run: ${plan.commands.join('; ')}`] : []),
      ...unsavedWarnings(outcome),
    ],
  };
}

interface Preparation {
  readonly target: SessionTarget;
  readonly place: WorkPlace;
  readonly choice: RevertChoice;
}

function describe({ target, choice }: Preparation): RollbackPlan {
  return {
    session: target.id,
    commits: choice.commits,
    files: choice.files,
    commands: (target.entry?.plan?.rollbackCommands ?? []).map(({ command }) => command),
  };
}

async function prepare(context: ActionContext, workspace: Workspace, options: RollbackOptions): Promise<Preparation> {
  const target = chooseTarget(workspace, options);
  const place = await locateWork(context, target.folder);
  if (!place) throw notARepository(target.folder);
  // State files are never reverted: their rows and notes belong to many sessions.
  const isState = (path: string): boolean => isStateInWork(workspace, place, path);
  const own = await findOwn(workspace, target, place);
  const choice = await findCommitsToRevert(place.work, { id: target.id, to: options.to, ...own, isState });
  const dirty = (await place.work.changes()).filter(({ path }) => !isState(path) && !isTemporary(path));
  const inTheWay = dirty.filter(({ kind, path }) => kind !== 'untracked' || isTouched(path, choice.files));
  if (inTheWay.length > 0) {
    const files = inTheWay.map(({ path }) => path);
    throw new BatonError('wrong-state', phrase`These files have changes that are not committed: ${files.join(', ')}`, {
      hint: 'Commit them, put them away with `git stash -u`, or discard them; then roll back.',
      data: { session: target.id, files },
    });
  }
  return { target, place, choice };
}

/** Tells whether bringing back one of `files` would meet this path: the same, a folder of its name, or a file where it has a folder. */
function isTouched(path: string, files: readonly string[]): boolean {
  return files.some((file) => file === path || file.startsWith(`${path}/`) || path.startsWith(`${file}/`));
}

function planEffects(
  context: ActionContext,
  workspace: Workspace,
  { target, place, choice }: Preparation,
  { to }: RollbackOptions,
): readonly Effect[] {
  const now = context.ports.clock.now();
  const staysActive = to !== undefined && target.open !== undefined;
  const what = to === undefined ? 'Rolled back' : `Rolled back to checkpoint ${to}`;
  const hashes = choice.commits.map(({ hash }) => hash.slice(0, 7)).join(', ');
  const closes = !staysActive && target.open ? { notesOf: target.open.file } : {};
  const notes = [timedNote(now, `${what} (reverted ${hashes})`)];
  const message = buildRollbackMessage({
    session: target.id,
    ...(to !== undefined && { checkpoint: to }),
    reverted: choice.commits.map(({ hash, message: text }) => ({ hash, subject: text.split('\n', 1)[0] ?? '' })),
  });
  const state = ownStatePaths(workspace, target, place);
  const paths = place.isHome ? [...new Set([...choice.files, ...state])] : choice.files;
  const cells = { status: writeStatus('retry'), completed: '', commit: '' };
  return [
    {
      kind: 'revert',
      folder: target.folder,
      hashes: choice.commits.map(({ hash }) => hash),
      paths: choice.files,
      keep: choice.stateFiles,
    },
    ...progressEffects(workspace, target, { now, ...(!staysActive && { cells }), ...closes, notes }),
    ...(staysActive ? [] : closeEffects(context, workspace, target)),
    { kind: 'commit', name: 'rollback', folder: target.folder, paths, message, optional: true },
    ...(place.home && !place.isHome ? [recordCommit(target.id, state)] : []),
  ];
}

/** The progress file and the session's own files; what another session has uncommitted in SESSION.md stays so. */
function ownStatePaths(workspace: Workspace, target: SessionTarget, place: WorkPlace): readonly string[] {
  const { config, sessionFile } = workspace;
  const isOthers = sessionFile?.kind === 'session' && sessionFile.id !== target.id;
  const paths = [
    target.progressPath,
    target.open?.file.path,
    ...pausedPathsOf(workspace, target),
    isOthers ? undefined : config.sessionFile,
  ].filter((path) => path !== undefined);
  return [...new Set(paths.flatMap((path) => repositoryPaths(place, path)))];
}

function recordCommit(session: string, paths: readonly string[]): Effect {
  const message = buildRecordMessage({ session });
  return { kind: 'commit', name: 'state', folder: '', paths, message, optional: true };
}

/** Ends a session that was active or paused. */
function closeEffects(context: ActionContext, workspace: Workspace, target: SessionTarget): readonly Effect[] {
  const { clock, localState } = context.ports;
  if (!target.open) return [];
  const isActive = target.open.file.path === workspace.config.sessionFile;
  if (!isActive) {
    return [
      { kind: 'remove', path: target.open.file.path },
      { kind: 'forget', key: pausedRecordKey(localState, target.open.file.path) },
    ];
  }
  const next = findReady(workspace, target.entry);
  return [clearEffect(target.open, clock.now(), next), forgetEffect(localState)];
}
