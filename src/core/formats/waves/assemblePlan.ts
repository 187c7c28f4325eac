import { phrase } from '../../base/phrase.ts';
import { slugOf } from '../../model/slug.ts';
import {
  type Isolation,
  isolations,
  type PlannedAgent,
  type PlannedMission,
  type PlannedWave,
  type WavePlan,
} from '../../model/waves/wavePlan.ts';
import type { WaveProblem } from '../../model/waves/waveProblem.ts';
import type { RawAgent } from './waveAgents.ts';
import { entriesOf } from './waveLines.ts';
import { roleOf, rolesIn } from './waveRules.ts';

/** A wave as a document or a session gives it. */
export interface RawWave {
  /** As the document numbers it. */
  readonly number: number;
  readonly title: string;
  readonly line?: number;
  readonly sequential: boolean;
  readonly isolation?: Isolation;
  readonly maxTurns?: number;
  readonly agents: readonly (Pick<RawAgent, 'name' | 'fields'> & { readonly line?: number })[];
}

export interface AssembledPlan {
  readonly plan: Pick<WavePlan, 'waves' | 'missions' | 'skipped'>;
  readonly problems: readonly WaveProblem[];
  /** The number in the run of each wave of the document. */
  readonly numbers: ReadonlyMap<number, number>;
  /** Line by ID of an agent, and by `wave-<number>`. */
  readonly places: ReadonlyMap<string, number>;
}

interface Parts {
  readonly waves: readonly RawWave[];
  readonly sessionType: string;
  /** For agents that name none. */
  readonly planFile?: string;
  readonly missions: readonly ReadonlyMap<string, string>[];
}

interface Named {
  readonly id: string;
  /** As the document says it, in small letters; what a dependency may name. */
  readonly said: string | undefined;
  readonly wave: RawWave;
  /** The number that the wave has in the run. */
  readonly number: number;
  readonly agent: RawWave['agents'][number];
}

/** Makes a plan of what was read: waves without agents left out and the others numbered anew, IDs, roles, dependencies and missions made out. */
export function assemblePlan(parts: Parts): AssembledPlan {
  const problems: WaveProblem[] = [];
  const ordered = [...parts.waves].sort((a, b) => a.number - b.number);
  const isHousekeeping = parts.sessionType === 'housekeeping';
  const full = joinHousekeeping(
    ordered.filter(({ agents }) => agents.length > 0),
    isHousekeeping,
  );
  const empty = ordered.filter(({ agents }) => agents.length === 0);
  for (const { number, title, line } of empty) {
    problems.push({
      code: 'empty-wave',
      severity: 'info',
      message: phrase`Wave ${number} (${title}) has no agents: it is skipped, and the waves behind it are renumbered`,
      ...(line !== undefined && { line }),
    });
  }
  const named = nameAgents(full, problems);
  const missions = readMissions(parts.missions);
  const places = new Map<string, number>();
  const waves = full.map((wave, index): PlannedWave => {
    const number = index + 1;
    if (wave.line !== undefined) places.set(`wave-${number}`, wave.line);
    const own = named.filter((one) => one.wave === wave);
    for (const { id, agent } of own) if (agent.line !== undefined && !places.has(id)) places.set(id, agent.line);
    const role = roleOf(wave.title) ?? (isHousekeeping ? 'Finalization' : undefined);
    return {
      number,
      title: wave.title,
      ...(role !== undefined && { role }),
      agents: own.map((one) => readAgent({ one, named, parts, missions, problems })),
      sequential: wave.sequential || isHousekeeping,
    };
  });
  const numbers = new Map(ordered.map(({ number }) => [number, 1]));
  for (const [index, { number }] of full.entries()) numbers.set(number, index + 1);
  const skipped = empty.map(({ number, title }) => ({ number, title }));
  const moved = missions.map((mission) => ({ ...mission, wave: numbers.get(mission.wave) ?? mission.wave }));
  return { plan: { waves, missions: moved, ...(skipped.length > 0 && { skipped }) }, problems, numbers, places };
}

/** Housekeeping is one wave, whatever the document divides it into. */
function joinHousekeeping(waves: readonly RawWave[], isHousekeeping: boolean): readonly RawWave[] {
  const [first, ...others] = waves;
  if (!isHousekeeping || first === undefined) return waves;
  return [{ ...first, agents: [first, ...others].flatMap(({ agents }) => agents) }];
}

function nameAgents(waves: readonly RawWave[], problems: WaveProblem[]): readonly Named[] {
  const taken = new Set<string>();
  return waves.flatMap((wave, waveIndex) =>
    wave.agents.map((agent, index): Named => {
      const number = waveIndex + 1;
      const explicit = agent.fields.get('id') ?? (/^\d*$/.test(agent.name ?? '') ? undefined : agent.name);
      const wanted =
        explicit === undefined ? `w${number}-a${agent.name ? Number(agent.name) : index + 1}` : plainId(explicit);
      if (taken.has(wanted)) {
        problems.push({
          code: 'duplicate-id',
          severity: 'error',
          message: phrase`Two agents are called ${explicit ?? phrase`agent ${agent.name ?? index + 1} of wave ${number}`}`,
          hint: 'Give each agent of the plan another name.',
          wave: number,
          agent: wanted,
          ...(agent.line !== undefined && { line: agent.line }),
        });
      }
      let id = wanted;
      for (let again = 2; taken.has(id); again++) id = `${wanted}-${again}`;
      taken.add(id);
      return { id, said: explicit?.toLowerCase(), wave, number, agent };
    }),
  );
}

/** IDs are parts of file names and branches. */
function plainId(said: string): string {
  const plain = /^[A-Za-z0-9][A-Za-z0-9_-]{0,47}$/.test(said) ? said : slugOf(said, 'agent').replace(/[^a-z0-9-]/g, '');
  return plain === '' || plain === 'coordinator' || plain.startsWith('peer-session-') ? `agent-${plain}` : plain;
}

function readMissions(maps: readonly ReadonlyMap<string, string>[]): readonly PlannedMission[] {
  return maps.flatMap((one): PlannedMission[] => {
    const id = one.get('id');
    if (id === undefined || id === '') return [];
    return [
      {
        id,
        task: one.get('task') ?? '',
        wave: Number(one.get('wave')) || 0,
        status: one.get('status') ?? 'brainstormed',
      },
    ];
  });
}

interface AgentParts {
  readonly one: Named;
  readonly named: readonly Named[];
  readonly parts: Parts;
  readonly missions: readonly PlannedMission[];
  readonly problems: WaveProblem[];
}

function readAgent({ one, named, parts, missions, problems }: AgentParts): PlannedAgent {
  const { agent, wave } = one;
  const said = (field: Parameters<typeof agent.fields.get>[0]): string | undefined =>
    agent.fields.get(field) || undefined;
  const readsOnly = rolesIn(wave.title).every((role) => role === 'Discovery') && rolesIn(wave.title).length > 0;
  const ownFiles = entriesOf(said('files') ?? '')
    .flatMap(expandBraces)
    .map(plainPath);
  // Housekeeping is bound by no scope unless the plan says one (formats.md §1.3).
  const files = ownFiles.length === 0 && parts.sessionType === 'housekeeping' ? ['**'] : ownFiles;
  const reads = [...entriesOf(said('reads') ?? ''), ...(readsOnly ? files : [])];
  const isolation = isolations.find((known) => said('isolation')?.toLowerCase().startsWith(known)) ?? wave.isolation;
  const turns = Number.parseInt(said('maxTurns') ?? '', 10) || wave.maxTurns;
  const mission = said('mission') ?? missionOf(one, named, missions);
  const planFile = (said('planFile') ?? parts.planFile)?.replace(/^none$/i, '');
  const risk = said('collisionRisk')?.toLowerCase();
  const values = {
    acceptance: said('acceptance'),
    isolation,
    maxTurns: turns,
    mission,
    planFile: planFile ? plainPath(planFile) : undefined,
    steps: said('steps'),
    role: said('role'),
    model: said('model'),
    collisionRisk: risk === 'high' ? ('high' as const) : risk === 'low' ? ('low' as const) : undefined,
  };
  return {
    id: one.id,
    task: said('task') ?? phrase`Agent ${one.agent.name ?? one.id}`,
    files: readsOnly ? [] : [...new Set(files)],
    ...(reads.length > 0 && { reads: [...new Set(reads)] }),
    tools: entriesOf(said('tools') ?? ''),
    dependencies: readDependencies(one, named, problems),
    resources: entriesOf(said('resources') ?? ''),
    ...present(values),
  };
}

function present<T extends object>(values: T): { readonly [K in keyof T]?: NonNullable<T[K]> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { readonly [K in keyof T]?: NonNullable<T[K]> };
}

/** `{a,b}` of a glob is more than the scope files know (formats.md §1.5): each becomes an entry. At most 64 of one entry. */
function expandBraces(entry: string): readonly string[] {
  let entries: readonly string[] = [entry];
  for (let round = 0; round < 4 && entries.length <= 64; round++) {
    entries = entries.flatMap((one) => {
      const match = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/.exec(one);
      const [, before = '', inner = '', after = ''] = match ?? [];
      return match === null ? [one] : inner.split(',').map((part) => `${before}${part.trim()}${after}`);
    });
  }
  return entries.slice(0, 64);
}

function plainPath(path: string): string {
  return path.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
}

/** The mission with the agent's task or name, else the one in the agent's place where there are as many missions as agents in its wave. */
function missionOf(one: Named, named: readonly Named[], missions: readonly PlannedMission[]): string | undefined {
  const own = missions.filter(({ wave }) => wave === one.wave.number);
  for (const text of [one.agent.fields.get('task'), one.agent.name]) {
    const said = text?.trim().toLowerCase();
    const same = own.filter((mission) => mission.task.trim().toLowerCase() === said);
    if (same.length === 1) return same[0]?.id;
  }
  const siblings = named.filter(({ wave }) => wave === one.wave);
  return own.length === siblings.length ? own[siblings.indexOf(one)]?.id : undefined;
}

/**
 * Who is meant by what an agent depends on: an ID, `Agent 2` (of its wave), `Wave 1 Agent 2`, `Impl-Core Agent 1`, or a whole wave or role.
 * A text that names nobody is the writer's own unless it looks like an ID.
 */
function readDependencies(one: Named, named: readonly Named[], problems: WaveProblem[]): readonly string[] {
  const found = entriesOf(one.agent.fields.get('dependencies') ?? '').flatMap((said): readonly string[] => {
    const ids = whoIsMeant(said, one, named);
    if (ids !== undefined) return ids;
    const looksLikeId = !/\s/.test(said);
    problems.push({
      code: 'unknown-dependency',
      severity: looksLikeId ? 'error' : 'warning',
      message: phrase`${one.id} depends on "${said}", which names no agent of the plan`,
      hint: phrase`Name agents as the plan does: ${named
        .slice(0, 5)
        .map(({ id }) => id)
        .join(', ')}.`,
      wave: one.number,
      agent: one.id,
      ...(one.agent.line !== undefined && { line: one.agent.line }),
    });
    return looksLikeId ? [said] : [];
  });
  return [...new Set(found)];
}

function whoIsMeant(said: string, one: Named, named: readonly Named[]): readonly string[] | undefined {
  const text = said.toLowerCase();
  const exact = named.filter(({ id, said: name }) => id.toLowerCase() === text || name === text);
  if (exact.length > 0) return exact.map(({ id }) => id);
  const wave = /\bwave\s+(\d+)/.exec(text)?.[1] ?? /\bw(\d+)\b/.exec(text)?.[1];
  const agent = /\bagent\s+["']?([\w.-]+)/.exec(text)?.[1] ?? /^#?(\d+)$/.exec(text)?.[1];
  const role = named.find(({ wave: { title } }) =>
    rolesIn(title).some((known) => text.includes(known.toLowerCase())),
  )?.wave;
  const inWave = wave === undefined ? role : named.find((other) => other.wave.number === Number(wave))?.wave;
  if (agent !== undefined) {
    const among = named.filter((other) => other.wave === (inWave ?? one.wave));
    const meant = among.filter(({ agent: { name }, said: own }) => name?.toLowerCase() === agent || own === agent);
    return meant.length > 0 ? meant.map(({ id }) => id) : undefined;
  }
  return inWave === undefined || inWave === one.wave
    ? undefined
    : named.filter((other) => other.wave === inWave).map(({ id }) => id);
}
