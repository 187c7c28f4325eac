/** Where a work item comes from. */
export const workSources = ['session', 'task', 'beads'] as const;
export type WorkSource = (typeof workSources)[number];

/** What an isolated session works on. */
export interface WorkItem {
  readonly source: WorkSource;
  readonly id: string;
  readonly title: string;
  /** Of a session of a plan. */
  readonly project?: string;
  /** Of a task. */
  readonly list?: string;
  /** Files that it declares it will change; items that share one are not run at the same time. */
  readonly files: readonly string[];
  /** How many unfinished items wait for it, directly or not. */
  readonly unblocksCount: number;
  /** What is to be done, for the agent. */
  readonly prompt: string;
  readonly model?: string;
}

/** The states of an isolated session. */
export const isolatedStatuses = [
  'queued',
  'preparing',
  'running',
  'waiting',
  'approved',
  'rejected',
  'merged',
  'failed',
  'stopped',
  'stale',
  'conflict',
  'paused',
] as const;
export type IsolatedStatus = (typeof isolatedStatuses)[number];

/** Phase 1 makes the change, phase 2 reviews it, in the same worktree and by the same session. */
export type IsolatedPhase = 'implementation' | 'review';

/** Which states may follow each. Staying in a state is no move. */
const moves: Readonly<Record<IsolatedStatus, readonly IsolatedStatus[]>> = {
  queued: ['preparing', 'stopped', 'failed'],
  preparing: ['running', 'failed', 'stopped', 'queued'],
  running: ['waiting', 'approved', 'rejected', 'failed', 'stopped', 'stale', 'paused'],
  waiting: ['running', 'approved', 'rejected', 'failed', 'stopped', 'stale', 'paused', 'queued'],
  stale: ['running', 'waiting', 'approved', 'rejected', 'failed', 'stopped', 'paused', 'queued'],
  paused: ['queued', 'running', 'stopped', 'failed', 'approved', 'rejected'],
  stopped: ['queued', 'approved', 'rejected'],
  failed: ['queued', 'approved', 'rejected'],
  // A person may decide otherwise, or send it back.
  rejected: ['queued', 'approved'],
  approved: ['merged', 'conflict', 'rejected', 'queued'],
  // Handed back to the session, or resolved by a person and merged after all.
  conflict: ['queued', 'merged', 'approved', 'rejected'],
  merged: [],
};

/** Tells whether a session may go from one state to another. */
export function canMove(from: IsolatedStatus, to: IsolatedStatus): boolean {
  return moves[from].includes(to);
}

/** What changes with a move, besides the state. */
export interface MoveOptions {
  readonly phase?: IsolatedPhase;
  /** ISO 8601 with zone. */
  readonly at: string;
  readonly why?: string;
}

/** States in which nothing more happens by itself. */
const ended: readonly IsolatedStatus[] = ['approved', 'rejected', 'merged', 'failed', 'stopped'];

/** The session after a move, written into its history; undefined where that move is not allowed. A new phase of the same state is a move too. */
export function moveTo(
  session: IsolatedSession,
  status: IsolatedStatus,
  { phase, at, why }: MoveOptions,
): IsolatedSession | undefined {
  const isSame = session.status === status;
  if (isSame && (phase === undefined || phase === session.phase)) return session;
  if (!isSame && !canMove(session.status, status)) return undefined;
  const { completedAt: _, ...rest } = session;
  const next = { status, ...(phase !== undefined && { phase }), at, ...(why !== undefined && { why }) };
  return {
    ...rest,
    status,
    ...(phase !== undefined && { phase }),
    history: [...session.history, next],
    ...(ended.includes(status) && { completedAt: at }),
  };
}

/** States in which a process of the session should be alive. */
export const liveStatuses: readonly IsolatedStatus[] = ['preparing', 'running', 'waiting', 'stale'];

/** States that keep the work item from being dispatched again. */
export const openStatuses: readonly IsolatedStatus[] = isolatedStatuses.filter((status) => status !== 'merged');

/** A process, told apart from a later one with the same PID. */
export interface ProcessIdentity {
  readonly pid: number;
  /** As the system gives it; with `bootId` it is unique. */
  readonly startTime: string;
  readonly bootId: string;
  readonly host: string;
}

/** What an agent used up, as far as it says so. */
export interface AgentUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars as the agent reports them; undefined where it does not: a price is never computed. */
  readonly costUsd?: number;
  readonly turns: number;
}

/** What a session may use up before it pauses at its next turn. */
export interface Budget {
  readonly tokens?: number;
  readonly costUsd?: number;
  readonly minutes?: number;
}

/** A verdict of the review inside a session. */
export interface ReviewVerdict {
  readonly decision: 'approved' | 'rejected';
  readonly summary: string;
  readonly reviewedBy: string;
  /** ISO 8601 with zone, or as the session wrote it. */
  readonly at: string;
  /** Git tree that was reviewed, state files and the outbox left out. */
  readonly tree: string;
  /** Rounds that the review took, three at most. */
  readonly rounds?: number;
  /** A person decided, against the review or without one. */
  readonly byPerson?: { readonly reason: string };
}

/** A step in the life of a session. */
export interface IsolatedMove {
  readonly status: IsolatedStatus;
  readonly phase?: IsolatedPhase;
  /** ISO 8601 with zone. */
  readonly at: string;
  readonly why?: string;
}

/** What is asked of the supervisor. */
export interface IsolatedRequest {
  readonly kind: 'stop' | 'pause';
  readonly at: string;
  /** Why. */
  readonly text?: string;
}

/** `isolated/<id>/state.json` */
export interface IsolatedSession {
  readonly baton: 'isolated/1';
  /** `session-<item>-<base36 ms>-<6 base36>` */
  readonly id: string;
  readonly item: WorkItem;
  readonly status: IsolatedStatus;
  readonly phase?: IsolatedPhase;
  /** Name of the adapter. */
  readonly agent: string;
  readonly model?: string;
  /** Absolute. */
  readonly worktree: string;
  readonly branch: string;
  readonly base: { readonly branch: string; readonly commit: string };
  /** Position in the queue is by `item.unblocksCount`, then by this. ISO 8601 with zone. */
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly lastActivityAt?: string;
  /** Of the end: approved, rejected, failed, stopped, merged. */
  readonly completedAt?: string;
  readonly attempt: number;
  readonly history: readonly IsolatedMove[];
  readonly process?: ProcessIdentity;
  /** In the environment of everything that it starts (`BATON_RUN_ID`). */
  readonly mark: string;
  /** The agent's own session, with which it can be resumed. */
  readonly agentSession?: string;
  readonly usage?: AgentUsage;
  readonly budget?: Budget;
  /** What was used up before counts no more: a person resumed the session when its budget was used up. */
  readonly budgetFrom?: { readonly usage: AgentUsage /** ISO 8601 with zone. */; readonly at: string };
  readonly ports?: { readonly from: number; readonly to: number };
  readonly error?: { readonly code: string; readonly message: string };
  readonly review?: ReviewVerdict;
  /** What the worker wrote for the person who merges; a long text is cut. */
  readonly summary?: string;
  readonly mergeCommit?: string;
  /** Files in conflict, where the last merge had some. */
  readonly conflicts?: readonly string[];
  readonly request?: IsolatedRequest;
  /** Files outside its worktree that its agent changed, as its own stream says. Absolute. */
  readonly strayFiles?: readonly string[];
  /** Other files outside its worktree that changed while it ran, by whomever: the person works too. Absolute. */
  readonly changedMeanwhile?: readonly string[];
  /** Git tree of the worktree before the last run, as a verdict's; undefined before the second one. */
  readonly turnTree?: string;
  /** Its worktree was there before: a person's, with what they had begun in it. */
  readonly adopted?: boolean;
}

/** Takes an unknown value, a record from disk, for an isolated session where it has one's shape. */
export function readIsolatedSession(value: unknown): IsolatedSession | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const one = value as Partial<IsolatedSession>;
  const isSession =
    one.baton === 'isolated/1' &&
    typeof one.id === 'string' &&
    typeof one.item?.id === 'string' &&
    workSources.some((source) => source === one.item?.source) &&
    isolatedStatuses.some((status) => status === one.status) &&
    typeof one.worktree === 'string' &&
    typeof one.branch === 'string' &&
    typeof one.base?.commit === 'string' &&
    typeof one.createdAt === 'string' &&
    typeof one.mark === 'string' &&
    Array.isArray(one.history);
  return isSession ? (one as IsolatedSession) : undefined;
}
