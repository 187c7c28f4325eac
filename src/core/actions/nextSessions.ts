import type { SessionEntry, Workspace } from '../model/workspace.ts';
import { readySessions } from '../store/lookup.ts';

/** How many sessions a cleared SESSION.md names. */
const maximumNamed = 5;

/** The sessions that can be started once `entry` is done: those that are ready, and those that wait for it alone. */
export function findNext(workspace: Workspace, entry: SessionEntry | undefined): readonly SessionEntry[] {
  const startable = (other: SessionEntry): boolean =>
    other.ready ||
    (entry !== undefined &&
      other.project === entry.project &&
      ['pending', 'failed', 'retry'].includes(other.status) &&
      other.waitingFor.length > 0 &&
      other.waitingFor.every((id) => id === entry.id));
  return workspace.sessions
    .filter((other) => other.key !== entry?.key && startable(other))
    .toSorted((a, b) => b.unblocksCount - a.unblocksCount);
}

/** The sessions that are ready now, without `entry`, which has just ended. */
export function findReady(workspace: Workspace, entry: SessionEntry | undefined): readonly SessionEntry[] {
  return readySessions(workspace).filter((other) => other.key !== entry?.key);
}

/** As a cleared SESSION.md names them. */
export function nameNext(next: readonly SessionEntry[]): readonly { readonly id: string; readonly title: string }[] {
  return next.slice(0, maximumNamed).map(({ id, title }) => ({ id, title: title === id ? '' : title }));
}
