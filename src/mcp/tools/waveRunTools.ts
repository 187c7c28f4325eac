import * as z from 'zod';
import type { WaveRunEntry } from '../../core/actions/waves/listWaveRuns.ts';
import type { WaveAgentRun, WaveRun } from '../../core/model/waves/waveRun.ts';
import { openForOrchestrator } from '../openForOrchestrator.ts';
import { given } from '../sessionViews.ts';
import { defineTool, type Tool } from '../tool.ts';
import { message } from './fields.ts';

const run = z.object({ id: z.string(), status: z.string(), wave: z.number(), waves: z.number() });

const startRun = defineTool({
  name: 'start_wave_run',
  description:
    'Begin a wave run of a plan document or a session. Only where the project says `mode: agentic`; the gate has to be approved and the tree clean.',
  effect: 'changes',
  input: z.strictObject({
    plan: z.string().describe('path of the document').optional(),
    session: z.string().optional(),
    focus: z.string().describe('told to each agent').optional(),
    agent: z.string().optional(),
  }),
  output: z.object({ ...message, run }),
  async run(call, { plan, session, focus, agent }) {
    const context = await openForOrchestrator(call);
    const { startWaveRun } = await import('../../core/actions/waves/startWaveRun.ts');
    const options = {
      ...given('plan', plan),
      ...given('session', session),
      ...given('focus', focus),
      ...given('agent', agent),
    };
    const started = await startWaveRun(context, options);
    return {
      message: `begun ${started.run.plan.title}: ${started.run.id}`,
      data: { run: toView(started.run) },
      warnings: started.warnings,
    };
  },
});

const getRun = defineTool({
  name: 'get_wave_run',
  description: 'A wave run: its waves, agents, gates, and questions that wait for the person.',
  effect: 'reads',
  input: z.strictObject({ id: z.string().describe('the latest where absent').optional() }),
  output: z.object({ ...message, run }),
  async run({ context }, { id }) {
    const { showWaveRun } = await import('../../core/actions/waves/listWaveRuns.ts');
    const entry = await showWaveRun(context, id);
    return { message: describe(entry), data: { run: { ...toView(entry.run), ...detailsOf(entry) } } };
  },
});

const steerRun = defineTool({
  name: 'steer_wave_run',
  description:
    'Pause, resume or abort a wave run, or stop one of its agents. Only where the project says `mode: agentic`; its questions are the person’s.',
  effect: 'changes',
  input: z.strictObject({
    what: z.enum(['pause', 'resume', 'abort', 'stop-agent']),
    id: z.string().describe('the latest where absent').optional(),
    agent: z.string().describe('key of the agent to stop').optional(),
    why: z.string().optional(),
  }),
  output: z.object({ ...message, run }),
  async run(call, { what, id, agent, why }) {
    const context = await openForOrchestrator(call);
    const { controlWaveRun } = await import('../../core/actions/waves/controlWaveRun.ts');
    const options = { kind: what, ...given('id', id), ...given('agent', agent), ...given('text', why) };
    const after = await controlWaveRun(context, options);
    return { message: `${after.plan.title}: asked to ${what}`, data: { run: toView(after) } };
  },
});

function toView({ id, status, wave, plan, why }: WaveRun) {
  return { id, title: plan.title, status, wave, waves: plan.waves.length, ...given('why', why) };
}

function detailsOf({ run: { agents, gates, deviations }, interrupted, questions }: WaveRunEntry) {
  return {
    interrupted,
    agents: agents.map(({ key, wave, status, task, changed }) => ({ key, wave, status, task, changed })),
    gates: gates.map(({ wave, kind, passed }) => ({ wave, kind, passed })),
    deviations: deviations.map(({ text }) => text),
    questions: questions.map(({ question }) => question),
  };
}

function describe({ run: { plan, status, wave, agents }, interrupted, questions }: WaveRunEntry): string {
  const state = interrupted ? 'interrupted' : status;
  return [
    `${plan.title}: ${state}, wave ${wave} of ${plan.waves.length}`,
    ...agents.filter((agent) => agent.wave === wave).map(describeAgent),
    ...questions.map(({ question }) => `? ${question}`),
  ].join('\n');
}

function describeAgent({ key, status, report, error }: WaveAgentRun): string {
  const told = report?.note ?? error;
  return `${key}: ${status}${told === undefined ? '' : ` (${told})`}`;
}

/** Tools about wave runs. Pre-flight asks nobody here: what a person would be asked is refused, with what to do. */
export const waveRunTools: readonly Tool[] = [startRun, getRun, steerRun];
