import { randomUUID } from 'node:crypto';
import { continueCommented, takeComments } from '../core/actions/isolated/comments.ts';
import { unansweredWhy } from '../core/actions/isolated/questions.ts';
import { folderKey, moveIsolated, updateIsolated } from '../core/actions/isolated/records.ts';
import { readReviewedTree } from '../core/actions/isolated/reviewedTree.ts';
import { continuePrompt, outboxFolder, workPrompt } from '../core/actions/isolated/workPrompt.ts';
import { isoTimeOf } from '../core/base/localTime.ts';
import { BatonError } from '../core/errors.ts';
import { noUsage } from '../core/model/activity.ts';
import type { AgentEvent } from '../core/model/agentEvent.ts';
import type { IsolatedSession } from '../core/model/isolated.ts';
import { ActivityMeter } from '../platform/agents/activityMeter.ts';
import { canResume, prepareAgent } from '../platform/agents/agentDefinition.ts';
import type { AgentEnd } from '../platform/agents/agentProcess.ts';
import { type AgentTurn, startTurn } from '../platform/agents/agentTurn.ts';
import { writeMcpConfig } from '../platform/agents/mcpConfig.ts';
import { Outbox } from '../platform/agents/outbox.ts';
import { OutboxQuestions } from '../platform/agents/outboxQuestions.ts';
import { readyWorktree } from '../platform/worktrees/readyWorktree.ts';
import { exceededBudget } from './budget.ts';
import type { SupervisorContext } from './context.ts';
import { findStrayWrites } from './strayWrites.ts';

/** Why a run was ended from outside. */
type Ending = { readonly kind: 'stop' | 'pause'; readonly why: string };

/** A second turn without a verdict that can be read is the last. */
const mostNudges = 1;

const noVerdictWhy =
  'You ended your turn without a verdict. If the work is not finished, finish it; then review it as laid down and write .baton/review.json.';

/** Carries one isolated session from the queue to its next rest: a verdict, a question, a stop, a failure. */
export class SessionRunner {
  readonly #context: SupervisorContext;
  readonly #id: string;
  readonly #outbox: Outbox;
  #agent: AgentTurn | undefined;
  #ending: Ending | undefined;
  #meter: ActivityMeter | undefined;
  #lastEnded: Extract<AgentEvent, { kind: 'ended' }> | undefined;
  readonly #questions: OutboxQuestions;
  readonly #stray: Set<string>;
  readonly #meanwhile: Set<string>;
  #summary: string | undefined;
  #isLooking = false;
  readonly #worktree: string;

  constructor(context: SupervisorContext, session: IsolatedSession) {
    this.#context = context;
    this.#id = session.id;
    this.#worktree = session.worktree;
    this.#stray = new Set(session.strayFiles);
    this.#meanwhile = new Set(session.changedMeanwhile);
    this.#outbox = new Outbox(session.worktree);
    this.#questions = new OutboxQuestions(context, session.id, this.#outbox);
  }

  /** Runs until the session rests. Whatever fails is written into its record; nothing is thrown. */
  async run(): Promise<void> {
    try {
      const prepared = await this.#prepare();
      await this.#work(prepared);
      await continueCommented(this.#context, this.#id);
    } catch (error) {
      await this.#fail(error);
    }
  }

  /** Ends the agent; the session is then stopped or paused. */
  end(ending: Ending): void {
    this.#ending ??= ending;
    void this.#agent?.stop();
  }

  /** Looks at what the worker left, at answers that came, at the clock; called now and then while it runs. */
  async look(): Promise<void> {
    if (this.#isLooking || this.#agent === undefined) return;
    this.#isLooking = true;
    try {
      await this.#lookAtOutbox();
      await this.#deliverAnswers();
      await this.#lookAtClock();
    } catch (error) {
      this.#context.ports.logger.warn(`${this.#id}: ${error instanceof Error ? error.message : error}`);
    } finally {
      this.#isLooking = false;
    }
  }

  /** While the worker waits for an answer, its session is waiting. */
  async #deliverAnswers(): Promise<void> {
    const isWaiting = await this.#questions.deliver();
    if (isWaiting === undefined) return;
    await updateIsolated(this.#context, this.#id, (one) => {
      const [from, status] = isWaiting ? (['running', 'waiting'] as const) : (['waiting', 'running'] as const);
      if (one.status !== from) return undefined;
      const at = isoTimeOf(this.#context.ports.clock.now());
      return { ...one, status, history: [...one.history, { status, at }] };
    });
  }

  async #prepare(): Promise<IsolatedSession> {
    const context = this.#context;
    const session = await moveIsolated(context, this.#id, 'preparing', { from: ['queued'] });
    const known = (await context.isolated.worktrees.list()).some(
      ({ path, isGone }) => path === session.worktree && !isGone,
    );
    const hasRun = hasRunBefore(session);
    if (!known) {
      await context.isolated.worktrees.add({
        path: session.worktree,
        branch: session.branch,
        commit: session.base.commit,
        // Somebody removed its folder: what was committed in it is on its branch.
        again: hasRun || session.adopted === true,
      });
    }
    // Also where an earlier attempt failed in here.
    if (!known || (!hasRun && session.adopted !== true)) {
      await readyWorktree(context, {
        worktree: session.worktree,
        config: (await context.store.refresh()).config,
        name: this.#id,
        folderKey: folderKey(this.#id),
        again: `\`baton isolated retry ${session.item.id} --yes\``,
        env: this.#environment(session),
        isCancelled: () => this.#ending !== undefined,
      });
    }
    await this.#outbox.open();
    await this.#outbox.keepTask(workPrompt(session));
    return session;
  }

  async #work(session: IsolatedSession): Promise<void> {
    const agent = await this.#context.catalog.find(session.agent);
    const answers = await this.#questions.take();
    const begins = session.agentSession === undefined || !canResume(agent);
    const comments = await takeComments(this.#context, this.#id);
    let prompt =
      hasRunBefore(session) || session.adopted === true
        ? continuePrompt(session, { why: joined(whyContinued(session), comments), answers, hasHistory: !begins })
        : joined(workPrompt(session), comments);
    for (let nudges = 0; this.#ending === undefined; ) {
      const end = await this.#runAgent(prompt);
      if (this.#ending !== undefined) break;
      const next = await this.#settle(end, nudges, session);
      if (next === undefined) return;
      if (next.startsWith(noVerdictWhy)) nudges++;
      prompt = next;
    }
    const { kind, why } = this.#ending ?? { kind: 'stop' as const, why: '' };
    await moveIsolated(this.#context, this.#id, kind === 'stop' ? 'stopped' : 'paused', {
      why,
      change: () => this.#remains(),
    });
  }

  async #runAgent(prompt: string): Promise<AgentEnd> {
    const context = this.#context;
    const { ports } = context;
    const session = await updateIsolated(context, this.#id, () => undefined);
    const definition = await context.catalog.find(session.agent);
    const mcpConfig = await writeMcpConfig(ports.localState, `${folderKey(this.#id)}/mcp.json`, {
      command: context.mcpCommand,
      env: this.#mcpEnvironment,
    });
    const prepared = prepareAgent(definition, {
      prompt,
      ...(session.model !== undefined && { model: session.model }),
      ...(session.agentSession !== undefined && { resume: session.agentSession }),
      newSession: randomUUID(),
      worktree: session.worktree,
      mcpConfig,
      mcpCommand: context.mcpCommand,
      mcpEnvironment: this.#mcpEnvironment,
    });
    const strays = await context.watchStrays(this.#worktree);
    const activityPath = ports.localState.locate(`${folderKey(this.#id)}/activity.json`);
    const turnTree = await this.#readTurnTree(session);
    const meter = new ActivityMeter(activityPath, ports.clock, session.usage ?? noUsage);
    this.#meter = meter;
    this.#lastEnded = undefined;
    const started = await moveIsolated(context, this.#id, 'running', {
      phase: session.phase ?? 'implementation',
      change: (one) => ({
        startedAt: one.startedAt ?? isoTimeOf(ports.clock.now()),
        ...(prepared.agentSession !== undefined && { agentSession: prepared.agentSession }),
        ...(turnTree !== undefined && { turnTree }),
      }),
    });
    this.#agent = await startTurn(prepared, {
      agent: session.agent,
      folder: session.worktree,
      env: this.#environment(started),
      mark: session.mark,
      logPath: ports.localState.locate(`${folderKey(this.#id)}/output.log`),
      meter,
      owners: ports.owners,
      onLine: (line) => {
        for (const path of findStrayWrites(line, this.#worktree)) this.#stray.add(path);
      },
      onEvent: (event) => this.#note(event),
    });
    // Asked to end while it was being started, when there was nothing to stop yet.
    if (this.#ending !== undefined) void this.#agent.stop();
    try {
      const identity = await this.#agent.identity;
      if (identity !== undefined) await updateIsolated(context, this.#id, (one) => ({ ...one, process: identity }));
      return await this.#agent.ended;
    } finally {
      this.#agent = undefined;
      await this.#finalLook();
      for (const path of await strays.changed()) this.#meanwhile.add(path);
      this.#summary = await this.#outbox.keepSummary(ports.localState.locate(`${folderKey(this.#id)}/summary.md`));
    }
  }

  /** What is there before a further run, so that a person can look at what that changes. Before the first one it is the base. */
  async #readTurnTree(session: IsolatedSession): Promise<string | undefined> {
    if (!hasRunBefore(session)) return undefined;
    return await readReviewedTree(this.#context, session).catch((error: unknown) => {
      this.#context.ports.logger.warn(`${this.#id}: ${error instanceof Error ? error.message : error}`);
      return undefined;
    });
  }

  async #note(event: AgentEvent): Promise<void> {
    const session = 'agentSession' in event ? event.agentSession : undefined;
    if (session !== undefined) {
      await updateIsolated(this.#context, this.#id, (one) =>
        one.agentSession === session ? undefined : { ...one, agentSession: session },
      );
    }
    if (event.kind === 'ended') this.#lastEnded = event;
  }

  /** Sees by the end of a run where the session rests; gives what the agent is told where it has to go on. */
  async #settle(end: AgentEnd, nudges: number, session: IsolatedSession): Promise<string | undefined> {
    const context = this.#context;
    const { review, unreadable } = await this.#outbox.review();
    await this.#questions.reportUnreadable(unreadable);
    const isBad = this.#lastEnded?.isError === true || (end.exitCode !== 0 && this.#lastEnded === undefined);
    const open = await this.#questions.open();
    // A verdict is none on what the person says while it is made; who waits for an answer is told with that.
    const comments =
      isBad || (review === undefined && open.length > 0) ? undefined : await takeComments(context, this.#id);
    if (comments !== undefined) {
      await this.#outbox.open();
      await updateIsolated(context, this.#id, ({ phase: _, ...rest }) => rest);
      return continuePrompt(session, { why: comments, hasHistory: true });
    }
    if (review !== undefined) {
      const tree = await readReviewedTree(context, session);
      const at = review.timestamp ?? isoTimeOf(context.ports.clock.now());
      const { decision, summary, reviewedBy, rounds } = review;
      const verdict = { decision, summary, reviewedBy, at, tree, ...(rounds !== undefined && { rounds }) };
      await context.ports.localState.write(`${folderKey(this.#id)}/review.json`, verdict);
      await this.#rest(decision, summary, { review: verdict });
      return undefined;
    }
    if (open.length > 0) {
      await this.#rest('waiting', open.map(({ question }) => question).join(' '));
      return undefined;
    }
    const answers = await this.#questions.take();
    if (answers.length > 0) {
      // Answered while the agent was about to end its turn.
      return continuePrompt(session, { why: 'Your question has been answered.', answers, hasHistory: true });
    }
    const late = this.#questions.takeLate();
    if (late.length > 0) return continuePrompt(session, { why: unansweredWhy(late), hasHistory: true });
    const [file] = unreadable;
    if (isBad || nudges >= mostNudges) throw agentFailed(end, this.#lastEnded, { isBad, file });
    return file === undefined
      ? noVerdictWhy
      : `${noVerdictWhy} The one you wrote is no valid JSON, or says no decision.`;
  }

  async #rest(
    status: 'approved' | 'rejected' | 'waiting',
    why: string,
    more: Partial<IsolatedSession> = {},
  ): Promise<void> {
    await moveIsolated(this.#context, this.#id, status, { why, change: () => ({ ...more, ...this.#remains() }) });
  }

  /** What a run leaves in the record, whatever its end. */
  #remains(): Partial<IsolatedSession> {
    const meanwhile = [...this.#meanwhile].filter((path) => !this.#stray.has(path)).sort();
    return {
      ...(this.#meter !== undefined && {
        usage: this.#meter.usage,
        lastActivityAt: isoTimeOf(this.#context.ports.clock.now()),
      }),
      ...(this.#summary && { summary: this.#summary }),
      ...(this.#stray.size > 0 && { strayFiles: [...this.#stray].sort() }),
      ...(meanwhile.length > 0 && { changedMeanwhile: meanwhile }),
    };
  }

  async #lookAtOutbox(): Promise<void> {
    const { isReviewing } = await this.#questions.collect();
    if (!isReviewing) return;
    await updateIsolated(this.#context, this.#id, (one) => {
      if (one.phase === 'review' || one.status !== 'running') return undefined;
      const at = isoTimeOf(this.#context.ports.clock.now());
      return { ...one, phase: 'review', history: [...one.history, { status: 'running', phase: 'review', at }] };
    });
  }

  /** One last time when the agent has ended: what it wrote just before counts too. */
  async #finalLook(): Promise<void> {
    try {
      await this.#lookAtOutbox();
    } catch (error) {
      this.#context.ports.logger.warn(`${this.#id}: ${error instanceof Error ? error.message : error}`);
    }
  }

  async #lookAtClock(): Promise<void> {
    const meter = this.#meter;
    if (meter === undefined) return;
    const { clock } = this.#context.ports;
    const nowMs = clock.now().epochMs;
    const session = await updateIsolated(this.#context, this.#id, (one) => {
      const isStale = nowMs - meter.lastActivityMs > this.#context.settings.staleMs;
      if (one.status === 'running' && isStale) {
        return { ...one, status: 'stale', history: [...one.history, { status: 'stale', at: isoTimeOf(clock.now()) }] };
      }
      if (one.status === 'stale' && !isStale) {
        return {
          ...one,
          status: 'running',
          history: [...one.history, { status: 'running', at: isoTimeOf(clock.now()) }],
        };
      }
      return undefined;
    });
    const over = exceededBudget(session, meter.usage, nowMs);
    if (over !== undefined) this.end({ kind: 'pause', why: `the budget is used up: ${over}` });
  }

  #environment(session: IsolatedSession): Readonly<Record<string, string>> {
    return {
      BATON_SESSION_ID: session.id,
      BATON_OUTBOX: this.#outbox.folder,
      ...(session.ports !== undefined && {
        BATON_PORT_FROM: String(session.ports.from),
        BATON_PORT_TO: String(session.ports.to),
      }),
    };
  }

  get #mcpEnvironment(): Readonly<Record<string, string>> {
    return {
      ...this.#context.mcpEnvironment,
      BATON_SESSION_ID: this.#id,
      BATON_OUTBOX: this.#outbox.folder,
    };
  }

  async #fail(error: unknown): Promise<void> {
    const code = BatonError.is(error) ? error.code : 'process-failed';
    const message = error instanceof Error ? error.message : String(error);
    if (!BatonError.is(error)) this.#context.ports.logger.error(`${this.#id} failed`, error);
    await moveIsolated(this.#context, this.#id, this.#ending?.kind === 'stop' ? 'stopped' : 'failed', {
      why: message.split('\n')[0] ?? message,
      change: () => ({ ...this.#remains(), error: { code, message } }),
    }).catch((second: unknown) => this.#context.ports.logger.error(`${this.#id} cannot be marked as failed`, second));
  }
}

/** Its worktree was ready, and an agent worked in it. */
function hasRunBefore({ history }: IsolatedSession): boolean {
  return history.some(({ status }) => status === 'running');
}

function joined(text: string, comments: string | undefined): string {
  return comments === undefined ? text : `${text}\n\n${comments}`;
}

function whyContinued({ history, attempt }: IsolatedSession): string {
  const why = history.findLast(({ status }) => status === 'queued')?.why;
  return why ?? (attempt > 1 ? 'This session was interrupted.' : 'Go on.');
}

function agentFailed(
  end: AgentEnd,
  ended: Extract<AgentEvent, { kind: 'ended' }> | undefined,
  { isBad, file }: { readonly isBad: boolean; readonly file: string | undefined },
): BatonError {
  const how = end.signal === undefined ? `exit code ${end.exitCode}` : `ended by ${end.signal}`;
  const said = (ended?.text || end.tail).trim().slice(-1_500);
  const message = isBad
    ? `The agent failed (${how})`
    : file === undefined
      ? 'The agent ended twice without a verdict'
      : `The agent's verdict cannot be read; it was kept as ${outboxFolder}/${file}`;
  return new BatonError('process-failed', said === '' ? message : `${message}: ${said}`, {
    hint: 'Look at its log, then `baton isolated retry`.',
  });
}
