import {
  type PlannedAgent,
  type PlannedWave,
  type WavePlan,
  type WaveRole,
  waveRoles,
} from '../../model/waves/wavePlan.ts';
import { rolesIn } from './waveRules.ts';

/** What a person picked for a wave plan. */
export interface WaveShape {
  readonly roles: readonly WaveRole[];
  /** Agents of the wave Impl-Core, at least 1. */
  readonly agents: number;
  /** Paths and globs that the waves of the implementation may change. */
  readonly files: readonly string[];
}

/** The roles that a plan has work for. */
export function rolesOfPlan({ waves }: WavePlan): readonly WaveRole[] {
  return waveRoles.filter((role) => waves.some((wave) => rolesIn(wave.title).includes(role)));
}

/** The files that a plan's implementation may change, each once. */
export function filesOfPlan({ waves }: WavePlan): readonly string[] {
  const implementing = waves.filter(({ role }) => role === 'Impl-Core' || role === 'Impl-Polish');
  return [...new Set(implementing.flatMap(({ agents }) => agents.flatMap(({ files }) => files)))];
}

/**
 * Gives a plan exactly these roles, a wave each: agents that it has for a role stay, one that it lacks gets an agent with a task to begin from,
 * and the work of a single implementing agent is shared out by its files. Pure.
 */
export function shapeWaves(plan: WavePlan, shape: WaveShape): WavePlan {
  const waves = waveRoles
    .filter((role) => shape.roles.includes(role))
    .map((role, index): PlannedWave => {
      const own = plan.waves.filter((wave) => wave.role === role || rolesIn(wave.title)[0] === role);
      const kept = own.flatMap(({ agents }) => agents).filter((agent, at, all) => all.indexOf(agent) === at);
      const agents = shareOut(role, kept.length === 0 ? [agentFor(role, plan)] : kept, shape);
      const number = index + 1;
      return {
        number,
        title: role,
        role,
        sequential: own.some(({ sequential }) => sequential),
        agents: agents.map((agent, at) => ({ ...agent, id: `w${number}-a${at + 1}`, dependencies: [] })),
      };
    });
  return { ...plan, waves, missions: [] };
}

function shareOut(role: WaveRole, agents: readonly PlannedAgent[], shape: WaveShape): readonly PlannedAgent[] {
  const { files } = shape;
  if (role === 'Impl-Polish') return files.length === 0 ? agents : agents.map((agent) => ({ ...agent, files }));
  if (role !== 'Impl-Core') return agents;
  const [only, ...others] = agents;
  if (only === undefined || others.length > 0) return agents.map((agent) => within(agent, files));
  const all = files.length === 0 ? only.files : files;
  const count = Math.max(1, Math.min(shape.agents, Math.max(1, all.length)));
  if (count === 1) return [{ ...only, files: all }];
  const [first = '', ...rest] = only.task.split('\n');
  return Array.from({ length: count }, (_, part) => ({
    ...only,
    task: [`${first} (part ${part + 1} of ${count})`, ...rest].join('\n'),
    files: all.filter((_file, at) => at % count === part),
  }));
}

/** Of an agent with files of its own those that were picked; where none of them was, its own stay. */
function within(agent: PlannedAgent, files: readonly string[]): PlannedAgent {
  const picked = agent.files.filter((file) => files.includes(file));
  return picked.length === 0 ? agent : { ...agent, files: picked };
}

function agentFor(role: WaveRole, { title, path }: WavePlan): PlannedAgent {
  const base = { id: '', tools: [], dependencies: [], resources: [] };
  switch (role) {
    case 'Discovery':
      return { ...base, task: `Find out what ${title} touches, and what it must not break; change nothing`, files: [] };
    case 'Impl-Core':
      return { ...base, task: title, files: [], ...(path !== undefined && { planFile: path }) };
    case 'Impl-Polish':
      return { ...base, task: `Integrate and polish ${title}`, files: [] };
    case 'Quality':
      return {
        ...base,
        task: `Check ${title}, and add the tests that are missing`,
        files: ['**/*.test.*', '**/*.spec.*', '**/__tests__/**'],
      };
    case 'Finalization':
      return { ...base, task: `Write down what ${title} changed`, files: ['CHANGELOG.md', 'README.md', 'docs/**'] };
  }
}
