import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import type { SessionCommit } from '../formats/commitMessage.ts';
import type { Commit, Git } from '../ports/git.ts';
import { sessionCommits } from './checkpointNumbers.ts';

/** Which commits a rollback takes back, and what they touched. */
export interface RevertChoice {
  /** Newest first. */
  readonly commits: readonly Commit[];
  /** Relative to the top level; state files left out. */
  readonly files: readonly string[];
  readonly stateFiles: readonly string[];
}

/** Which of the commits that name an ID are a session's. */
export interface OwnCommits {
  /** Older commits are not the session's. */
  readonly since?: string;
  /** Tells by the files that a commit touched whether it is this session's; every one that names its ID where not given. */
  readonly isOwn?: (files: readonly string[]) => boolean;
}

/** Which commits are asked for. */
export interface RevertRequest extends OwnCommits {
  readonly id: string;
  /** Keeps this checkpoint and what is before it. */
  readonly to: number | undefined;
  readonly isState: (path: string) => boolean;
}

/** What Git calls the tree without files, in repositories of SHA-1. */
export const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/**
 * Finds the commits of a session that are in force (not taken back by an earlier rollback) and, with `to`, lie behind that checkpoint.
 *
 * @throws BatonError `unknown-checkpoint`, `nothing-to-roll-back`
 */
export async function findCommitsToRevert(git: Git, request: RevertRequest): Promise<RevertChoice> {
  const { id, to, isState } = request;
  const live = liveCommits((await ownCommits(git, request)).toReversed());
  const commits = (to === undefined ? live : behindCheckpoint(live, id, to)).toReversed();
  const files = new Set<string>();
  const work: Commit[] = [];
  for (const commit of commits) {
    const touched = await touchedFiles(git, commit);
    // A record commit touches state files alone, which are edited instead.
    if (touched.some((path) => !isState(path)) || commit.kind !== 'record') work.push(commit);
    for (const path of touched) files.add(path);
  }
  if (work.length === 0) {
    const what = to === undefined ? phrase`${id} has no commits` : phrase`${id} has no commits behind checkpoint ${to}`;
    throw new BatonError('nothing-to-roll-back', phrase`${what} that could be taken back`, {
      hint: '`baton show <ID>` lists the commits of a session.',
      data: { session: id, to: to ?? null },
    });
  }
  const all = [...files].sort();
  return { commits: work, files: all.filter((path) => !isState(path)), stateFiles: all.filter(isState) };
}

/** The commits of a session, newest first, also those that were taken back. */
export async function ownCommits(
  git: Git,
  { id, since, isOwn }: OwnCommits & { readonly id: string },
): Promise<readonly MarkedCommit[]> {
  const commits = await sessionCommits(git, id, since);
  if (!isOwn) return commits;
  const own: MarkedCommit[] = [];
  for (const commit of commits) if (isOwn(await touchedFiles(git, commit))) own.push(commit);
  return own;
}

function touchedFiles(git: Git, commit: Commit): Promise<readonly string[]> {
  return git.changedFiles(commit.parents[0] ?? emptyTree, commit.hash);
}

/** A commit with what its message says of its session. */
export type MarkedCommit = Commit & SessionCommit;

/** Walks from the oldest on, dropping what rollbacks took back. */
function liveCommits(oldestFirst: readonly MarkedCommit[]): readonly MarkedCommit[] {
  let live: MarkedCommit[] = [];
  for (const commit of oldestFirst) {
    if (commit.kind !== 'rollback') live.push(commit);
    else if (commit.number === undefined) live = [];
    else live = live.slice(0, endOfCheckpoint(live, commit.number));
  }
  return live;
}

function behindCheckpoint(live: readonly MarkedCommit[], id: string, to: number): readonly MarkedCommit[] {
  const end = endOfCheckpoint(live, to);
  if (end > 0) return live.slice(end);
  const numbers = live.flatMap(({ kind, number }) => (kind === 'checkpoint' && number !== undefined ? [number] : []));
  throw new BatonError('unknown-checkpoint', phrase`${id} has no checkpoint ${to}`, {
    hint: numbers.length > 0 ? phrase`Its checkpoints: ${numbers.join(', ')}.` : 'It has no checkpoints.',
    data: { session: id, checkpoint: to, checkpoints: numbers },
  });
}

/** How many commits come up to and with a checkpoint, its own record included; 0 where there is no such checkpoint. */
function endOfCheckpoint(live: readonly MarkedCommit[], number: number): number {
  return live.findLastIndex((commit) => commit.kind === 'checkpoint' && commit.number === number) + 1;
}
