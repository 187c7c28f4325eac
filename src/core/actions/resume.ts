import { phrase } from '../base/phrase.ts';
import type { Effect } from '../effects/effect.ts';
import { runEffects } from '../effects/runner.ts';
import { BatonError } from '../errors.ts';
import type { SessionFile } from '../model/sessionFile.ts';
import { nearestIds } from '../model/sessionId.ts';
import { writeStatus } from '../model/sessionStatus.ts';
import type { Workspace } from '../model/workspace.ts';
import { findSession } from '../store/lookup.ts';
import { assertReadable, type OpenSession, openSession, projectOf } from './activeSession.ts';
import { beginVerb } from './beginVerb.ts';
import type { ActionContext } from './context.ts';
import { progressEffects } from './progressChanges.ts';
import { readSessionHandoffOf } from './sessionHandoff.ts';
import { activeRecordKey, type DirtyRecord, pausedRecordKey, readPausedRecord, recordDirty } from './sessionRecord.ts';
import { unsavedWarnings } from './stateCommit.ts';
import type { HandoffReading } from './tasks/resumeTaskList.ts';
import { isStateInWork, locateWork, type WorkPlace } from './workRepository.ts';

export interface ResumeOptions {
  /** May be left out where one session is paused. */
  readonly id?: string;
  /** The project of `id`, where sessions of several with that ID are paused. */
  readonly project?: string;
}

export interface ResumeResult {
  readonly session: string;
  /** Path of SESSION.md. */
  readonly path: string;
  /** What it left when it was paused, with a word on whether it still holds. */
  readonly handoff?: HandoffReading;
  readonly warnings: readonly string[];
}

/**
 * Makes a paused session the active one again.
 *
 * @throws BatonError `unknown-session`, `session-active`, `foreign-session-file`, `wrong-state` where none (or not that one) is paused, `ambiguous-session`
 */
export async function resume(context: ActionContext, options: ResumeOptions = {}): Promise<ResumeResult> {
  const { workspace, warnings } = await beginVerb(context);
  const path = workspace.config.sessionFile;
  assertKnown(workspace, options.id);
  assertFree(workspace, path);
  const { file, id } = choosePaused(workspace, options);
  const session = openSession(workspace, file, id);
  const now = context.ports.clock.now();
  const effects: Effect[] = [
    ...(workspace.sessionFile ? [{ kind: 'remove', path } as const] : []),
    { kind: 'move', from: file.path, to: path },
    ...(file.byBaton
      ? [{ kind: 'edit', path, edits: [{ kind: 'set-frontmatter', values: { status: 'active' } }] } as const]
      : []),
    ...progressEffects(workspace, session, { now, cells: { status: writeStatus('active') } }),
    ...(await recordEffects(context, workspace, session)),
  ];
  const handoff = await readSessionHandoffOf(context, workspace, session);
  const outcome = await runEffects(context, 'resume', id, effects);
  await context.store.refresh();
  const stale = handoff?.staleness === undefined ? [] : [phrase`The handoff is not fresh: ${handoff.staleness}`];
  return {
    session: id,
    path,
    ...(handoff && { handoff }),
    warnings: [...warnings, ...stale, ...unsavedWarnings(outcome)],
  };
}

/** An ID that is nowhere is said before anything that would have to be done first. */
function assertKnown(workspace: Workspace, id: string | undefined): void {
  const isOpen = (file: SessionFile): boolean => file.id === id;
  if (id === undefined || workspace.paused.some(isOpen) || (workspace.sessionFile && isOpen(workspace.sessionFile)))
    return;
  if (!workspace.sessions.some((entry) => entry.id === id)) findSession(workspace, id);
}

/** Refuses where SESSION.md says something that resuming would overwrite. */
function assertFree(workspace: Workspace, path: string): void {
  assertReadable(workspace, path);
  const file = workspace.sessionFile;
  if (file?.kind === 'session') {
    throw new BatonError('session-active', phrase`${file.id ?? phrase`Another session`} is active in this worktree`, {
      hint: 'Complete or pause it first (`baton complete`, `baton pause`).',
      data: { active: file.id ?? null },
    });
  }
  if (file?.kind !== 'foreign') return;
  throw new BatonError('foreign-session-file', phrase`${path} was not written by Baton and would be overwritten`, {
    hint: 'Move or rename it and try again.',
    data: { path },
  });
}

function choosePaused(workspace: Workspace, { id: wanted, project }: ResumeOptions): { file: SessionFile; id: string } {
  const paused = workspace.paused.flatMap((file) => (file.id === undefined ? [] : [{ file, id: file.id }]));
  const ids = paused.map(({ id }) => id);
  const named = wanted === undefined ? paused : paused.filter(({ id }) => id === wanted);
  const isMeant = ({ file, id }: { file: SessionFile; id: string }): boolean =>
    projectOf(openSession(workspace, file, id))?.toLowerCase() === project?.toLowerCase();
  // A file that names no project may be any one's.
  const found = project === undefined || named.length < 2 ? named : named.filter(isMeant);
  const [only, second] = found;
  if (only && !second) return only;
  if (only) {
    const places = found.map(({ file }) => file.path);
    const projects = found.map(({ file, id }) => projectOf(openSession(workspace, file, id)));
    throw new BatonError('ambiguous-session', ambiguousMessage(wanted, ids, places), {
      hint: wanted === undefined ? 'Name one: `baton resume <ID>`.' : projectHint(projects, places),
      data: { paused: ids, places, projects: projects.map((name) => name ?? null) },
    });
  }
  if (wanted === undefined || ids.length === 0) {
    throw new BatonError(
      'wrong-state',
      wanted === undefined ? 'No session is paused' : phrase`${wanted} is not paused`,
      {
        hint: 'Start a session with `baton start <ID>`.',
        data: { paused: ids },
      },
    );
  }
  const nearest = nearestIds(wanted, ids);
  throw new BatonError('wrong-state', phrase`${wanted} is not paused`, {
    hint: phrase`Paused: ${(nearest.length > 0 ? nearest : ids).join(', ')}.`,
    data: { paused: ids },
  });
}

function ambiguousMessage(wanted: string | undefined, ids: readonly string[], places: readonly string[]): string {
  if (wanted === undefined) return phrase`Several sessions are paused: ${ids.join(', ')}`;
  return places.length === 2
    ? phrase`${wanted} is paused twice: ${places.join(', ')}`
    : phrase`${wanted} is paused ${places.length} times: ${places.join(', ')}`;
}

function projectHint(projects: readonly (string | undefined)[], places: readonly string[]): string {
  const names = projects.filter((name) => name !== undefined);
  if (new Set(names).size < projects.length) return phrase`Keep one of ${places.join(', ')}.`;
  return phrase`Name the project that you mean: ${names.map((name) => `--project ${JSON.stringify(name)}`).join(' or ')}.`;
}

/** Files that became dirty while the session was paused are not its work either. */
async function recordEffects(context: ActionContext, workspace: Workspace, session: OpenSession): Promise<Effect[]> {
  const { localState } = context.ports;
  const paused = await readPausedRecord(localState, session.id, session.file.path);
  if (!paused) return [];
  const place = await locateWork(context, session.folder);
  const own = new Set(paused.dirtyAtPause);
  const since = await recordDirty(place?.work, (path) => own.has(path) || isState(workspace, place, path));
  const value: DirtyRecord = { session: session.id, dirtyAtStart: [...paused.dirtyAtStart, ...since] };
  return [
    { kind: 'record', key: activeRecordKey(localState), value },
    { kind: 'forget', key: pausedRecordKey(localState, session.file.path) },
  ];
}

function isState(workspace: Workspace, place: WorkPlace | undefined, path: string): boolean {
  return place !== undefined && isStateInWork(workspace, place, path);
}
