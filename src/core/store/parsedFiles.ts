import { resolveLink } from '../base/links.ts';
import { BatonError } from '../errors.ts';
import { parsePlan } from '../formats/plan.ts';
import { parseProgress } from '../formats/progress.ts';
import type { Diagnostic, Parsed } from '../model/diagnostic.ts';
import type { Plan } from '../model/plan.ts';
import { canBePlan } from '../model/planPath.ts';
import type { Progress } from '../model/progress.ts';
import type { SessionFile } from '../model/sessionFile.ts';
import type { TaskList } from '../model/taskList.ts';
import type { FileProblems, Workspace } from '../model/workspace.ts';
import type { ProjectPath } from '../ports/fileSystem.ts';
import type { Ports } from '../ports/ports.ts';
import { taskListOf } from './loadTaskLists.ts';
import { byPlace } from './placeOrder.ts';
import { readSessionFile } from './readSessionFile.ts';
import type { StateFileRoles } from './stateFileRoles.ts';

/** What was last read of one file. */
interface FileState {
  /** Undefined where it is not there or cannot be read. */
  readonly text?: string;
  /** Why it cannot be read. */
  readonly failure?: string;
  /** Which parsers it went through; another configuration may want others. */
  readonly kinds: string;
  readonly plan?: Parsed<Plan>;
  readonly progress?: Parsed<Progress>;
  readonly session?: Parsed<SessionFile>;
  readonly taskList?: { readonly list: TaskList; readonly diagnostics: readonly Diagnostic[] };
}

/** What all files together say, by path. */
export interface ParsedSnapshot
  extends Pick<Workspace, 'plans' | 'progress' | 'sessionFile' | 'paused' | 'unreadable'> {
  readonly taskLists: readonly TaskList[];
  readonly problems: readonly FileProblems[];
}

/** Files that are read at the same time, so that a folder of thousands does not exhaust the descriptors. */
const readsAtOnce = 24;

/** The state files as last read, each parsed only when its text has changed. */
export class ParsedFiles {
  readonly #ports: Pick<Ports, 'files' | 'frontmatter' | 'logger'>;
  #files: ReadonlyMap<ProjectPath, FileState> = new Map();
  /** Plans that only a link names, there or not. */
  #linked: ReadonlySet<ProjectPath> = new Set();
  #sessionFile: ProjectPath = '';

  constructor(ports: Pick<Ports, 'files' | 'frontmatter' | 'logger'>) {
    this.#ports = ports;
  }

  has(path: ProjectPath): boolean {
    return this.#files.has(path) || this.#linked.has(path);
  }

  /** The known files in the folder `path`. */
  below(path: ProjectPath): readonly ProjectPath[] {
    const prefix = path === '' ? '' : `${path}/`;
    return [...this.#files.keys()].filter((known) => known !== path && known.startsWith(prefix));
  }

  /** Reads exactly `paths` and the plans that they link to; other files are forgotten. Answers the paths whose text changed. */
  async readAll(roles: StateFileRoles, paths: readonly ProjectPath[]): Promise<readonly ProjectPath[]> {
    const before = this.#files;
    const files = new Map<ProjectPath, FileState>();
    await this.#readInto(files, roles, new Set(paths));
    await this.#followLinks(files, roles, () => true);
    return this.#adopt(files, before, roles);
  }

  /** Reads `paths` again, and plans that they link to anew. Answers the paths whose text changed. */
  async read(roles: StateFileRoles, paths: ReadonlySet<ProjectPath>): Promise<readonly ProjectPath[]> {
    const before = this.#files;
    const files = new Map(before);
    await this.#readInto(files, roles, paths);
    await this.#followLinks(files, roles, (path) => !before.has(path) && !paths.has(path));
    return this.#adopt(files, before, roles);
  }

  /** Everything that is parsed, ordered by path. */
  snapshot(): ParsedSnapshot {
    const plans: Plan[] = [];
    const progress: Progress[] = [];
    const paused: SessionFile[] = [];
    const taskLists: TaskList[] = [];
    const problems: FileProblems[] = [];
    const unreadable: { path: string; message: string }[] = [];
    for (const [path, file] of [...this.#files].sort(([a], [b]) => (a < b ? -1 : 1))) {
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
      if (file.session && path !== this.#sessionFile) paused.push(file.session.value);
      if (file.taskList) {
        taskLists.push(file.taskList.list);
        diagnostics.push(...file.taskList.diagnostics);
      }
      if (diagnostics.length > 0) problems.push({ path, diagnostics });
    }
    const sessionFile = this.#files.get(this.#sessionFile)?.session?.value;
    return { plans, progress, sessionFile, paused, taskLists: taskLists.sort(byPlace), problems, unreadable };
  }

  async #readInto(
    files: Map<ProjectPath, FileState>,
    roles: StateFileRoles,
    paths: ReadonlySet<ProjectPath>,
  ): Promise<void> {
    const queue = [...paths];
    const work = async (): Promise<void> => {
      for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
        const state = await this.#readOne(path, roles);
        if (state) files.set(path, state);
        else files.delete(path);
      }
    };
    await Promise.all(Array.from({ length: readsAtOnce }, work));
  }

  /** Undefined where there is no such file. The state that is known is kept where the text is the same. */
  async #readOne(
    path: ProjectPath,
    roles: StateFileRoles,
    isLinkedPlan = this.#linked.has(path),
  ): Promise<FileState | undefined> {
    const known = this.#files.get(path);
    const kinds = kindsOf(path, roles, isLinkedPlan);
    try {
      const text = await this.#ports.files.readText(path);
      if (text === undefined) return undefined;
      if (known?.text === text && known.kinds === kinds) return known;
      return this.#parse(path, text, kinds);
    } catch (error) {
      if (!BatonError.is(error)) throw error;
      return known?.failure === error.message ? known : { failure: error.message, kinds };
    }
  }

  #parse(path: ProjectPath, text: string, kinds: string): FileState {
    try {
      return {
        text,
        kinds,
        plan: kinds.includes('plan') ? parsePlan(text, path) : undefined,
        progress: kinds.includes('progress') ? parseProgress(text, path) : undefined,
        session: kinds.includes('session') ? readSessionFile(text, path, this.#ports.frontmatter) : undefined,
        taskList: kinds.includes('tasks') ? taskListOf(text, path, this.#ports.frontmatter) : undefined,
      };
    } catch (error) {
      // A parser that throws is a bug, but it must not take the other files' sessions away from the person.
      this.#ports.logger.error(`${path} could not be parsed`, error);
      return {
        text,
        kinds,
        failure: `${path} could not be parsed; this is a bug in Baton, and the log has the details`,
      };
    }
  }

  /** Reads plans that no glob finds but a progress file or SESSION.md names, and forgets those that none names any more. */
  async #followLinks(
    files: Map<ProjectPath, FileState>,
    roles: StateFileRoles,
    isToBeRead: (path: ProjectPath) => boolean,
  ): Promise<void> {
    const linked = new Set<ProjectPath>();
    for (const [path, { progress, session }] of files) {
      const link = progress?.value.planLink ?? session?.value.plan;
      if (link === undefined) continue;
      for (const target of resolveLink(session ? '' : path, link)) {
        if (canBePlan(target) && kindsOf(target, roles, false) !== 'session') linked.add(target);
      }
    }
    for (const path of this.#linked) if (!linked.has(path) && kindsOf(path, roles, false) === '') files.delete(path);
    for (const path of linked) {
      if (kindsOf(path, roles, false).includes('plan')) linked.delete(path);
      else if (isToBeRead(path) || files.get(path)?.plan === undefined) {
        const state = await this.#readOne(path, roles, true);
        if (state) files.set(path, state);
        else files.delete(path);
      }
    }
    this.#linked = linked;
  }

  #adopt(
    files: ReadonlyMap<ProjectPath, FileState>,
    before: ReadonlyMap<ProjectPath, FileState>,
    roles: StateFileRoles,
  ): readonly ProjectPath[] {
    this.#files = files;
    this.#sessionFile = roles.sessionFile;
    const touched = [...files].filter(([path, state]) => before.get(path) !== state).map(([path]) => path);
    return [...touched, ...[...before.keys()].filter((path) => !files.has(path))].sort();
  }
}

function kindsOf(path: ProjectPath, roles: StateFileRoles, isLinkedPlan: boolean): string {
  if (path === roles.sessionFile || roles.isPaused(path)) return 'session';
  const kinds = [
    roles.isPlan(path) || isLinkedPlan ? 'plan' : '',
    roles.isProgress(path) ? 'progress' : '',
    roles.isTaskList(path) ? 'tasks' : '',
  ];
  return kinds.filter((kind) => kind !== '').join('+');
}
