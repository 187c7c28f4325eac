import { isoTimeOf } from '../../base/localTime.ts';
import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import {
  endedAgentStatuses,
  type WaveAgentRun,
  type WaveRequest,
  type WaveRun,
  type WaveRunState,
} from '../../model/waves/waveRun.ts';
import type { IsolatedContext } from '../isolated/context.ts';
import { requireWaveRun, updateWaveRun } from './records.ts';

export interface ControlOptions {
  readonly kind: WaveRequest['kind'];
  /** The run; the latest where none is named. */
  readonly id?: string;
  /** Key of the agent to be stopped. */
  readonly agent?: string;
  /** Why, in the person's words. */
  readonly text?: string;
}

const allowed: Readonly<Record<WaveRequest['kind'], readonly WaveRunState[]>> = {
  pause: ['queued', 'active'],
  resume: ['paused', 'failed', 'active', 'queued'],
  abort: ['queued', 'active', 'paused', 'failed'],
  'stop-agent': ['active', 'paused'],
};

/**
 * Asks a run to pause, to go on, to end, or to stop one of its agents, and sees that the supervisor looks. It pauses at the next safe point: agents
 * that run go on to their end, and no further one is started. Going on is also for a run whose supervisor was killed.
 *
 * @throws BatonError `unknown-wave-run`, `wrong-state`, `unknown-item` for an agent that is not there, `supervisor-failed`
 */
export async function controlWaveRun(context: IsolatedContext, options: ControlOptions): Promise<WaveRun> {
  const { kind, agent, text } = options;
  const found = await requireWaveRun(context, options.id);
  const after = await updateWaveRun(context, found.id, (run) => {
    if (!allowed[kind].includes(run.status)) throw wrongState(run, kind);
    if (kind === 'stop-agent') requireAgent(run, agent);
    // Nothing that is asked later makes a run go on that is to end.
    if (run.request?.kind === 'abort') return undefined;
    // What a supervisor left when it was killed is taken up again as it is.
    if (kind === 'resume' && (run.status === 'active' || run.status === 'queued')) {
      const { request: _, ...rest } = run;
      return run.request?.kind === 'pause' ? rest : undefined;
    }
    const at = isoTimeOf(context.ports.clock.now());
    // Nothing of a run that rests is at work: what is not to begin any more is recorded at once.
    if (kind === 'stop-agent' && run.status === 'paused') {
      const agents = run.agents.map((one) => (one.key === agent ? stopped(one, at, text) : one));
      return { ...run, agents };
    }
    const request: WaveRequest = {
      kind,
      at,
      ...(agent !== undefined && { agent }),
      ...(text !== undefined && text.trim() !== '' && { text: text.trim() }),
    };
    return { ...run, request };
  });
  await context.isolated.supervisors.ensure();
  return after;
}

function stopped(agent: WaveAgentRun, at: string, text: string | undefined): WaveAgentRun {
  const { waitsFor: _, ...rest } = agent;
  return { ...rest, status: 'stopped', endedAt: at, error: text?.trim() || 'stopped by the person' };
}

function requireAgent(run: WaveRun, key: string | undefined): void {
  const agent = run.agents.find((one) => one.key === key);
  if (agent !== undefined && !endedAgentStatuses.includes(agent.status)) return;
  const open = run.agents.filter(({ status }) => !endedAgentStatuses.includes(status)).map((one) => one.key);
  if (agent === undefined) {
    throw new BatonError('unknown-item', phrase`${run.id} has no agent ${key ?? ''}`, {
      hint: open.length > 0 ? phrase`At work: ${open.join(', ')}.` : 'None of its agents is at work now.',
      data: { run: run.id, agents: open },
    });
  }
  throw new BatonError('wrong-state', phrase`${agent.key} has ended: ${agent.status}`, {
    hint: open.length > 0 ? phrase`At work: ${open.join(', ')}.` : 'None of its agents is at work now.',
    data: { run: run.id, agent: agent.key, status: agent.status },
  });
}

function wrongState({ id, status }: WaveRun, kind: WaveRequest['kind']): BatonError {
  return new BatonError('wrong-state', phrase`The wave run ${id} is ${status}: it cannot ${describe(kind)}`, {
    hint: '`baton wave status` tells what can be done.',
    data: { run: id, status, request: kind },
  });
}

function describe(kind: WaveRequest['kind']): string {
  if (kind === 'pause') return phrase`pause`;
  if (kind === 'resume') return phrase`go on`;
  return kind === 'abort' ? phrase`be aborted` : phrase`stop an agent`;
}
