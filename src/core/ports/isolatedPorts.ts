import type { Ports } from './ports.ts';
import type { Worktrees } from './worktrees.ts';

/** An issue that Beads says is ready. Fields that are not used here are left out. */
export interface BeadsIssue {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly design?: string;
  readonly acceptanceCriteria?: string;
  readonly notes?: string;
  /** 0 is the most urgent. */
  readonly priority: number;
  /** How many issues wait for it, as Beads counts them. */
  readonly dependentCount: number;
}

/** The issue tracker Beads (`bd`), where the person has it. */
export interface Beads {
  /**
   * What can be worked on. Undefined where there is no Beads here: no `.beads` folder, or no `bd`.
   *
   * @throws BatonError `process-failed` where `bd` refuses or says what cannot be understood
   */
  ready(): Promise<readonly BeadsIssue[] | undefined>;
  /** @throws BatonError `process-failed` where it was not closed, with what `bd` said */
  close(id: string, reason: string): Promise<void>;
}

/** The detached process that runs the agents of a clone: one for all its worktrees. */
export interface Supervisors {
  /**
   * Sees that one runs, that it has seen to what an earlier one left when that was killed, and that it looks at the sessions again.
   *
   * @throws BatonError `supervisor-failed` where none could be started (data.log), `untrusted`
   */
  ensure(): Promise<void>;
  /** Tells whether one runs, without starting anything. */
  isRunning(): Promise<boolean>;
}

/** Programs that work: from the user's own configuration, never from the repository. */
export interface AgentCatalog {
  /** Names of all that are configured or built in. */
  names(): Promise<readonly string[]>;
  /** The one that is taken where nobody says another. */
  defaultName(): Promise<string>;
  /**
   * Sees that the agent's program can be started.
   *
   * @throws BatonError `agent-missing`, with what to install or to configure
   */
  require(name: string): Promise<void>;
}

/** A process that an agent of this clone started, or that such a one started. */
export interface MarkedProcess {
  readonly pid: number;
  /** Of the run that it belongs to; what a run inside it adds is after a `/`. */
  readonly mark: string;
  readonly command: string;
}

/** The processes of the clone's agents, whoever their parents are now. */
export interface MarkedProcesses {
  list(): Promise<readonly MarkedProcess[]>;
  /** Ends all that carry a mark: asks, waits, and ends what is left. */
  end(mark: string): Promise<void>;
}

/** What a worktree starts from. */
export interface WorktreeBase {
  readonly branch: string;
  /** Full hash. */
  readonly commit: string;
}

/** What isolated sessions need besides the ports of every action. */
export interface IsolatedPorts {
  readonly beads: Beads;
  readonly supervisors: Supervisors;
  readonly agents: AgentCatalog;
  readonly worktrees: Worktrees;
  readonly processes: MarkedProcesses;
  /** The ports of another working tree of the clone. */
  readonly portsOf: (worktree: string) => Promise<Ports>;
}
