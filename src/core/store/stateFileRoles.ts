import { compileGlob, type Glob, isFoundBy } from '../base/glob.ts';
import type { BatonConfig } from '../model/config.ts';
import { stateFolders } from '../model/waveState.ts';
import type { ProjectPath } from '../ports/fileSystem.ts';
import { taskListGlobs } from './loadTaskLists.ts';

/** Which kinds of state file a path is, by the configuration. One file may be plan and progress file at once. */
export interface StateFileRoles {
  /** The globs that find every state file but SESSION.md. */
  readonly globs: readonly string[];
  readonly sessionFile: ProjectPath;
  isPlan(path: ProjectPath): boolean;
  isProgress(path: ProjectPath): boolean;
  isPaused(path: ProjectPath): boolean;
  isTaskList(path: ProjectPath): boolean;
  /** The `STATE.md` of a wave run, or a `STATE-<slug>.md` beside it. */
  isState(path: ProjectPath): boolean;
}

/** Where agents keep the state of a wave run; one glob a folder, so that no other hidden folder is searched. */
const stateGlobs: readonly string[] = stateFolders.map((folder) => `${folder}/STATE{,-*}.md`);

/** Compiles the configuration's globs once. */
export function createStateFileRoles(config: BatonConfig): StateFileRoles {
  const paused = `${config.pausedFolder}/*.md`;
  const tasks = taskListGlobs(config);
  const [planGlobs, progressGlobs, pausedGlobs, taskGlobs, waveGlobs] = [
    config.plans,
    config.progress,
    [paused],
    tasks,
    stateGlobs,
  ].map((globs) => globs.map(compileGlob));
  const isFound = (globs: readonly Glob[] | undefined, path: string): boolean => isFoundBy(globs ?? [], path);
  const isPaused = (path: ProjectPath): boolean => isFound(pausedGlobs, path);
  // `docs/**` as a glob of plans must not make a plan of SESSION.md.
  const isTaskList = (path: ProjectPath): boolean => path !== config.sessionFile && isFound(taskGlobs, path);
  const isOther = (path: ProjectPath): boolean => path === config.sessionFile || isPaused(path);
  return {
    globs: [...new Set([...config.plans, ...config.progress, paused, ...tasks, ...stateGlobs])],
    sessionFile: config.sessionFile,
    isPlan: (path) => !isOther(path) && isFound(planGlobs, path),
    isProgress: (path) => !isOther(path) && isFound(progressGlobs, path),
    isPaused,
    isTaskList,
    isState: (path) => isFound(waveGlobs, path),
  };
}
