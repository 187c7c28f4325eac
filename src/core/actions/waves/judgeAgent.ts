import type { AgentReport, Finding } from '../../model/waves/finding.ts';
import type { WaveAgentStatus } from '../../model/waves/waveRun.ts';
import type { WaveAgentEnd } from '../../ports/waveAgents.ts';

/** What is known of an agent that has ended. */
export interface AgentEnding {
  readonly report: AgentReport | undefined;
  readonly end: Pick<WaveAgentEnd, 'exitCode' | 'text' | 'isError' | 'stopped'>;
  /** Paths that it changed, as git says. */
  readonly changed: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * What became of an agent (formats.md §1.4): where the circuit breaker stopped it, by what it found, whatever the agent says; else by its
 * STATUS line; without one, changes count as done, errors as failed, and what ends in the middle as partial.
 */
export function judgeAgent({ report, end, changed, findings }: AgentEnding): WaveAgentStatus {
  const stopping = findings.filter(({ severity }) => severity === 'stop').map(({ pattern }) => pattern);
  if (stopping.includes('spiral') || stopping.includes('turn-key-repetition')) return 'spiral';
  if (stopping.includes('error-echo')) return 'failed';
  if (stopping.length > 0) return report?.status === 'failed' ? 'failed' : 'partial';
  if (end.stopped) return 'stopped';
  if (report !== undefined) return report.status;
  const isCut = end.exitCode === undefined || end.text.trim() === '';
  if (end.isError || (end.exitCode !== undefined && end.exitCode !== 0))
    return changed.length > 0 ? 'partial' : 'failed';
  if (isCut) return 'partial';
  if (changed.length > 0) return 'done';
  return reportsErrors(end.text) ? 'failed' : 'done';
}

/** Tells whether the last lines of what an agent said speak of an error that it could not get over. */
function reportsErrors(text: string): boolean {
  const last = text.trim().split(/\r?\n/).slice(-3).join('\n');
  return /\b(?:failed|failure|error:|errors? occurred|could not|couldn['’]t|cannot|can['’]t|unable to|gave up|impossible)\b/i.test(
    last,
  );
}

/** What happens next with the task of an agent that has ended. */
export type Recovery =
  | { readonly kind: 'none' }
  /** A task in the next wave that mends it; `carryOver`: it is noted as carried over, for the first time. */
  | { readonly kind: 'fix'; readonly carryOver: boolean }
  /** The rest goes into the next wave. */
  | { readonly kind: 'carry-forward' }
  /** The agent's changes are taken back, and it is dispatched once more with a narrower scope. */
  | { readonly kind: 'narrow' }
  /** A person decides. */
  | { readonly kind: 'escalate'; readonly carryOver: boolean };

/**
 * The rule of recovery (formats.md §1.4). `before` are the endings of the same task's earlier attempts, the oldest first: a second spiral
 * goes to the person, and only the first failure is carried over.
 */
export function recoveryOf(status: WaveAgentStatus, before: readonly WaveAgentStatus[]): Recovery {
  const earlier = (one: WaveAgentStatus) => before.includes(one);
  switch (status) {
    case 'spiral':
      return earlier('spiral') ? { kind: 'escalate', carryOver: true } : { kind: 'narrow' };
    case 'failed':
      return { kind: 'fix', carryOver: !earlier('failed') };
    case 'partial':
      return { kind: 'carry-forward' };
    default:
      return { kind: 'none' };
  }
}
