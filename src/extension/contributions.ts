/**
 * Everything that package.json contributes, with its types: a wrong command, argument, setting or context key does not compile, and
 * test/architecture/contributions.test.ts holds both files to the same sets. Imports nothing but types, so that the test can read it.
 */

import type { CommandArguments } from './commandArguments.ts';

/** The ID of a command. */
export type CommandId = keyof CommandArguments;

/**
 * Where each command may be met: in the palette always (`palette`), there only where it can do something (`when`), or only from
 * Baton's own views (`internal`: the palette hides it).
 */
export const commands: Readonly<Record<CommandId, 'palette' | 'when' | 'internal'>> = {
  'baton.initProject': 'palette',
  'baton.newPlan': 'palette',
  'baton.planFromList': 'palette',
  'baton.openWalkthrough': 'palette',
  'baton.reportIssue': 'palette',
  'baton.startSession': 'palette',
  'baton.checkpointSession': 'when',
  'baton.verifySession': 'when',
  'baton.completeSession': 'when',
  'baton.pauseSession': 'when',
  'baton.resumeSession': 'when',
  'baton.failSession': 'when',
  'baton.rollbackSession': 'when',
  'baton.recoverSession': 'when',
  'baton.addNote': 'when',
  'baton.addDecision': 'when',
  'baton.addBlocker': 'when',
  'baton.resolveBlocker': 'when',
  'baton.checkFiles': 'palette',
  'baton.openPlan': 'when',
  'baton.openSessionFile': 'when',
  'baton.openProgress': 'when',
  'baton.openDashboard': 'palette',
  'baton.openPrompt': 'when',
  'baton.copySessionId': 'when',
  'baton.showChanges': 'when',
  'baton.showCheckpoint': 'when',
  'baton.openChangedFile': 'internal',
  'baton.filterSessions': 'when',
  'baton.clearFilter': 'internal',
  'baton.revealSession': 'internal',
  'baton.refreshViews': 'palette',
  'baton.showLog': 'palette',
  'baton.showActions': 'palette',
  'baton.startAgent': 'when',
  'baton.workOnSession': 'when',
  'baton.copyForReview': 'when',
  'baton.pasteReview': 'when',
  'baton.toggleItem': 'when',
  'baton.openProblem': 'internal',
  'baton.showVerificationLog': 'internal',
  'baton.createTaskList': 'palette',
  'baton.addTask': 'when',
  'baton.startTask': 'when',
  'baton.completeTask': 'when',
  'baton.reopenTask': 'when',
  'baton.editTask': 'when',
  'baton.removeTask': 'when',
  'baton.moveTaskUp': 'when',
  'baton.moveTaskDown': 'when',
  'baton.moveTaskToList': 'when',
  'baton.moveTasks': 'internal',
  'baton.archiveTaskList': 'when',
  'baton.restoreTaskList': 'internal',
  'baton.copyTaskId': 'when',
  'baton.openTask': 'when',
  'baton.revealTask': 'internal',
  'baton.undoTaskChange': 'when',
  'baton.resumeTaskList': 'when',
  'baton.handOffTaskList': 'when',
  'baton.verifyTaskList': 'when',
  'baton.syncTaskList': 'when',
  'baton.claimTask': 'when',
  'baton.releaseTask': 'when',
  'baton.connectAgents': 'palette',
  'baton.dispatchWork': 'palette',
  'baton.answerQuestion': 'when',
  'baton.approveIsolated': 'when',
  'baton.rejectIsolated': 'when',
  'baton.mergeIsolated': 'when',
  'baton.mergeApproved': 'when',
  'baton.stopIsolated': 'when',
  'baton.retryIsolated': 'when',
  'baton.approveAndRetry': 'internal',
  'baton.resumeInterrupted': 'when',
  'baton.removeIsolated': 'when',
  'baton.restoreIsolated': 'palette',
  'baton.followAgentLog': 'when',
  'baton.openWorktreeTerminal': 'when',
  'baton.openWorktreeWindow': 'when',
  'baton.showIsolatedChanges': 'when',
  'baton.showIsolatedChangesSince': 'when',
  'baton.addReviewComment': 'internal',
  'baton.removeReviewComment': 'internal',
  'baton.sendReviewComments': 'when',
  'baton.adoptWorktree': 'palette',
  'baton.cleanUpAgents': 'palette',
  'baton.copyBranch': 'when',
  'baton.startWaveRun': 'palette',
  'baton.newWavePlan': 'palette',
  'baton.pauseWaveRun': 'when',
  'baton.resumeWaveRun': 'when',
  'baton.abortWaveRun': 'when',
  'baton.stopAutopilot': 'when',
  'baton.closeWaveRun': 'when',
  'baton.stopWaveAgent': 'when',
  'baton.showWaveAgentLog': 'when',
  'baton.showWaveChanges': 'when',
  'baton.openWaveState': 'when',
  'baton.answerStateQuestion': 'when',
};

/** The type of each setting's value. */
export interface SettingValues {
  'baton.files.saveDirtyEditors': 'ask' | 'always' | 'never';
  'baton.sessions.checkpointReminderMinutes': number;
  'baton.sessions.revealActive': boolean;
  'baton.notifications.nextStep': boolean;
  'baton.notifications.undo': boolean;
  'baton.notifications.questions': boolean;
  'baton.notifications.verdicts': boolean;
  'baton.notifications.failures': boolean;
  'baton.notifications.breaker': boolean;
  'baton.notifications.waves': boolean;
  'baton.diagnostics.enabled': boolean;
  'baton.editor.gutterIcons': boolean;
  'baton.editor.elapsedTime': boolean;
  'baton.codeLens.progressRows': 'off' | 'activeAndReady' | 'all';
  'baton.codeLens.planHeadings': boolean;
  'baton.statusBar.shown': boolean;
  'baton.scm.shown': boolean;
  'baton.testing.shown': boolean;
  'baton.codeLens.taskRows': 'off' | 'activeAndReady' | 'all';
  'baton.agents.terminalPath': boolean;
  'baton.agents.syncClaudeTasks': boolean;
  'baton.agents.command': string;
  'baton.agents.args': readonly string[];
  'baton.agents.models': Readonly<Record<string, string>>;
}

/** The name of a setting. */
export type SettingId = keyof SettingValues;

/** The defaults of the settings, as package.json has them too. */
export const settingDefaults: Readonly<SettingValues> = {
  'baton.files.saveDirtyEditors': 'ask',
  'baton.sessions.checkpointReminderMinutes': 60,
  'baton.sessions.revealActive': true,
  'baton.notifications.nextStep': true,
  'baton.notifications.undo': true,
  'baton.notifications.questions': true,
  'baton.notifications.verdicts': true,
  'baton.notifications.failures': true,
  'baton.notifications.breaker': true,
  'baton.notifications.waves': true,
  'baton.diagnostics.enabled': true,
  'baton.editor.gutterIcons': true,
  'baton.editor.elapsedTime': false,
  'baton.codeLens.progressRows': 'activeAndReady',
  'baton.codeLens.planHeadings': true,
  'baton.statusBar.shown': true,
  'baton.scm.shown': true,
  'baton.testing.shown': true,
  'baton.codeLens.taskRows': 'activeAndReady',
  'baton.agents.terminalPath': true,
  'baton.agents.syncClaudeTasks': true,
  'baton.agents.command': 'claude',
  'baton.agents.args': ['--model', '{model}', '{prompt}'],
  'baton.agents.models': { opus: 'opus', sonnet: 'sonnet', haiku: 'haiku' },
};

/** Settings that name what is executed: `machine` scope and restricted, so that no repository can set them. */
export const executableSettings: readonly SettingId[] = [
  'baton.agents.command',
  'baton.agents.args',
  'baton.agents.models',
];

/** The type of each context key's value, for `when` clauses. */
export interface ContextKeys {
  /** The first scan has ended. */
  'baton.loaded': boolean;
  'baton.hasPlan': boolean;
  'baton.hasSessions': boolean;
  'baton.hasActiveSession': boolean;
  'baton.hasPausedSession': boolean;
  'baton.hasUnreadable': boolean;
  'baton.hasChecklist': boolean;
  'baton.interrupted': boolean;
  /** The active session has a checkpoint. */
  'baton.hasCheckpoint': boolean;
  /** A session was completed while the window was open. */
  'baton.didComplete': boolean;
  'baton.filtered': boolean;
  'baton.hasTaskLists': boolean;
  'baton.canUndoTask': boolean;
  /** There is an isolated session, or something in the inbox. */
  'baton.hasAgents': boolean;
  'baton.hasApproved': boolean;
  'baton.agentsInterrupted': boolean;
  /** There is a wave run that Baton coordinates. */
  'baton.hasWaveRun': boolean;
  /** A run has a STATE.md. */
  'baton.hasWaveState': boolean;
  /** A run is at work. */
  'baton.wavesRun': boolean;
  /** A run could go on. */
  'baton.wavesRest': boolean;
  /** A run is to be closed. */
  'baton.wavesDone': boolean;
  /** An autopilot runs. */
  'baton.autopilotRuns': boolean;
  /** Absolute paths of plans, progress files, SESSION.md and paused sessions: `resourcePath in baton.stateFiles`. */
  'baton.stateFiles': readonly string[];
}

/** The name of a context key. */
export type ContextKey = keyof ContextKeys;

/** The values before the first scan has ended. */
export const contextDefaults: Readonly<ContextKeys> = {
  'baton.loaded': false,
  'baton.hasPlan': false,
  'baton.hasSessions': false,
  'baton.hasActiveSession': false,
  'baton.hasPausedSession': false,
  'baton.hasUnreadable': false,
  'baton.hasChecklist': false,
  'baton.interrupted': false,
  'baton.hasCheckpoint': false,
  'baton.didComplete': false,
  'baton.filtered': false,
  'baton.hasTaskLists': false,
  'baton.canUndoTask': false,
  'baton.hasAgents': false,
  'baton.hasApproved': false,
  'baton.agentsInterrupted': false,
  'baton.hasWaveRun': false,
  'baton.hasWaveState': false,
  'baton.wavesRun': false,
  'baton.wavesRest': false,
  'baton.wavesDone': false,
  'baton.autopilotRuns': false,
  'baton.stateFiles': [],
};

/** The views of the container `baton`, in their order. */
export const views = {
  currentSession: 'baton.currentSession',
  sessions: 'baton.sessions',
  taskLists: 'baton.taskLists',
  agents: 'baton.agents',
} as const;

/** `contextValue` of tree items begins with one of these; menus match on it. */
export const itemKinds = [
  'session',
  'project',
  'folder',
  'repository',
  'section',
  'activeSession',
  'item',
  'checkpoint',
  'command',
  'fact',
  'group',
  'note',
  'archive',
  'list',
  'task',
  'isolated',
  'question',
  'approval',
  'worktree',
  'waveRun',
  'wave',
  'waveAgent',
] as const;
