import type { PlanSession, SubAgent } from '../../model/plan.ts';
import { type WavePlan, type WaveRole, waveRoles } from '../../model/waves/wavePlan.ts';
import { type AssembledPlan, assemblePlan, type RawWave } from './assemblePlan.ts';
import { findOverlaps } from './scopes.ts';
import type { AgentField } from './waveAgents.ts';
import { hasWavePlan, type ReadWavePlan, readWavePlan } from './wavePlan.ts';
import { mapRoles, roleOf } from './waveRules.ts';

/** What is made of a session besides its plan section. */
export interface SessionWaveOptions {
  /** Over how many waves its roles are spread. */
  readonly waves: number;
  /** Path of the plan that defines it. */
  readonly planPath?: string;
}

/**
 * The wave plan of a session: the waves that its prompt has, else its sub-agents by their roles, else one agent with the prompt, and one for the
 * checklist. Nothing is invented: a role without work has no wave.
 */
export function planOfSession(session: PlanSession, options: SessionWaveOptions): ReadWavePlan {
  const { prompt } = session;
  const head = { title: `${session.id}: ${session.title}`, session: session.id };
  if (prompt !== undefined && hasWavePlan(prompt.text)) {
    const read = readWavePlan(prompt.text);
    return { ...read, places: new Map(), plan: withMissions({ ...read.plan, ...head, ...pathOf(options) }) };
  }
  const sessionType = typeOf(session);
  const items = session.subAgents.length > 0 ? itemsOfSubAgents(session) : itemsOfPrompt(session, options);
  const { plan, problems }: AssembledPlan = assemblePlan({
    waves: spread(items, options.waves),
    sessionType,
    missions: [],
  });
  return {
    plan: withMissions({
      ...pathOf(options),
      ...head,
      sessionType,
      issues: [],
      ...withoutSkipped(plan),
      execution: {},
      docsTasks: [],
    }),
    problems: problems.filter(({ code }) => code !== 'empty-wave'),
    places: new Map(),
  };
}

/** The waves of a session that have no work were never planned. */
function withoutSkipped({ waves, missions }: AssembledPlan['plan']): Pick<WavePlan, 'waves' | 'missions'> {
  return { waves, missions };
}

function pathOf({ planPath }: SessionWaveOptions): { readonly path?: string } {
  return planPath === undefined ? {} : { path: planPath };
}

/** A session that is heavy, long or needs much thought is a deep one (formats.md §2.4a). */
function typeOf({ execution, estimateMinutes, modelSettings }: PlanSession): string {
  const isDeep =
    execution.some((mode) => mode === 'heavy' || mode === 'ultrathink') ||
    (estimateMinutes ?? 0) > 60 ||
    modelSettings.thinkingMode === 'ultrathink';
  return isDeep ? 'deep' : 'feature';
}

interface Item {
  readonly role: WaveRole;
  readonly name?: string;
  readonly fields: ReadonlyMap<AgentField, string>;
  readonly files: readonly string[];
}

function itemsOfSubAgents(session: PlanSession): readonly Item[] {
  const items: Item[] = [];
  for (const agent of session.subAgents) {
    const item = itemOfSubAgent(session, agent);
    const meets = items.some(
      (other) =>
        other.role === item.role &&
        findOverlaps([
          { id: 'a', files: other.files },
          { id: 'b', files: item.files },
        ]).length > 0,
    );
    // Of two that share files the second polishes what the first made (formats.md §1.3).
    items.push(meets && item.role === 'Impl-Core' ? { ...item, role: 'Impl-Polish' } : item);
  }
  return items;
}

function itemOfSubAgent({ id, title, checklist }: PlanSession, agent: SubAgent): Item {
  const { name, role, model, responsibilities, files, constraints } = agent;
  const parts = [
    `${name}, for ${id}: ${title}`,
    responsibilities.map((one) => `- ${one}`).join('\n'),
    constraints.length > 0 ? `Constraints:\n${constraints.map((one) => `- ${one}`).join('\n')}` : '',
  ];
  const said = roleOfWords(`${role ?? ''} ${name}`);
  const fields = new Map<AgentField, string>([
    ['task', parts.filter((part) => part !== '').join('\n')],
    ['files', files.join('\n')],
    ...(role !== undefined ? ([['role', role]] as const) : []),
    ...(model !== undefined ? ([['model', model]] as const) : []),
    ...(checklist.length > 0 && said === 'Quality'
      ? ([['acceptance', checklist.map(({ text }) => text).join('; ')]] as const)
      : []),
  ]);
  return { role: said, name, fields, files };
}

const roleWords: readonly (readonly [RegExp, WaveRole])[] = [
  [/\b(?:research|explor|discover|analy|audit|architect|investigat)/i, 'Discovery'],
  [/\b(?:test|qa|quality|review|security|lint|verif)/i, 'Quality'],
  [/\b(?:doc|release|final|changelog|writer|deploy)/i, 'Finalization'],
  [/\b(?:polish|fix|integrat|refactor|cleanup|style)/i, 'Impl-Polish'],
];

/** The role of a sub-agent by the words of its own role and name; most of them implement. */
export function roleOfWords(text: string): WaveRole {
  return roleOf(text.trim()) ?? roleWords.find(([pattern]) => pattern.test(text))?.[1] ?? 'Impl-Core';
}

function itemsOfPrompt(session: PlanSession, { planPath, waves }: SessionWaveOptions): readonly Item[] {
  const { id, title, prompt, referenceFiles, checklist, commands } = session;
  // One that names no files is bound by none, where nobody works beside it: an agent that may change nothing could not do it.
  const files = session.files.length === 0 && waves > 1 ? ['**'] : session.files;
  const name = `${id}: ${title}`;
  const acceptance = checklist.map(({ text }) => text).join('; ');
  const reads = referenceFiles.join('\n');
  const core: Item = {
    role: 'Impl-Core',
    files,
    fields: new Map<AgentField, string>([
      ['task', name],
      ['files', files.join('\n')],
      ...(acceptance === '' ? [] : ([['acceptance', acceptance]] as const)),
      ...(reads === '' ? [] : ([['reads', reads]] as const)),
      ...(planPath === undefined ? [] : ([['planFile', planPath]] as const)),
      ...(prompt === undefined ? [] : ([['steps', prompt.text]] as const)),
    ]),
  };
  if (checklist.length === 0 && commands.length === 0) return [core];
  const tests = files.filter((file) => /(?:^|\/)(?:tests?|__tests__)\/|\.(?:test|spec)\./.test(file));
  const check: Item = {
    role: 'Quality',
    files: tests,
    fields: new Map<AgentField, string>([
      ['task', `Check ${name} against its acceptance, and add the tests that are missing`],
      ['files', tests.length > 0 ? tests.join('\n') : '**/*.test.*, **/*.spec.*, **/__tests__/**'],
      ...(acceptance === '' ? [] : ([['acceptance', acceptance]] as const)),
    ]),
  };
  return [core, check];
}

/** Puts items into waves by their roles; a role that is split gives its waves about as many each, in the order of the session. */
function spread(items: readonly Item[], count: number): readonly RawWave[] {
  const mapping = mapRoles(count);
  const taken = new Map<WaveRole, number>();
  return mapping.map((roles, index): RawWave => {
    const agents = roles.flatMap((role) => {
      const own = items.filter((item) => item.role === role);
      const share = mapping.filter((one) => one.includes(role)).length;
      const nth = taken.get(role) ?? 0;
      taken.set(role, nth + 1);
      return own.slice(Math.ceil((own.length * nth) / share), Math.ceil((own.length * (nth + 1)) / share));
    });
    const present = waveRoles.filter((role) => agents.some((item) => item.role === role));
    return {
      number: index + 1,
      title: (present.length > 0 ? present : roles).join(' + '),
      sequential: false,
      agents: agents.map(({ name, fields }) => ({ ...(name !== undefined && { name }), fields })),
    };
  });
}

/** Makes every agent of a plan without missions one: STATE.md tells of each how far it is. */
export function withMissions(plan: WavePlan): WavePlan {
  if (plan.missions.length > 0) return plan;
  let count = 0;
  const waves = plan.waves.map((wave) => ({
    ...wave,
    agents: wave.agents.map((agent) => ({ ...agent, mission: agent.mission ?? `m-${++count}` })),
  }));
  const missions = waves.flatMap(({ number, agents }) =>
    agents.map(({ mission, task }) => ({
      id: mission,
      task: task.split('\n')[0] ?? '',
      wave: number,
      status: 'brainstormed',
    })),
  );
  return { ...plan, waves, missions };
}
