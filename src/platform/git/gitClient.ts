import { setTimeout as sleep } from 'node:timers/promises';
import { phrase } from '../../core/base/phrase.ts';
import { BatonError } from '../../core/errors.ts';
import type { GitCall, GitResult, RunGit } from './simpleGit.ts';

/** One git command for the client. */
export interface GitCommand {
  readonly args: readonly string[];
  /** Paths or other text for its standard input, each ended by NUL. Left out means no input. */
  readonly nulInput?: readonly string[];
  readonly input?: string;
  readonly scratch?: GitCall['scratch'];
  /** Exit codes other than 0 that are an answer and no failure. */
  readonly accept?: readonly number[];
  /** For a pattern of ours among the paths, and for check-ignore, which takes paths as they are but refuses to be told so. */
  readonly usesMagic?: boolean;
  /** A command that writes may wait for another's index.lock, and may run hooks, which take their time. */
  readonly writes?: boolean;
}

/** Reading is over soon, or hangs. */
const readTimeoutMs = 120_000;

/** A hook may run a whole test suite without printing a word. */
const writeTimeoutMs = 30 * 60_000;

/** So long another git process in the same repository is waited for. */
const indexLockMs = 3_000;

/** Options for commands that take many paths: on standard input, because a command line has a limited length. Git 2.25 or newer. */
export const pathsOnInput: readonly string[] = ['--pathspec-from-file=-', '--pathspec-file-nul'];

/** Runs git commands in one repository and turns failures into what a person can act on. */
export class GitClient {
  readonly #run: RunGit;

  constructor(run: RunGit) {
    this.#run = run;
  }

  /** Standard output of a command that must succeed. */
  async output(command: GitCommand): Promise<string> {
    return (await this.result(command)).stdout;
  }

  /**
   * How the command ended.
   *
   * @throws BatonError `git-failed`, `cancelled`; not for exit codes that `accept` names.
   */
  async result(command: GitCommand): Promise<GitResult> {
    const result = await this.attempt(command);
    if (result.exitCode === 0) return result;
    if (result.exitCode !== undefined && command.accept?.includes(result.exitCode)) return result;
    throw gitFailed(command.args, result);
  }

  /** How the command ended, whatever it was; waits for another process's index.lock where the command writes. */
  async attempt(command: GitCommand): Promise<GitResult> {
    const input = command.nulInput?.map((text) => `${text}\0`).join('') ?? command.input;
    const call: GitCall = {
      args: [
        ...(command.writes ? [] : ['--no-optional-locks']),
        ...(command.usesMagic ? [] : ['--literal-pathspecs']),
        ...command.args,
      ],
      timeoutMs: command.writes ? writeTimeoutMs : readTimeoutMs,
      runsHooks: command.writes === true,
      ...(input === undefined ? {} : { input }),
      ...(command.scratch === undefined ? {} : { scratch: command.scratch }),
    };
    const until = performance.now() + indexLockMs;
    for (;;) {
      const result = await this.#run(call);
      if (!command.writes || !isLocked(result) || performance.now() > until) return result;
      await sleep(50 + Math.random() * 100);
    }
  }
}

function isLocked(result: GitResult): boolean {
  return result.exitCode === 128 && /[\\/]index\.lock'/.test(result.stderr);
}

/** The failure of a git command, with its own words. */
export function gitFailed(args: readonly string[], result: GitResult): BatonError {
  const name = args.find((arg) => !arg.startsWith('-')) ?? 'command';
  const data = { command: name, exitCode: result.exitCode ?? null, output: lastPart(result.stderr) };
  switch (result.failure) {
    case 'missing':
      return new BatonError('git-failed', 'git was not found', {
        hint: 'Install git and see that it is on the PATH, then run it again.',
        data,
      });
    case 'aborted':
      return new BatonError('cancelled', phrase`git ${name} was cancelled`, { data });
    case 'timeout':
      return new BatonError('git-failed', phrase`git ${name} was ended because it printed nothing for too long`, {
        hint: 'Run it by hand to see what it waits for (a hook, a password, a lock).',
        data,
      });
    default: {
      const reason = firstLine(result.stderr);
      return new BatonError('git-failed', phrase`git ${name} failed${reason === '' ? '' : `: ${reason}`}`, {
        hint: isLocked(result)
          ? 'Another git process is at work in this repository; wait for it, or remove its index.lock if it has died.'
          : /dubious ownership/.test(result.stderr)
            ? 'The folder belongs to another user. If you trust it, run what git says (`git config --global --add safe.directory …`).'
            : 'Put right what git says, then run it again.',
        data,
      });
    }
  }
}

function firstLine(text: string): string {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const fatal = lines.find((line) => /^(fatal|error):/.test(line));
  return (fatal ?? lines[0] ?? '').replace(/^(fatal|error): /, '');
}

/** The end of a long text, which is where commands say what went wrong. */
export function lastPart(text: string): string {
  return text.length > 8_192 ? `…${text.slice(-8_191)}` : text;
}
