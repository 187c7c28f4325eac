/** What commands about agents take: isolated sessions, wave runs, the inbox. */
import type * as vscode from 'vscode';
import type { ChangeScope } from '../core/actions/isolated/isolatedChanges.ts';
import type { FolderArgument, SessionArgument } from './sessionArguments.ts';
import type { TaskArgument } from './taskArguments.ts';

/** What is done with agents that a crash ended: they go on, or are left as failed. */
export interface InterruptedArgument extends FolderArgument {
  readonly markFailed?: boolean;
}

export interface ItemArgument extends FolderArgument {
  /** Position in the checklist, from 0. */
  readonly item?: number;
  readonly checked?: boolean;
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
