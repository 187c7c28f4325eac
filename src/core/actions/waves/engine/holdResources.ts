import { phrase } from '../../../base/phrase.ts';
import type { HeldResource } from '../../../ports/resources.ts';
import { agentOf, type RunHandle } from './runHandle.ts';
import { plannedOf } from './waveAgents.ts';

/**
 * Waits for the resources of an agent, one after another and always in the same order, so that no two agents wait for each other. Gives the way
 * to give them back.
 *
 * @throws BatonError `cancelled` where the run is asked to pause or to end meanwhile
 */
export async function holdResources(handle: RunHandle, key: string): Promise<() => Promise<void>> {
  const run = await handle.read();
  const names = [...new Set(plannedOf(run, agentOf(run, key))?.resources ?? [])].sort();
  const held: HeldResource[] = [];
  const release = async (): Promise<void> => {
    for (const one of held.splice(0).reverse()) await one.release();
  };
  if (names.length === 0) return release;
  const wait = handle.createWait(key);
  try {
    for (const name of names) {
      const one = await handle.context.resources.acquire(name, {
        holder: phrase`${key} of wave ${run.wave}`,
        cancellation: wait.cancellation,
        onWait: (current) => {
          const waitsFor = current === undefined ? name : phrase`${name}: ${current.holder} has it`;
          handle.inBackground(() => handle.updateAgent(key, (agent) => noteWait(agent, waitsFor)));
        },
      });
      held.push(one);
    }
    return release;
  } catch (error) {
    await release();
    throw error;
  } finally {
    wait.dispose();
  }
}

function noteWait(agent: ReturnType<typeof agentOf>, waitsFor: string): ReturnType<typeof agentOf> {
  return agent.status === 'queued' || agent.status === 'waiting' ? { ...agent, status: 'waiting', waitsFor } : agent;
}
