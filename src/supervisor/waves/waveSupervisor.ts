import type { WaveContext } from '../../core/actions/waves/context.ts';
import { isWaveRunDue } from '../../core/actions/waves/listWaveRuns.ts';
import { readWaveRuns } from '../../core/actions/waves/records.ts';
import type { Cancellation } from '../../core/base/cancellation.ts';
import { endedAgentStatuses, type WaveRun } from '../../core/model/waves/waveRun.ts';
import { killRun } from '../../platform/processTree.ts';
import type { SupervisorContext } from '../context.ts';
import { createCanceller } from './canceller.ts';

/** After asking what is left of a dead run to end. */
const graceMs = 2_000;

/** Without being told of a change all runs are looked at this often: there may be many that are over. */
const lookEveryMs = 2_000;

export interface WaveSupervisorOptions {
  readonly context: Pick<SupervisorContext, 'ports' | 'settings'>;
  /** Wires what a run needs, for the tree that it works in. */
  readonly openContext: (root: string, cancellation: Cancellation) => Promise<WaveContext>;
  /** Changes when somebody asks for something. */
  readonly readWake: () => Promise<number>;
}

/** Gives wave runs that can go on to the engine, beside the isolated sessions; each run goes through its waves by itself. */
export class WaveSupervisor {
  readonly #options: WaveSupervisorOptions;
  readonly #canceller = createCanceller();
  readonly #running = new Map<string, Promise<void>>();
  /** Runs that failed for a reason of Baton's own, with their record then: not tried again until somebody changes it. */
  readonly #given = new Map<string, string>();
  #busyAtMs = Date.now();
  #lookedAtMs = 0;
  #wake = 0;

  constructor(options: WaveSupervisorOptions) {
    this.#options = options;
  }

  /** Nothing goes on, and has not for a while. */
  get isIdle(): boolean {
    return this.#running.size === 0 && Date.now() - this.#busyAtMs > this.#options.context.settings.idleMs;
  }

  /** Agents that an earlier supervisor left at work are ended; the engine goes on with their runs from where they are. */
  async recover(): Promise<void> {
    const { ports } = this.#options.context;
    const left = (await readWaveRuns(ports.localState)).flatMap(({ agents }) =>
      agents.filter(({ status }) => !endedAgentStatuses.includes(status)),
    );
    await Promise.all(
      left.map(async ({ mark }) => {
        if (mark !== undefined) await killRun({ name: 'BATON_RUN_ID', value: mark }, graceMs);
      }),
    );
    this.#busyAtMs = Date.now();
  }

  /** One look at all runs. */
  async pass(): Promise<void> {
    const { readWake, context } = this.#options;
    if (this.#running.size > 0) this.#busyAtMs = Date.now();
    const wake = await readWake();
    if (wake === this.#wake && Date.now() - this.#lookedAtMs < lookEveryMs) return;
    this.#wake = wake;
    this.#lookedAtMs = Date.now();
    for (const run of await readWaveRuns(context.ports.localState)) {
      if (this.#running.has(run.id) || !(await isWaveRunDue(context, run))) continue;
      if (this.#given.get(run.id) === run.updatedAt && run.request === undefined) continue;
      this.#start(run);
    }
  }

  /** Ends the agents of all runs, which are taken up again by the next supervisor; waits until all is written. */
  async end(): Promise<void> {
    this.#canceller.cancel();
    await Promise.all(this.#running.values());
  }

  #start({ id, root, updatedAt }: WaveRun): void {
    const { logger } = this.#options.context.ports;
    this.#busyAtMs = Date.now();
    const running = this.#run(id, root)
      .catch((error: unknown) => {
        // What is no refusal but a mistake of ours would be met again at once; the record is as it was, for whoever resumes it.
        this.#given.set(id, updatedAt);
        logger.error(`the wave run ${id} was interrupted`, error);
      })
      .finally(() => {
        this.#running.delete(id);
        this.#busyAtMs = Date.now();
        this.#lookedAtMs = 0;
      });
    this.#running.set(id, running);
  }

  async #run(id: string, root: string): Promise<void> {
    // Loaded when there is a run: most supervisors never have one.
    const { runWaves } = await import('../../core/actions/waves/runWaves.ts');
    const context = await this.#options.openContext(root, this.#canceller.cancellation);
    const { status, why } = await runWaves(context, id);
    this.#options.context.ports.logger.info(`the wave run ${id} is ${status}${why === undefined ? '' : `: ${why}`}`);
  }
}
