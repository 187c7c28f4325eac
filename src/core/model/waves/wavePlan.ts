/** The roles of waves, in the order in which a run goes through them (formats.md §1.3). */
export const waveRoles = ['Discovery', 'Impl-Core', 'Impl-Polish', 'Quality', 'Finalization'] as const;
export type WaveRole = (typeof waveRoles)[number];

export const sessionTypes = ['feature', 'deep', 'housekeeping'] as const;
export type SessionType = (typeof sessionTypes)[number];

/** Where an agent of a wave works: in a worktree of its own, in the working tree of the run, or by the documented rule. */
export const isolations = ['auto', 'worktree', 'none'] as const;
export type Isolation = (typeof isolations)[number];

/** What happens where an agent writes outside its scope: it is refused, it is told, nothing. */
export const enforcements = ['strict', 'warn', 'off'] as const;
export type Enforcement = (typeof enforcements)[number];

/** One item of work in a wave, for one agent. */
export interface PlannedAgent {
  /** Unique in the plan; `w2-a1` where the plan names none. Mission IDs of the plan are kept in `mission`. */
  readonly id: string;
  /** What is to be done, as the plan says it. */
  readonly task: string;
  /** Paths and globs that it may change, relative to the project's root, `/` between parts. Empty in Discovery: nothing. */
  readonly files: readonly string[];
  /** What an agent that changes nothing is to look at. */
  readonly reads?: readonly string[];
  readonly acceptance?: string;
  /** Tools that it needs, by the agent's own names. */
  readonly tools: readonly string[];
  /** IDs of agents of this plan (also of earlier waves) that must be done first: all of them. */
  readonly dependencies: readonly string[];
  readonly isolation?: Isolation;
  readonly maxTurns?: number;
  /** Of the plan's mission block. */
  readonly mission?: string;
  /** Resources that are held one at a time while it runs: `build`, `db:test`, `port:3000`. */
  readonly resources: readonly string[];
  /** The document whose steps it follows word for word, relative to the root. */
  readonly planFile?: string;
  /** Those steps. */
  readonly steps?: string;
  /** Kind of agent, as the plan names it (`code-implementer`). */
  readonly role?: string;
  readonly model?: string;
  /** `high`: it shares no working tree with others. */
  readonly collisionRisk?: 'low' | 'high';
}

export interface PlannedWave {
  /** From 1, without gaps. */
  readonly number: number;
  /** A role of `waveRoles`, or several that share a wave (`Impl-Core + Impl-Polish`); as the plan has it where it is unknown. */
  readonly title: string;
  /** Undefined: the role is not known, and the plan cannot be run. Of roles that share a wave the strictest for gates: the last. */
  readonly role?: WaveRole;
  readonly agents: readonly PlannedAgent[];
  /** One agent after another. */
  readonly sequential: boolean;
}

/** Fields of `### Execution Config`: they override the project's. */
export interface ExecutionConfig {
  readonly waves?: number;
  readonly agentsPerWave?: number;
  readonly isolation?: Isolation;
  readonly enforcement?: Enforcement;
  /** Undefined or `auto`: by the session type. */
  readonly maxTurns?: number | 'auto';
}

/** An entry of the plan's docs tasks block, mirrored into STATE.md. */
export interface DocsTask {
  readonly id: string;
  readonly audience: string;
  readonly targetPattern: string;
  readonly rationale: string;
  readonly wave: number;
  /** `planned`, at the end `ok`, `partial` or `gap`; any text is read. */
  readonly status: string;
}

/** An item of the plan's mission block. */
export interface PlannedMission {
  readonly id: string;
  readonly task: string;
  readonly wave: number;
  readonly status: string;
}

/** What a run carries out. */
export interface WavePlan {
  /** The document that it was read from, relative to the root. */
  readonly path?: string;
  /** The session of a plan that it carries out. */
  readonly session?: string;
  readonly title: string;
  /** One of `sessionTypes`; any other text is kept and treated as `feature`. */
  readonly sessionType: string;
  readonly issues: readonly number[];
  readonly waves: readonly PlannedWave[];
  /** Waves without agents: they are left out, the others renumbered; `number` is the one that the document gives it. */
  readonly skipped?: readonly { readonly number: number; readonly title: string }[];
  readonly execution: ExecutionConfig;
  readonly docsTasks: readonly DocsTask[];
  readonly missions: readonly PlannedMission[];
}
