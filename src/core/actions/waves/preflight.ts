import { phrase } from '../../base/phrase.ts';
import { revisionOf } from '../../base/revision.ts';
import { BatonError } from '../../errors.ts';
import { isRunRecord } from '../../formats/waves/runRecords.ts';
import { isLockLive } from '../../formats/waves/sessionLock.ts';
import type { Peer } from '../../model/waves/sessionLock.ts';
import type { WaveConfig } from '../../model/waves/waveConfig.ts';
import type { WavePlan } from '../../model/waves/wavePlan.ts';
import { approveCommands } from '../approveCommands.ts';
import type { IsolatedContext } from '../isolated/context.ts';
import { gateClosedError, readBootstrapGate, writeBootstrapLock } from './bootstrapGate.ts';
import { findPeers } from './findPeers.ts';
import { readWaveRuns } from './records.ts';
import { acquireSessionLock } from './sessionLock.ts';
import { readStateFile } from './stateFile.ts';

/** What a person decides before a run. */
export const preflightTopics = ['bootstrap', 'dirty', 'conflict', 'state'] as const;
export type PreflightTopic = (typeof preflightTopics)[number];

/** One decision, with what can be chosen, the recommended one first. */
export interface PreflightChoice {
  readonly about: PreflightTopic;
  readonly question: string;
  /** What the person needs to know, line by line. */
  readonly detail: readonly string[];
  readonly options: readonly { readonly id: string; readonly label: string; readonly description: string }[];
  /** ID of an option. */
  readonly recommended: string;
}

/** Asks the person; undefined where nobody can be asked or the person gave it up. */
export type Choose = (choice: PreflightChoice) => Promise<string | undefined>;

export interface PreflightOptions {
  /** What becomes of uncommitted changes. */
  readonly dirty?: 'commit' | 'stash' | 'continue';
  /** What to do about another session that is in the way. */
  readonly conflict?: 'wait' | 'go-on' | 'worktree' | 'stop';
  /** Consent to set the repository up. */
  readonly bootstrap?: boolean;
  /** Begin although STATE.md says that another run is active or paused. */
  readonly fresh?: boolean;
  /** Revision of the plan document that the person saw. */
  readonly planRevision?: string;
  readonly choose?: Choose;
}

/** What is decided, as Deviations of the run. */
export type Deviations = readonly string[];

/**
 * Refuses a second run in the same working tree, whatever state it is in as long as it is not over.
 *
 * @throws BatonError `wave-run-active`
 */
export async function assertNoOtherRun({ ports }: IsolatedContext, root: string): Promise<void> {
  const open = ['queued', 'active', 'paused', 'failed', 'completed'];
  const other = (await readWaveRuns(ports.localState)).find((run) => run.root === root && open.includes(run.status));
  if (other === undefined) return;
  throw new BatonError('wave-run-active', phrase`The wave run ${other.id} is ${other.status} in this working tree`, {
    hint:
      other.status === 'completed'
        ? phrase`Close it first: \`baton wave close ${other.id}\`.`
        : phrase`Let it end, or end it: \`baton wave abort ${other.id}\`.`,
    data: { run: other.id, status: other.status },
  });
}

/** The gate that each run goes through once. @throws BatonError `bootstrap-missing` */
export async function passBootstrapGate(context: IsolatedContext, options: PreflightOptions): Promise<void> {
  const state = await readBootstrapGate(context);
  if (state === 'open') return;
  if (state === 'invalid') throw gateClosedError(state);
  const agreed =
    options.bootstrap === true ||
    (await options.choose?.({
      about: 'bootstrap',
      question: 'This repository is not set up for wave runs. Set it up?',
      detail: ['Baton writes .orchestrator/bootstrap.lock, which is to be committed, and nothing else.'],
      options: [
        { id: 'yes', label: 'Set it up', description: 'Once for this repository and everybody who works in it' },
        { id: 'no', label: 'Do not', description: 'No wave run begins' },
      ],
      recommended: 'yes',
    })) === 'yes';
  if (!agreed) throw gateClosedError(state);
  await writeBootstrapLock(context);
}

/** @throws BatonError `conflict` where the plan is not what the person saw any more */
export async function assertPlanSeen(
  { ports }: IsolatedContext,
  plan: WavePlan,
  seen: string | undefined,
): Promise<void> {
  if (seen === undefined || plan.path === undefined) return;
  const text = await ports.files.readText(plan.path);
  if (text !== undefined && revisionOf(text) === seen) return;
  throw new BatonError('conflict', phrase`${plan.path} has changed since you looked at it`, {
    hint: 'Look at the plan again, then run it.',
    data: { path: plan.path },
  });
}

/** Sees that the tree is clean, or that the person wants it as it is. @throws BatonError `tree-not-clean` */
export async function cleanTree(
  context: IsolatedContext,
  options: PreflightOptions,
  { title, planPath }: { readonly title: string; readonly planPath: string | undefined },
): Promise<Deviations> {
  const git = await context.ports.git('');
  if (git === undefined) return [];
  const own = await trackedPaths(context, git.prefix);
  const changes = (await git.changes()).filter(({ path }) => !isRunRecord(path) && !own.has(path));
  if (changes.length === 0) return [];
  const paths = changes.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from]));
  const way = options.dirty ?? (await options.choose?.(dirtyChoice(paths)));
  if (way === 'commit') {
    await git.commit({ paths, message: `chore: state before the wave run ${title}` });
    return [];
  }
  if (way === 'stash') {
    if (planPath !== undefined && paths.includes(git.prefix + planPath)) throw planStashedError(planPath);
    await git.stash({ paths, message: `before the wave run ${title}` });
    return [
      paths.length === 1
        ? phrase`Pre-flight: 1 changed file was stashed`
        : phrase`Pre-flight: ${paths.length} changed files were stashed`,
    ];
  }
  if (way === 'continue')
    return [
      paths.length === 1
        ? phrase`Pre-flight: the run began with 1 uncommitted file: ${shortList(paths)}`
        : phrase`Pre-flight: the run began with ${paths.length} uncommitted files: ${shortList(paths)}`,
    ];
  const message =
    paths.length === 1
      ? phrase`1 file has uncommitted changes: ${shortList(paths)}`
      : phrase`${paths.length} files have uncommitted changes: ${shortList(paths)}`;
  throw new BatonError('tree-not-clean', message, {
    hint: 'Pass --dirty commit (recommended), stash or continue, or commit them yourself.',
    data: { files: paths },
  });
}

/** What Baton itself writes for the active session, and commits with its end: that a session was started makes no tree dirty. */
async function trackedPaths({ store }: IsolatedContext, prefix: string): Promise<ReadonlySet<string>> {
  const { config, active, progress } = await store.refresh();
  const paths = active === undefined ? [] : [config.sessionFile, ...progress.map(({ path }) => path)];
  return new Set(paths.map((path) => prefix + path));
}

function dirtyChoice(paths: readonly string[]): PreflightChoice {
  return {
    about: 'dirty',
    question:
      paths.length === 1
        ? phrase`1 file has uncommitted changes. What becomes of it?`
        : phrase`${paths.length} files have uncommitted changes. What becomes of them?`,
    detail: paths.slice(0, 20),
    options: [
      { id: 'commit', label: 'Commit them', description: 'One commit before the run; the waves begin from it' },
      { id: 'stash', label: 'Stash them', description: 'Out of the way; `git stash pop` brings them back' },
      { id: 'continue', label: 'Go on with them', description: 'They stay, and what agents change is on top of them' },
    ],
    recommended: 'commit',
  };
}

function planStashedError(path: string): BatonError {
  return new BatonError('tree-not-clean', phrase`${path} is not committed: stashing would take the plan itself away`, {
    hint: 'Commit the changes, or go on with them.',
    data: { path },
  });
}

function shortList(paths: readonly string[]): string {
  const more = paths.length - 5;
  return more > 0 ? phrase`${paths.slice(0, 5).join(', ')} and ${more} more` : paths.join(', ');
}

/** How the session lock was asked for: it is taken, or the person wants the run in a worktree of its own. */
export type LockTaking = { readonly kind: 'taken'; readonly deviations: Deviations } | { readonly kind: 'worktree' };

/**
 * Takes the session lock of the tree, asking where other sessions are in the way. Of a STATE.md of this tree the person was asked before.
 *
 * @throws BatonError `session-conflict` (data.peers, data.options), `io-failed`
 */
export async function takeLock(
  context: IsolatedContext,
  options: PreflightOptions,
  session: { readonly sessionId: string; readonly label: string; readonly mode: string },
): Promise<LockTaking> {
  let attempt = await acquireSessionLock(context, session);
  const deviations: string[] = [];
  if (attempt.outcome === 'active-compatible-parallel' || attempt.outcome === 'active-incompatible-exclusive') {
    const { peers } = attempt.decision;
    // Two sessions never share the one lock of a tree.
    const { lock } = attempt;
    const isHeld = lock !== undefined && isLockLive(lock, context.ports.clock.now().epochMs);
    const ways = attempt.decision.options.filter((way) => way !== 'go-on' || !isHeld);
    const others = peers.filter(({ source, isHere }) => source !== 'state-md' || !isHere);
    if (others.length > 0) {
      const way = options.conflict ?? (await options.choose?.(conflictChoice(others, ways)));
      if (way === 'worktree' && ways.includes('worktree')) return { kind: 'worktree' };
      if (way === 'wait') {
        await waitForPeers(context, others);
        return await takeLock(context, options, session);
      }
      if (way !== 'go-on' || !ways.includes('go-on')) throw conflictError(others, ways);
      deviations.push(phrase`Pre-flight: the run began beside ${others.map(describePeer).join(', ')}`);
    }
    attempt = await acquireSessionLock(context, { ...session, despitePeers: true });
  }
  if (attempt.outcome === 'stale-pid-dead' || attempt.outcome === 'stale-pid-alive') {
    const old = attempt.lock?.semantic_session_id ?? attempt.lock?.session_id ?? '';
    attempt = await acquireSessionLock(context, { ...session, despitePeers: true, takeOver: true });
    deviations.push(phrase`Pre-flight: the lock of ${old} was taken over, which gave no sign of life any more`);
  }
  if (attempt.outcome === 'fs-error') {
    throw new BatonError('io-failed', phrase`The session lock cannot be taken: ${attempt.error ?? ''}`);
  }
  const ours = ['acquired', 'renewed', 'taken-over', 'active-readonly-bypass'];
  if (ours.includes(attempt.outcome)) return { kind: 'taken', deviations };
  const { lock, decision } = attempt;
  const holder = lock?.semantic_session_id ?? lock?.session_id ?? '';
  throw new BatonError('session-conflict', phrase`Another session is at work in this tree: ${holder}`, {
    hint: 'Wait until it has ended, end it, or run this in a worktree of its own.',
    data: { outcome: attempt.outcome, session: holder, peers: decision.peers.map(describePeer) },
  });
}

/** So often it is looked whether they have ended. */
const peerPollMs = 1_000;

/** Until none of them is at work any more. @throws BatonError `cancelled` */
async function waitForPeers(context: IsolatedContext, peers: readonly Peer[]): Promise<void> {
  const files = await context.ports.orchestrator();
  context.report(phrase`Waiting for ${peers.map(describePeer).join(', ')}`);
  const isThere = (now: readonly Peer[]): boolean =>
    now.some(({ sessionId }) => peers.some((peer) => peer.sessionId === sessionId));
  while (isThere(await findPeers(context))) {
    if (context.cancellation.isCancelled) throw new BatonError('cancelled', 'Waiting was given up; nothing began');
    await files.pause(peerPollMs);
  }
}

const conflictTexts: Readonly<Record<string, readonly [string, string]>> = {
  wait: ['Wait', 'The run begins when the other session has ended'],
  worktree: ['Make a worktree', 'The run begins in a working tree of its own, on a branch of its own'],
  stop: ['Stop', 'Nothing begins'],
  'go-on': ['Go on beside it', 'Both work in the clone; a Deviation says so'],
};

function conflictChoice(peers: readonly Peer[], ways: readonly string[]): PreflightChoice {
  return {
    about: 'conflict',
    question: phrase`Another session is in the way: ${peers.map(describePeer).join(', ')}. How does it go on?`,
    detail: peers.map((peer) => `${describePeer(peer)}: ${peer.worktreePath}`),
    options: ways.map((id) => {
      const [label, description] = conflictTexts[id] ?? [id, ''];
      return { id, label, description };
    }),
    recommended: ways[0] ?? 'stop',
  };
}

function describePeer({ label, sessionId, mode }: Peer): string {
  return phrase`${label ?? sessionId} (${mode ?? 'unknown mode'})`;
}

function conflictError(peers: readonly Peer[], ways: readonly string[]): BatonError {
  return new BatonError(
    'session-conflict',
    phrase`Another session is in the way: ${peers.map(describePeer).join(', ')}`,
    {
      hint: phrase`Wait until it has ended, or pass --conflict with one of: ${ways.filter((way) => way !== 'stop').join(', ')}.`,
      data: { peers: peers.map(describePeer), options: ways, recommended: ways[0] ?? null },
    },
  );
}

/** A STATE.md that says it is active or paused is somebody's, unless a run of this clone that is over left it. @throws BatonError `session-conflict` */
export async function assertStateFree(
  context: IsolatedContext,
  options: PreflightOptions,
  { stateFile, branch }: { readonly stateFile: string; readonly branch: string },
): Promise<Deviations> {
  const reading = await readStateFile(context, stateFile);
  const state = reading?.state;
  if (state === undefined || (state.status !== 'active' && state.status !== 'paused')) return [];
  // A file of another branch is left over (formats.md §1.2).
  if (state.branch !== undefined && state.branch !== branch) return [];
  const session = state.fields.findLast(({ key }) => key === 'session')?.value ?? '';
  const runs = await readWaveRuns(context.ports.localState);
  if (runs.some(({ label }) => label === session && session !== '')) return [];
  const way = options.fresh === true ? 'fresh' : await options.choose?.(stateChoice(stateFile, state.status, session));
  if (way === 'fresh')
    return [
      phrase`Pre-flight: ${stateFile} of ${session || 'another session'} was ${state.status}, and was begun afresh`,
    ];
  throw new BatonError(
    'session-conflict',
    phrase`${stateFile} says that a session is ${state.status}: ${session || 'unnamed'}`,
    {
      hint: 'Go on with that session where it was begun, or pass --fresh to begin anew.',
      data: { path: stateFile, status: state.status, session },
    },
  );
}

function stateChoice(path: string, status: string, session: string): PreflightChoice {
  return {
    about: 'state',
    question: phrase`${path} says that a session is ${status}: ${session || 'unnamed'}. Begin afresh?`,
    detail: ['Its wave history moves to "Previous Session"; open questions and what must not be retried stay.'],
    options: [
      { id: 'stop', label: 'Do not', description: 'Go on with that session where it was begun' },
      { id: 'fresh', label: 'Begin afresh', description: 'The file becomes that of the new run' },
    ],
    recommended: 'stop',
  };
}

/** The lines of the gates, read and approved by a person; those that hold for this run only are given back. @throws BatonError `approval-required` */
export async function approveGate(
  context: IsolatedContext,
  config: WaveConfig,
): Promise<readonly string[] | undefined> {
  const { lint, typecheck, test } = config.gate;
  const commands = [lint, typecheck, test].filter((command) => command !== undefined);
  if (commands.length === 0) return undefined;
  await approveCommands(context, { commands, purpose: 'the gates between waves', folder: '' });
  return (await context.ports.approvals.isApproved(commands)) ? undefined : commands;
}
