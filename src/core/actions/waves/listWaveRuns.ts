import { type AgentActivity, readActivity } from '../../model/activity.ts';
import type { InboxItem } from '../../model/inbox.ts';
import { endedAgentStatuses, type WaveRun } from '../../model/waves/waveRun.ts';
import type { Owner } from '../../ports/owner.ts';
import type { ActionContext } from '../context.ts';
import { readItems } from '../inbox/records.ts';
import { supervisorLease } from '../isolated/records.ts';
import { readWaveRuns, requireWaveRun, waveAgentFolder } from './records.ts';

/** A run with what happens in it now. */
export interface WaveRunEntry {
  readonly run: WaveRun;
  /** What its agents do that have not ended, by their keys. */
  readonly activities: Readonly<Record<string, AgentActivity>>;
  /** Its questions that have no answer. */
  readonly questions: readonly InboxItem[];
  /** Its record says that it is active, but no supervisor looks after it: the next one goes on with it. */
  readonly interrupted: boolean;
}

type ListContext = Pick<ActionContext, 'ports'>;

/** All wave runs of the clone, in the order in which they were begun. Changes nothing. */
export async function listWaveRuns(context: ListContext): Promise<readonly WaveRunEntry[]> {
  const { localState } = context.ports;
  const runs = await readWaveRuns(localState);
  if (runs.length === 0) return [];
  const items = await readItems(localState);
  const supervised = await isSupervised(context);
  return await Promise.all(runs.map((run) => toEntry(context, { run, items, supervised })));
}

/**
 * One run with what happens in it now, by its ID, the beginning of one or its label; the latest where nothing is named.
 *
 * @throws BatonError `unknown-wave-run`
 */
export async function showWaveRun(context: ListContext, id?: string): Promise<WaveRunEntry> {
  const run = await requireWaveRun(context, id);
  const items = await readItems(context.ports.localState);
  return await toEntry(context, { run, items, supervised: await isSupervised(context) });
}

async function toEntry(
  { ports }: ListContext,
  {
    run,
    items,
    supervised,
  }: { readonly run: WaveRun; readonly items: readonly InboxItem[]; readonly supervised: boolean },
): Promise<WaveRunEntry> {
  const activities: Record<string, AgentActivity> = {};
  for (const { key, status } of run.agents) {
    if (endedAgentStatuses.includes(status) || status === 'queued') continue;
    const activity = readActivity(await ports.localState.read(`${waveAgentFolder(run.id, key)}/activity.json`));
    if (activity !== undefined) activities[key] = activity;
  }
  return {
    run,
    activities,
    questions: items.filter(({ wave, answer }) => wave === run.id && answer === undefined),
    interrupted: run.status === 'active' && !supervised,
  };
}

async function isSupervised({ ports }: ListContext): Promise<boolean> {
  const lease = await ports.localState.read(supervisorLease);
  if (typeof lease !== 'object' || lease === null || !('owner' in lease)) return false;
  return (await ports.owners.stateOf(lease.owner as Owner)) === 'alive';
}

/**
 * Tells whether a run needs the engine now: it waits to begin, is under way, was asked for something while it rests, or one of its questions has
 * been answered.
 */
export async function isWaveRunDue({ ports }: ListContext, run: WaveRun): Promise<boolean> {
  if (run.status === 'queued' || run.status === 'active') return true;
  if (run.status !== 'paused' && run.status !== 'failed') return false;
  if (run.request?.kind === 'resume' || run.request?.kind === 'abort') return true;
  const asked = run.questions.map(({ item }) => item);
  if (run.status === 'failed' || asked.length === 0) return false;
  return (await readItems(ports.localState)).some(({ id, answer }) => answer !== undefined && asked.includes(id));
}
