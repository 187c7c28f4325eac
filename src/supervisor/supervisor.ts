import { isWaitedFor, noteUnanswered, questionsOf, unansweredWhy } from '../core/actions/isolated/questions.ts';
import { folderKey, moveIsolated, readIsolatedSessions, updateIsolated } from '../core/actions/isolated/records.ts';
import { readActivity } from '../core/model/activity.ts';
import type { BatonConfig } from '../core/model/config.ts';
import { type IsolatedSession, liveStatuses } from '../core/model/isolated.ts';
import { configPath } from '../core/store/loadConfig.ts';
import { findFreePorts } from '../platform/freePorts.ts';
import { killRun } from '../platform/processTree.ts';
import type { SupervisorContext } from './context.ts';
import { SessionRunner } from './sessionRunner.ts';

/** After asking what is left of a dead run to end. */
const graceMs = 2_000;

/** Runs the isolated sessions of a clone: starts what is queued, as many at a time as the project says, and looks after what runs. */
export class Supervisor {
  readonly #context: SupervisorContext;
  readonly #runners = new Map<string, SessionRunner>();
  readonly #seenPorts = new Set<number>();
  #busyAtMs = Date.now();
  /** What is known of the configuration that was read last. */
  #configSeen: string | undefined;

  constructor(context: SupervisorContext) {
    this.#context = context;
  }

  /** Nothing runs or is queued, and has not for a while. */
  get isIdle(): boolean {
    return this.#runners.size === 0 && Date.now() - this.#busyAtMs > this.#context.settings.idleMs;
  }

  /** Sessions that an earlier supervisor left running are dead with it: what is left of them is ended, and they are marked. */
  async recover(): Promise<void> {
    const left = (await this.#sessions()).filter(({ status }) => liveStatuses.includes(status));
    await Promise.all(
      left.map((session) =>
        this.#recover(session).catch((error: unknown) => this.#context.ports.logger.warn(String(error))),
      ),
    );
    this.#busyAtMs = Date.now();
  }

  async #recover(session: IsolatedSession): Promise<void> {
    const { owners, localState } = this.#context.ports;
    const isAlive = session.process !== undefined && (await owners.stateOf(session.process)) === 'alive';
    // Also where the agent itself has ended: what it started may have outlived it.
    await killRun({ name: 'BATON_RUN_ID', value: session.mark }, graceMs);
    // Waiting for an answer without a process is how a question rests.
    if (session.status === 'waiting' && !isAlive) return;
    const activity = readActivity(await localState.read(`${folderKey(session.id)}/activity.json`));
    const used = activity !== undefined && { usage: activity.usage, lastActivityAt: activity.at };
    const from = [session.status];
    // Asked to stop, and killed before it could: there is nothing more to be told than that.
    if (session.request?.kind === 'stop') {
      const why = session.request.text ?? 'by the person';
      await moveIsolated(this.#context, session.id, 'stopped', { why, from, change: () => ({ ...used }) });
      return;
    }
    const message = `It was interrupted: its supervisor ended. Last: ${activity?.line ?? 'nothing'}`;
    await moveIsolated(this.#context, session.id, 'failed', {
      why: 'interrupted',
      from,
      change: () => ({ error: { code: 'interrupted', message }, ...used }),
    });
  }

  /** One look at everything. */
  async pass(): Promise<void> {
    const { maxParallel } = await this.#config();
    const sessions = await this.#sessions();
    for (const session of sessions) await this.#serve(session);
    const queued = sessions.filter(({ id, status }) => status === 'queued' && !this.#runners.has(id));
    const inOrder = queued.toSorted(
      (a, b) => b.item.unblocksCount - a.item.unblocksCount || Date.parse(a.createdAt) - Date.parse(b.createdAt),
    );
    // A worker that waits for a person, without a process, takes nobody's place.
    for (const session of inOrder) {
      if (this.#runners.size >= maxParallel) break;
      await this.#start(session);
    }
    if (this.#runners.size > 0 || queued.length > 0) this.#busyAtMs = Date.now();
    await Promise.all([...this.#runners.values()].map((runner) => runner.look()));
  }

  /** As the file says now: a person who changes it does not start the supervisor anew. */
  async #config(): Promise<BatonConfig> {
    const { ports, store } = this.#context;
    const stat = await ports.files.stat(configPath).catch(() => undefined);
    const seen = `${stat?.modifiedAt} ${stat?.size}`;
    const isSame = store.workspace !== undefined && seen === this.#configSeen;
    const { config } = isSame ? store.workspace : await store.refresh([configPath]);
    this.#configSeen = seen;
    return config;
  }

  /** Ends every agent, and waits until all is written. */
  async end(why: string): Promise<void> {
    for (const runner of this.#runners.values()) runner.end({ kind: 'pause', why });
    while (this.#runners.size > 0) await new Promise((done) => setTimeout(done, 50));
  }

  #sessions(): Promise<readonly IsolatedSession[]> {
    return readIsolatedSessions(this.#context.ports.localState);
  }

  /** What is asked of a session, and answers for those that rest. */
  async #serve(session: IsolatedSession): Promise<void> {
    const runner = this.#runners.get(session.id);
    const { request } = session;
    if (request !== undefined) {
      await updateIsolated(this.#context, session.id, ({ request: _, ...rest }) => rest);
      if (runner !== undefined) runner.end({ kind: request.kind, why: request.text ?? 'by the person' });
      else await this.#stopResting(session, request.kind, request.text);
      return;
    }
    if (session.status !== 'waiting' || runner !== undefined) return;
    const minutes = this.#context.store.workspace?.config.questionTimeoutMinutes;
    const items = await questionsOf(this.#context, session.id);
    const unanswered = await noteUnanswered(this.#context, items, minutes);
    if (items.some((item) => isWaitedFor(item) && !unanswered.includes(item))) {
      // Somebody has to be there when the time is over.
      if (minutes !== undefined) this.#busyAtMs = Date.now();
      return;
    }
    await moveIsolated(this.#context, session.id, 'queued', {
      from: ['waiting'],
      why: unanswered.length > 0 ? unansweredWhy(unanswered) : 'Your question has been answered.',
    });
  }

  async #stopResting(session: IsolatedSession, kind: 'stop' | 'pause', why: string | undefined): Promise<void> {
    const status = kind === 'stop' ? 'stopped' : 'paused';
    await moveIsolated(this.#context, session.id, status, { why: why ?? 'by the person' }).catch((error: unknown) =>
      this.#context.ports.logger.warn(String(error)),
    );
  }

  async #start(session: IsolatedSession): Promise<void> {
    if (session.ports === undefined) {
      const ports = await findFreePorts(this.#seenPorts);
      if (ports !== undefined) await updateIsolated(this.#context, session.id, (one) => ({ ...one, ports }));
    }
    const runner = new SessionRunner(this.#context, session);
    this.#runners.set(session.id, runner);
    void runner.run().finally(() => {
      this.#runners.delete(session.id);
      this.#busyAtMs = Date.now();
    });
  }
}
