import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import { checkWavePlan, isOutside } from '../../formats/waves/checkWavePlan.ts';
import { stepsFor } from '../../formats/waves/planSteps.ts';
import { planOfSession } from '../../formats/waves/sessionWaves.ts';
import { hasWavePlan, type ReadWavePlan, readWavePlan } from '../../formats/waves/wavePlan.ts';
import type { WaveConfig } from '../../model/waves/waveConfig.ts';
import type { PlannedAgent, WavePlan } from '../../model/waves/wavePlan.ts';
import type { WaveProblem } from '../../model/waves/waveProblem.ts';
import { readWorkspace } from '../beginVerb.ts';
import type { ActionContext } from '../context.ts';
import { findPlanned } from '../findPlanned.ts';
import { loadWaveConfig } from './waveConfig.ts';

/** What is carried out: a document with a wave plan, or a session of a plan. */
export interface PlanWavesOptions {
  /** Path of the document, relative to the root; with a session the plan that defines it. */
  readonly plan?: string;
  readonly session?: string;
  readonly project?: string;
  /** Over how many waves the roles of a session are spread; else the project's number. */
  readonly waves?: number;
  /** One agent after another in every wave. */
  readonly sequential?: boolean;
}

export interface PlannedWaves {
  readonly plan: WavePlan;
  readonly config: WaveConfig;
  /** A plan with an `error` is not run. */
  readonly problems: readonly WaveProblem[];
}

/** Waves of a session where nothing says how many. */
const usualWaves = 5;

/**
 * Reads a wave plan with the configuration that it runs under, and checks it. Nothing is changed.
 *
 * @throws BatonError `no-plan` where the document is not there, `unknown-session`, `ambiguous-session`, `invalid-argument` where nothing is named
 */
export async function planWaves(context: ActionContext, options: PlanWavesOptions): Promise<PlannedWaves> {
  const base = await loadWaveConfig(context);
  const read =
    options.plan === undefined || options.session !== undefined
      ? await readSession(context, options, base.config)
      : await readPlan(context, options.plan);
  const { config, problems } = await loadWaveConfig(context, read.plan);
  const { plan: filled, missing } = await withSteps(context, read);
  const plan = options.sequential === true ? inSequence(filled) : filled;
  const checked = checkWavePlan(plan, config, read.places);
  const outside = await findLinksOut(context, { plan, places: read.places });
  return { plan, config, problems: [...read.problems, ...missing, ...checked, ...outside, ...problems] };
}

function inSequence(plan: WavePlan): WavePlan {
  return { ...plan, waves: plan.waves.map((wave) => ({ ...wave, sequential: true })) };
}

async function readPlan({ ports }: ActionContext, said: string): Promise<ReadWavePlan> {
  const path = said.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
  const text = await ports.files.readText(path);
  if (text === undefined) {
    throw new BatonError('no-plan', phrase`There is no plan ${path}`, {
      hint: 'Give its path relative to the project, or make one with `baton wave init --session ID --plan FILE`.',
      data: { plan: path },
    });
  }
  const read = readWavePlan(text, path);
  if (read.plan.waves.length > 0 || hasWavePlan(text)) return read;
  const hint = phrase`A plan of sessions is run one session at a time: \`baton wave run --session ID\`.`;
  const none: WaveProblem = {
    code: 'no-waves',
    severity: 'error',
    message: phrase`${path} has no headings of waves (\`### Wave 1: Impl-Core\`)`,
    hint,
    path,
  };
  return { ...read, problems: [...read.problems, none] };
}

async function readSession(
  context: ActionContext,
  options: PlanWavesOptions,
  config: WaveConfig,
): Promise<ReadWavePlan> {
  const workspace = await readWorkspace(context);
  const id = options.session ?? workspace.active?.id;
  if (id === undefined) {
    throw new BatonError('invalid-argument', 'Say what the waves are for', {
      hint: 'Name a document with `--plan FILE`, or a session with `--session ID`; without both the active session is meant.',
    });
  }
  const { planned } = await findPlanned(context, workspace, {
    id,
    ...(options.plan !== undefined && { plan: options.plan }),
    ...(options.project !== undefined && { project: options.project }),
  });
  if (planned === undefined) {
    throw new BatonError('no-plan', phrase`No plan defines ${id}: there is nothing to make waves of`, {
      hint: 'Write a wave plan and name it with `--plan FILE`.',
      data: { session: id },
    });
  }
  return planOfSession(planned.session, {
    waves: options.waves ?? config.waves ?? usualWaves,
    planPath: planned.plan.path,
  });
}

/** Takes the steps of the plan files that agents follow; a file that is not there is an error, for its steps are the work. */
async function withSteps(
  context: ActionContext,
  { plan, places }: ReadWavePlan,
): Promise<{ readonly plan: WavePlan; readonly missing: readonly WaveProblem[] }> {
  const missing: WaveProblem[] = [];
  const reported = new Set<string>();
  const texts = new Map<string, string | undefined>();
  const read = async (path: string): Promise<string | undefined> => {
    if (!texts.has(path)) texts.set(path, await readQuietly(context, path));
    return texts.get(path);
  };
  const fill = async (agent: PlannedAgent, wave: number): Promise<PlannedAgent> => {
    const { planFile } = agent;
    if (planFile === undefined || agent.steps !== undefined) return agent;
    const text = await read(planFile);
    if (text !== undefined) {
      const steps = stepsFor(text, agent.task);
      return { ...agent, ...(steps !== undefined && { steps }) };
    }
    if (reported.has(planFile)) return agent;
    reported.add(planFile);
    const line = places.get(agent.id);
    missing.push({
      code: 'missing-plan-file',
      severity: 'error',
      message: phrase`${agent.id} is to follow ${planFile}, which cannot be read`,
      hint: 'Mend the path, or take it out of the plan.',
      wave,
      agent: agent.id,
      ...(plan.path !== undefined && { path: plan.path }),
      ...(line !== undefined && { line }),
    });
    return agent;
  };
  const waves: WavePlan['waves'][number][] = [];
  for (const wave of plan.waves) {
    const agents: PlannedAgent[] = [];
    for (const agent of wave.agents) agents.push(await fill(agent, wave.number));
    waves.push({ ...wave, agents });
  }
  return { plan: { ...plan, waves }, missing };
}

/** A path may lead out of the repository by a link though it looks as if it stayed. Of a glob the folder that holds all its matches. */
async function findLinksOut(
  { ports }: ActionContext,
  { plan, places }: Pick<ReadWavePlan, 'plan' | 'places'>,
): Promise<readonly WaveProblem[]> {
  const found: WaveProblem[] = [];
  for (const { number, agents } of plan.waves) {
    for (const { id, files } of agents) {
      for (const file of files) {
        const star = file.indexOf('*');
        const stem = star < 0 ? file : file.slice(0, file.lastIndexOf('/', star) + 1);
        const plain = stem.replace(/\/+$/, '');
        if (plain === '' || isOutside(plain) || !(await leadsOut(ports, plain))) continue;
        const line = places.get(id);
        found.push({
          code: 'outside-project',
          severity: 'error',
          message: phrase`${id}: ${file} leads out of the repository by a link`,
          hint: 'Name the file itself, or leave it out.',
          wave: number,
          agent: id,
          ...(plan.path !== undefined && { path: plan.path }),
          ...(line !== undefined && { line }),
        });
      }
    }
  }
  return found;
}

async function leadsOut({ files }: ActionContext['ports'], path: string): Promise<boolean> {
  try {
    await files.realPath(path);
    return false;
  } catch (error) {
    if (BatonError.is(error, 'outside-project')) return true;
    // Links that go round lead nowhere: a write there fails by itself.
    if (BatonError.is(error, 'unreadable-file')) return false;
    throw error;
  }
}

async function readQuietly({ ports }: ActionContext, path: string): Promise<string | undefined> {
  try {
    return await ports.files.readText(path);
  } catch (error) {
    if (BatonError.is(error, 'unreadable-file', 'outside-project')) return undefined;
    throw error;
  }
}
