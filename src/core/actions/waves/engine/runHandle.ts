import type { Cancellation } from '../../../base/cancellation.ts';
import { isoTimeOf } from '../../../base/localTime.ts';
import { phrase } from '../../../base/phrase.ts';
import { BatonError } from '../../../errors.ts';
import type { PlannedWave } from '../../../model/waves/wavePlan.ts';
import { readWaveRun, type WaveAgentRun, type WaveProgress, type WaveRun } from '../../../model/waves/waveRun.ts';
import type { RunningWaveAgent } from '../../../ports/waveAgents.ts';
import type { WaveContext } from '../context.ts';
import { requireWaveRun, updateWaveAgent, updateWaveRun, waveRunKey } from '../records.ts';

/** One run in the hands of the engine: its record, what runs of it in this process, and what was asked of it. */
export class RunHandle {
  readonly context: WaveContext;
  readonly id: string;
  /** Agents whose processes this engine started, by key. */
  readonly running = new Map<string, RunningWaveAgent>();
  /** No further agent is begun. */
  isPausing = false;
  isAborting = false;
  /** What STATE.md was last made to say; see `trySyncState`. */
  syncedFacts: string | undefined;
  readonly #onAbort = new Set<() => void>();
  /** Waits of agents, and the way to end each. */
  readonly #waits = new Map<string, () => void>();
  #syncing: Promise<void> = Promise.resolve();

  constructor(context: WaveContext, id: string) {
    this.context = context;
    this.id = id;
  }

  /** The supervisor ends; what runs is taken up again by the next one. */
  get isEnding(): boolean {
    return this.context.cancellation.isCancelled;
  }

  /** Whether an agent may be begun now. */
  get mayBegin(): boolean {
    return !this.isPausing && !this.isAborting && !this.isEnding;
  }

  /** ISO 8601 with zone. */
  now(): string {
    return isoTimeOf(this.context.ports.clock.now());
  }

  /** @throws BatonError `unknown-wave-run` where it is gone */
  async read(): Promise<WaveRun> {
    const run = readWaveRun(await this.context.ports.localState.read(waveRunKey(this.id)));
    return run ?? (await requireWaveRun(this.context, this.id));
  }

  update(change: (run: WaveRun) => WaveRun | undefined): Promise<WaveRun> {
    return updateWaveRun(this.context, this.id, change);
  }

  updateAgent(key: string, change: (agent: WaveAgentRun) => WaveAgentRun): Promise<WaveRun> {
    return updateWaveAgent(this.context, this.id, key, change);
  }

  /** Does `act` after what was given before has been done, one at a time. */
  inTurn(act: () => Promise<void>): Promise<void> {
    const next = this.#syncing.then(act);
    this.#syncing = next.catch(() => undefined);
    return next;
  }

  /** Does something whose trace cannot be looked up at most once in the life of the run; what fails is only logged. */
  async once(name: string, act: () => Promise<unknown>): Promise<void> {
    const { localState } = this.context.ports;
    if (!(await localState.create(`waves/${this.id}/once/${localState.keyPart(name)}.json`, { at: this.now() })))
      return;
    await this.attempt(act);
  }

  /** Does something that the run does not depend on: what fails is only logged. */
  async attempt(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!BatonError.is(error)) throw error;
      this.context.ports.logger.warn(`${this.id}: ${error.message}`);
    }
  }

  /** Does something that nobody waits for; what fails is logged. */
  inBackground(act: () => Promise<unknown>): void {
    act().catch((error: unknown) => this.context.ports.logger.error(`${this.id} could not note something`, error));
  }

  /** Calls `listener` when the run is aborted; at once where it was. Returns the way to forget it. */
  onAbort(listener: () => void): () => void {
    if (this.isAborting) listener();
    else this.#onAbort.add(listener);
    return () => this.#onAbort.delete(listener);
  }

  abort(): void {
    if (this.isAborting) return;
    this.isAborting = true;
    for (const listener of [...this.#onAbort]) listener();
    this.halt();
    for (const agent of this.running.values()) void agent.stop();
  }

  /** Agents that wait for something do not begin any more; with a key only that one. */
  halt(key?: string): void {
    for (const [waiting, cancel] of [...this.#waits]) if (key === undefined || waiting === key) cancel();
  }

  /** Ends with the run, not with its agents' pause. */
  get untilAborted(): Cancellation {
    const handle = this;
    return {
      get isCancelled() {
        return handle.isAborting;
      },
      onCancel: (listener) => ({ dispose: handle.onAbort(listener) }),
    };
  }

  /** What ends the wait of an agent when it may not begin any more. */
  createWait(key: string): { readonly cancellation: Cancellation; dispose(): void } {
    const listeners = new Set<() => void>();
    let isCancelled = !this.mayBegin;
    const cancel = (): void => {
      if (isCancelled) return;
      isCancelled = true;
      for (const listener of [...listeners]) listener();
    };
    this.#waits.set(key, cancel);
    const ending = this.context.cancellation.onCancel(cancel);
    return {
      cancellation: {
        get isCancelled() {
          return isCancelled;
        },
        onCancel(listener) {
          if (isCancelled) listener();
          else listeners.add(listener);
          return { dispose: () => listeners.delete(listener) };
        },
      },
      dispose: () => {
        this.#waits.delete(key);
        ending.dispose();
      },
    };
  }
}

/** @throws Error where the record names an agent that it does not have */
export function agentOf(run: WaveRun, key: string): WaveAgentRun {
  const agent = run.agents.find((one) => one.key === key);
  if (agent === undefined) throw new Error(`${run.id} has no agent ${key}`);
  return agent;
}

/** The wave that the run is in. */
export function waveOf(run: WaveRun): PlannedWave {
  const wave = run.plan.waves[run.wave - 1];
  if (wave === undefined) throw new Error(`${run.id} has no wave ${run.wave}`);
  return wave;
}

/** What is known of a wave that has been prepared. */
export function progressOf(run: WaveRun, wave = run.wave): WaveProgress | undefined {
  return run.progress?.find((one) => one.wave === wave);
}

/** Agents of a wave, fixers too. */
export function agentsOf(run: WaveRun, wave = run.wave): readonly WaveAgentRun[] {
  return run.agents.filter((agent) => agent.wave === wave);
}

/** The record with a Deviation; the same text is not added twice. */
export function withDeviation(run: WaveRun, at: string, text: string): WaveRun {
  if (run.deviations.some((one) => one.text === text)) return run;
  return { ...run, deviations: [...run.deviations, { at, text }] };
}

/** How often a wave was rolled back. */
export function countRollBacks({ deviations }: Pick<WaveRun, 'deviations'>, wave: number): number {
  return deviations.filter(({ text }) => text.startsWith(phrase`Wave ${wave} was rolled back`)).length;
}
