/** How a person answers to commands from repository text. */
export type ApprovalAnswer = 'approve' | 'once' | 'refuse';

/** Asks the person. A host without one (not a terminal, an agent) answers undefined everywhere, and the action refuses with the next step. */
export interface Prompt {
  /** Shows exactly the commands that will run and where; `approve` is remembered, `once` is for this run. */
  approveCommands(request: {
    readonly commands: readonly string[];
    readonly purpose: string;
    readonly folder: string;
  }): Promise<ApprovalAnswer | undefined>;
  /**
   * Shows what will be committed, files that were dirty before the session pointed out; answers the paths to commit. Undefined only where
   * nobody can be asked: then the action leaves out what is not the session's work.
   *
   * @throws BatonError `cancelled` where the person dismissed the question
   */
  chooseFiles(request: FileChoice): Promise<readonly string[] | undefined>;
  /** Asks yes or no on something that cannot be undone by a keystroke; `detail` is what will happen, line by line. */
  confirm(request: {
    readonly question: string;
    readonly detail: readonly string[];
    readonly yes: string;
  }): Promise<boolean | undefined>;
}

/** What `complete` and `checkpoint` are about to commit. */
export interface FileChoice {
  readonly purpose: string;
  readonly files: readonly {
    readonly path: string;
    readonly kind: string;
    /** Dirty before the session started. */
    readonly before: boolean;
    /** Dirty before the session started and as it was since: not the session's work, and left out unless the person takes it in. */
    readonly untouched?: boolean;
    /** A state file of Baton's: always in. */
    readonly stateFile: boolean;
  }[];
}
