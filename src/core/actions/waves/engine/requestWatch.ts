import type { Disposable } from '../../../base/disposable.ts';
import { endedAgentStatuses, type WaveAgentRun } from '../../../model/waves/waveRun.ts';
import type { RunHandle } from './runHandle.ts';

/** How often the record is looked at while agents run. */
const lookEveryMs = 400;

/** Sees, while agents run, what a person asks of the run, and does it. */
export class RequestWatch {
  readonly #handle: RunHandle;
  #waiting: Disposable | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(handle: RunHandle) {
    this.#handle = handle;
    this.#wait();
  }

  /** Looks no more. */
  async dispose(): Promise<void> {
    this.#isOver = true;
    this.#waiting?.dispose();
    await this.#looking;
  }

  #wait(): void {
    this.#waiting = this.#handle.context.timer.after(lookEveryMs, () => {
      this.#looking = this.look()
        .catch((error: unknown) =>
          this.#handle.context.ports.logger.error(`${this.#handle.id} cannot be looked at`, error),
        )
        .then(() => {
          if (!this.#isOver) this.#wait();
        });
    });
  }

  /** Takes what is asked now. */
  async look(): Promise<void> {
    const handle = this.#handle;
    if (handle.isEnding) for (const agent of handle.running.values()) void agent.stop();
    const { request } = await handle.read();
    handle.isPausing = request?.kind === 'pause';
    if (handle.isPausing) handle.halt();
    if (request?.kind === 'abort') handle.abort();
    if (request?.kind === 'stop-agent') await this.#stopAgent(request.agent ?? '');
  }

  /** Recorded before the process is ended: an engine that is killed meanwhile does not begin the agent again. */
  async #stopAgent(key: string): Promise<void> {
    const handle = this.#handle;
    const at = handle.now();
    await handle.update((run) => {
      const { request, ...rest } = run;
      if (request?.kind !== 'stop-agent') return undefined;
      const agents = run.agents.map((agent): WaveAgentRun => {
        if (agent.key !== request.agent || endedAgentStatuses.includes(agent.status)) return agent;
        const { waitsFor: _, ...one } = agent;
        return { ...one, status: 'stopped', endedAt: at, error: request.text ?? 'stopped by the person' };
      });
      return { ...rest, agents };
    });
    handle.halt(key);
    await handle.running.get(key)?.stop();
  }
}
