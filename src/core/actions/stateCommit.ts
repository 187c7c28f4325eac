import { phrase } from '../base/phrase.ts';
import type { EffectOutcome } from '../effects/runner.ts';
import { pausedPath, pausedTwinPath } from '../formats/pausedPath.ts';
import type { Workspace } from '../model/workspace.ts';
import type { FileChange } from '../ports/git.ts';
import type { ActionContext } from './context.ts';
import type { TrackedSession } from './progressChanges.ts';
import { isStateFile, repositoryPaths, type StatePlaces } from './statePlaces.ts';

/**
 * Paths of the state files that a verb commits, as the repository of the project's root knows them: what the verb itself changes, and
 * every SESSION.md, paused session and progress file that an earlier verb has left changed, so that the tree is clean afterwards.
 */
export async function statePaths(
  workspace: Workspace,
  session: TrackedSession,
  place: StatePlaces,
  /** What has changed in the repository of the root, where the verb has asked already. */
  known?: readonly FileChange[],
): Promise<readonly string[]> {
  const { home } = place;
  if (!home) return [];
  const changed = (known ?? (await home.changes()))
    .flatMap(({ path, from }) => (from === undefined ? [path] : [path, from]))
    .filter((path) => isStateFile(workspace, place, path));
  const paths = [
    workspace.config.sessionFile,
    ...(session.progressPath === undefined ? [] : [session.progressPath]),
    ...workspace.paused.map(({ path }) => path),
    // Where it was paused and resumed, its file there is gone.
    ...pausedPathsOf(workspace, session),
  ];
  return [...new Set([...paths.flatMap((path) => repositoryPaths(place, path)), ...changed])];
}

/** Where a session was, if it was ever paused, less what is the file of another project's session. */
export function pausedPathsOf({ config, paused }: Workspace, { id, entry }: TrackedSession): readonly string[] {
  const project = entry?.project;
  const paths = [pausedPath(config, id), ...(project === undefined ? [] : [pausedTwinPath(config, id, project)])];
  return paths.filter(
    (path) => !paused.some((file) => file.path === path && file.project !== undefined && file.project !== project),
  );
}

/**
 * Refuses while nothing has been done yet where the progress file or SESSION.md could not be written in the end.
 *
 * @throws BatonError `read-only`, `unreadable-file`
 */
export async function assertStateWritable(
  { ports, store }: Pick<ActionContext, 'ports' | 'store'>,
  { progressPath }: Pick<TrackedSession, 'progressPath'>,
): Promise<void> {
  const paths = [progressPath, store.workspace?.config.sessionFile].filter((path) => path !== undefined);
  await Promise.all(paths.map((path) => ports.stateFiles.assertWritable(path)));
}

/** Says which files wait unsaved in an editor, so that the commit does not hold their change. */
export function unsavedWarnings({ unsaved }: Pick<EffectOutcome, 'unsaved'>): readonly string[] {
  if (unsaved.length === 0) return [];
  return [phrase`Changed but not saved yet in an open editor: ${[...new Set(unsaved)].join(', ')}`];
}
