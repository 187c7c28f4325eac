import { phrase } from '../base/phrase.ts';
import { revisionOf } from '../base/revision.ts';
import type { Effect, StateEdit } from '../effects/effect.ts';
import { runEffects } from '../effects/runner.ts';
import { BatonError } from '../errors.ts';
import { pausedPath, pausedTwinPath } from '../formats/pausedPath.ts';
import { writeStatus } from '../model/sessionStatus.ts';
import type { Workspace } from '../model/workspace.ts';
import { type OpenSession, projectOf, requireActive } from './activeSession.ts';
import { beginVerb } from './beginVerb.ts';
import type { ActionContext } from './context.ts';
import { progressEffects, timedNote } from './progressChanges.ts';
import { retryOnConflict } from './retryOnConflict.ts';
import { handoffEdit } from './sessionHandoff.ts';
import { activeRecordKey, type PausedRecord, pausedRecordKey, readDirtyRecord } from './sessionRecord.ts';
import { unsavedWarnings } from './stateCommit.ts';
import { locateWork } from './workRepository.ts';

export interface PauseOptions {
  readonly reason?: string;
}

export interface PauseResult {
  readonly session: string;
  /** Where the session waits. */
  readonly path: string;
  readonly warnings: readonly string[];
}

/**
 * Sets the active session aside: its SESSION.md moves to the paused ones, its row becomes Paused. The working tree stays as it is.
 *
 * @throws BatonError `no-active-session`, `already-exists` where its file is there already
 */
export async function pause(context: ActionContext, options: PauseOptions = {}): Promise<PauseResult> {
  return retryOnConflict(() => tryPause(context, options));
}

async function tryPause(context: ActionContext, options: PauseOptions): Promise<PauseResult> {
  const { workspace, warnings } = await beginVerb(context);
  const session = requireActive(workspace, warnings);
  const path = await choosePath(context, workspace, session);
  const now = context.ports.clock.now();
  const reason = options.reason?.trim();
  const note = timedNote(now, reason ? `Paused: ${reason}` : 'Paused');
  const handoff = await handoffEdit(context, workspace, session, {
    reason: reason ? phrase`paused: ${reason}` : 'paused',
  });
  const outcome = await runEffects(context, 'pause', session.id, [
    ...fileEffects(session, path, note, handoff),
    ...progressEffects(workspace, session, {
      now,
      cells: { status: writeStatus('paused') },
      ...(reason && { notes: [note] }),
    }),
    ...(await recordEffects(context, session, path)),
  ]);
  await context.store.refresh();
  return { session: session.id, path, warnings: [...warnings, ...unsavedWarnings(outcome)] };
}

/** Its usual file; where a session of another project with the same ID has that, one that names the project too. */
async function choosePath(context: ActionContext, workspace: Workspace, session: OpenSession): Promise<string> {
  const { files } = context.ports;
  const usual = pausedPath(workspace.config, session.id);
  if ((await files.stat(usual)) === undefined) return usual;
  const project = projectOf(session);
  const other = workspace.paused.find(({ path }) => path === usual)?.project;
  const path =
    project === undefined || other === undefined || other === project
      ? usual
      : pausedTwinPath(workspace.config, session.id, project);
  if (path !== usual && (await files.stat(path)) === undefined) return path;
  throw new BatonError('already-exists', phrase`${path} is there already, so ${session.id} cannot be paused`, {
    hint: 'Move that file away, or delete it if it is no longer needed.',
    data: { path },
  });
}

function fileEffects(session: OpenSession, path: string, note: string, handoff: StateEdit): Effect[] {
  const edits: StateEdit[] = [handoff, { kind: 'append-session-note', line: note }];
  if (session.file.byBaton) edits.push({ kind: 'set-frontmatter', values: { status: 'paused' } });
  return [
    { kind: 'edit', path: session.file.path, edits, expectedRevision: revisionOf(session.file.text) },
    { kind: 'move', from: session.file.path, to: path },
  ];
}

/** Keeps what was dirty before the session, and what is now: that is the session's own. */
async function recordEffects(context: ActionContext, session: OpenSession, path: string): Promise<Effect[]> {
  const { localState } = context.ports;
  const key = activeRecordKey(localState);
  const record = await readDirtyRecord(localState, key, session.id);
  if (!record) return [];
  const place = await locateWork(context, session.folder);
  const dirty = ((await place?.work.changes()) ?? []).map((change) => change.path);
  const paused: PausedRecord = { ...record, dirtyAtPause: dirty };
  return [
    { kind: 'record', key: pausedRecordKey(localState, path), value: paused },
    { kind: 'forget', key },
  ];
}
