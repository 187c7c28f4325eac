import { phrase } from '../base/phrase.ts';
import { runEffects } from '../effects/runner.ts';
import { BatonError } from '../errors.ts';
import type { ProgressColumn } from '../model/progress.ts';
import { readStatus } from '../model/sessionStatus.ts';
import type { SessionEntry } from '../model/workspace.ts';
import { beginVerb } from './beginVerb.ts';
import type { ActionContext } from './context.ts';
import { isOwnedColumn } from './dashboard.ts';
import { chooseRow, type RowChoice } from './rowChoice.ts';
import { applyStatus } from './setSessionStatus.ts';
import { unsavedWarnings } from './stateCommit.ts';

export interface EditCellOptions extends RowChoice {
  /** The column's header, in any case. */
  readonly column: string;
  /** Of a status column a state's name. Line breaks become spaces; an empty text is written as `—`. */
  readonly text: string;
  /** Plain text that the cell must still have, `''` for a blank one. */
  readonly was?: string;
}

export interface EditCellResult {
  readonly session: string;
  /** The progress file. */
  readonly path: string;
  /** The column's header as it stands. */
  readonly column: string;
  readonly warnings: readonly string[];
}

/**
 * Writes a cell that people own in a session's row: notes, columns that Baton does not know, and the status (by the rules of
 * `setSessionStatus`).
 *
 * @throws BatonError `unknown-session`, `ambiguous-session`, `no-progress` without a row, `unknown-item` for a column that the table
 *   lacks, `invalid-argument` for a column that Baton keeps, `conflict` (`data.current`: what the cell says) where it is not what it was
 */
export async function editCell(context: ActionContext, options: EditCellOptions): Promise<EditCellResult> {
  const { workspace, warnings } = await beginVerb(context);
  const entry = chooseRow(workspace, options);
  const { table, progressPath } = entry;
  if (entry.row === undefined || table === undefined || progressPath === undefined) throw noRow(entry);
  const column = chooseColumn(entry, table.columns, options.column);
  const was = options.was === undefined ? {} : { was: options.was };
  const done = { session: entry.id, path: progressPath, column: column.name };
  if (column.role === 'status') {
    const { status } = readStatus(options.text);
    if (status === undefined || options.text.trim() === '') throw unknownStatus(options.text);
    const result = await applyStatus(context, workspace, entry, { status, ...was });
    return { ...done, warnings: [...warnings, ...result.warnings] };
  }
  const { repository, section } = table;
  const edit = {
    kind: 'set-cell' as const,
    id: entry.id,
    ...(repository !== undefined && { repository }),
    ...(section !== undefined && { section }),
    column: column.name,
    text: options.text,
    ...was,
  };
  const outcome = await runEffects(context, 'edit', entry.id, [{ kind: 'edit', path: progressPath, edits: [edit] }]);
  await context.store.refresh();
  return { ...done, warnings: [...warnings, ...unsavedWarnings(outcome)] };
}

function chooseColumn(entry: SessionEntry, columns: readonly ProgressColumn[], wanted: string): ProgressColumn {
  const column =
    columns.find(({ name }) => name === wanted) ??
    columns.find(({ name }) => name.toLowerCase() === wanted.trim().toLowerCase());
  const owned = columns.filter(({ role }) => isOwnedColumn(role)).map(({ name }) => name);
  const hint = phrase`Columns that can be edited: ${owned.join(', ') || phrase`none`}.`;
  const data = { id: entry.id, column: wanted, columns: owned };
  if (column === undefined) {
    throw new BatonError('unknown-item', phrase`The table of ${entry.id} has no column ${wanted}.`, { hint, data });
  }
  if (isOwnedColumn(column.role)) return column;
  throw new BatonError('invalid-argument', phrase`Baton keeps the column ${column.name} itself.`, { hint, data });
}

function noRow({ id }: SessionEntry): BatonError {
  return new BatonError('no-progress', phrase`No progress table has a row for ${id}.`, {
    hint: 'It gets one when it is started, or when its status is set.',
    data: { id },
  });
}

function unknownStatus(text: string): BatonError {
  return new BatonError('invalid-argument', phrase`"${text.trim()}" is not a status.`, {
    hint: 'Pending, Blocked, Done, Failed and Retry can be set.',
    data: { status: text },
  });
}
