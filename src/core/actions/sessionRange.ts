import { phrase } from '../base/phrase.ts';
import { notARepository } from '../effects/applyEffect.ts';
import { BatonError } from '../errors.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Commit } from '../ports/git.ts';
import { readSessionFile } from '../store/readSessionFile.ts';
import { readWorkspace } from './beginVerb.ts';
import type { ActionContext } from './context.ts';
import { emptyTree, type MarkedCommit, ownCommits } from './revertChoice.ts';
import { readSessionReceipt, receiptOwner } from './runVerification.ts';
import { chooseTarget, findOwn, type SessionTarget } from './sessionTarget.ts';
import { locateWork, type WorkPlace } from './workRepository.ts';

/** Which session's changes are meant, and which part of them. */
export interface RangeOptions {
  /** The active session where not given. */
  readonly id?: string;
  readonly project?: string;
  readonly plan?: string;
  /** Only what this checkpoint committed. */
  readonly checkpoint?: number;
  /** Only what this commit (a hash or another revision) changed. */
  readonly commit?: string;
}

/** From where to where a session changed its repository. */
export interface SessionRange {
  readonly target: SessionTarget;
  readonly place: WorkPlace;
  readonly workspace: Workspace;
  /** A commit, or the tree without files. */
  readonly from: string;
  /** Undefined: the working tree. */
  readonly to: string | undefined;
  /** Commits between that name the session, newest first. */
  readonly commits: readonly Commit[];
  /** Commits between that do not name it: made by hand, by others, or merged in. Their changes cannot be told from the session's. */
  readonly others: readonly Commit[];
  /** The commits were taken back since. */
  readonly rolledBack: boolean;
}

/**
 * Finds the state that a session began with and the one that it ended with. It ends with the working tree while it is active (or paused
 * with no other at work), else with its last commit. Where it began is said by its SESSION.md; of one that has none any more by the
 * SESSION.md in its checkpoints, its receipt, or its first commit.
 *
 * @throws BatonError `no-active-session`, `unknown-session`, `ambiguous-session`, `not-a-repository`, `wrong-state` for a session that was
 *   not started, `unknown-checkpoint` where it has no such checkpoint or commit, or its start is not known
 */
export async function sessionRange(context: ActionContext, options: RangeOptions = {}): Promise<SessionRange> {
  const workspace = await readWorkspace(context);
  const { id, project, plan } = options;
  const target = chooseTarget(workspace, {
    ...(id !== undefined && { session: id }),
    ...(project !== undefined && { project }),
    ...(plan !== undefined && { plan }),
  });
  const place = await locateWork(context, target.folder);
  if (!place) throw notARepository(target.folder);
  const search: Search = { context, workspace, target, place };
  if (options.commit !== undefined) return commitRange(search, options.commit);
  const round = await findRound(search);
  if (options.checkpoint !== undefined) return checkpointRange(search, round, options.checkpoint);
  const to = isUnfinished(workspace, target) ? undefined : round.commits[0]?.hash;
  const from = await findStart(search, round);
  if (from === undefined) return fromRow(search);
  if (to === undefined && !isUnfinished(workspace, target)) throw noCommits(target, workspace);
  const between = from === emptyTree ? await place.work.log(to === undefined ? {} : { range: to }) : undefined;
  const commits = between ?? (await place.work.log({ range: `${from}..${to ?? 'HEAD'}` })) ?? [];
  const own = new Set(round.commits.map(({ hash }) => hash));
  return {
    ...rangeOf(search, from, to),
    commits: commits.filter(({ hash }) => own.has(hash)),
    others: commits.filter(({ hash }) => !own.has(hash)),
    rolledBack: round.rolledBack,
  };
}

interface Search {
  readonly context: ActionContext;
  readonly workspace: Workspace;
  readonly target: SessionTarget;
  readonly place: WorkPlace;
}

/** The commits of a session from one start to its end; it may have been started again. */
interface Round {
  /** Newest first. */
  readonly commits: readonly MarkedCommit[];
  readonly rolledBack: boolean;
  /** Commits that name the session and belong to an earlier start. */
  readonly earlier: ReadonlySet<string>;
}

type Ends = Pick<SessionRange, 'target' | 'place' | 'workspace' | 'from' | 'to' | 'commits' | 'others' | 'rolledBack'>;

function rangeOf({ target, place, workspace }: Search, from: string, to: string | undefined): Ends {
  return { target, place, workspace, from, to, commits: [], others: [], rolledBack: false };
}

/** Its uncommitted changes are in the working tree, and no other session's are. */
function isUnfinished({ config, sessionFile }: Workspace, { open }: SessionTarget): boolean {
  return open !== undefined && (open.file.path === config.sessionFile || sessionFile?.kind !== 'session');
}

async function findRound({ workspace, target, place }: Search): Promise<Round> {
  const own = await findOwn(workspace, target, place);
  const startRef = target.open?.file.startRef;
  const since = startRef === undefined ? undefined : await place.work.resolve(startRef);
  if (since !== undefined) {
    return { commits: await ownCommits(place.work, { id: target.id, since }), rolledBack: false, earlier: new Set() };
  }
  const all = await ownCommits(place.work, { id: target.id, ...own });
  const commits: MarkedCommit[] = [];
  let rolledBack = false;
  let at = 0;
  for (; at < all.length; at++) {
    const commit = all[at];
    if (commit === undefined) break;
    const isRollback = commit.kind === 'rollback' && commit.number === undefined;
    if (isRollback || commit.kind === 'record') {
      if (commits.length > 0 || target.open) break;
      rolledBack ||= isRollback;
    } else commits.push(commit);
  }
  return { commits, rolledBack, earlier: new Set(all.slice(at).map(({ hash }) => hash)) };
}

/** Undefined where nothing tells it and there is no commit of the session either. */
async function findStart(search: Search, round: Round): Promise<string | undefined> {
  const { target, place } = search;
  const first = round.commits.at(-1);
  const startRef = target.open?.file.startRef;
  const known = startRef === undefined ? undefined : await place.work.resolve(startRef);
  if (known !== undefined && (!first || (await leadsTo(search, round, known)))) return known;
  if (first) {
    for (const told of [await startInCheckpoint(search, first), await startInReceipt(search)]) {
      const hash = told === undefined ? undefined : await place.work.resolve(told);
      if (hash !== undefined && (await leadsTo(search, round, hash))) return hash;
    }
    return first.parents[0] ?? emptyTree;
  }
  if (!target.open) return undefined;
  if (startRef !== undefined) throw lostStart(target.id, startRef);
  // Baton names no start where there was no commit yet; others never do, and nothing that names the session has been committed.
  if (target.open.file.byBaton) return emptyTree;
  return (await place.work.head()).hash ?? emptyTree;
}

/** Tells whether a commit lies before the round, with no earlier round of the session between. */
async function leadsTo({ place }: Search, { commits, earlier }: Round, start: string): Promise<boolean> {
  const last = commits[0];
  if (!last || start === last.hash) return false;
  const [ahead, between] = [
    await place.work.log({ range: `${last.hash}..${start}`, limit: 1 }),
    await place.work.log({ range: `${start}..${last.hash}` }),
  ];
  return ahead?.length === 0 && between?.some(({ hash }) => earlier.has(hash)) === false;
}

/** A checkpoint holds the SESSION.md that it was made with. */
async function startInCheckpoint(
  { context, workspace, target, place }: Search,
  first: MarkedCommit,
): Promise<string | undefined> {
  const path = workspace.config.sessionFile;
  const text = place.isHome ? await place.work.show(first.hash, place.work.prefix + path) : undefined;
  if (text === undefined) return undefined;
  const { value } = readSessionFile(text, path, context.ports.frontmatter);
  return value.id === target.id ? value.startRef : undefined;
}

async function startInReceipt({ context, target }: Search): Promise<string | undefined> {
  return (await readSessionReceipt(context.ports.localState, receiptOwner(target)))?.startRef;
}

async function checkpointRange(search: Search, { commits, rolledBack }: Round, number: number): Promise<SessionRange> {
  const commit = commits.find((one) => one.kind === 'checkpoint' && one.number === number);
  if (commit) {
    return { ...rangeOf(search, commit.parents[0] ?? emptyTree, commit.hash), commits: [commit], rolledBack };
  }
  const { id } = search.target;
  const numbers = commits.flatMap((one) => (one.kind === 'checkpoint' ? [one.number ?? 0] : [])).toReversed();
  throw new BatonError('unknown-checkpoint', phrase`${id} has no checkpoint ${number}`, {
    hint: numbers.length > 0 ? phrase`Its checkpoints: ${numbers.join(', ')}.` : 'It has no checkpoints.',
    data: { session: id, checkpoint: number, checkpoints: numbers },
  });
}

async function commitRange(search: Search, revision: string): Promise<SessionRange> {
  const hash = await search.place.work.resolve(revision);
  const [commit] = (hash !== undefined && (await search.place.work.log({ range: hash, limit: 1 }))) || [];
  if (commit) return { ...rangeOf(search, commit.parents[0] ?? emptyTree, commit.hash), commits: [commit] };
  throw new BatonError('unknown-checkpoint', phrase`Git does not know the commit ${revision}`, {
    hint: 'It may be in another clone or repository; fetch it, or look where the session worked.',
    data: { session: search.target.id, commit: revision },
  });
}

/** No commit names the session, but a person may have put one into its row. */
async function fromRow(search: Search): Promise<SessionRange> {
  const { target, workspace } = search;
  if (target.entry?.commit === undefined) throw noCommits(target, workspace);
  return commitRange(search, target.entry.commit);
}

function lostStart(id: string, startRef: string): BatonError {
  return new BatonError(
    'unknown-checkpoint',
    phrase`${id} started from ${startRef.slice(0, 12)}, which is not in this repository`,
    {
      hint: 'Fetch it (`git fetch --unshallow` in a shallow clone), or make a checkpoint: what it commits can be shown.',
      data: { session: id, startRef },
    },
  );
}

function noCommits({ id, entry, open }: SessionTarget, { sessionFile }: Workspace): BatonError {
  const data = { session: id, status: entry?.status ?? null };
  if (open) {
    return new BatonError('unknown-checkpoint', phrase`${id} has committed nothing before it was paused`, {
      hint: phrase`What it left uncommitted cannot be told from the work of ${sessionFile?.id ?? phrase`another session`}. Complete that one, or resume ${id}.`,
      data,
    });
  }
  if (entry !== undefined && ['pending', 'blocked', 'retry'].includes(entry.status)) {
    return new BatonError('wrong-state', phrase`${id} has changed nothing yet: it is ${entry.status}`, {
      hint: phrase`Start it with \`baton start ${id}\`.`,
      data,
    });
  }
  return new BatonError('unknown-checkpoint', phrase`No commit names ${id}, so where it began and ended is not known`, {
    hint: phrase`Put the commit into its row of the progress table, or end the commit's message with the line \`Session: ${id}\`.`,
    data,
  });
}
