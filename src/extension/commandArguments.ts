/** What each command takes: a wrong command or argument does not compile. Imports nothing of vscode but types, so that tests can read it. */
import type * as vscode from 'vscode';
import type { ChangeScope } from '../core/actions/isolated/isolatedChanges.ts';

/** Names a session: a row of a tree, or what a keybinding or another extension passes. */
export interface SessionArgument {
  /** The session's ID. */
  readonly id?: string;
  /** URI of the workspace folder; needed only where several have sessions. */
  readonly folder?: string;
  /** The project, where several of the folder have a session with this ID. */
  readonly project?: string;
}

export interface InitArgument {
  readonly folder?: string;
  readonly project?: string;
  readonly repositories?: readonly string[];
  /** Path of the plan, relative to the folder. */
  readonly plan?: string;
}

export interface NewPlanArgument extends FolderArgument {
  readonly project?: string;
  readonly repositories?: readonly string[];
  /** `ID: TITLE @REPOSITORY after A, B`, or `# NAME` for a phase. */
  readonly sessions?: readonly string[];
}

export interface PlanFromListArgument extends FolderArgument {
  readonly project?: string;
  /** Path of the list, relative to the folder. */
  readonly file?: string;
  /** What becomes a session. */
  readonly unit?: 'items' | 'headings';
}

export interface StartArgument extends SessionArgument {
  readonly plan?: string;
  readonly model?: string;
  readonly force?: boolean;
  /** Keep a SESSION.md that is not Baton's under another name, without asking. */
  readonly keepForeign?: boolean;
}

export interface CheckpointArgument {
  readonly folder?: string;
  readonly message?: string;
  readonly done?: readonly string[];
  readonly remaining?: readonly string[];
}

export interface VerifyArgument {
  readonly folder?: string;
  /** Run also when nothing changed since the last run. */
  readonly again?: boolean;
}

export interface CompleteArgument {
  readonly folder?: string;
  readonly message?: string;
  readonly body?: string;
  /** False: complete on the person's word alone. */
  readonly verify?: boolean;
  /** Exactly these files, without asking. */
  readonly files?: readonly string[];
}

export interface ReasonArgument {
  readonly folder?: string;
  readonly reason?: string;
}

export interface RollbackArgument extends SessionArgument {
  /** Number of the checkpoint to go back to; absent: the whole session. */
  readonly to?: number;
  /** Run the plan's rollback commands after their approval. */
  readonly runCommands?: boolean;
}

export interface NoteArgument {
  readonly folder?: string;
  readonly text?: string;
  /** Of a decision: why. */
  readonly rationale?: string;
}

export interface FolderArgument {
  readonly folder?: string;
}

/** What is done with agents that a crash ended: they go on, or are left as failed. */
export interface InterruptedArgument extends FolderArgument {
  readonly markFailed?: boolean;
}

export interface CheckArgument extends FolderArgument {
  /** Apply the fixes that lose nothing. */
  readonly fix?: boolean;
}

/** What of a session's changes is meant: all where nothing more is given. */
export interface CommitArgument extends SessionArgument {
  readonly commit?: string;
  /** Number of the checkpoint. */
  readonly checkpoint?: number;
}

/** A file in the Source Control view. */
export interface ChangedFileArgument {
  /** Where it is, as VS Code has it. */
  readonly resourceUri?: unknown;
}

export interface ItemArgument extends FolderArgument {
  /** Position in the checklist, from 0. */
  readonly item?: number;
  readonly checked?: boolean;
}

export interface FilterArgument {
  readonly statuses?: readonly string[];
}

/** Names a task list: a row of the tree, or what a keybinding or another extension passes. */
export interface TaskListArgument extends FolderArgument {
  /** ID, title or path of the list. */
  readonly list?: string;
}

/** Names a list that is brought into step with Claude Code's tasks. */
export interface SyncArgument extends TaskListArgument {
  /** The side that decides where both changed. Absent: that is told, and left. */
  readonly prefer?: 'list' | 'claude';
}

/** Names a task of a list. */
export interface TaskArgument extends TaskListArgument {
  /** The task's ID. */
  readonly task?: string;
}

export interface OpenTaskArgument extends TaskArgument {
  /** The focus stays where it is: a click in the tree shows the row, and keys still go to the tree. */
  readonly keepsFocus?: boolean;
}

export interface CreateTaskListArgument extends FolderArgument {
  readonly title?: string;
  readonly id?: string;
  /** Titles, or `ID: title after A, B`. */
  readonly tasks?: readonly string[];
  /** Text of an outline, YAML or markdown. */
  readonly outline?: string;
  /** Path of a plan, relative to the folder. */
  readonly fromPlan?: string;
  /** ID of a list whose tasks are copied. */
  readonly fromList?: string;
}

export interface AddTaskArgument extends TaskArgument {
  readonly title?: string;
  readonly id?: string;
  readonly after?: readonly string[];
}

export interface SetTaskArgument extends TaskArgument {
  /** True: in spite of what it waits for, or of its being complete; false: never. Absent: the person is asked. */
  readonly force?: boolean;
}

export interface EditTaskArgument extends TaskArgument {
  readonly title?: string;
  readonly id?: string;
  readonly after?: readonly string[];
}

export interface MoveTaskArgument extends TaskArgument {
  readonly toList?: string;
}

/** Where a task goes that is dropped: to another place in its list, or to another list. */
export type TaskMove =
  | {
      readonly kind: 'reorder';
      readonly list: string;
      readonly task: string;
      readonly before?: string;
      readonly after?: string;
      readonly to?: 'last';
    }
  | {
      readonly kind: 'move';
      readonly list: string;
      readonly task: string;
      readonly toList: string;
      readonly before?: string;
    };

/** What was dropped in the tree. */
export interface MoveTasksArgument extends FolderArgument {
  readonly moves?: readonly TaskMove[];
}

export interface ArchiveArgument extends TaskListArgument {
  /** Brings it back. */
  readonly restore?: boolean;
}

export interface HandOffArgument extends TaskListArgument {
  /** Ends the list's session. */
  readonly end?: boolean;
}

export interface ConnectArgument extends FolderArgument {
  /** `claude`, `copilot`, `codex`; absent: the person is asked. */
  readonly agents?: readonly string[];
  /** Also the hooks for Claude Code. */
  readonly hooks?: boolean;
  /** Also the launcher on the user's PATH. */
  readonly launcher?: boolean;
  /** Takes away what was written. */
  readonly remove?: boolean;
}

export interface ClaimArgument extends TaskArgument {
  readonly owner?: string;
  /** Takes over a claim that ran out. */
  readonly takeover?: boolean;
}

/** What is given to agents: rows of the trees, or what a keybinding or another extension names. */
export interface DispatchArgument extends TaskArgument {
  /** ID of a session of a plan. */
  readonly id?: string;
  /** IDs of work items; of a task `LIST/TASK` too. */
  readonly items?: readonly string[];
  readonly sources?: readonly ('session' | 'task' | 'beads')[];
  /** Everything that is ready. */
  readonly ready?: boolean;
  /** At most so many. */
  readonly max?: number;
  /** Name of the agent; else the configured one. */
  readonly agent?: string;
  readonly model?: string;
}

/** Names an isolated session: by its own ID, or that of its work item. */
export interface IsolatedArgument extends FolderArgument {
  readonly id?: string;
  /** Why: of a decision, of a stop. */
  readonly reason?: string;
  /** What the agent is told when it goes on. */
  readonly message?: string;
  /** Begin anew, without the agent's own history. */
  readonly fresh?: boolean;
  /** Merge without a valid approval, for this reason. */
  readonly override?: string;
}

/** Names an isolated session, and from where its changes are counted. */
export interface ShowChangesArgument extends IsolatedArgument {
  readonly since?: ChangeScope;
}

/** What was written beside a line of a file, as VS Code tells it. */
export interface ReviewReply {
  readonly thread: Pick<vscode.CommentThread, 'uri' | 'range' | 'dispose'>;
  readonly text: string;
}

/** Names a comment on a line of an isolated session's changes. */
export interface CommentArgument {
  readonly folder: string;
  /** ID of the session. */
  readonly id: string;
  readonly comment: string;
}

/** Names what is to be cleaned up. */
export interface CleanUpArgument extends FolderArgument {
  /** What to remove without a pick: paths of worktrees, refs, IDs in the trash, marks of processes, keys of records. */
  readonly keys?: readonly string[];
}

/** Names a worktree and the work item that is worked on there. */
export interface AdoptArgument extends FolderArgument {
  /** Absolute. */
  readonly path?: string;
  readonly item?: string;
}

/** Names an item of the inbox. */
export interface AnswerArgument extends FolderArgument {
  readonly id?: string;
  /** The answer, or the number of a proposed one. */
  readonly text?: string;
}

/** Names a wave run: a row of a tree, or what a keybinding or another extension passes. */
export interface WaveArgument extends FolderArgument {
  /** ID of the run; the beginning of one and its label too. */
  readonly id?: string;
  /** Number of a wave. */
  readonly wave?: number;
  /** Key of an agent. */
  readonly agent?: string;
  /** Why, in the person's words. */
  readonly reason?: string;
}

/** What a wave run carries out, and how. */
export interface StartWaveArgument extends SessionArgument {
  /** Path of a document with a wave plan, relative to the folder. */
  readonly plan?: string;
  readonly agent?: string;
  readonly model?: string;
  /** What all agents are told to see to first. */
  readonly focus?: string;
  readonly sequential?: boolean;
  /** Start it without showing waves and files first. */
  readonly confirmed?: boolean;
}

/** What a wave plan is made of. */
export interface WavePlanArgument extends SessionArgument {
  /** Roles of the waves, in any order. */
  readonly roles?: readonly string[];
  /** Agents of each implementation wave. */
  readonly agents?: number;
  /** Path of the document that is made, relative to the folder. */
  readonly path?: string;
}

/** Names an open question of a STATE.md. */
export interface StateQuestionArgument extends FolderArgument {
  readonly id?: string;
  /** Path of the file, relative to the folder. */
  readonly stateFile?: string;
  /** The question, as it stands there. */
  readonly question?: string;
  readonly text?: string;
}

/** Each command with the argument that it takes. */
export interface CommandArguments {
  'baton.initProject': InitArgument;
  'baton.newPlan': NewPlanArgument;
  'baton.planFromList': PlanFromListArgument;
  'baton.openWalkthrough': undefined;
  'baton.reportIssue': undefined;
  'baton.startSession': StartArgument;
  'baton.checkpointSession': CheckpointArgument;
  'baton.verifySession': VerifyArgument;
  'baton.completeSession': CompleteArgument;
  'baton.pauseSession': ReasonArgument;
  'baton.resumeSession': SessionArgument;
  'baton.failSession': ReasonArgument;
  'baton.rollbackSession': RollbackArgument;
  'baton.recoverSession': FolderArgument;
  'baton.addNote': NoteArgument;
  'baton.addDecision': NoteArgument;
  'baton.addBlocker': NoteArgument;
  'baton.resolveBlocker': NoteArgument;
  'baton.checkFiles': CheckArgument;
  'baton.openPlan': SessionArgument;
  'baton.openSessionFile': FolderArgument;
  'baton.openProgress': SessionArgument;
  'baton.openDashboard': SessionArgument;
  'baton.openPrompt': SessionArgument;
  'baton.copySessionId': SessionArgument;
  'baton.showChanges': CommitArgument;
  'baton.showCheckpoint': CommitArgument;
  'baton.openChangedFile': ChangedFileArgument;
  'baton.filterSessions': FilterArgument;
  'baton.clearFilter': undefined;
  'baton.revealSession': SessionArgument;
  'baton.refreshViews': undefined;
  'baton.showLog': undefined;
  'baton.showActions': FolderArgument;
  'baton.startAgent': SessionArgument;
  'baton.workOnSession': SessionArgument;
  'baton.copyForReview': SessionArgument;
  'baton.pasteReview': NoteArgument;
  'baton.toggleItem': ItemArgument;
  'baton.openProblem': FolderArgument;
  'baton.showVerificationLog': { readonly log?: string };
  'baton.createTaskList': CreateTaskListArgument;
  'baton.addTask': AddTaskArgument;
  'baton.startTask': SetTaskArgument;
  'baton.completeTask': SetTaskArgument;
  'baton.reopenTask': SetTaskArgument;
  'baton.editTask': EditTaskArgument;
  'baton.removeTask': SetTaskArgument;
  'baton.moveTaskUp': TaskArgument;
  'baton.moveTaskDown': TaskArgument;
  'baton.moveTaskToList': MoveTaskArgument;
  'baton.moveTasks': MoveTasksArgument;
  'baton.archiveTaskList': ArchiveArgument;
  'baton.restoreTaskList': TaskListArgument;
  'baton.copyTaskId': TaskArgument;
  'baton.openTask': OpenTaskArgument;
  'baton.revealTask': TaskArgument;
  'baton.undoTaskChange': undefined;
  'baton.resumeTaskList': TaskListArgument;
  'baton.handOffTaskList': HandOffArgument;
  'baton.verifyTaskList': TaskListArgument;
  'baton.syncTaskList': SyncArgument;
  'baton.claimTask': ClaimArgument;
  'baton.releaseTask': ClaimArgument;
  'baton.connectAgents': ConnectArgument;
  'baton.dispatchWork': DispatchArgument;
  'baton.answerQuestion': AnswerArgument;
  'baton.approveIsolated': IsolatedArgument;
  'baton.rejectIsolated': IsolatedArgument;
  'baton.mergeIsolated': IsolatedArgument;
  'baton.mergeApproved': FolderArgument;
  'baton.stopIsolated': IsolatedArgument;
  'baton.retryIsolated': IsolatedArgument;
  'baton.approveAndRetry': IsolatedArgument;
  'baton.resumeInterrupted': InterruptedArgument;
  'baton.removeIsolated': IsolatedArgument;
  'baton.restoreIsolated': IsolatedArgument;
  'baton.followAgentLog': IsolatedArgument;
  'baton.openWorktreeTerminal': IsolatedArgument;
  'baton.openWorktreeWindow': IsolatedArgument;
  'baton.showIsolatedChanges': ShowChangesArgument;
  'baton.showIsolatedChangesSince': ShowChangesArgument;
  'baton.addReviewComment': ReviewReply;
  'baton.removeReviewComment': CommentArgument;
  'baton.sendReviewComments': IsolatedArgument & { /** Of a file of its worktree. */ readonly uri?: vscode.Uri };
  'baton.adoptWorktree': AdoptArgument;
  'baton.cleanUpAgents': CleanUpArgument;
  'baton.copyBranch': IsolatedArgument;
  'baton.startWaveRun': StartWaveArgument;
  'baton.newWavePlan': WavePlanArgument;
  'baton.pauseWaveRun': WaveArgument;
  'baton.resumeWaveRun': WaveArgument;
  'baton.abortWaveRun': WaveArgument;
  'baton.closeWaveRun': WaveArgument;
  'baton.stopWaveAgent': WaveArgument;
  'baton.showWaveAgentLog': WaveArgument;
  'baton.showWaveChanges': WaveArgument;
  'baton.openWaveState': WaveArgument;
  'baton.answerStateQuestion': StateQuestionArgument;
  'baton.stopAutopilot': {
    /** URI of the workspace folder; the one in which it runs unless told. */
    readonly folder?: string;
    /** End the wave run too. */
    readonly now?: boolean;
  };
}
