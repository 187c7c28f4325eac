import { rename, writeFile } from 'node:fs/promises';
import { isoTimeOf } from '../../core/base/localTime.ts';
import { describeEvent } from '../../core/formats/agents/describeEvent.ts';
import { type AgentActivity, noUsage } from '../../core/model/activity.ts';
import type { AgentEvent } from '../../core/model/agentEvent.ts';
import type { AgentUsage } from '../../core/model/isolated.ts';
import type { Clock } from '../../core/ports/clock.ts';

/** Events that come one upon the other are written once; one that comes alone is written at once. */
const writeEveryMs = 150;

const longestLine = 200;

/** Adds up what an agent uses, and writes what it does now into `activity.json`, soon but not for each event. */
export class ActivityMeter {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #before: AgentUsage;
  #run: AgentUsage = noUsage;
  #line = '';
  #atMs: number;
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #writtenAtMs = Number.NEGATIVE_INFINITY;

  /** `before` is what earlier runs of the session used. */
  constructor(path: string, clock: Clock, before: AgentUsage) {
    this.#path = path;
    this.#clock = clock;
    this.#before = before;
    this.#atMs = clock.now().epochMs;
  }

  /** When the agent was last heard of. Milliseconds since the epoch. */
  get lastActivityMs(): number {
    return this.#atMs;
  }

  get usage(): AgentUsage {
    const [a, b] = [this.#before, this.#run];
    const costUsd =
      a.costUsd === undefined && b.costUsd === undefined ? undefined : (a.costUsd ?? 0) + (b.costUsd ?? 0);
    return {
      inputTokens: a.inputTokens + b.inputTokens,
      outputTokens: a.outputTokens + b.outputTokens,
      turns: a.turns + b.turns,
      ...(costUsd !== undefined && { costUsd }),
    };
  }

  note(event: AgentEvent): void {
    this.#atMs = this.#clock.now().epochMs;
    const run = this.#run;
    if (event.kind === 'usage') {
      this.#run = {
        ...run,
        inputTokens: run.inputTokens + event.inputTokens,
        outputTokens: run.outputTokens + event.outputTokens,
        turns: run.turns + 1,
      };
    }
    if (event.kind === 'ended') {
      // The agent's own sums count, where it gives any.
      this.#run = {
        inputTokens: event.inputTokens ?? run.inputTokens,
        outputTokens: event.outputTokens ?? run.outputTokens,
        turns: event.turns ?? run.turns,
        ...(event.costUsd !== undefined && { costUsd: event.costUsd }),
      };
    }
    const line = describeEvent(event)?.split('\n')[0]?.trim();
    if (line) this.#line = line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line;
    const wait = Math.max(0, this.#writtenAtMs + writeEveryMs - performance.now());
    this.#timer ??= setTimeout(() => void this.write(), wait);
  }

  /** Writes now. Losing it harms nobody, so a failure does not either. */
  write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writtenAtMs = performance.now();
    const activity: AgentActivity = { at: isoTimeOf(this.#clock.now()), line: this.#line, usage: this.usage };
    const temporary = `${this.#path}.${process.pid}.tmp`;
    this.#writing = this.#writing
      .then(() => writeFile(temporary, `${JSON.stringify(activity)}\n`))
      .then(() => rename(temporary, this.#path))
      .catch(() => undefined);
    return this.#writing;
  }
}
