/** What commands about sessions, plans and files take. */

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

export interface FilterArgument {
  readonly statuses?: readonly string[];
}
