import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type IsolatedSession, readIsolatedSession } from '../../../src/core/model/isolated.ts';
import { CliProject, type JsonOutcome } from '../../cli/support/cliProject.ts';
import { planOf, planPath, progressOf, progressPath } from '../../cli/support/shop.ts';

const limitMs = 60_000;

export interface WorkerProjectOptions {
  /** By the ID of the item: what its worker does, a shell script that runs in the worktree with its prompt on standard input. */
  readonly workers: Readonly<Record<string, string>>;
  /** Lines for `.baton.yaml`. */
  readonly config?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
  /** How what the workers say is read. */
  readonly stream?: 'plain' | 'claude';
  readonly staleMs?: number;
}

/** The end of a script whose work is done. */
export const approve = `echo '{"decision": "approved", "summary": "done", "reviewedBy": "peer"}' > .baton/review.json`;

/** A repository whose agents are small programs: each item of its plan has a shell script of its own. */
export class WorkerProject {
  readonly project: CliProject;
  readonly #settings: string;

  constructor({
    workers,
    config = '',
    files = {},
    dependencies = {},
    stream = 'plain',
    staleMs,
  }: WorkerProjectOptions) {
    const ids = Object.keys(workers);
    this.project = new CliProject({
      '.baton.yaml': `mode: agentic\n${config}`,
      [planPath]: planOf(ids.map((id) => ({ id, title: `Title of ${id}`, dependencies: dependencies[id] ?? [] }))),
      [progressPath]: progressOf(ids),
      'src/main.txt': 'one\n',
      ...files,
    });
    this.#settings = JSON.stringify({ pollMs: 50, idleMs: 400, ...(staleMs !== undefined && { staleMs }) });
    const folder = this.project.environment.BATON_CONFIG_HOME ?? '';
    mkdirSync(folder, { recursive: true });
    for (const [id, script] of Object.entries(workers)) writeFileSync(join(folder, `${id}.sh`), `${script}\n`);
    const start = 'item="${BATON_SESSION_ID#session-}"; . "$0/${item%-*-*}.sh"';
    const agents = {
      default: 'worker',
      agents: { worker: { command: '/bin/sh', args: ['-c', start, folder], stream } },
    };
    // JSON is YAML.
    writeFileSync(join(folder, 'agents.yaml'), JSON.stringify(agents));
  }

  get root(): string {
    return this.project.root;
  }

  baton(...args: readonly string[]): Promise<JsonOutcome> {
    return this.project.json(args, { environment: { BATON_SUPERVISOR_SETTINGS: this.#settings } });
  }

  async ok(...args: readonly string[]): Promise<JsonOutcome['data']> {
    const outcome = await this.baton(...args);
    if (outcome.ok) return outcome.data;
    throw new Error(`${args.join(' ')}: ${JSON.stringify(outcome.error)}\n${this.log()}`);
  }

  /** As the record on disk says; looked for in the archive too. */
  sessions(): readonly IsolatedSession[] {
    const folder = join(this.root, '.git/baton/isolated');
    const folders = [folder, join(folder, 'archive')].filter((one) => existsSync(one));
    const files = folders.flatMap((one) => readdirSync(one).map((name) => join(one, name, 'state.json')));
    return files.flatMap((file) => {
      try {
        return readIsolatedSession(JSON.parse(readFileSync(file, 'utf8'))) ?? [];
      } catch {
        return [];
      }
    });
  }

  session(item: string): IsolatedSession {
    const found = this.sessions().find((one) => one.item.id === item);
    if (found === undefined) throw new Error(`no session of ${item}: ${this.log()}`);
    return found;
  }

  /** Waits until the session of an item is in a state; one that failed instead is said at once. */
  async until(item: string, ...statuses: readonly string[]): Promise<IsolatedSession> {
    const show = () => this.session(item);
    await this.wait(
      `${item} to be ${statuses}`,
      () => {
        const { status } = this.session(item);
        if (status === 'failed' && !statuses.includes(status))
          throw new Error(`${item} failed: ${JSON.stringify(show(), null, 1)}`);
        return statuses.includes(status);
      },
      show,
    );
    return this.session(item);
  }

  async wait(what: string, isSo: () => boolean | Promise<boolean>, show: () => unknown = () => ''): Promise<void> {
    for (const end = Date.now() + limitMs; !(await isSo()); ) {
      if (Date.now() > end) throw new Error(`waited for ${what}: ${JSON.stringify(show(), null, 1)}\n${this.log()}`);
      await new Promise((done) => setTimeout(done, 40));
    }
  }

  /** A text below the records of a session. */
  record(item: string, name: string): string {
    return readFileSync(join(this.root, '.git/baton/isolated', this.session(item).id, name), 'utf8');
  }

  /** A file of the session's worktree. */
  work(item: string, path: string): string {
    return readFileSync(join(this.session(item).worktree, path), 'utf8');
  }

  log(): string {
    const path = join(this.root, '.git/baton/isolated/supervisor.log');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  supervisor(): number | undefined {
    try {
      const text = readFileSync(join(this.root, '.git/baton/isolated/supervisor.lease'), 'utf8');
      return (JSON.parse(text) as { readonly owner: { readonly pid: number } }).owner.pid;
    } catch {
      return undefined;
    }
  }

  /** Sees the supervisor end by itself when nothing is left to do, and that no process of any run is left. */
  async dispose(): Promise<void> {
    try {
      const left = () => this.processes();
      const end = Date.now() + limitMs;
      while (left().length > 0 && Date.now() < end) await new Promise((done) => setTimeout(done, 50));
      expect(left(), this.log()).toEqual([]);
    } finally {
      for (const { pid } of this.processes()) kill(pid, 'SIGKILL');
      this.project.dispose();
    }
  }

  /** Processes of this project: its supervisor, and whatever runs started. */
  processes(): readonly { readonly pid: number; readonly command: string }[] {
    const sign = `HOME=${this.project.environment.HOME}`;
    return readdirSync('/proc').flatMap((name) => {
      const pid = Number(name);
      if (!(pid > 0) || pid === process.pid) return [];
      try {
        if (!readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(Buffer.from(sign).toString('latin1')))
          return [];
        return [{ pid, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') }];
      } catch {
        return [];
      }
    });
  }
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}
