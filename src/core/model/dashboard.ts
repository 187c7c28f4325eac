import type { InboxItem } from './inbox.ts';
import type { IsolatedPhase, IsolatedStatus } from './isolated.ts';
import type { ColumnRole } from './progress.ts';
import type { ShownState } from './shownState.ts';
import type { TaskCounts } from './taskList.ts';
import type { PastWaveRun, ShownWaveRun } from './waves/shownRun.ts';

/** A dependency as the dashboard shows it. */
export interface DashboardDependency {
  readonly id: string;
  /** Of the session that it names; undefined where no plan or table has it. */
  readonly key?: string;
  readonly state: ShownState;
  readonly met: boolean;
  readonly reason?: string;
}

/** One session, with plain values only, so that it can be sent to a webview or written into a report. Times are milliseconds since the epoch. */
export interface DashboardSession {
  /** `SessionEntry.key` */
  readonly key: string;
  readonly id: string;
  readonly title: string;
  readonly state: ShownState;
  readonly project: string;
  readonly repository?: string;
  readonly section?: string;
  /** `1`, from the section or the plan. */
  readonly week?: string;
  readonly track?: string;
  /** Texts of the row's cells by the column's header, formatting removed; absent where only a plan has the session. */
  readonly cells: Readonly<Record<string, string>>;
  readonly startedMs?: number;
  /** The end: of a done or failed session. */
  readonly endedMs?: number;
  /** The end lies at the end of a day, since the file gives a date alone. */
  readonly endIsDate?: boolean;
  readonly startIsDate?: boolean;
  /** Minutes of work, from the duration column where there is one, else between both times; absent where neither is known. */
  readonly durationMinutes?: number;
  readonly estimateMinutes?: number;
  readonly model?: string;
  readonly dependencies: readonly DashboardDependency[];
  readonly waitingFor: readonly string[];
  readonly unblocks: readonly string[];
  readonly unblocksCount: number;
  readonly parallelWith: readonly string[];
  /** On the longest chain of unfinished sessions of its project, by estimate. */
  readonly critical: boolean;
  /** Session of this worktree's SESSION.md. */
  readonly activeHere: boolean;
  readonly commit?: string;
  readonly taskList?: string;
  readonly hasPrompt: boolean;
  readonly hasRow: boolean;
}

/** A column of one of a project's tables. */
export interface DashboardColumn {
  /** The header as it stands. */
  readonly name: string;
  readonly role: ColumnRole;
  /** People own its cells: notes, status, and columns that Baton does not know. */
  readonly editable: boolean;
}

/** A project. */
export interface DashboardProject {
  readonly name: string;
  readonly progressPath?: string;
  readonly planPaths: readonly string[];
  readonly repositories: readonly string[];
  /** Union of its tables' columns, in the order of their first appearance. */
  readonly columns: readonly DashboardColumn[];
  readonly counts: Readonly<Partial<Record<ShownState, number>>>;
  readonly total: number;
  readonly done: number;
  /** Keys of the longest chain of unfinished sessions, first to last. */
  readonly criticalPath: readonly string[];
  readonly blockers: readonly { readonly text: string; readonly session?: string }[];
}

/** A task list in short. */
export interface DashboardTaskList {
  readonly id: string;
  readonly title: string;
  readonly path: string;
  readonly counts: TaskCounts;
  readonly archived: boolean;
  /** Number of the session that is open on it. */
  readonly openSession?: number;
  /** IDs and titles of what can be started, what unblocks most first; five at most. */
  readonly ready: readonly { readonly id: string; readonly title: string }[];
  readonly inProgress: readonly { readonly id: string; readonly title: string }[];
}

/** The active session of the worktree. */
export interface DashboardActive {
  readonly key?: string;
  readonly id: string;
  readonly title: string;
  readonly startedMs?: number;
  readonly checklist: { readonly done: number; readonly total: number };
  readonly checkpoints: number;
}

/** What can be done with an isolated session from the dashboard: each is one of Baton's commands. */
export const dashboardAgentVerbs = ['changes', 'log', 'merge', 'stop', 'retry'] as const;
export type DashboardAgentVerb = (typeof dashboardAgentVerbs)[number];

/** An isolated session. */
export interface DashboardAgent {
  readonly id: string;
  /** ID of its work item. */
  readonly item: string;
  readonly title: string;
  /** Name of the agent. */
  readonly agent: string;
  readonly status: IsolatedStatus | 'interrupted';
  readonly phase?: IsolatedPhase;
  readonly startedMs?: number;
  readonly endedMs?: number;
  readonly tokens?: number;
  /** As the agent reports it. */
  readonly costUsd?: number;
  readonly can: readonly DashboardAgentVerb[];
}

/** Everything that the dashboard shows of one folder. */
export interface DashboardSnapshot {
  /** Name of the folder. */
  readonly name: string;
  readonly takenMs: number;
  readonly projects: readonly DashboardProject[];
  /** In the order of tables and plans. */
  readonly sessions: readonly DashboardSession[];
  readonly active?: DashboardActive;
  /** Keys of the sessions that can be started, what unblocks most first. */
  readonly next: readonly string[];
  readonly taskLists: readonly DashboardTaskList[];
  /** Questions that wait for the person. */
  readonly inbox: readonly InboxItem[];
  /** Isolated sessions that are not put away; absent in reports, where nothing can be done with them. */
  readonly agents?: readonly DashboardAgent[];
  /** Wave runs that are still something to be done, the latest first. */
  readonly waves?: readonly ShownWaveRun[];
  /** Wave runs that have ended, the latest last. */
  readonly pastWaves?: readonly PastWaveRun[];
  /** Files that cannot be understood. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}
