import { BatonError } from '../errors.ts';
import type { SessionFile } from '../model/sessionFile.ts';
import type { SessionEntry, Workspace } from '../model/workspace.ts';

/** Narrows a search for a session; each part given must match exactly. */
export interface SessionScope {
  readonly project?: string;
  /** Path of the plan. */
  readonly plan?: string;
  readonly repository?: string;
}

/**
 * Finds the one session with this ID.
 *
 * @throws BatonError `unknown-session` (the hint names the nearest IDs), `ambiguous-session` (`data.places` names where they are)
 */
export function findSession(workspace: Workspace, id: string, scope: SessionScope = {}): SessionEntry {
  const found = workspace.sessions.filter(
    (entry) =>
      entry.id === id &&
      (scope.project === undefined || entry.project === scope.project) &&
      (scope.plan === undefined || entry.planPath === scope.plan) &&
      (scope.repository === undefined || entry.repository === scope.repository),
  );
  const [entry, second] = found;
  if (!entry) throw new BatonError('unknown-session', `There is no session ${id}`);
  if (second) throw new BatonError('ambiguous-session', `${id} is the ID of ${found.length} sessions`);
  return entry;
}

/** The sessions that can be started, those that unblock most first, in table order among equals. */
export function readySessions(workspace: Workspace): readonly SessionEntry[] {
  return workspace.sessions.filter((entry) => entry.ready).sort((a, b) => b.unblocksCount - a.unblocksCount);
}

/** The folder of the session's repository, as the configuration maps it; `''` (the project's root) where it maps none. */
export function folderOf(workspace: Workspace, { repository }: Pick<SessionEntry | SessionFile, 'repository'>): string {
  const { repositories } = workspace.config;
  return repository !== undefined && Object.hasOwn(repositories, repository) ? (repositories[repository] ?? '') : '';
}
