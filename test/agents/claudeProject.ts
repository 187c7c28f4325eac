import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { installClaude } from '../../scripts/lib/agentClis.ts';
import { bundle, type CliProject, type JsonOutcome, nodePath } from '../cli/support/cliProject.ts';
import { type Script, type ScriptedModel, startScriptedModel } from '../support/scriptedModel.ts';

export const limitMs = 60_000;

function settingsFor(idleMs: number) {
  return { BATON_SUPERVISOR_SETTINGS: JSON.stringify({ pollMs: 100, idleMs }) };
}

/** What a project of the real Claude Code is made of. */
export interface ClaudeParts {
  readonly project: CliProject;
  readonly model: ScriptedModel;
  /** The agent's own home. */
  readonly home: string;
}

/** A repository, the model that answers its agents, and Claude Code as its only agent. `args`: what a person adds to its arguments. */
export async function setUpClaude(
  project: CliProject,
  { script, args = [] }: { readonly script: Script; readonly args?: readonly string[] },
): Promise<ClaudeParts> {
  const binary = await installClaude();
  const model = await startScriptedModel(script);
  const home = mkdtempSync(join(tmpdir(), 'baton-claude-'));
  const agents = {
    default: 'claude',
    agents: {
      claude: {
        command: binary,
        // What a person allows in their own configuration.
        args: ['--allowedTools', 'mcp__baton', 'Bash', ...args],
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
  return { project, model, home };
}

/** A repository whose agents are the real Claude Code, and the model that it asks. */
export class ClaudeProject {
  readonly project: CliProject;
  readonly model: ScriptedModel;
  readonly #home: string;

  constructor({ project, model, home }: ClaudeParts) {
    this.project = project;
    this.model = model;
    this.#home = home;
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

  /**
   * Waits until Claude Code has written down its session as far as a text in it: what it has not is lost when it is killed, and it
   * writes late on a busy machine. `session`: its ID, as it is known then.
   */
  protected async untilSessionSays(session: () => string | undefined, text: string): Promise<void> {
    const folder = join(this.#home, '.claude/projects');
    const isWritten = () =>
      readdirSync(folder)
        .map((name) => join(folder, name, `${session()}.jsonl`))
        .some((file) => existsSync(file) && readFileSync(file, 'utf8').includes(text));
    for (const end = Date.now() + limitMs; !existsSync(folder) || !isWritten(); ) {
      if (Date.now() > end) throw new Error(`${text} is not in the session ${session()}`);
      await new Promise((done) => setTimeout(done, 50));
    }
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

/** Processes that carry the mark of a run of an agent. */
export function markedProcesses(mark: string): readonly number[] {
  return processesWith(`BATON_RUN_ID=${mark}.`);
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
