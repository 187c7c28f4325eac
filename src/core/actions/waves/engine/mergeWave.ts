import { phrase } from '../../../base/phrase.ts';
import type { WaveAgentRun } from '../../../model/waves/waveRun.ts';
import { appendEvent } from '../metrics.ts';
import { advance } from './advance.ts';
import { removeWorktree, rollBackWave } from './rollBackWave.ts';
import { agentsOf, type RunHandle, withDeviation } from './runHandle.ts';
import { syncState } from './syncState.ts';
import { askPerson, openQuestions, withoutQuestion } from './waveQuestions.ts';

export const overlapOptions = {
  carry: 'Carry it over',
  leave: 'Leave it out',
  rollBack: 'Roll the wave back',
} as const;

const prefix = 'overlap ';

/**
 * Brings what was done in worktrees into the run's tree, in the agents' order. Where a file was changed there too nothing of that agent is brought:
 * a person decides. Worktrees are removed; what was not brought is kept under a ref.
 */
export async function mergeWave(handle: RunHandle): Promise<void> {
  const { trees } = handle.context;
  if (await settleOverlaps(handle)) return;
  for (const agent of agentsOf(await handle.read())) {
    const { worktree, base, merge, startedAt, changed, outside } = agent;
    if (worktree === undefined || base === undefined) continue;
    const isWanted = agent.status === 'done' || agent.status === 'partial';
    if (isWanted && merge === undefined && startedAt !== undefined) {
      const paths = [...new Set([...changed, ...outside])];
      const { freshness, overlap } = await trees.bring({ from: worktree, base, paths });
      await noteMerge(handle, agent, { freshness, overlap });
    }
  }
  for (const agent of agentsOf(await handle.read())) {
    if (agent.worktree === undefined || agent.status === 'stopped') continue;
    const wasBrought = agent.merge !== undefined && agent.merge.freshness !== 'block';
    const keep = !wasBrought && agent.startedAt !== undefined;
    await removeWorktree(handle, { key: agent.key, worktree: agent.worktree, keep });
  }
  await syncState(handle);
  const { questions } = await handle.read();
  if (questions.length === 0) await advance(handle, 'gate');
}

async function noteMerge(
  handle: RunHandle,
  { key }: WaveAgentRun,
  { freshness, overlap }: { readonly freshness: 'pass' | 'warn' | 'block'; readonly overlap: readonly string[] },
): Promise<void> {
  const at = handle.now();
  if (freshness === 'block') await askAboutOverlap(handle, key, overlap);
  const run = await handle.update((one) => {
    const agents = one.agents.map((agent): WaveAgentRun => {
      if (agent.key !== key) return agent;
      const merge = { freshness, at };
      return freshness === 'block' ? { ...agent, merge, status: 'partial' } : { ...agent, merge };
    });
    const text = phrase`Wave ${one.wave}: nothing of ${key} was merged, because ${overlap.join(', ')} was changed by others too`;
    return freshness === 'block' ? withDeviation({ ...one, agents }, at, text) : { ...one, agents };
  });
  if (!run.config.persistence) return;
  await handle.once(`freshness ${run.wave} ${key}`, () =>
    appendEvent(handle.context, 'freshness_check', {
      session: run.label,
      wave: run.wave,
      agent: key,
      decision: freshness,
      overlap,
    }),
  );
}

async function askAboutOverlap(handle: RunHandle, key: string, overlap: readonly string[]): Promise<void> {
  const { wave } = await handle.read();
  await askPerson(handle, {
    about: `${prefix}${wave} ${key}`,
    question: phrase`What ${key} did in wave ${wave} meets what others changed: ${overlap.join(', ')}. What becomes of it?`,
    options: Object.values(overlapOptions),
    recommended: overlapOptions.carry,
    context: phrase`Nothing of it is in the tree. It is kept as refs/so-snapshots/…/wave-${wave}-${key}.`,
  });
}

/** True where the wave was rolled back. */
async function settleOverlaps(handle: RunHandle): Promise<boolean> {
  for (const { about, item } of await openQuestions(handle)) {
    if (!about.startsWith(prefix) || item.answer === undefined) continue;
    const { answer } = item;
    const run = await handle.read();
    if (answer === overlapOptions.rollBack) {
      await rollBackWave(handle, run.wave);
      return true;
    }
    const key = about.slice(prefix.length).split(' ')[1] ?? '';
    await handle.update((one) => ({
      ...withoutQuestion(one, item.id),
      agents: one.agents.map((agent): WaveAgentRun => {
        if (agent.key !== key) return agent;
        if (answer === overlapOptions.leave) return { ...agent, status: 'skipped' };
        return answer === overlapOptions.carry ? agent : { ...agent, told: answer };
      }),
    }));
  }
  return false;
}
