import type { ProgressRow } from '../../core/model/progress.ts';
import { type ShownState, shownState } from '../../core/model/shownState.ts';
import type { SessionEntry } from '../../core/model/workspace.ts';

/**
 * The state of a row in an editor: its own text counts, because it may not be saved; whether a pending session is ready is known only
 * from the snapshot.
 */
export function rowState(row: ProgressRow | undefined, entry: SessionEntry | undefined): ShownState {
  if (row === undefined) return entry === undefined ? 'waiting' : shownState(entry);
  const { status } = row.status;
  if (status === undefined) return row.status.raw === '' && entry?.ready === true ? 'ready' : 'unknown';
  if (status !== 'pending') return status;
  return entry === undefined || entry.waitingFor.length > 0 ? 'waiting' : 'ready';
}
