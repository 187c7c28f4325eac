import { phrase } from '../../../base/phrase.ts';
import { revisionOf } from '../../../base/revision.ts';
import type { PlannedWave } from '../../../model/waves/wavePlan.ts';
import type { WaveRun } from '../../../model/waves/waveRun.ts';
import { writeScopes } from '../scopeFiles.ts';
import { advance } from './advance.ts';
import { stemOf } from './folders.ts';
import { scalingFor } from './recordWave.ts';
import { progressOf, type RunHandle, waveOf, withDeviation } from './runHandle.ts';
import { syncState } from './syncState.ts';
import { recordVault } from './vaultCheckpoint.ts';
import { crewOf } from './waveAgents.ts';

/** Kept snapshots that are older are removed (formats.md §1.7). */
const snapshotDays = 14;

/**
 * Makes a wave ready: its state before is kept, its agents are recorded with where they work, and the files that bound them are written.
 * A wave without agents is skipped.
 */
export async function prepareWave(handle: RunHandle): Promise<void> {
  const run = await begin(handle);
  if (progressOf(run)?.isSkipped === true) {
    await advance(handle, 'record');
    return;
  }
  await notePlanChange(handle, run);
  if (run.wave === 1) await handle.attempt(() => recordVault(handle, run));
  if (run.config.persistence) await keepSnapshot(handle, run);
  if (run.plan.sessionType !== 'housekeeping') await writeScopes(handle.context, run, waveOf(run));
  await syncState(handle);
  await advance(handle, 'dispatch');
}

/** What the wave begins with is recorded in one go: either all of it is there, or the wave has not begun. */
async function begin(handle: RunHandle): Promise<WaveRun> {
  const { trees } = handle.context;
  const run = await handle.read();
  if (progressOf(run) !== undefined) return run;
  const wave = waveOf(run);
  const makesFolders = await makesNewFolders(handle, wave);
  const commit = await trees.snapshot(run.root, `wave ${wave.number} of ${run.label}: before`);
  const head = await trees.head(run.root);
  const at = handle.now();
  return await handle.update((one) => {
    const crew = crewOf(one, wave, { makesFolders });
    const agents = crew.agents.map((agent) =>
      agent.isolation === 'none' ? agent : { ...agent, ...placeOf(handle, one, agent.key), base: commit },
    );
    const progress = {
      wave: wave.number,
      commit,
      head,
      startedAt: at,
      ...scalingFor(one, agents.length),
      ...(agents.length === 0 && { isSkipped: true, endedAt: at }),
    };
    const begun = { ...one, agents: [...one.agents, ...agents], progress: [...(one.progress ?? []), progress] };
    const [first] = crew.leftOver;
    return first === undefined
      ? begun
      : withDeviation(begun, at, phrase`Wave ${wave.number}: nobody goes on with ${crew.leftOver.join(', ')}`);
  });
}

/** The run goes on with the plan as it was; whoever changed the document since is told. */
async function notePlanChange(handle: RunHandle, run: WaveRun): Promise<void> {
  const { path } = run.plan;
  if (path === undefined || run.planRevision === undefined) return;
  const text = await handle.context.ports.files.readText(path);
  if (text !== undefined && revisionOf(text) === run.planRevision) return;
  const at = handle.now();
  const what = phrase`${path} has changed since the run began, which goes on with the plan as it was`;
  await handle.update((one) => withDeviation(one, at, what));
}

function placeOf(handle: RunHandle, run: WaveRun, key: string): { readonly worktree: string; readonly branch: string } {
  return {
    worktree: `${handle.context.isolated.worktrees.folder}/wave-${run.id}-${key}`,
    branch: `so-worktree-${run.id}-${key}`,
  };
}

/** Agents that write into a folder which is not there yet share the tree: each in a worktree of its own would make it (formats.md §1.5). */
async function makesNewFolders({ context }: RunHandle, wave: PlannedWave): Promise<boolean> {
  const folders = new Set(wave.agents.flatMap(({ files }) => files.map(stemOf)));
  for (const folder of folders) {
    if (folder !== '' && (await context.ports.files.stat(folder))?.kind !== 'folder') return true;
  }
  return false;
}

async function keepSnapshot(handle: RunHandle, run: WaveRun): Promise<void> {
  const { trees } = handle.context;
  const commit = progressOf(run)?.commit ?? '';
  const label = `wave-${run.wave}-before`;
  if (run.snapshots.some((one) => one.label === label)) return;
  const ref = snapshotRef(run, label);
  await trees.keep(ref, commit);
  await handle.update((one) => ({ ...one, snapshots: [...one.snapshots, { wave: one.wave, label, ref }] }));
  if (run.wave === 1) await handle.attempt(() => trees.collect(snapshotDays));
}

/** The ref under which a snapshot of a run is kept. */
export function snapshotRef(run: WaveRun, label: string): string {
  return `refs/so-snapshots/${run.label}/${label}`;
}
