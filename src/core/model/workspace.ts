import type { BatonConfig } from './config.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Plan, PlanSession } from './plan.ts';
import type { Progress, ProgressRow, ProgressTable } from './progress.ts';
import type { SessionFile } from './sessionFile.ts';
import type { SessionStatus } from './sessionStatus.ts';
import type { TaskListEntry } from './taskList.ts';
import type { WaveState } from './waveState.ts';

/** A dependency with the state that it has now. */
export interface DependencyState {
  readonly id: string;
  /** `unknown` where no plan or progress table of the project names it. */
  readonly status: SessionStatus | 'unknown';
  readonly met: boolean;
  readonly reason?: string;
}

/** One session as plan, progress table and SESSION.md together say it. */
export interface SessionEntry {
  /** Stable and unique in the workspace: project, repository and ID. */
  readonly key: string;
  readonly id: string;
  readonly title: string;
  /** What holds now: SESSION.md's word for this worktree's session, else the row's, else pending. */
  readonly status: SessionStatus;
  /** True where the row's status cell could not be understood (`status` is then pending). */
  readonly statusUnknown: boolean;
  readonly project: string;
  readonly repository?: string;
  readonly section?: string;
  readonly progressPath?: string;
  readonly table?: ProgressTable;
  readonly row?: ProgressRow;
  readonly planPath?: string;
  readonly plan?: PlanSession;
  readonly dependencies: readonly DependencyState[];
  /** IDs of the dependencies that are not done. */
  readonly waitingFor: readonly string[];
  /** IDs of unfinished sessions that depend on this one, directly. */
  readonly unblocks: readonly string[];
  /** How many unfinished sessions wait for this one, directly or not. */
  readonly unblocksCount: number;
  /** It can be started: pending, failed or retry, every dependency done; never with a status that could not be understood. */
  readonly ready: boolean;
  /** It is the session of this worktree's SESSION.md. */
  readonly activeHere: boolean;
  readonly started?: string;
  readonly completed?: string;
  readonly commit?: string;
  readonly notes?: string;
}

/** A project: one progress file with its plan, or one of them alone. */
export interface ProjectEntry {
  readonly name: string;
  readonly progressPath?: string;
  readonly planPaths: readonly string[];
  /** Order of first appearance in the progress file, then in the plan. */
  readonly repositories: readonly string[];
  readonly sessions: readonly SessionEntry[];
}

/** Problems of one file; `path` relative to the project's root. */
export interface FileProblems {
  readonly path: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** An immutable snapshot of everything that one root folder's state files say. */
export interface Workspace {
  readonly config: BatonConfig;
  readonly plans: readonly Plan[];
  readonly progress: readonly Progress[];
  /** SESSION.md of this worktree, whatever it is; undefined where there is none. */
  readonly sessionFile?: SessionFile;
  readonly paused: readonly SessionFile[];
  /** Task lists by path, archived ones last. */
  readonly taskLists: readonly TaskListEntry[];
  /** The records of wave runs, by path. */
  readonly waveStates?: readonly WaveState[];
  readonly projects: readonly ProjectEntry[];
  readonly sessions: readonly SessionEntry[];
  /** The entry of the active session; undefined where none is active, or SESSION.md names one that no table or plan has. */
  readonly active?: SessionEntry;
  /** What parsing found, per file. The rules over several files are in `checks`. */
  readonly problems: readonly FileProblems[];
  /** Files that are there and could not be read. */
  readonly unreadable: readonly { readonly path: string; readonly message: string }[];
}

/** What changed between two snapshots. Keys are `SessionEntry.key`. */
export interface WorkspaceChange {
  readonly workspace: Workspace;
  readonly added: readonly string[];
  /** Those that now say something else; one whose text only moved in its file is not among them. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly sessionFileChanged: boolean;
  /** Paths of task lists that are new, say something else, or are gone. */
  readonly taskListsChanged: readonly string[];
  /** Paths whose text changed. */
  readonly files: readonly string[];
}
