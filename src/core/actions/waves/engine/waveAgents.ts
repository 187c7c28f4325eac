import { revisionOf } from '../../../base/revision.ts';
import { findOverlaps, withTestSiblings } from '../../../formats/waves/scopes.ts';
import { maxTurnsOf, resolveEnforcement, resolveIsolation } from '../../../formats/waves/waveRules.ts';
import type { Enforcement, PlannedAgent, PlannedWave } from '../../../model/waves/wavePlan.ts';
import type { WaveAgentRun, WaveRun } from '../../../model/waves/waveRun.ts';
import { recoveryOf } from '../judgeAgent.ts';

/** The key of a planned agent: its ID where that can be part of a path and a branch, else a name made of it. */
export function agentKey(id: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$/.test(id)) return id;
  const plain = id
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 40);
  return `${plain === '' ? 'agent' : plain}-${revisionOf(id).slice(0, 6)}`;
}

/** What an agent of a run works on: as the plan says it, or the rest of what an earlier one left. Undefined for a fixer. */
export function plannedOf(run: WaveRun, agent: WaveAgentRun): PlannedAgent | undefined {
  const origin = agent.carries ?? agent.key;
  const planned = run.plan.waves.flatMap(({ agents }) => agents).find(({ id }) => agentKey(id) === origin);
  if (planned === undefined || agent.carries === undefined) return planned;
  return { ...planned, id: agent.key, task: agent.task, dependencies: [] };
}

/** What an agent may change: its files; in waves of implementation the tests of them too. */
export function scopeOf(run: WaveRun, { wave, files }: Pick<WaveAgentRun, 'wave' | 'files'>): readonly string[] {
  const role = run.plan.waves[wave - 1]?.role;
  return role === 'Impl-Core' || role === 'Impl-Polish' ? withTestSiblings(files) : files;
}

/** What holds for an agent where it writes outside its scope: a wave that only looks changes nothing, wherever its agents work. */
export function enforcementOf(
  run: WaveRun,
  { wave, isolation }: Pick<WaveAgentRun, 'wave' | 'isolation'>,
): Enforcement {
  const isReader = run.plan.waves[wave - 1]?.role === 'Discovery';
  return resolveEnforcement(isReader ? 'none' : isolation, run.config.enforcement);
}

/** The agent that has a planned item's last word: of those that were dispatched for it the latest. */
export function lastFor(run: WaveRun, id: string): WaveAgentRun | undefined {
  const key = agentKey(id);
  return run.agents.findLast((agent) => agent.key === key || agent.carries === key);
}

/** Unfinished work that a later wave can go on with: of each item the last agent, where that was no carry-over itself. */
export function unfinishedAgents(run: WaveRun): readonly WaveAgentRun[] {
  const isOpen = ({ status }: WaveAgentRun) =>
    status === 'blocked' || ['fix', 'carry-forward'].includes(recoveryOf(status, []).kind);
  return run.agents.filter(
    (agent) =>
      isOpen(agent) &&
      agent.isFixer !== true &&
      agent.carries === undefined &&
      !run.agents.some(({ carries }) => carries === agent.key),
  );
}

const carryingRoles = ['Impl-Core', 'Impl-Polish', 'Quality'];

/** What a wave begins with, and what did not fit in. */
export interface WaveCrew {
  readonly agents: readonly WaveAgentRun[];
  /** Keys of those whose rest nobody goes on with in this wave. */
  readonly leftOver: readonly string[];
}

/** The agents of a wave: those of the plan, and as many more as are allowed that go on with what earlier waves left undone. */
export function crewOf(run: WaveRun, wave: PlannedWave, options: { readonly makesFolders: boolean }): WaveCrew {
  const planned = wave.agents.map((agent) => ({ agent, carries: undefined as WaveAgentRun | undefined }));
  const takes = wave.role !== undefined && carryingRoles.includes(wave.role);
  const open = takes ? unfinishedAgents(run) : [];
  const room = Math.max(0, run.config.agentsPerWave - planned.length);
  const extra: { agent: PlannedAgent; carries: WaveAgentRun }[] = [];
  for (const left of open) {
    const origin = plannedOf(run, left);
    if (origin === undefined || extra.length >= room) continue;
    const scopes = [...planned, ...extra].map(({ agent }) => ({ id: agent.id, files: agent.files }));
    const id = `w${wave.number}-rest-${left.key}`;
    // Two agents of a wave never share a file.
    if (findOverlaps([...scopes, { id, files: origin.files }]).length > 0) continue;
    extra.push({ agent: { ...origin, id, task: restOf(left) }, carries: left });
  }
  const all = [...planned, ...extra];
  const carried = extra.map(({ carries }) => carries.key);
  return {
    agents: all.map(({ agent, carries }) => newAgent(run, wave, { agent, carries, count: all.length, ...options })),
    leftOver: open.map(({ key }) => key).filter((key) => !carried.includes(key)),
  };
}

/** What is left of a task, in the words of the agent that left it. */
function restOf({ key, task, status, report, error }: WaveAgentRun): string {
  const how = status === 'blocked' ? 'was not begun' : `ended as ${status}`;
  const said = [report?.note, report?.remaining && `Remaining: ${report.remaining}`, error].filter(
    (text) => text !== undefined && text !== '',
  );
  return [
    task,
    `(An earlier agent, ${key}, ${how}. Go on from what is there.${said.length > 0 ? ` It said: ${said.join(' ')}` : ''})`,
  ].join('\n\n');
}

function newAgent(
  run: WaveRun,
  wave: PlannedWave,
  options: {
    readonly agent: PlannedAgent;
    readonly carries: WaveAgentRun | undefined;
    readonly count: number;
    readonly makesFolders: boolean;
  },
): WaveAgentRun {
  const { agent, carries, count, makesFolders } = options;
  const { sessionType } = run.plan;
  const isolation = resolveIsolation({
    agents: count,
    sessionType,
    isolation: agent.isolation ?? run.config.isolation,
    ...(agent.collisionRisk !== undefined && { collisionRisk: agent.collisionRisk }),
    makesFolders,
  });
  return {
    key: agentKey(agent.id),
    wave: wave.number,
    task: agent.task,
    files: agent.files,
    ...(agent.mission !== undefined && { mission: agent.mission }),
    status: 'queued',
    attempt: 1,
    ...(carries !== undefined && { carries: carries.key }),
    isolation,
    maxTurns: agent.maxTurns ?? maxTurnsOf(sessionType, run.config),
    changed: [],
    notVerified: [],
    outside: [],
    commits: [],
    findings: [],
  };
}

/** An agent that mends what a gate found: in the run's own tree, after all others of its wave. */
export function newFixer(
  run: WaveRun,
  options: Pick<WaveAgentRun, 'key' | 'task' | 'files' | 'failures' | 'base'>,
): WaveAgentRun {
  return {
    ...options,
    wave: run.wave,
    status: 'queued',
    attempt: 1,
    isFixer: true,
    isolation: 'none',
    maxTurns: maxTurnsOf(run.plan.sessionType, run.config),
    changed: [],
    notVerified: [],
    outside: [],
    commits: [],
    findings: [],
  };
}
