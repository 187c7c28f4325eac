/** What each command takes: a wrong command or argument does not compile. Imports nothing of vscode but types, so that tests can read it. */
import type * as vscode from 'vscode';
import type {
  AdoptArgument,
  AnswerArgument,
  CleanUpArgument,
  CommentArgument,
  ConnectArgument,
  DispatchArgument,
  InterruptedArgument,
  IsolatedArgument,
  ItemArgument,
  ReviewReply,
  ShowChangesArgument,
  StartWaveArgument,
  StateQuestionArgument,
  WaveArgument,
  WavePlanArgument,
} from './agentArguments.ts';
import type {
  ChangedFileArgument,
  CheckArgument,
  CheckpointArgument,
  CommitArgument,
  CompleteArgument,
  FilterArgument,
  FolderArgument,
  InitArgument,
  NewPlanArgument,
  NoteArgument,
  PlanFromListArgument,
  ReasonArgument,
  RollbackArgument,
  SessionArgument,
  StartArgument,
  VerifyArgument,
} from './sessionArguments.ts';
import type {
  AddTaskArgument,
  ArchiveArgument,
  ClaimArgument,
  CreateTaskListArgument,
  EditTaskArgument,
  HandOffArgument,
  MoveTaskArgument,
  MoveTasksArgument,
  OpenTaskArgument,
  SetTaskArgument,
  SyncArgument,
  TaskArgument,
  TaskListArgument,
} from './taskArguments.ts';

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
