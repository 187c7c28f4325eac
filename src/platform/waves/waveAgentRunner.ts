import { randomUUID } from 'node:crypto';
import type { IsolatedContext } from '../../core/actions/isolated/context.ts';
import { unansweredWhy } from '../../core/actions/isolated/questions.ts';
import { waveAgentFolder } from '../../core/actions/waves/records.ts';
import type { OutboxAnswer } from '../../core/formats/isolated/outbox.ts';
import { noUsage } from '../../core/model/activity.ts';
import type { AgentEvent } from '../../core/model/agentEvent.ts';
import type { RunningWaveAgent, WaveAgentEnd, WaveAgentOrder } from '../../core/ports/waveAgents.ts';
import { ActivityMeter } from '../agents/activityMeter.ts';
import { type AgentDefinition, type AgentRun, canResume, prepareAgent } from '../agents/agentDefinition.ts';
import type { AgentEnd } from '../agents/agentProcess.ts';
import { type AgentTurn, startTurn } from '../agents/agentTurn.ts';
import type { Outbox } from '../agents/outbox.ts';
import { OutboxQuestions } from '../agents/outboxQuestions.ts';

export interface WaveAgentRunnerOptions {
  readonly context: IsolatedContext;
  readonly order: WaveAgentOrder;
  readonly definition: AgentDefinition;
  readonly outbox: Outbox;
  readonly env: Readonly<Record<string, string>>;
  readonly pollMs: number;
  readonly onEvent: (event: AgentEvent) => void;
  /** Everything but the prompt and the session that is continued. */
  readonly run: Omit<AgentRun, 'prompt' | 'resume'>;
}

/** Of an agent that says no more than lines, so many of the last ones are its last message. */
const mostLines = 40;
const longestLine = 2_000;

/** Carries one agent of a wave through its turns: it is continued when its question has been answered. */
export class WaveAgentRunner {
  readonly #options: WaveAgentRunnerOptions;
  readonly #questions: OutboxQuestions;
  #meter: ActivityMeter | undefined;
  #turn: AgentTurn | undefined;
  #isStopped = false;
  #isLooking = false;
  #wakeUp: () => void = () => undefined;
  #agentSession: string | undefined;
  #lastEnded: Extract<AgentEvent, { kind: 'ended' }> | undefined;
  #lastLines: string[] = [];

  constructor(options: WaveAgentRunnerOptions) {
    const { context, order, outbox } = options;
    this.#options = options;
    this.#questions = new OutboxQuestions(context, { wave: order.run, waveAgent: order.key }, outbox);
    this.#agentSession = order.resume;
  }

  /** Resolves when the agent runs. @throws BatonError `agent-missing`, `wrong-state` */
  async start(): Promise<RunningWaveAgent> {
    const answers = await this.#questions.take();
    const { prompt } = this.#options.order;
    const turn = await this.#begin(answers.length === 0 ? prompt : `${prompt}\n\n${tell(answers)}`);
    const identity = await turn.identity;
    const ended = this.#follow(turn).catch((error: unknown): WaveAgentEnd => {
      const text = error instanceof Error ? error.message : String(error);
      return { ...this.#end({ exitCode: undefined, tail: text }), isError: true };
    });
    return {
      process: identity,
      ended,
      stop: async () => {
        this.#isStopped = true;
        this.#wakeUp();
        await this.#turn?.stop();
        await ended;
      },
    };
  }

  async #begin(prompt: string): Promise<AgentTurn> {
    const { context, definition, env, order, run } = this.#options;
    const { clock, localState, owners } = context.ports;
    const folder = waveAgentFolder(order.run, order.key);
    const resume = canResume(definition) ? this.#agentSession : undefined;
    const prepared = prepareAgent(definition, {
      ...run,
      newSession: randomUUID(),
      prompt,
      ...(resume !== undefined && { resume }),
    });
    this.#agentSession = prepared.agentSession ?? this.#agentSession;
    this.#lastEnded = undefined;
    this.#lastLines = [];
    const meter = new ActivityMeter(localState.locate(`${folder}/activity.json`), clock, this.#meter?.usage ?? noUsage);
    this.#meter = meter;
    this.#turn = await startTurn(prepared, {
      agent: order.agent,
      folder: order.folder,
      env,
      mark: order.mark,
      logPath: localState.locate(`${folder}/output.log`),
      meter,
      owners,
      onEvent: (event) => this.#note(event),
    });
    return this.#turn;
  }

  async #follow(first: AgentTurn): Promise<WaveAgentEnd> {
    for (let turn = first; ; ) {
      const end = await this.#watch(turn);
      const next = this.#isStopped || this.#isBad(end) ? undefined : await this.#nextPrompt();
      if (next === undefined) return this.#end(end);
      turn = await this.#begin(next);
      if (this.#isStopped) void turn.stop();
    }
  }

  /** Looks at the outbox while the agent works. */
  async #watch(turn: AgentTurn): Promise<AgentEnd> {
    const timer = setInterval(() => void this.#look(), this.#options.pollMs);
    try {
      return await turn.ended;
    } finally {
      clearInterval(timer);
      await this.#look();
    }
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.#questions.collect();
      await this.#questions.deliver();
    } catch (error) {
      const { ports } = this.#options.context;
      ports.logger.warn(`${this.#options.order.key}: ${error instanceof Error ? error.message : error}`);
    } finally {
      this.#isLooking = false;
    }
  }

  /** What the agent is told that asked something and ended its turn, once that is answered; undefined where nothing was asked. */
  async #nextPrompt(): Promise<string | undefined> {
    if (!canResume(this.#options.definition) || this.#agentSession === undefined) return undefined;
    await this.#questions.collect();
    while (!this.#isStopped && (await this.#questions.open()).length > 0) {
      await this.#pause();
      // Here the time that a question may wait is looked at.
      await this.#questions.deliver();
    }
    if (this.#isStopped) return undefined;
    const answers = await this.#questions.take();
    if (answers.length > 0) return tell(answers);
    const late = this.#questions.takeLate();
    return late.length > 0 ? `${unansweredWhy(late)}\n\n${goOn}` : undefined;
  }

  #pause(): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, this.#options.pollMs);
      this.#wakeUp = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  #note(event: AgentEvent): void {
    if ('agentSession' in event && event.agentSession !== undefined) this.#agentSession = event.agentSession;
    if (event.kind === 'ended') this.#lastEnded = event;
    if (event.kind === 'text')
      this.#lastLines = [...this.#lastLines.slice(1 - mostLines), event.text.slice(-longestLine)];
    this.#options.onEvent(event);
  }

  #isBad(end: AgentEnd): boolean {
    return this.#lastEnded === undefined ? end.exitCode !== 0 : this.#lastEnded.isError;
  }

  #end(end: AgentEnd): WaveAgentEnd {
    const isError = this.#isBad(end);
    return {
      exitCode: end.exitCode,
      text: this.#lastEnded?.text || this.#lastLines.join('\n'),
      isError,
      stopped: this.#isStopped,
      usage: this.#meter?.usage ?? noUsage,
      ...(this.#agentSession !== undefined && { agentSession: this.#agentSession }),
      tail: isError ? end.tail : '',
    };
  }
}

const goOn = 'Go on with the work from where it stands, and end with the STATUS line as laid down.';

function tell(answers: readonly OutboxAnswer[]): string {
  const told = answers.map(({ questionId, answer }) => `Answer to ${questionId}: ${answer}`);
  return [...told, goOn].join('\n\n');
}
