import { phrase } from '../base/phrase.ts';
import { revisionOf } from '../base/revision.ts';
import type { Effect } from '../effects/effect.ts';
import { runEffects } from '../effects/runner.ts';
import { minuteStamp } from '../formats/taskListEdits.ts';
import { idPlacesOf } from '../language/idPlaces.ts';
import type { SessionSubject } from '../language/idSubjects.ts';
import { type PlannedRename, planRename } from '../language/renameId.ts';
import { findSession } from '../store/lookup.ts';
import { beginVerb } from './beginVerb.ts';
import type { ActionContext } from './context.ts';
import { retryOnConflict } from './retryOnConflict.ts';
import { activeRecordKey, pausedRecordKey, readDirtyRecord, readPausedRecord } from './sessionRecord.ts';
import { unsavedWarnings } from './stateCommit.ts';

export interface RenameSessionOptions {
  readonly id: string;
  readonly to: string;
  readonly project?: string;
  /** Rename it in prose too. */
  readonly mentions?: boolean;
  /** Change nothing; answer what would be changed. */
  readonly dryRun?: boolean;
}

export interface RenameSessionResult {
  readonly session: string;
  /** Per file how many places were (or would be) renamed. */
  readonly files: readonly { readonly path: string; readonly places: number; readonly mentions: number }[];
  readonly moved: PlannedRename['moves'];
  readonly warnings: readonly string[];
}

/**
 * Gives a session another ID, in every state file that names it.
 *
 * @throws BatonError `unknown-session`, `ambiguous-session`, `already-exists`, `invalid-argument`
 */
export async function renameSession(
  context: ActionContext,
  options: RenameSessionOptions,
): Promise<RenameSessionResult> {
  return retryOnConflict(() => tryRename(context, options));
}

async function tryRename(context: ActionContext, options: RenameSessionOptions): Promise<RenameSessionResult> {
  const { id, to, project, mentions = false, dryRun = false } = options;
  const { workspace, warnings } = await beginVerb(context);
  const entry = findSession(workspace, id, project === undefined ? {} : { project }, ['project']);
  const subject = idPlacesOf(workspace).sessions.all.find(({ entries }) => entries.includes(entry));
  if (subject === undefined) throw new Error(`${id} is a session without a subject`);
  const planned = await planRename(workspace, subject, to, {
    reread: (texts) => context.store.overlay(texts),
    stamp: minuteStamp(context.ports.clock.now()),
  });
  const files = planned.files.map(({ path, edits, mentions: said }) => ({
    path,
    places: edits.length,
    mentions: said.length,
  }));
  const left = mentions ? 0 : files.reduce((sum, one) => sum + one.mentions, 0);
  const notes =
    left === 0
      ? []
      : [
          left === 1
            ? phrase`${left} mention of ${id} in text stay as they are`
            : phrase`${left} mentions of ${id} in text stay as they are`,
        ];
  const result = { session: to, files, moved: planned.moves, warnings: [...warnings, ...planned.warnings, ...notes] };
  if (dryRun) return result;
  const effects = [...fileEffects(planned, mentions), ...(await recordEffects(context, subject, planned, to))];
  const outcome = await runEffects(context, 'rename', to, effects);
  await context.store.refresh();
  return { ...result, warnings: [...result.warnings, ...unsavedWarnings(outcome)] };
}

function fileEffects({ files, moves }: PlannedRename, mentions: boolean): Effect[] {
  const edits = files.flatMap(({ path, text, edits: named, mentions: said }): Effect[] => {
    const chosen = mentions ? [...named, ...said] : named;
    if (chosen.length === 0) return [];
    const splices = chosen.map((edit) => ({ ...edit, was: text.slice(edit.start, edit.end) }));
    return [{ kind: 'edit', path, edits: [{ kind: 'splice', splices }], expectedRevision: revisionOf(text) }];
  });
  return [...edits, ...moves.map(({ from, to }): Effect => ({ kind: 'move', from, to }))];
}

/** What is kept of the session outside its files goes with it. */
async function recordEffects(
  { ports }: ActionContext,
  { id, entries }: SessionSubject,
  { moves }: PlannedRename,
  to: string,
): Promise<Effect[]> {
  const { localState } = ports;
  const effects: Effect[] = [];
  const key = activeRecordKey(localState);
  const active = entries.some(({ activeHere }) => activeHere) ? await readDirtyRecord(localState, key, id) : undefined;
  if (active) effects.push({ kind: 'record', key, value: { ...active, session: to } });
  for (const move of moves) {
    const paused = await readPausedRecord(localState, id, move.from);
    if (!paused) continue;
    const value = { ...paused, session: to };
    effects.push({ kind: 'record', key: pausedRecordKey(localState, move.to), value });
    effects.push({ kind: 'forget', key: pausedRecordKey(localState, move.from) });
  }
  return effects;
}
