import type { MissionStatus } from '../../../model/waveState.ts';
import { endedAgentStatuses, type WaveAgentRun, type WaveRun } from '../../../model/waves/waveRun.ts';

/**
 * The state of each mission of the plan, by what has happened in the run (formats.md §1.2): validated with the approved plan, in development from
 * its agent's dispatch, in testing from the Quality wave on (without one: from the gate of its own wave), completed when that wave's gate is
 * green; brainstormed again where its wave was rolled back or a person left it out.
 */
export function missionStatusesOf(run: WaveRun): ReadonlyMap<string, MissionStatus> {
  const found = new Map<string, MissionStatus>();
  for (const { id } of run.plan.missions) found.set(id, missionStatusOf(run, id));
  return found;
}

function missionStatusOf(run: WaveRun, id: string): MissionStatus {
  const wave = waveOfMission(run, id);
  const agents = run.agents.filter(({ mission }) => mission === id);
  if (agents.length === 0) return wasRolledBack(run, wave) ? 'brainstormed' : 'validated';
  const current = agents.filter((agent) => !agents.some(({ carries }) => carries === agent.key));
  if (current.every(({ status }) => status === 'skipped' || status === 'stopped')) return 'brainstormed';
  if (agents.every(({ startedAt }) => startedAt === undefined)) return 'validated';
  if (!current.every(isDone)) return 'in-dev';
  const tested = testingWave(run, Math.max(...current.map((agent) => agent.wave)));
  const hasEnded = current.every(({ status }) => endedAgentStatuses.includes(status));
  if (!hasEnded || run.wave < tested || (run.wave === tested && !isTesting(run, tested, current))) return 'in-dev';
  return isGreen(run, tested) ? 'completed' : 'testing';
}

function isDone({ status }: WaveAgentRun): boolean {
  return status === 'done';
}

/** The wave in which work of another one is tested: the next Quality wave, else its own. */
function testingWave(run: WaveRun, wave: number): number {
  const roles = run.plan.waves.map(({ role }) => role);
  if (roles[wave - 1] !== 'Impl-Core' && roles[wave - 1] !== 'Impl-Polish') return wave;
  const next = run.plan.waves.find(({ number, role }) => number > wave && role === 'Quality');
  return next?.number ?? wave;
}

function isTesting(run: WaveRun, tested: number, agents: readonly WaveAgentRun[]): boolean {
  const isOwn = agents.some(({ wave }) => wave === tested);
  return !isOwn || run.step === 'gate' || run.step === 'record';
}

/** Its last gate passed, or a person went on without, which its Deviation says. */
function isGreen(run: WaveRun, wave: number): boolean {
  return run.gates.findLast((gate) => gate.wave === wave)?.passed === true;
}

function waveOfMission(run: WaveRun, id: string): number {
  const found = run.plan.waves.find(({ agents }) => agents.some(({ mission }) => mission === id));
  return found?.number ?? run.plan.missions.find((mission) => mission.id === id)?.wave ?? 0;
}

function wasRolledBack(run: WaveRun, wave: number): boolean {
  return run.snapshots.some((one) => one.wave === wave && one.label.includes('-rolled-back'));
}
