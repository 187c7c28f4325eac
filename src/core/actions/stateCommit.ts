import type { EffectOutcome } from '../effects/runner.ts';
import type { Workspace } from '../model/workspace.ts';
import { pausedPath } from './pausedPath.ts';
import type { TrackedSession } from './progressChanges.ts';
import { repositoryPath, type WorkPlace } from './workRepository.ts';

/** Paths of the state files that a verb commits, as the repository of the project's root knows them: SESSION.md, the progress file, paused sessions. */
export function statePaths(workspace: Workspace, session: TrackedSession, { home }: WorkPlace): readonly string[] {
  if (!home) return [];
  const paths = [
    workspace.config.sessionFile,
    ...(session.progressPath === undefined ? [] : [session.progressPath]),
    ...workspace.paused.map(({ path }) => path),
    // Where it was paused and resumed, its file there is gone.
    pausedPath(workspace.config, session.id),
  ];
  return [...new Set(paths)].map((path) => repositoryPath(home, path));
}

/** Says which files wait unsaved in an editor, so that the commit does not hold their change. */
export function unsavedWarnings({ unsaved }: Pick<EffectOutcome, 'unsaved'>): readonly string[] {
  if (unsaved.length === 0) return [];
  return [`Changed but not saved yet in an open editor: ${[...new Set(unsaved)].join(', ')}`];
}
