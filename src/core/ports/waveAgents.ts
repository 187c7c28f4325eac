import type { AgentEvent } from '../model/agentEvent.ts';
import type { AgentUsage, ProcessIdentity } from '../model/isolated.ts';
import type { Enforcement } from '../model/waves/wavePlan.ts';

/** What is needed to run one agent of a wave. */
export interface WaveAgentOrder {
  readonly run: string;
  readonly key: string;
  readonly agent: string;
  readonly model?: string;
  readonly prompt: string;
  /** Folder that it works in, absolute: the run's tree or its worktree. */
  readonly folder: string;
  /** Paths and globs that it may change; `[]`: none. */
  readonly scope: readonly string[];
  readonly enforcement: Enforcement;
  readonly blockedCommands: readonly string[];
  readonly mark: string;
  /** Continue the agent's own session. */
  readonly resume?: string;
}

/** How an agent ended. */
export interface WaveAgentEnd {
  readonly exitCode: number | undefined;
  /** Its last message, with the STATUS line where it gave one. */
  readonly text: string;
  readonly isError: boolean;
  /** It was stopped by `stop`. */
  readonly stopped: boolean;
  readonly usage: AgentUsage;
  readonly agentSession?: string;
  /** The end of its log where it failed. */
  readonly tail: string;
}

/** An agent at work. */
export interface RunningWaveAgent {
  readonly process: ProcessIdentity | undefined;
  /** Resolves when it and what it started have ended; never rejects. */
  readonly ended: Promise<WaveAgentEnd>;
  /** Gently, then not. */
  stop(): Promise<void>;
}

/** Starts agents of waves; the supervisor has the real one. */
export interface WaveAgents {
  /** @throws BatonError `agent-missing`, `process-failed` */
  start(order: WaveAgentOrder, onEvent: (event: AgentEvent) => void): Promise<RunningWaveAgent>;
  /** Ends what is left of an earlier run of an agent. */
  endLeftovers(mark: string): Promise<void>;
}

/** The state of a working tree, and moving changes between trees. Paths relative to the run's root, `/` between parts. */
export interface WaveTrees {
  /** A commit object with everything that is in the tree now, untracked files too, on no branch; state files and records left out. */
  snapshot(folder: string, label: string): Promise<string>;
  /** Makes a worktree of the run for an agent at a commit (`.worktrees/…`, with the included files and the set-up). */
  add(options: { readonly path: string; readonly branch: string; readonly commit: string }): Promise<void>;
  /** Removes a worktree of the run and its branch; what is in it was merged or is kept by a ref. */
  remove(path: string): Promise<void>;
  /** Paths that differ between a snapshot and a folder now. */
  changed(folder: string, since: string): Promise<readonly string[]>;
  /** Full hash of HEAD of a folder. */
  head(folder: string): Promise<string>;
  /**
   * Brings the changes of a worktree since `base` into the run's tree, file by file. `block`: a file was changed there too since `base`;
   * nothing is brought then, and `overlap` names the files. Doing it again changes nothing.
   */
  bring(options: {
    readonly from: string;
    readonly base: string;
    readonly paths: readonly string[];
  }): Promise<{ readonly freshness: 'pass' | 'warn' | 'block'; readonly overlap: readonly string[] }>;
  /** Puts paths of a folder back to what a snapshot has. */
  restore(folder: string, snapshot: string, paths: readonly string[]): Promise<void>;
  /** Keeps a snapshot under a ref; `refs/so-snapshots/<label>/wave-<N>-<name>`. */
  keep(ref: string, commit: string): Promise<void>;
  /** Removes kept snapshots older than `days`. Returns how many. */
  collect(days: number): Promise<number>;
}
