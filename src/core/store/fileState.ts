import { parsePlan } from '../formats/plan.ts';
import { parseProgress } from '../formats/progress.ts';
import { parseState } from '../formats/state.ts';
import type { Diagnostic, Parsed } from '../model/diagnostic.ts';
import type { FileRole } from '../model/fileRole.ts';
import type { Plan } from '../model/plan.ts';
import type { Progress } from '../model/progress.ts';
import type { SessionFile } from '../model/sessionFile.ts';
import type { TaskList } from '../model/taskList.ts';
import type { WaveState } from '../model/waveState.ts';
import type { FileProblems, Workspace } from '../model/workspace.ts';
import type { ProjectPath } from '../ports/fileSystem.ts';
import type { Ports } from '../ports/ports.ts';
import { taskListOf } from './loadTaskLists.ts';
import { byPlace } from './placeOrder.ts';
import { readSessionFile } from './readSessionFile.ts';
import type { StateFileRoles } from './stateFileRoles.ts';

/** What was last read of one file. */
export interface FileState {
  /** Undefined where it is not there or cannot be read. */
  readonly text?: string;
  /** Why it cannot be read. */
  readonly failure?: string;
  /** The roles for which it was parsed; another configuration may want others. */
  readonly roles: readonly FileRole[];
  readonly plan?: Parsed<Plan>;
  readonly progress?: Parsed<Progress>;
  readonly session?: Parsed<SessionFile>;
  readonly state?: Parsed<WaveState>;
  readonly taskList?: { readonly list: TaskList; readonly diagnostics: readonly Diagnostic[] };
}

/** What all files together say, by path. */
export interface ParsedSnapshot
  extends Pick<Workspace, 'plans' | 'progress' | 'sessionFile' | 'paused' | 'unreadable'> {
  readonly taskLists: readonly TaskList[];
  readonly waveStates: readonly WaveState[];
  readonly problems: readonly FileProblems[];
}

/** The roles that a path has by the configuration; none where it is no state file. */
export function rolesOf(path: ProjectPath, roles: StateFileRoles, isLinkedPlan: boolean): readonly FileRole[] {
  if (path === roles.sessionFile || roles.isPaused(path)) return ['session'];
  const found: FileRole[] = [];
  if (roles.isPlan(path) || isLinkedPlan) found.push('plan');
  if (roles.isProgress(path)) found.push('progress');
  if (roles.isTaskList(path)) found.push('taskList');
  if (roles.isState(path)) found.push('state');
  return found;
}

/** Parses a file for its roles. Never throws. */
export function parseFileState(
  path: ProjectPath,
  text: string,
  roles: readonly FileRole[],
  ports: Pick<Ports, 'frontmatter' | 'logger'>,
): FileState {
  try {
    return {
      text,
      roles,
      plan: roles.includes('plan') ? parsePlan(text, path) : undefined,
      progress: roles.includes('progress') ? parseProgress(text, path) : undefined,
      session: roles.includes('session') ? readSessionFile(text, path, ports.frontmatter) : undefined,
      state: roles.includes('state') ? parseState(text, path) : undefined,
      taskList: roles.includes('taskList') ? taskListOf(text, path, ports.frontmatter) : undefined,
    };
  } catch (error) {
    // A parser that throws is a bug, but it must not take the other files' sessions away from the person.
    ports.logger.error(`${path} could not be parsed`, error);
    return {
      text,
      roles,
      failure: `${path} could not be parsed; this is a bug in Baton, and the log has the details`,
    };
  }
}

/** Everything that is parsed, ordered by path. */
export function snapshotFiles(
  files: ReadonlyMap<ProjectPath, FileState>,
  roles: Pick<StateFileRoles, 'sessionFile' | 'isPaused'> | undefined,
): ParsedSnapshot {
  const plans: Plan[] = [];
  const progress: Progress[] = [];
  const paused: SessionFile[] = [];
  const taskLists: TaskList[] = [];
  const waveStates: WaveState[] = [];
  const problems: FileProblems[] = [];
  const unreadable: { path: string; message: string }[] = [];
  for (const [path, file] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (file.failure !== undefined) unreadable.push({ path, message: file.failure });
    const diagnostics: Diagnostic[] = [...(file.session?.diagnostics ?? [])];
    // A file that both globs find is what its content makes it.
    const isPlan = file.plan !== undefined && (!file.progress || file.plan.value.sessions.length > 0);
    const isProgress = file.progress !== undefined && (!isPlan || file.progress.value.tables.length > 0);
    if (file.plan && isPlan) {
      plans.push(file.plan.value);
      diagnostics.push(...file.plan.diagnostics);
    }
    if (file.progress && isProgress) {
      progress.push(file.progress.value);
      diagnostics.push(...file.progress.diagnostics);
    }
    if (file.session && roles?.isPaused(path) && path !== roles.sessionFile) paused.push(file.session.value);
    if (file.state) {
      waveStates.push(file.state.value);
      diagnostics.push(...file.state.diagnostics);
    }
    if (file.taskList) {
      taskLists.push(file.taskList.list);
      diagnostics.push(...file.taskList.diagnostics);
    }
    if (diagnostics.length > 0) problems.push({ path, diagnostics });
  }
  const sessionFile = roles && files.get(roles.sessionFile)?.session?.value;
  return { plans, progress, sessionFile, paused, taskLists: taskLists.sort(byPlace), waveStates, problems, unreadable };
}
