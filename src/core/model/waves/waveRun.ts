import type { AgentUsage, ProcessIdentity } from '../isolated.ts';
import type { AgentReport, Finding } from './finding.ts';
import type { GateCommandResult, GateResult } from './gate.ts';
import type { WaveConfig } from './waveConfig.ts';
import type { DocsTask, Enforcement, WavePlan } from './wavePlan.ts';

/**
 * The states of a run's record. `queued`: the supervisor has not begun; `active`; `paused`: waits for the person (or was asked to);
 * `completed`: all waves are done, `close` is open; `closed`; `aborted`; `failed`: a gate stayed red, or what cannot go on.
 */
export const waveRunStates = ['queued', 'active', 'paused', 'completed', 'closed', 'aborted', 'failed'] as const;
export type WaveRunState = (typeof waveRunStates)[number];

/** Steps of one wave, in their order; each is recorded when it begins, and doing one again does no harm. */
export const waveSteps = ['prepare', 'dispatch', 'verify', 'merge', 'gate', 'record'] as const;
export type WaveStep = (typeof waveSteps)[number];

/**
 * The states of an agent in a wave. `waiting`: for a resource or another agent (`waitsFor`); `spiral`: stopped by the circuit breaker;
 * `blocked`: something that it depends on failed; `skipped`: a person left it out.
 */
export const waveAgentStatuses = [
  'queued',
  'waiting',
  'preparing',
  'running',
  'done',
  'partial',
  'failed',
  'spiral',
  'stopped',
  'blocked',
  'skipped',
] as const;
export type WaveAgentStatus = (typeof waveAgentStatuses)[number];

/** Nothing more happens to an agent in one of these. */
export const endedAgentStatuses: readonly WaveAgentStatus[] = [
  'done',
  'partial',
  'failed',
  'spiral',
  'stopped',
  'blocked',
  'skipped',
];

/** One agent of a run, a fixer too. */
export interface WaveAgentRun {
  /** Of the plan, or `w2-fixer-1`; unique in the run. Its log and activity are `waves/<run>/<key>/output.log|activity.json`. */
  readonly key: string;
  readonly wave: number;
  readonly task: string;
  readonly files: readonly string[];
  readonly mission?: string;
  readonly status: WaveAgentStatus;
  /** From 1; a re-scoped dispatch is a further one. */
  readonly attempt: number;
  readonly isFixer?: boolean;
  /** Of a fixer: what failed, the latest last. */
  readonly failures?: readonly GateCommandResult[];
  /** Of a fixer: what it did was compared with its scope. */
  readonly isVerified?: true;
  /** Key of the agent of an earlier wave whose unfinished work this one goes on with. */
  readonly carries?: string;
  /** It was dispatched again with a narrower task after the circuit breaker stopped it; it is not a second time. */
  readonly isRescoped?: boolean;
  /** What it changed is undone before it is dispatched again. */
  readonly undo?: boolean;
  /** The circuit breaker stopped it, and a person decides what becomes of it. */
  readonly isStuck?: boolean;
  /** What the person answered about it, for its next prompt. */
  readonly told?: string;
  readonly isolation: 'worktree' | 'none';
  /** Absolute. */
  readonly worktree?: string;
  readonly branch?: string;
  /** The commit that its worktree began at: the state of the run's tree then. */
  readonly base?: string;
  readonly waitsFor?: string;
  readonly process?: ProcessIdentity;
  /** In the environment of everything that it starts (`BATON_RUN_ID`). */
  readonly mark?: string;
  readonly agentSession?: string;
  /** ISO 8601 with zone. */
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly usage?: AgentUsage;
  readonly maxTurns: number;
  readonly report?: AgentReport;
  /** Changed, as git says. */
  readonly changed: readonly string[];
  /** Said to be changed, and not found by git. */
  readonly notVerified: readonly string[];
  /** Changed outside its scope; undone where enforcement is strict. */
  readonly outside: readonly string[];
  /** Commits that it made though agents never commit. */
  readonly commits: readonly string[];
  readonly findings: readonly Finding[];
  readonly merge?: { readonly freshness: 'pass' | 'warn' | 'block' | 'no-meta'; readonly at: string };
  readonly error?: string;
}

/** What is known of a wave besides its agents and gates. */
export interface WaveProgress {
  readonly wave: number;
  /** Commit object of the run's tree before it. */
  readonly commit: string;
  /** HEAD before it: agents make no commits. */
  readonly head: string;
  /** ISO 8601 with zone. */
  readonly startedAt: string;
  readonly endedAt?: string;
  /** Changed by it, as git says; relative to the root. */
  readonly changed?: readonly string[];
  /** How many agents at a time, as the wave before suggests; never more than the configuration allows. */
  readonly parallel?: number;
  /** Why so many. */
  readonly scaling?: string;
  /** It had nothing to do. */
  readonly isSkipped?: boolean;
}

/** What is asked of a run. `continue-agent` and `raise-limit` concern an agent that the breaker stopped. */
export interface WaveRequest {
  readonly kind: 'pause' | 'resume' | 'abort' | 'stop-agent';
  readonly at: string;
  readonly agent?: string;
  readonly text?: string;
}

/** `waves/<run-id>/run.json` among the local records: what is needed to go on after a crash. STATE.md is what people read. */
export interface WaveRun {
  readonly baton: 'wave-run/1';
  /** `<slug>-<base36 ms>-<6 base36>` */
  readonly id: string;
  /** `<branch>-<YYYY-MM-DD>-<mode>-<n>`, as STATE.md and metrics name the run. */
  readonly label: string;
  /** The working tree in which it runs, absolute. */
  readonly root: string;
  readonly plan: WavePlan;
  /** Of the plan document when the run began. */
  readonly planRevision?: string;
  readonly config: WaveConfig;
  /** What holds after the rule that `none` promotes `warn`. */
  readonly enforcement: Enforcement;
  /** Relative to the root; undefined with `persistence: false`. */
  readonly stateFile?: string;
  readonly status: WaveRunState;
  /** The one that runs, from 1; 0 before the first. */
  readonly wave: number;
  readonly step: WaveStep;
  readonly branch: string;
  /** The commit before the first wave: for gates and close, never for agents' prompts. */
  readonly startRef: string;
  readonly focus?: string;
  readonly agent: string;
  readonly model?: string;
  readonly agents: readonly WaveAgentRun[];
  readonly gates: readonly GateResult[];
  readonly docsTasks: readonly DocsTask[];
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly endedAt?: string;
  /** Why it is paused, failed or aborted. */
  readonly why?: string;
  /** Inbox items of the coordinator that wait, by what they are about. */
  readonly questions: readonly { readonly about: string; readonly item: string }[];
  /** What its questions were about that have been answered. */
  readonly answered?: readonly string[];
  readonly request?: WaveRequest;
  /** Commands of its gate that a person approved for this run only. */
  readonly approved?: readonly string[];
  readonly autopilotRun?: string;
  /** Deviations, as in STATE.md, the newest last. */
  readonly deviations: readonly { readonly at: string; readonly text: string }[];
  /** Waves that have begun, in their order. */
  readonly progress?: readonly WaveProgress[];
  /** Its one commit each after a passed gate, where `autoCommit` is on. */
  readonly commits?: readonly { readonly wave: number; readonly hash: string }[];
  /** Trees of the finished waves: the snapshot before each (`refs/so-snapshots/…`). */
  readonly snapshots: readonly { readonly wave: number; readonly label: string; readonly ref: string }[];
}

/** Takes an unknown value, a record from disk, for a run where it has one's shape. */
export function readWaveRun(value: unknown): WaveRun | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const one = value as Partial<WaveRun>;
  const isRun =
    one.baton === 'wave-run/1' &&
    typeof one.id === 'string' &&
    typeof one.root === 'string' &&
    typeof one.startedAt === 'string' &&
    typeof one.wave === 'number' &&
    waveRunStates.some((state) => state === one.status) &&
    Array.isArray(one.agents) &&
    Array.isArray(one.gates) &&
    Array.isArray(one.plan?.waves);
  return isRun ? (one as WaveRun) : undefined;
}
