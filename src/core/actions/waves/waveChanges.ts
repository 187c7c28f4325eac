import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import { isRunRecord } from '../../formats/waves/runRecords.ts';
import type { WaveAgentRun, WaveRun } from '../../model/waves/waveRun.ts';
import type { FileDifference, Git } from '../../ports/git.ts';
import type { IsolatedContext } from '../isolated/context.ts';

/** What a run, one of its waves or one of its agents has changed. */
export interface WaveChanges {
  readonly files: readonly FileDifference[];
  /** Full hash of a commit or tree. */
  readonly from: string;
  /** Full hash of the snapshot before the next wave; undefined: the tree as it is. */
  readonly to?: string;
  /** Absolute path of the folder in which the files are now. */
  readonly folder: string;
}

export interface WaveChangesOptions {
  /** Number of a wave; absent: the whole run. */
  readonly wave?: number;
  /** Key of an agent. */
  readonly agent?: string;
}

/**
 * Compares a run's tree with what was there before it, a wave's end with the snapshot before it, or an agent's worktree with where it began; of
 * an agent whose worktree is gone, or who worked in the run's own tree, what its wave did to the files that it changed.
 *
 * @throws BatonError `unknown-item` for an agent that is not there, `not-a-repository`
 */
export async function readWaveChanges(
  context: Pick<IsolatedContext, 'ports' | 'isolated'>,
  run: WaveRun,
  options: WaveChangesOptions = {},
): Promise<WaveChanges> {
  const agent = options.agent === undefined ? undefined : requireAgent(run, options.agent);
  const own = agent && (await inWorktree(context, agent));
  if (own !== undefined) return own;
  const git = await (await context.isolated.portsOf(run.root)).git('');
  if (git === undefined) throw goneError(run);
  const number = agent?.wave ?? options.wave;
  const from = await startOf(git, run, number);
  const to = number === undefined ? undefined : await snapshotAfter(git, run, number);
  const files = await compare(git, from, to ?? (await git.workingTree([])));
  const changed = new Set(agent?.changed);
  return {
    files: agent === undefined ? files : files.filter(({ path }) => changed.has(path)),
    from,
    ...(to !== undefined && { to }),
    folder: git.topLevel,
  };
}

function requireAgent(run: WaveRun, key: string): WaveAgentRun {
  const found = run.agents.find((one) => one.key === key);
  if (found !== undefined) return found;
  throw new BatonError('unknown-item', phrase`${run.id} has no agent ${key}`, {
    data: { run: run.id, agents: run.agents.map((one) => one.key) },
  });
}

async function inWorktree(
  { isolated }: Pick<IsolatedContext, 'isolated'>,
  { worktree, base }: WaveAgentRun,
): Promise<WaveChanges | undefined> {
  if (worktree === undefined || base === undefined) return undefined;
  // It is removed once its changes are in the run's tree.
  const git = await isolated
    .portsOf(worktree)
    .then((ports) => ports.git(''))
    .catch(() => undefined);
  if (git === undefined || git.topLevel !== worktree) return undefined;
  return { files: await compare(git, base, await git.workingTree([])), from: base, folder: git.topLevel };
}

async function startOf(git: Git, run: WaveRun, number: number | undefined): Promise<string> {
  const snapshot = run.snapshots.find(({ wave }) => wave === (number ?? wave));
  const from = (snapshot && (await git.resolve(snapshot.ref))) ?? (await git.resolve(run.startRef));
  if (from === undefined) throw goneError(run);
  return from;
}

async function snapshotAfter(git: Git, run: WaveRun, number: number): Promise<string | undefined> {
  const next = run.snapshots.find(({ wave }) => wave > number);
  return next && (await git.resolve(next.ref));
}

async function compare(git: Git, from: string, to: string): Promise<readonly FileDifference[]> {
  const files = await git.compare(from, to);
  return files.filter(({ path }) => !isRunRecord(path));
}

function goneError({ id }: WaveRun): BatonError {
  return new BatonError('not-a-repository', phrase`The tree of the wave run ${id} is gone`, { data: { run: id } });
}
