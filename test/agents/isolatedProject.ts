import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { installClaude } from '../../scripts/lib/agentClis.ts';
import { type IsolatedSession, type IsolatedStatus, readIsolatedSession } from '../../src/core/model/isolated.ts';
import { bundle, CliProject, type JsonOutcome, nodePath } from '../cli/support/cliProject.ts';
import { planOf, planPath, progressOf, progressPath } from '../cli/support/shop.ts';
import { type ModelRequest, type ScriptedModel, type Step, startScriptedModel } from '../support/scriptedModel.ts';

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

const limitMs = 60_000;

function settingsFor(idleMs: number) {
  return { BATON_SUPERVISOR_SETTINGS: JSON.stringify({ pollMs: 100, idleMs }) };
}

/** A repository with a plan, whose items are worked on by the real Claude Code, and the model that it asks. */
export class IsolatedProject {
  readonly project: CliProject;
  readonly model: ScriptedModel;
  readonly #home: string;

  private constructor(project: CliProject, model: ScriptedModel, home: string) {
    this.project = project;
    this.model = model;
    this.#home = home;
  }

  /** Each item is a session of the plan, without dependencies; its script is found by the item's ID in what the agent was told. */
  static async create(scripts: Readonly<Record<string, WorkScript>>): Promise<IsolatedProject> {
    const binary = await installClaude();
    const ids = Object.keys(scripts);
    const project = new CliProject({
      '.baton.yaml': 'mode: agentic\nmax_parallel: 3\n',
      [planPath]: planOf(ids.map((id) => ({ id, title: `Title of ${id}` }))),
      [progressPath]: progressOf(ids),
      'src/main.txt': 'one\n',
    });
    const model = await startScriptedModel((_turn, request) => {
      const told = JSON.stringify(request.messages);
      const id = /Work item: ([\w-]+),/.exec(told)?.[1] ?? '';
      const worktree = readdirSync(join(project.root, '.worktrees')).find((name) => name.startsWith(`${id}-`)) ?? '';
      return scripts[id]?.(request, join(realpathSync(project.root), '.worktrees', worktree)) ?? { text: 'finished' };
    });
    const home = mkdtempSync(join(tmpdir(), 'baton-claude-'));
    const agents = {
      default: 'claude',
      agents: {
        claude: {
          command: binary,
          // What a person allows in their own configuration.
          args: ['--allowedTools', 'mcp__baton', 'Bash'],
          env: {
            HOME: home,
            CLAUDE_CODE_TMPDIR: home,
            ANTHROPIC_BASE_URL: model.url,
            ANTHROPIC_API_KEY: 'stub',
            CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
            CLAUDE_CODE_MAX_RETRIES: '1',
          },
        },
      },
    };
    const config = project.environment.BATON_CONFIG_HOME ?? '';
    mkdirSync(config, { recursive: true });
    // JSON is YAML.
    writeFileSync(join(config, 'agents.yaml'), JSON.stringify(agents));
    return new IsolatedProject(project, model, home);
  }

  /** Runs `baton --json`; the supervisor that it may start looks often, and ends soon when nothing is left to do. */
  async baton(...args: readonly string[]): Promise<JsonOutcome> {
    return await this.project.json(args, { environment: settingsFor(1_000) });
  }

  async ok(...args: readonly string[]): Promise<JsonOutcome['data']> {
    const outcome = await this.baton(...args);
    if (!outcome.ok) throw new Error(`${args.join(' ')}: ${JSON.stringify(outcome.error)}\n${this.supervisorLog()}`);
    return outcome.data;
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

  /**
   * Waits until Claude Code has written down its session as far as a text in it: what it has not is lost when it is killed, and it
   * writes late on a busy machine.
   */
  async untilWritten(item: string, text: string): Promise<void> {
    const folder = join(this.#home, '.claude/projects');
    const isWritten = () => {
      const { agentSession } = this.#stateOf(item) ?? {};
      return readdirSync(folder)
        .map((name) => join(folder, name, `${agentSession}.jsonl`))
        .some((file) => existsSync(file) && readFileSync(file, 'utf8').includes(text));
    };
    for (const end = Date.now() + limitMs; !existsSync(folder) || !isWritten(); ) {
      if (Date.now() > end) throw new Error(`${text} is not in the session of ${item}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  #stateOf(item: string): IsolatedSession | undefined {
    const folder = join(this.project.root, '.git/baton/isolated');
    const names = existsSync(folder) ? readdirSync(folder) : [];
    const name = names.find((one) => one.startsWith(`session-${item}-`));
    return readIsolatedSession(this.record(`isolated/${name}/state.json`));
  }

  /** A record below `.git/baton`. */
  record(key: string): unknown {
    const path = join(this.project.root, '.git/baton', key);
    return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  }

  supervisorLog(): string {
    const path = join(this.project.root, '.git/baton/isolated/supervisor.log');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** Of the supervisor that holds the lease; undefined where none does. */
  supervisorPid(): number | undefined {
    const lease = this.record('isolated/supervisor.lease') as { readonly owner: { readonly pid: number } } | undefined;
    return lease?.owner.pid;
  }

  /** Starts a supervisor as hosts do, but for its output; with nothing to do it stays until it is ended. */
  startSupervisor(): ChildProcess {
    const { root, environment } = this.project;
    return spawn(nodePath, [join(dirname(bundle), 'supervisor.cjs'), '--root', root], {
      cwd: root,
      stdio: 'ignore',
      env: { ...environment, ...settingsFor(60_000) },
    });
  }

  /** What the model was asked about an item, in order. */
  requestsOf(item: string): readonly ModelRequest[] {
    return this.model.requests.filter(({ messages }) => JSON.stringify(messages).includes(`Work item: ${item},`));
  }

  /** Ends the supervisor and sees that nothing is left of its agents. */
  async dispose(): Promise<void> {
    try {
      const pid = this.supervisorPid();
      if (pid !== undefined) signal(pid, 'SIGTERM');
      const end = Date.now() + 15_000;
      while (pid !== undefined && (isThere(pid) || processesOf(this.#home).length > 0)) {
        if (Date.now() > end) break;
        await new Promise((done) => setTimeout(done, 50));
      }
      const left = processesOf(this.#home);
      for (const one of left) signal(one, 'SIGKILL');
      expect(left, this.supervisorLog()).toEqual([]);
    } finally {
      this.model.close();
      rmSync(this.#home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      this.project.dispose();
    }
  }
}

/** Processes that carry the mark of a session's run. */
export function markedProcesses(session: string): readonly number[] {
  return processesWith(`BATON_RUN_ID=${session}.`);
}

function processesOf(home: string): readonly number[] {
  return processesWith(`HOME=${home}\0`);
}

/** Processes of this machine whose environment says something; those that have ended and wait for their parent say nothing. */
function processesWith(text: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      if (!(pid > 0) || pid === process.pid) return false;
      try {
        return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`.includes(`\0${text}`);
      } catch {
        return false;
      }
    });
}

/** Whether a process runs; one that has ended and waits for its parent does not. */
export function isThere(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already.
  }
}
