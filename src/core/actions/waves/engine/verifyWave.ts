import { phrase } from '../../../base/phrase.ts';
import { isInScope } from '../../../formats/waves/scopes.ts';
import { resolveEnforcement } from '../../../formats/waves/waveRules.ts';
import type { WaveAgentRun, WaveRun } from '../../../model/waves/waveRun.ts';
import { advance } from './advance.ts';
import { snapshotRef } from './prepareWave.ts';
import { keepNow } from './rollBackWave.ts';
import { agentsOf, countRollBacks, progressOf, type RunHandle, withDeviation } from './runHandle.ts';
import { syncState } from './syncState.ts';
import { enforcementOf, scopeOf } from './waveAgents.ts';

/** What one agent did outside of what it was to do. */
interface Offence {
  readonly key: string;
  readonly folder: string;
  readonly base: string;
  readonly outside: readonly string[];
  readonly commits: readonly string[];
  readonly undo: boolean;
}

/**
 * Looks, when all agents of a wave have ended, at what git says: what was changed outside the scopes is undone where that is strict, and told
 * otherwise; commits of agents are told. What is undone is kept under a ref before: it may be a person's.
 */
export async function verifyWave(handle: RunHandle): Promise<void> {
  const run = await handle.read();
  for (const offence of [...(await lookAtWorktrees(handle, run)), ...(await lookAtTree(handle, run))]) {
    await settleOffence(handle, offence);
  }
  await tellStrayChanges(handle, run);
  await syncState(handle);
  await advance(handle, 'merge');
}

/**
 * Where every agent has a worktree of its own, nobody has work in the run's tree: what changed there is told. It stays, for a person may
 * have done it.
 */
async function tellStrayChanges(handle: RunHandle, run: WaveRun): Promise<void> {
  const began = agentsOf(run).filter(({ startedAt }) => startedAt !== undefined);
  const progress = progressOf(run);
  const isShared = began.some(({ worktree, merge }) => worktree === undefined || merge !== undefined);
  if (progress === undefined || began.length === 0 || isShared || run.config.enforcement === 'off') return;
  const changed = await handle.context.trees.changed(run.root, progress.commit);
  if (changed.length === 0) return;
  const at = handle.now();
  const text = phrase`Wave ${run.wave}: changed in the run's own tree, where none of its agents works: ${changed.join(', ')} (kept)`;
  await handle.update((one) => withDeviation(one, at, text));
}

/** Looks at what a fixer did, before its gate is run again: it works when all others of its wave have been looked at. */
export async function verifyFixer(handle: RunHandle, key: string): Promise<void> {
  const run = await handle.read();
  const fixer = agentsOf(run).find((agent) => agent.key === key);
  const head = progressOf(run)?.head;
  if (fixer?.base === undefined || fixer.isVerified === true || head === undefined) return;
  const enforcement = enforcementOf(run, fixer);
  const changed = enforcement === 'off' ? [] : await handle.context.trees.changed(run.root, fixer.base);
  const outside = changed.filter((path) => !isInScope(path, scopeOf(run, fixer)));
  const told = new Set(agentsOf(run).flatMap(({ commits }) => commits));
  const commits = (await commitsSince(handle, { from: head, folder: run.root })).filter((hash) => !told.has(hash));
  if (outside.length > 0 || commits.length > 0) {
    const undo = enforcement === 'strict';
    await settleOffence(handle, { key, folder: run.root, base: fixer.base, outside, commits, undo });
  }
  await handle.updateAgent(key, (one) => ({ ...one, isVerified: true }));
}

async function settleOffence(handle: RunHandle, offence: Offence): Promise<void> {
  const run = await handle.read();
  // Of a wave that was rolled back and is gone through again what is undone is something else.
  const again = countRollBacks(run, run.wave);
  const label = `wave-${run.wave}-outside-${offence.key}${again > 0 ? `-${again + 1}` : ''}`;
  await record(handle, offence, snapshotRef(run, label));
  if (!offence.undo || offence.outside.length === 0) return;
  if (!run.snapshots.some((one) => one.label === label)) {
    await keepNow(handle, run, { label, folder: offence.folder });
  }
  await handle.context.trees.restore(offence.folder, offence.base, offence.outside);
}

async function lookAtWorktrees(handle: RunHandle, run: WaveRun): Promise<readonly Offence[]> {
  const { trees } = handle.context;
  const found: Offence[] = [];
  for (const agent of agentsOf(run)) {
    const { worktree, base, key, startedAt } = agent;
    if (worktree === undefined || base === undefined || startedAt === undefined || agent.merge !== undefined) continue;
    const changed = await trees.changed(worktree, base);
    const outside = changed.filter((path) => !isInScope(path, scopeOf(run, agent)));
    const commits = await commitsSince(handle, { from: base, folder: worktree });
    const undo = enforcementOf(run, agent) === 'strict';
    if (enforcementOf(run, agent) !== 'off' || commits.length > 0) {
      found.push({
        key,
        folder: worktree,
        base,
        outside: enforcementOf(run, agent) === 'off' ? [] : outside,
        commits,
        undo,
      });
    }
  }
  return found.filter(({ outside, commits }) => outside.length > 0 || commits.length > 0);
}

/** In the shared tree nobody can tell who changed what is in no scope: with one agent it is that one, else all that worked in it are named. */
async function lookAtTree(handle: RunHandle, run: WaveRun): Promise<readonly Offence[]> {
  const progress = progressOf(run);
  const agents = agentsOf(run).filter(({ isolation, startedAt }) => isolation === 'none' && startedAt !== undefined);
  if (progress === undefined || agents.length === 0) return [];
  const { trees } = handle.context;
  const changed = await trees.changed(run.root, progress.commit);
  const outside = changed.filter((path) => !agents.some((agent) => isInScope(path, scopeOf(run, agent))));
  const enforcement = resolveEnforcement('none', run.config.enforcement);
  const commits = await commitsSince(handle, { from: progress.head, folder: run.root });
  if ((outside.length === 0 || enforcement === 'off') && commits.length === 0) return [];
  const key = agents.length === 1 ? (agents[0]?.key ?? '') : 'shared-tree';
  const isOff = enforcement === 'off';
  return [
    {
      key,
      folder: run.root,
      base: progress.commit,
      outside: isOff ? [] : outside,
      commits,
      undo: enforcement === 'strict',
    },
  ];
}

/** Full hashes of the commits that were made in a folder, the newest first. */
async function commitsSince(
  handle: RunHandle,
  { from, folder }: { readonly from: string; readonly folder: string },
): Promise<readonly string[]> {
  const { trees, ports } = handle.context;
  const head = await trees.head(folder);
  if (head === from) return [];
  const git = await ports.git('');
  const commits = await git?.log({ range: `${from}..${head}` });
  return commits === undefined || commits.length === 0 ? [head] : commits.map(({ hash }) => hash);
}

/** `ref` is where what is undone is kept. */
async function record(handle: RunHandle, { key, outside, commits, undo }: Offence, ref: string): Promise<void> {
  const at = handle.now();
  await handle.update((run) => {
    const isMeant = (agent: WaveAgentRun): boolean =>
      agent.wave === run.wave && (agent.key === key || (key === 'shared-tree' && agent.isolation === 'none'));
    const agents = run.agents.map((agent) => {
      if (!isMeant(agent)) return agent;
      const changed = undo ? agent.changed.filter((path) => !outside.includes(path)) : agent.changed;
      return { ...agent, changed, outside: unite(agent.outside, outside), commits: unite(agent.commits, commits) };
    });
    const who =
      key === 'shared-tree'
        ? agents
            .filter(isMeant)
            .map((agent) => agent.key)
            .join(', ')
        : key;
    const files = outside.join(', ');
    const outsideText = undo
      ? phrase`Wave ${run.wave}: ${who} changed outside its scope: ${files} (undone; kept as ${ref})`
      : phrase`Wave ${run.wave}: ${who} changed outside its scope: ${files} (left as it is)`;
    const texts = [
      ...(outside.length > 0 ? [outsideText] : []),
      ...(commits.length > 0
        ? [
            phrase`Wave ${run.wave}: ${who} made commits though agents make none: ${commits.map((hash) => hash.slice(0, 7)).join(', ')}`,
          ]
        : []),
    ];
    return texts.reduce<WaveRun>((one, text) => withDeviation(one, at, text), { ...run, agents });
  });
}

function unite(one: readonly string[], other: readonly string[]): readonly string[] {
  return [...new Set([...one, ...other])];
}
