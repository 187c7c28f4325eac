import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** The bundle that is under test, as it would be installed. */
export const bundle = resolve(import.meta.dirname, '../../../dist/cli.cjs');

/** The oldest Node that is at hand: the one that runs npm where it is Node 20, else this one. */
export const nodePath = findNode();

function findNode(): string {
  const candidate = process.env.npm_node_execpath;
  if (candidate === undefined || !existsSync(candidate)) return process.execPath;
  const version = execFileSync(candidate, ['--version'], { encoding: 'utf8' });
  return version.startsWith('v20.') ? candidate : process.execPath;
}

/** How a run of the command line ended. */
export interface CliOutcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Relative to the project, `.` unless told. */
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly bundle?: string;
}

/** What `--json` printed, not yet looked into. */
export interface JsonOutcome {
  readonly code: number | null;
  readonly ok: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into it and compare what they find.
  readonly data: any;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint: string | null;
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    readonly data: any;
  };
}

/** A real git repository in a folder whose name has spaces and umlauts, with the command line to run in it. */
export class CliProject {
  readonly #home: string;
  readonly root: string;

  constructor(files: Readonly<Record<string, string>> = {}, { git = true }: { readonly git?: boolean } = {}) {
    this.#home = mkdtempSync(join(tmpdir(), 'baton cli ü-'));
    this.root = join(this.#home, 'Größe & Co');
    mkdirSync(this.root);
    writeFileSync(
      join(this.#home, 'gitconfig'),
      '[user]\n\tname = Ada Tester\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n[commit]\n\tgpgsign = false\n',
    );
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    if (!git) return;
    this.git('init', '-q');
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', 'chore: begin');
  }

  get environment(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '',
      HOME: this.#home,
      BATON_CONFIG_HOME: join(this.#home, 'config'),
      BATON_STATE_HOME: join(this.#home, 'state'),
      // Compiled code alone, which is the same for all.
      BATON_CACHE_HOME: join(tmpdir(), 'baton-test-cache'),
      GIT_CONFIG_GLOBAL: join(this.#home, 'gitconfig'),
      GIT_CONFIG_NOSYSTEM: '1',
      LC_ALL: 'C.UTF-8',
    };
  }

  /** Starts the command line and lets it run. */
  start(args: readonly string[], options: RunOptions = {}): ChildProcess {
    return spawn(nodePath, [options.bundle ?? bundle, ...args], {
      cwd: resolve(this.root, options.cwd ?? '.'),
      env: { ...this.environment, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async run(args: readonly string[], options: RunOptions = {}): Promise<CliOutcome> {
    return collectOutcome(this.start(args, options));
  }

  /** Runs with `--json` and checks that stdout is exactly one object of the one form. */
  async json(args: readonly string[], options: RunOptions = {}): Promise<JsonOutcome> {
    const { code, stdout, stderr } = await this.run(['--json', ...args], options);
    const lines = stdout.split('\n');
    if (lines.length !== 2 || lines[1] !== '') throw new Error(`not one line of JSON:\n${stdout}\n${stderr}`);
    const value = JSON.parse(lines[0] ?? '');
    if (value.ok ? !('data' in value) : !('code' in value.error && 'hint' in value.error && 'data' in value.error)) {
      throw new Error(`not of the documented form: ${stdout}`);
    }
    return { code, ...value };
  }

  git(...args: readonly string[]): string {
    return execFileSync('git', args, { cwd: this.root, env: this.environment, encoding: 'utf8' }).trimEnd();
  }

  /** What git says of the tree: empty when it is clean. */
  gitStatus(): string {
    return this.git('status', '--porcelain', '--untracked-files=all');
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  dispose(): void {
    rmSync(this.#home, { recursive: true, force: true });
  }
}

/** Waits for the end of a run and gathers what it printed. */
export function collectOutcome(child: ChildProcess): Promise<CliOutcome> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code, signal) => done({ code, signal, stdout, stderr }));
  });
}

/** Waits until `condition` holds. */
export async function waitFor(condition: () => boolean, timeoutMs = 10_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error('it did not come to pass in time');
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** Makes output comparable: times and hashes give way to names of the same width. */
export function normalize(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'YYYY-MM-DD HH:MM')
    .replaceAll(/\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{7}\b/g, 'HHHHHHH')
    .replaceAll(/\(\d+(?: ms| s)\)/g, '(TIME)')
    .replaceAll(/in \d+(?: ms| s)/g, 'in TIME');
}
