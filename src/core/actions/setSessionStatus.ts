import { phrase } from '../base/phrase.ts';
import type { Effect, StateEdit } from '../effects/effect.ts';
import { runEffects } from '../effects/runner.ts';
import { BatonError } from '../errors.ts';
import type { ColumnRole } from '../model/progress.ts';
import { type SessionStatus, settableStatuses, writeStatus } from '../model/sessionStatus.ts';
import type { SessionEntry, Workspace } from '../model/workspace.ts';
import { beginVerb } from './beginVerb.ts';
import type { ActionContext } from './context.ts';
import { cellTime, progressEffects } from './progressChanges.ts';
import { chooseRow, type RowChoice } from './rowChoice.ts';
import { unsavedWarnings } from './stateCommit.ts';

export interface SetStatusOptions extends RowChoice {
  readonly status: SessionStatus;
}

export interface SetStatusResult {
  readonly session: string;
  readonly status: SessionStatus;
  readonly path: string;
  readonly warnings: readonly string[];
}

/**
 * Corrects the status of a session's row, as a person does who knows better: it commits nothing and runs nothing. A row that is missing is
 * added; where it becomes done or failed, a blank time of completion is filled in.
 *
 * @throws BatonError `unknown-session`, `ambiguous-session`, `no-progress`, `session-active` for the session of this worktree's SESSION.md,
 *   `wrong-state` for a paused one with its file, `invalid-argument` for active and paused
 */
export async function setSessionStatus(context: ActionContext, options: SetStatusOptions): Promise<SetStatusResult> {
  const { workspace, warnings } = await beginVerb(context);
  const result = await applyStatus(context, workspace, chooseRow(workspace, options), options);
  return { ...result, warnings: [...warnings, ...result.warnings] };
}

/** As `setSessionStatus`, of an entry of the workspace as it is now; `was`: plain text that the cell must still have. */
export async function applyStatus(
  context: ActionContext,
  workspace: Workspace,
  entry: SessionEntry,
  { status, was }: { readonly status: SessionStatus; readonly was?: string },
): Promise<SetStatusResult> {
  const { id, progressPath } = entry;
  assertSettable(workspace, entry, status);
  if (progressPath === undefined) {
    throw new BatonError('no-progress', phrase`There is no progress file for ${id}.`, {
      hint: 'Create one with `baton init <project>`.',
      data: { id },
    });
  }
  const now = context.ports.clock.now();
  const hasEnded = status === 'done' || status === 'failed';
  const cells = {
    status: writeStatus(status),
    ...(hasEnded && { completed: { whereBlank: cellTime(now) } }),
  } satisfies Partial<Record<ColumnRole, unknown>>;
  const effects = progressEffects(workspace, { id, entry, progressPath }, { now, cells });
  const outcome = await runEffects(context, 'edit', id, was === undefined ? effects : effects.map(guard(entry, was)));
  await context.store.refresh();
  return { session: id, status, path: progressPath, warnings: unsavedWarnings(outcome) };
}

/** Has the edit refused where the status cell does not say `was` any more. */
function guard({ id, table }: SessionEntry, was: string): (effect: Effect) => Effect {
  return (effect) => {
    const column = table?.columns.find(({ role }) => role === 'status')?.name;
    const status = effect.kind === 'edit' && effect.edits.find((edit) => edit.kind === 'update-row')?.cells.status;
    if (effect.kind !== 'edit' || column === undefined || typeof status !== 'string') return effect;
    const { repository, section } = table ?? {};
    const check: StateEdit = {
      kind: 'set-cell',
      id,
      ...(repository !== undefined && { repository }),
      ...(section !== undefined && { section }),
      column,
      text: status,
      was,
    };
    return { ...effect, edits: [check, ...effect.edits] };
  };
}

function assertSettable(workspace: Workspace, entry: SessionEntry, status: SessionStatus): void {
  const { id } = entry;
  if (entry.activeHere) {
    throw new BatonError('session-active', phrase`${id} is the session of ${workspace.config.sessionFile}.`, {
      hint: 'Complete, pause or fail it instead: its notes and times go into the progress file then.',
      data: { id },
    });
  }
  if (!settableStatuses.some((one) => one === status)) {
    const verb = status === 'active' ? 'Start' : phrase`Start and pause`;
    throw new BatonError('invalid-argument', phrase`${id} cannot be made ${status} by its row alone.`, {
      hint: phrase`${verb} it instead: that makes its session file.`,
      data: { id, status },
    });
  }
  const isPaused = workspace.paused.some(
    (file) => file.id === id && (file.project === undefined || file.project === entry.project),
  );
  if (isPaused) {
    throw new BatonError('wrong-state', phrase`${id} is paused, with its file in ${workspace.config.pausedFolder}.`, {
      hint: 'Resume it, then complete or fail it.',
      data: { id },
    });
  }
}
