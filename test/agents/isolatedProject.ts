import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type IsolatedSession, type IsolatedStatus, readIsolatedSession } from '../../src/core/model/isolated.ts';
import { CliProject } from '../cli/support/cliProject.ts';
import { planOf, planPath, progressOf, progressPath } from '../cli/support/shop.ts';
import type { ModelRequest, Step } from '../support/scriptedModel.ts';
import { ClaudeProject, limitMs, setUpClaude } from './claudeProject.ts';

/** What the model does in one turn of the work on an item: it sees the whole conversation. */
export type WorkScript = (request: ModelRequest, worktree: string) => Step | readonly Step[];

/** A session as `baton --json isolated list` shows it, as far as tests look at it. */
export interface ListedSession {
  readonly id: string;
  readonly item: { readonly id: string };
  readonly status: string;
  readonly phase: string | null;
  readonly worktree: string;
  readonly branch: string;
  readonly attempt: number;
  readonly interrupted: boolean;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly conflicts: readonly string[];
  readonly mergeCommit: string | null;
  readonly usage: {
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly turns: number;
    readonly costUsd?: number;
  } | null;
  readonly review: {
    readonly decision: string;
    readonly summary: string;
    readonly reviewedBy: string;
    readonly tree: string;
    readonly byPerson?: { readonly reason: string };
  } | null;
  readonly questions: readonly { readonly id: string; readonly question: string; readonly blocking: boolean }[];
  readonly history: readonly { readonly status: string; readonly phase?: string; readonly why?: string }[];
}

/** A repository with a plan, whose items are worked on by the real Claude Code. */
export class IsolatedProject extends ClaudeProject {
  /** Each item is a session of the plan, without dependencies; its script is found by the item's ID in what the agent was told. */
  static async create(scripts: Readonly<Record<string, WorkScript>>): Promise<IsolatedProject> {
    const ids = Object.keys(scripts);
    const project = new CliProject({
      '.baton.yaml': 'mode: agentic\nmax_parallel: 3\n',
      [planPath]: planOf(ids.map((id) => ({ id, title: `Title of ${id}` }))),
      [progressPath]: progressOf(ids),
      'src/main.txt': 'one\n',
    });
    const parts = await setUpClaude(project, {
      script: (_turn, request) => {
        const told = JSON.stringify(request.messages);
        const id = /Work item: ([\w-]+),/.exec(told)?.[1] ?? '';
        const worktree = readdirSync(join(project.root, '.worktrees')).find((name) => name.startsWith(`${id}-`)) ?? '';
        return scripts[id]?.(request, join(realpathSync(project.root), '.worktrees', worktree)) ?? { text: 'finished' };
      },
    });
    return new IsolatedProject(parts);
  }

  async sessions(...args: readonly string[]): Promise<readonly ListedSession[]> {
    return (await this.ok('isolated', 'list', ...args)).sessions;
  }

  async session(item: string): Promise<ListedSession> {
    const found = (await this.sessions('--all')).find((one) => one.item.id === item);
    if (found === undefined) throw new Error(`no session of ${item}`);
    return found;
  }

  /** Waits until the record of an item's session is in a state, and gives it. */
  async until(item: string, status: IsolatedStatus): Promise<IsolatedSession> {
    for (const end = Date.now() + limitMs; ; ) {
      const session = this.#stateOf(item);
      if (session?.status === status) return session;
      if (Date.now() > end) {
        const seen = JSON.stringify(session, null, 1);
        throw new Error(`${item} is not ${status}: ${seen}\n${this.supervisorLog()}`);
      }
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  /** Waits until the agent's own record of an item's session has a text. */
  async untilWritten(item: string, text: string): Promise<void> {
    await this.untilSessionSays(() => this.#stateOf(item)?.agentSession, text);
  }

  #stateOf(item: string): IsolatedSession | undefined {
    const folder = join(this.project.root, '.git/baton/isolated');
    const names = existsSync(folder) ? readdirSync(folder) : [];
    const name = names.find((one) => one.startsWith(`session-${item}-`));
    return readIsolatedSession(this.record(`isolated/${name}/state.json`));
  }

  /** What the model was asked about an item, in order. */
  requestsOf(item: string): readonly ModelRequest[] {
    return this.model.requests.filter(({ messages }) => JSON.stringify(messages).includes(`Work item: ${item},`));
  }
}
