import { phrase } from '../../../base/phrase.ts';
import { stagnationFields } from '../../../formats/waves/stagnationEvent.ts';
import type { AgentEvent } from '../../../model/agentEvent.ts';
import type { Finding } from '../../../model/waves/finding.ts';
import type { WaveAgentRun, WaveRun } from '../../../model/waves/waveRun.ts';
import { CircuitBreaker } from '../breaker.ts';
import { appendEvent } from '../metrics.ts';
import type { RunHandle } from './runHandle.ts';
import { plannedOf } from './waveAgents.ts';

/** Looks at what one agent says while it runs: keeps its session, warns, and stops it where it goes round in circles. */
export class AgentWatch {
  readonly #handle: RunHandle;
  readonly #run: WaveRun;
  readonly #agent: WaveAgentRun;
  readonly #breaker: CircuitBreaker;
  #writing: Promise<void> = Promise.resolve();
  #stop: (() => Promise<void>) | undefined;
  #isStopping = false;
  #session: string | undefined;

  constructor(handle: RunHandle, run: WaveRun, options: { readonly agent: WaveAgentRun; readonly folder: string }) {
    const { agent, folder } = options;
    this.#handle = handle;
    this.#run = run;
    this.#agent = agent;
    this.#session = agent.agentSession;
    const isReader = run.plan.waves[agent.wave - 1]?.role === 'Discovery';
    this.#breaker = new CircuitBreaker({ maxTurns: agent.maxTurns, root: folder, isReader });
  }

  /** What was found in this dispatch and still holds. */
  get findings(): readonly Finding[] {
    return this.#breaker.findings;
  }

  /** The way to stop the agent, as soon as there is one; it may have been found to be stuck by then. */
  setStop(stop: () => Promise<void>): void {
    this.#stop = stop;
    if (this.#isStopping) void stop();
  }

  note(event: AgentEvent): void {
    const session = 'agentSession' in event ? event.agentSession : undefined;
    if (session !== undefined && session !== this.#session) {
      this.#session = session;
      this.#write(async () => {
        await this.#handle.updateAgent(this.#agent.key, (agent) => ({ ...agent, agentSession: session }));
      });
    }
    const found = this.#breaker.note(event, this.#handle.now());
    if (found.length === 0) return;
    this.#write(() => this.#record(found));
    for (const { severity, pattern } of found) {
      this.#handle.context.report(
        severity === 'stop'
          ? phrase`${this.#agent.key} is stopped: ${pattern}`
          : phrase`${this.#agent.key} may be stuck: ${pattern}`,
      );
    }
    if (!found.some(({ severity }) => severity === 'stop') || this.#isStopping) return;
    this.#isStopping = true;
    void this.#stop?.();
  }

  /** Resolves when everything that was noted is recorded. */
  settled(): Promise<void> {
    return this.#writing;
  }

  async #record(found: readonly Finding[]): Promise<void> {
    const all = [...this.#agent.findings, ...this.#breaker.findings];
    await this.#handle.updateAgent(this.#agent.key, (agent) => ({ ...agent, findings: all.slice(-mostFindings) }));
    if (!this.#run.config.persistence) return;
    const agent = plannedOf(this.#run, this.#agent)?.role ?? this.#agent.key;
    for (const finding of found) {
      const fields = stagnationFields(finding, { session: this.#run.label, wave: this.#agent.wave, agent });
      if (fields !== undefined) await appendEvent(this.#handle.context, 'stagnation_detected', fields);
    }
  }

  #write(act: () => Promise<void>): void {
    const writing = this.#writing.then(() => this.#handle.attempt(act));
    this.#writing = writing;
    // Whoever waits until all is settled is told.
    writing.catch(() => undefined);
  }
}

/** Kept of one agent, the latest. */
export const mostFindings = 20;
