import { checkWorkspace } from '../checks/checkWorkspace.ts';
import type { JournalEntry } from '../effects/journal.ts';
import { describeEffect, pendingJournal } from '../effects/journal.ts';
import { countPassed, type ReceiptState, receiptState } from '../model/receipt.ts';
import type { SessionFile } from '../model/sessionFile.ts';
import { readTime, resolveTime } from '../model/time.ts';
import type { ProjectEntry, SessionEntry, Workspace } from '../model/workspace.ts';
import type { LocalTime } from '../ports/clock.ts';
import { readySessions } from '../store/lookup.ts';
import { openSession } from './activeSession.ts';
import { askGit } from './askGit.ts';
import { readWorkspace } from './beginVerb.ts';
import type { ActionContext } from './context.ts';
import { readSessionReceipt, receiptOwner } from './runVerification.ts';
import { listChanges, locateWork, workTree } from './workRepository.ts';

/** How a project stands. `total` counts all its sessions; the others those in that state. */
export interface ProjectCounts {
  readonly project: string;
  readonly progressPath?: string;
  readonly total: number;
  readonly done: number;
  readonly active: number;
  readonly paused: number;
  readonly blocked: number;
  readonly failed: number;
  readonly retry: number;
  readonly pending: number;
  readonly ready: number;
}

/** The session of this worktree's SESSION.md. */
export interface ActiveStatus {
  readonly id: string;
  /** Undefined where no table and no plan has it. */
  readonly entry?: SessionEntry;
  readonly sessionFile: SessionFile;
  /** Since it started; undefined where its start cannot be read. */
  readonly elapsedMinutes?: number;
  readonly checklist: { readonly done: number; readonly total: number };
  readonly checkpoints: number;
  readonly receipt: ReceiptState;
  /** Of the last verification. */
  readonly passed?: { readonly passed: number; readonly total: number };
  /** Changed files in its repository, state files left out; undefined outside git. */
  readonly dirtyCount?: number;
}

/** A verb that was begun and not concluded. */
export interface InterruptedVerb {
  readonly verb: string;
  readonly session?: string;
  /** What is done next, in words. */
  readonly step: string;
  /** How many steps are done, of how many. */
  readonly done: number;
  readonly total: number;
  readonly startedAt: string;
  /** True while the process that began it may still live. */
  readonly alive: boolean;
  readonly pid: number;
  /** The error that stopped it, where one did. */
  readonly cause?: string;
}

export interface StatusResult {
  readonly projects: readonly ProjectCounts[];
  readonly active?: ActiveStatus;
  /** IDs, at most five, those that unblock most first. */
  readonly ready: readonly string[];
  readonly paused: readonly string[];
  readonly blockers: readonly { readonly text: string; readonly session?: string; readonly path: string }[];
  readonly interrupted?: InterruptedVerb;
  /** How many errors and warnings `check` would find in the files alone. */
  readonly problems: number;
}

/** Says how things stand. Changes nothing, and recovers nothing. */
export async function status(context: ActionContext): Promise<StatusResult> {
  const workspace = await readWorkspace(context);
  const journal = await pendingJournal(context.ports);
  const active = await describeActive(context, workspace);
  return {
    projects: workspace.projects.map(countProject),
    ...(active && { active }),
    ready: readySessions(workspace)
      .slice(0, 5)
      .map(({ id }) => id),
    paused: workspace.paused.flatMap(({ id }) => (id === undefined ? [] : [id])),
    blockers: workspace.progress.flatMap(({ path, blockers }) =>
      blockers
        .filter(({ checked }) => !checked)
        .map(({ text, session }) => ({ text, ...(session !== undefined && { session }), path })),
    ),
    ...(journal && { interrupted: describeInterrupted(journal) }),
    problems: countProblems(workspace),
  };
}

/** Sums a project's sessions up. */
export function countProject(project: ProjectEntry): ProjectCounts {
  const count = (state: SessionEntry['status']): number =>
    project.sessions.filter((entry) => entry.status === state).length;
  return {
    project: project.name,
    ...(project.progressPath !== undefined && { progressPath: project.progressPath }),
    total: project.sessions.length,
    done: count('done'),
    active: count('active'),
    paused: count('paused'),
    blocked: count('blocked'),
    failed: count('failed'),
    retry: count('retry'),
    pending: count('pending'),
    ready: project.sessions.filter(({ ready }) => ready).length,
  };
}

/** Minutes between a written time and now; undefined where it cannot be read. */
export function elapsedMinutes(written: string | undefined, now: LocalTime): number | undefined {
  const reading = written === undefined ? undefined : readTime(written);
  return reading && Math.max(0, Math.floor((now.epochMs - resolveTime(reading, now)) / 60_000));
}

async function describeActive(context: ActionContext, workspace: Workspace): Promise<ActiveStatus | undefined> {
  const file = workspace.sessionFile;
  if (file?.kind !== 'session' || file.id === undefined) return undefined;
  const session = openSession(workspace, file, file.id);
  const elapsed = elapsedMinutes(file.startedAt, context.ports.clock.now());
  const receipt = await readSessionReceipt(context.ports.localState, receiptOwner(session));
  const place = await askGit(() => locateWork(context, session.folder));
  const changes = place && (await askGit(() => listChanges(workspace, place, undefined)));
  // Naming the tree costs git a walk over all files, so it is asked only where there is a receipt to judge.
  const tree = (receipt && place && (await askGit(() => workTree(workspace, place)))) ?? '';
  return {
    id: session.id,
    ...(session.entry && { entry: session.entry }),
    sessionFile: file,
    ...(elapsed !== undefined && { elapsedMinutes: elapsed }),
    checklist: { done: file.checklist.filter(({ checked }) => checked).length, total: file.checklist.length },
    checkpoints: file.checkpoints,
    receipt: receiptState(
      receipt,
      tree,
      file.commands.map(({ command }) => command),
    ),
    ...(receipt && { passed: countPassed(receipt) }),
    ...(changes && { dirtyCount: changes.filter(({ stateFile }) => !stateFile).length }),
  };
}

function describeInterrupted(journal: JournalEntry): InterruptedVerb {
  return {
    verb: journal.verb,
    ...(journal.session !== undefined && { session: journal.session }),
    step: journal.next ? describeEffect(journal.next) : 'the end',
    done: journal.done,
    total: journal.total,
    startedAt: journal.startedAt,
    alive: journal.ownerState !== 'dead',
    pid: journal.owner.pid,
    ...(journal.stopped && { cause: journal.stopped.message }),
  };
}

function countProblems(workspace: Workspace): number {
  return checkWorkspace(workspace, { unknownCommits: [], liveIsolated: [] })
    .flatMap(({ diagnostics }) => diagnostics)
    .filter(({ severity }) => severity !== 'info').length;
}
