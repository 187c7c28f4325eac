import { findComponents } from '../../base/graph.ts';
import { phrase } from '../../base/phrase.ts';
import type { WaveConfig } from '../../model/waves/waveConfig.ts';
import type { PlannedAgent, PlannedWave, WavePlan } from '../../model/waves/wavePlan.ts';
import type { WaveProblem } from '../../model/waves/waveProblem.ts';
import { findOverlaps } from './scopes.ts';
import { rolesIn } from './waveRules.ts';

/** A model's name as it may stand in a plan (design.md, Security). */
const modelPattern = /^[A-Za-z0-9][\w.:@/-]{0,99}$/;

type Found = Omit<WaveProblem, 'path' | 'line'>;

/**
 * Says what is wrong with a plan before it is run. An `error` keeps it from being run.
 *
 * @param places line of each agent by its ID, and of each wave by `wave-<number>`, where the plan is a document
 */
export function checkWavePlan(
  plan: WavePlan,
  config: Pick<WaveConfig, 'agentsPerWave'>,
  places: ReadonlyMap<string, number> = new Map(),
): readonly WaveProblem[] {
  const found: readonly Found[] = [
    ...checkWaves(plan, config),
    ...plan.waves.flatMap((wave) => [
      ...checkOverlaps(wave),
      ...wave.agents.flatMap((agent) => checkAgent(wave, agent)),
    ]),
    ...checkDependencies(plan),
  ];
  return found.map((problem) => {
    const line = places.get(problem.agent ?? '') ?? places.get(`wave-${problem.wave ?? 0}`);
    return {
      ...problem,
      ...(plan.path !== undefined && { path: plan.path }),
      ...(line !== undefined && { line }),
    };
  });
}

function checkWaves(
  { waves, sessionType }: WavePlan,
  { agentsPerWave }: Pick<WaveConfig, 'agentsPerWave'>,
): readonly Found[] {
  if (waves.length === 0) {
    return [
      {
        code: 'no-waves',
        severity: 'error',
        message: phrase`The plan has no wave with agents`,
        hint: phrase`Give it a heading such as \`### Wave 1: Impl-Core (1 agent)\` with \`- Agent 1: task → files → acceptance\` below.`,
      },
    ];
  }
  return waves.flatMap((wave): readonly Found[] => {
    const { number, title, role, agents } = wave;
    const roleUnknown: Found = {
      code: 'unknown-role',
      severity: 'error',
      message: phrase`Wave ${number} has the role "${title}", which is not known`,
      hint: phrase`Use Discovery, Impl-Core, Impl-Polish, Quality or Finalization, or several joined by +.`,
      wave: number,
    };
    const tooMany: Found = {
      code: 'too-many-agents',
      severity: 'error',
      message: phrase`Wave ${number} has ${agents.length} agents; agents-per-wave allows ${agentsPerWave}`,
      hint: phrase`Move some to another wave, join small ones, or raise agents-per-wave.`,
      wave: number,
    };
    const isHousekeeping = sessionType === 'housekeeping';
    return [
      ...(role === undefined ? [roleUnknown] : []),
      // Housekeeping goes one after another, so that their number bounds nothing.
      ...(agents.length > agentsPerWave && !isHousekeeping ? [tooMany] : []),
    ];
  });
}

function checkOverlaps({ number, agents, sequential }: PlannedWave): readonly Found[] {
  return findOverlaps(agents).map(({ first, second, entries }) => ({
    code: 'overlapping-files',
    // One after another they do not meet; a plan that says so may be right.
    severity: sequential ? 'warning' : 'error',
    message: phrase`Wave ${number}: ${first} and ${second} may both write to ${entries.join(', ')}`,
    hint: phrase`Give the files to one of them, join the two, or move one to a later wave.`,
    wave: number,
    agent: second,
  }));
}

function checkAgent(wave: PlannedWave, agent: PlannedAgent): readonly Found[] {
  const at = { wave: wave.number, agent: agent.id };
  const found: Found[] = [];
  for (const file of [...agent.files, ...(agent.planFile === undefined ? [] : [agent.planFile])]) {
    const why = whyOutside(file);
    if (why === undefined) continue;
    found.push({
      code: 'outside-project',
      severity: 'error',
      message: phrase`${agent.id}: ${file} ${why}`,
      hint: phrase`Name files relative to the project's root.`,
      ...at,
    });
  }
  const roles = rolesIn(wave.title);
  const writes = wave.role !== undefined && wave.role !== 'Discovery' && !roles.includes('Discovery');
  if (agent.files.length === 0 && writes && wave.role !== 'Finalization') {
    found.push({
      code: 'no-files',
      severity: 'warning',
      message: phrase`${agent.id} may change nothing: the plan names no files for it`,
      hint: phrase`Name its files, or leave it as it is where it only looks.`,
      ...at,
    });
  }
  if (agent.model !== undefined && !modelPattern.test(agent.model)) {
    found.push({
      code: 'unknown-model',
      severity: 'error',
      message: phrase`${agent.id}: "${agent.model}" cannot be the name of a model`,
      hint: phrase`Use letters, digits and . : @ / - only.`,
      ...at,
    });
  }
  return found;
}

/** Tells whether a path of a plan leaves the repository as it stands. */
export function isOutside(path: string): boolean {
  return /^(?:[/\\~]|[A-Za-z]:)/.test(path) || path.split('/').includes('..') || path.includes('\0');
}

function whyOutside(path: string): string | undefined {
  if (isOutside(path)) return phrase`leaves the repository`;
  if (/^\.git(?:\/|$)/.test(path)) return phrase`is git's own`;
  return path.length > 400 ? phrase`is too long` : undefined;
}

function checkDependencies({ waves }: WavePlan): readonly Found[] {
  const all = waves.flatMap((wave) => wave.agents.map((agent) => ({ wave: wave.number, agent })));
  const places = new Map(all.map((one, index) => [one.agent.id, index]));
  const successors = all.map(({ agent }) => agent.dependencies.flatMap((id) => places.get(id) ?? []));
  const circles = findComponents(successors).filter(
    (group) => group.length > 1 || group.some((node) => successors[node]?.includes(node) === true),
  );
  const cyclic = circles.flatMap((group): Found[] => {
    const members = group.flatMap((node) => all[node] ?? []);
    const [first] = members;
    if (first === undefined) return [];
    return [
      {
        code: 'cyclic-dependency',
        severity: 'error',
        message: phrase`These wait for each other: ${members.map(({ agent }) => agent.id).join(', ')}`,
        hint: 'Take one of the dependencies away.',
        wave: first.wave,
        agent: first.agent.id,
      },
    ];
  });
  const later = all.flatMap(({ wave, agent }) =>
    agent.dependencies.flatMap((id): Found[] => {
      const other = all[places.get(id) ?? -1];
      if (other === undefined || other.wave <= wave) return [];
      return [
        {
          code: 'later-dependency',
          severity: 'error',
          message: phrase`${agent.id} of wave ${wave} waits for ${id} of wave ${other.wave}`,
          hint: phrase`Move ${agent.id} to wave ${other.wave} or behind it.`,
          wave,
          agent: agent.id,
        },
      ];
    }),
  );
  return [...cyclic, ...later];
}
