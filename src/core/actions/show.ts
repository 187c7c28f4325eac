import { type CommitText, readVerified, type SessionCommitKind, type VerifiedClaim } from '../formats/commitMessage.ts';
import { countPassed, type Receipt, type ReceiptState, receiptState } from '../model/receipt.ts';
import type { DependencyState, SessionEntry, Workspace } from '../model/workspace.ts';
import { findSession, folderOf } from '../store/lookup.ts';
import { askGit } from './askGit.ts';
import { readWorkspace } from './beginVerb.ts';
import { sessionCommits } from './checkpointNumbers.ts';
import type { ActionContext } from './context.ts';
import { readSessionReceipt } from './runVerification.ts';
import { readSessionHandoffOf } from './sessionHandoff.ts';
import type { HandoffReading } from './tasks/resumeTaskList.ts';
import { locateWork, workTree } from './workRepository.ts';

export interface ShowOptions {
  readonly id: string;
  readonly project?: string;
  /** Path of the plan, where the ID is in several. */
  readonly plan?: string;
}

/** A commit that names the session. */
export interface ShownCommit {
  readonly hash: string;
  readonly kind: SessionCommitKind;
  /** The checkpoint's number. */
  readonly number?: number;
  readonly subject: string;
  /** ISO 8601 with zone. */
  readonly date: string;
  readonly author: string;
  readonly verified?: VerifiedClaim;
}

export interface ShowResult {
  readonly entry: SessionEntry;
  readonly dependencies: readonly DependencyState[];
  /** Newest first; empty outside git. */
  readonly commits: readonly ShownCommit[];
  readonly receipt?: Receipt;
  readonly receiptState: ReceiptState;
  /** `verified 3/3`, `claimed`, `failed 2/3`, `stale`, or `not verified`. */
  readonly verified: string;
  /** Notes of its SESSION.md, where it is open. */
  readonly notes: readonly string[];
  /** The handoff of its SESSION.md, where it is open and was checkpointed or paused. */
  readonly handoff?: HandoffReading;
}

/**
 * Tells everything about one session: what plan, table and SESSION.md say, its commits, and its last verification.
 *
 * @throws BatonError `unknown-session`, `ambiguous-session`
 */
export async function show(context: ActionContext, options: ShowOptions): Promise<ShowResult> {
  const workspace = await readWorkspace(context);
  const { id, ...scope } = options;
  const entry = findSession(workspace, id, scope, ['project', 'plan']);
  const place = await askGit(() => locateWork(context, folderOf(workspace, entry)));
  const commits = place && (await askGit(() => sessionCommits(place.work, entry.id)));
  const shown = (commits ?? []).map(describeCommit);
  const receipt = await readSessionReceipt(context.ports.localState, entry);
  const open = openFile(workspace, entry);
  const commands = (open?.commands ?? entry.plan?.commands ?? []).map(({ command }) => command);
  const tree = (receipt && place && (await askGit(() => workTree(workspace, place)))) ?? '';
  const state = receiptState(receipt, tree, commands);
  const folder = folderOf(workspace, entry);
  const handoff = open && (await askGit(() => readSessionHandoffOf(context, workspace, { file: open, folder })));
  return {
    entry,
    dependencies: entry.dependencies,
    commits: shown,
    ...(receipt && { receipt }),
    receiptState: state,
    verified: describeVerified(entry, shown, receipt, state),
    notes: open?.notes ?? [],
    ...(handoff && { handoff }),
  };
}

function describeCommit(
  commit: CommitText & { kind: SessionCommitKind; number?: number; date: string; author: string },
): ShownCommit {
  const verified = readVerified(commit.message);
  return {
    hash: commit.hash,
    kind: commit.kind,
    ...(commit.number !== undefined && { number: commit.number }),
    subject: commit.message.split('\n', 1)[0] ?? '',
    date: commit.date,
    author: commit.author,
    ...(verified !== undefined && { verified }),
  };
}

function openFile(workspace: Workspace, entry: SessionEntry) {
  if (entry.activeHere) return workspace.sessionFile;
  return workspace.paused.find(({ id, project }) => id === entry.id && (project ?? entry.project) === entry.project);
}

/** For a session that is done its work commit tells; before that its last receipt. */
function describeVerified(
  entry: SessionEntry,
  commits: readonly ShownCommit[],
  receipt: Receipt | undefined,
  state: ReceiptState,
): string {
  if (entry.status === 'done') {
    const work = commits.find(({ kind }) => kind === 'work');
    if (work?.verified === 'claimed') return 'claimed';
    if (work?.verified) return `verified ${work.verified.passed}/${work.verified.total}`;
    if (!receipt?.ok) return 'not verified';
  }
  if (!receipt || state === 'none') return 'not verified';
  const { passed, total } = countPassed(receipt);
  if (state === 'stale' && entry.status !== 'done') return 'stale';
  return receipt.ok ? `verified ${passed}/${total}` : `failed ${passed}/${total}`;
}
