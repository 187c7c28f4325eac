import type { SessionEntry, Workspace } from '../model/workspace.ts';
import { findSession } from '../store/lookup.ts';

/** Which session is meant. */
export interface RowChoice {
  readonly id: string;
  readonly project?: string;
  /** `SessionEntry.key`, where a host knows which of several with this ID is meant. */
  readonly key?: string;
}

/**
 * Finds the session that is meant.
 *
 * @throws BatonError `unknown-session`, `ambiguous-session`
 */
export function chooseRow(workspace: Workspace, { id, project, key }: RowChoice): SessionEntry {
  const named = key === undefined ? undefined : workspace.sessions.find((entry) => entry.key === key);
  if (named?.id === id) return named;
  return findSession(workspace, id, project === undefined ? {} : { project }, ['project']);
}
