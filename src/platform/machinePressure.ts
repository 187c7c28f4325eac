import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import { isEntryFresh, parseRegistryEntry } from '../core/formats/waves/sessionRegistry.ts';
import type { MachinePressure } from '../core/model/waves/autopilot.ts';
import type { OrchestratorFiles } from '../core/ports/orchestratorFiles.ts';

/** Waiting processes for each processor, from which on a machine is busy beyond use. */
const criticalLoad = 4;

/** Part of the memory that is left, below which others are about to be killed. */
const criticalMemory = 0.03;

/** How busy this machine is, and how many sessions of whatever repository work on it by the user's registry. */
export async function readMachinePressure(files: OrchestratorFiles): Promise<MachinePressure> {
  const isBusy = (loadavg()[0] ?? 0) / availableParallelism() > criticalLoad;
  const isFull = freemem() / totalmem() < criticalMemory;
  const registry = files.registry();
  const names = await registry.list('active').catch(() => []);
  const entries = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map(async (name) => parseRegistryEntry((await registry.readText(`active/${name}`)) ?? '')),
  );
  const peers = entries.filter((entry) => entry !== undefined && isEntryFresh(entry, Date.now())).length;
  return { verdict: isBusy || isFull ? 'critical' : 'ok', peers };
}
