import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import type { Workspace } from '../model/workspace.ts';
import { findSession, folderOf, isInScope, placesOf } from '../store/lookup.ts';
import { type OpenSession, openSession, requireActive } from './activeSession.ts';
import type { TrackedSession } from './progressChanges.ts';
import type { OwnCommits } from './revertChoice.ts';
import { repositoryPaths } from './statePlaces.ts';
import type { WorkPlace } from './workRepository.ts';

/** A session whose commits are meant, whatever its state; `open` where its SESSION.md is there, active or paused. */
export interface SessionTarget extends TrackedSession {
  readonly folder: string;
  readonly open?: OpenSession;
}

/** Which session is meant. */
export interface TargetRequest {
  /** ID; the active session where not given. */
  readonly session?: string;
  /** The project of `session`, where several have that ID. */
  readonly project?: string;
  /** The plan of `session`, where several define it. */
  readonly plan?: string;
}

/**
 * Finds the session that a verb on commits means: the active one where none is named.
 *
 * @throws BatonError `no-active-session`, `unknown-session`, `ambiguous-session`
 */
export function chooseTarget(workspace: Workspace, { session, project, plan }: TargetRequest): SessionTarget {
  const active = workspace.sessionFile?.kind === 'session' ? workspace.sessionFile : undefined;
  const isNarrowed = project !== undefined || plan !== undefined;
  if (session === undefined || (active?.id === session && !isNarrowed)) {
    const open = requireActive(workspace);
    if (!isNarrowed) return asTarget(open);
    return chooseTarget(workspace, { session: open.id, ...(project && { project }), ...(plan && { plan }) });
  }
  const files = [...(active ? [active] : []), ...workspace.paused].filter(({ id }) => id === session);
  const open = files.map((file) => openSession(workspace, file, session));
  const tracked = workspace.sessions.filter(({ id }) => id === session);
  const [first] = open;
  if (tracked.length === 0 && !isNarrowed && first) return asTarget(first);
  const scope = { ...(project !== undefined && { project }), ...(plan !== undefined && { plan }) };
  const meant = isNarrowed ? open.find((one) => one.entry && isInScope(one.entry, scope)) : undefined;
  if (meant) return asTarget(meant);
  const entry = findSession(workspace, session, scope, ['project', 'plan']);
  const own = open.find((one) => one.entry?.key === entry.key) ?? (tracked.length === 1 ? first : undefined);
  if (own) return asTarget(own);
  const { progressPath } = entry;
  return {
    id: session,
    entry,
    folder: folderOf(workspace, entry),
    ...(progressPath !== undefined && { progressPath }),
  };
}

/**
 * Which commits are the session's, if another session of the same repository has its ID: commits name the ID alone, but each changes the
 * progress file of its project.
 *
 * @throws BatonError `ambiguous-session` where they cannot be told apart
 */
export async function findOwn(
  workspace: Workspace,
  { id, entry, progressPath, folder, open }: SessionTarget,
  place: WorkPlace,
): Promise<OwnCommits> {
  const twins = workspace.sessions.filter(
    (other) => other.id === id && other.key !== entry?.key && folderOf(workspace, other) === folder,
  );
  if (twins.length === 0) return {};
  const startRef = open?.file.startRef;
  if (startRef !== undefined && (await place.work.resolve(startRef)) !== undefined) return { since: startRef };
  const pathsOf = (path: string | undefined) => (path === undefined ? [] : repositoryPaths(place, path));
  const [own, others] = [pathsOf(progressPath), twins.flatMap((twin) => pathsOf(twin.progressPath))];
  const isOwn = (files: readonly string[]): boolean => {
    const [mine, theirs] = [own, others].map((paths) => files.some((path) => paths.includes(path)));
    if (place.isHome && mine !== theirs) return mine === true;
    throw new BatonError(
      'ambiguous-session',
      phrase`Several sessions are called ${id}, and their commits cannot be told apart`,
      {
        hint: 'Revert the right ones with `git revert`, and give each session an ID of its own.',
        data: { id, places: [...(entry ? [entry] : []), ...twins].flatMap((one) => placesOf(workspace, one)) },
      },
    );
  };
  return { isOwn };
}

function asTarget(open: OpenSession): SessionTarget {
  return { ...open, open };
}
