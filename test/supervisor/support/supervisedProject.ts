import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { CliProject, type JsonOutcome } from '../../cli/support/cliProject.ts';

const limitMs = 60_000;

export interface SupervisedOptions {
  readonly files: Readonly<Record<string, string>>;
  /** By the name by which the agent finds it: a shell script, which runs in the agent's folder with its prompt on standard input. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Runs the script of an agent, which it knows by its environment; `$0` is the folder with all of them. */
  readonly start: string;
  /** How what the agents say is read. */
  readonly stream?: 'plain' | 'claude';
  readonly staleMs?: number;
}

/** A repository whose agents are small programs, and the supervisor that runs them. */
export class SupervisedProject {
  readonly project: CliProject;
  readonly #settings: string;

  constructor({ files, scripts, start, stream = 'plain', staleMs }: SupervisedOptions) {
    this.project = new CliProject(files);
    this.#settings = JSON.stringify({ pollMs: 50, idleMs: 400, ...(staleMs !== undefined && { staleMs }) });
    const folder = this.project.environment.BATON_CONFIG_HOME ?? '';
    mkdirSync(folder, { recursive: true });
    for (const [name, script] of Object.entries(scripts)) writeFileSync(join(folder, `${name}.sh`), `${script}\n`);
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

  async wait(what: string, isSo: () => boolean | Promise<boolean>, show: () => unknown = () => ''): Promise<void> {
    for (const end = Date.now() + limitMs; !(await isSo()); ) {
      if (Date.now() > end) throw new Error(`waited for ${what}: ${JSON.stringify(show(), null, 1)}\n${this.log()}`);
      await new Promise((done) => setTimeout(done, 40));
    }
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
