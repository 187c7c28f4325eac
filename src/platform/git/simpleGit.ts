/**
 * The only module that imports simple-git. It is loaded by `await import(…)` when git is first needed and may be a bundle of its own, so it
 * imports nothing of ours at run time (two bundles would have two `BatonError` classes).
 */
import { execFile } from 'node:child_process';
import { GitError, type SimpleGitOptions, simpleGit } from 'simple-git';

/** How a git command ended. */
export interface GitResult {
  /** Undefined where git was not started or was ended by us. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Why git did not run to its end. */
  readonly failure?: 'missing' | 'timeout' | 'aborted' | 'refused';
}

export interface GitCall {
  readonly args: readonly string[];
  /** Given to its standard input. Never empty: simple-git would leave the input open, and git waiting. */
  readonly input?: string;
  /** For a call on an index or a working tree of our own: git's variables that name them, and where to run. */
  readonly scratch?: { readonly env: Readonly<Record<string, string>>; readonly cwd: string };
  /** For a command that may run hooks. */
  readonly runsHooks?: boolean;
  /** Ends git after so long without output. */
  readonly timeoutMs: number;
}

/** Runs git in one folder. Never throws for how git ends. */
export type RunGit = (call: GitCall) => Promise<GitResult>;

/**
 * What of the caller's environment reaches git: who commits and how to sign and connect, which automation sets by variables. Not where the
 * repository is (`GIT_DIR`, `GIT_INDEX_FILE`, … are set in hooks): that is found from the folder.
 */
const inherited =
  /^(GIT_(AUTHOR|COMMITTER)_(NAME|EMAIL|DATE)|GIT_SSH(_COMMAND)?|(GIT|SSH)_ASKPASS|GIT_CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|(KEY|VALUE)_\d+)|GIT_EXEC_PATH|GIT_CEILING_DIRECTORIES)$/i;

/** Carries how git ended through simple-git, which otherwise tells only its text. */
class GitEnd extends GitError {
  readonly result: GitResult;

  constructor(result: GitResult) {
    super(undefined, result.stderr);
    this.result = result;
  }
}

const quoteNoPath = 'core.quotePath=false';

/** Makes the runner for a folder; `signal` ends what runs. */
export function createRunGit(folder: string, signal?: AbortSignal): RunGit {
  return async (call) => {
    if (call.scratch !== undefined) return await runOnScratch(call, call.scratch, signal);
    let stderr = '';
    const options = optionsFor(folder, call, signal, (text) => {
      stderr = text;
    });
    try {
      return { exitCode: 0, stdout: await simpleGit(options).raw([...call.args]), stderr };
    } catch (error) {
      if (error instanceof GitEnd) return error.result;
      // simple-git itself: the folder is gone, or its guard does not let an argument pass.
      return { exitCode: undefined, stdout: '', stderr: messageOf(error), failure: 'refused' };
    }
  };
}

function optionsFor(
  folder: string,
  { input, timeoutMs, runsHooks = false }: GitCall,
  signal: AbortSignal | undefined,
  onStderr: (text: string) => void,
): Partial<SimpleGitOptions> {
  return {
    baseDir: folder,
    trimmed: false,
    config: [quoteNoPath],
    allowEnvironment: Object.keys(process.env).filter((name) => inherited.test(name)),
    // Until the streams are closed: simple-git's 50 ms after the exit can lose the end of the output on a busy machine. Only where hooks
    // run may something in the background keep them open for ever. (Its timer also holds up the end of our own process.)
    completion: { onClose: true, onExit: runsHooks ? 50 : false },
    timeout: { block: timeoutMs },
    // Without it an exit code other than 0 with nothing on stderr would pass for success.
    errors: (error, { exitCode, stdOut, stdErr }) => {
      const stderr = Buffer.concat(stdErr).toString('utf8');
      onStderr(stderr);
      if (exitCode === 0 && !(error instanceof Error)) return undefined;
      const failure = failureOf(error, exitCode, stderr);
      return new GitEnd({
        exitCode: failure === undefined ? exitCode : undefined,
        stdout: Buffer.concat(stdOut).toString('utf8'),
        stderr: stderr || (error instanceof Error ? error.message : ''),
        ...(failure === undefined ? {} : { failure }),
      });
    },
    ...(input === undefined ? {} : { input: () => input }),
    ...(signal === undefined ? {} : { abort: signal }),
  };
}

function failureOf(error: unknown, exitCode: number, stderr: string): GitResult['failure'] {
  const plugin = typeof error === 'object' && error !== null && 'plugin' in error ? error.plugin : undefined;
  if (plugin === 'timeout') return 'timeout';
  if (plugin === 'abort') return 'aborted';
  // Node's negative error number: the process was never there.
  return exitCode < 0 && /spawn .* ENOENT/.test(stderr) ? 'missing' : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Longest output of a call on a scratch index; all of them print little. */
const scratchOutputBytes = 64 * 1024 * 1024;

/**
 * Runs git on an index or working tree of our own. Not through simple-git: with an explicit environment it refuses `GIT_CONFIG_GLOBAL`,
 * `GIT_SSH_COMMAND`, `EDITOR` and others of the caller's (only its `unsafe` switches let them pass, and those stay off), and without them
 * git would read another configuration here (ignore rules, line endings, safe.directory) than in every other call.
 */
function runOnScratch(
  { args, input, timeoutMs }: GitCall,
  { env, cwd }: NonNullable<GitCall['scratch']>,
  signal: AbortSignal | undefined,
): Promise<GitResult> {
  const own = Object.entries(process.env).filter(([name]) => !/^GIT_/i.test(name) || inherited.test(name));
  return new Promise((resolve) => {
    const child = execFile(
      'git',
      ['-c', quoteNoPath, ...args],
      {
        cwd,
        env: { ...Object.fromEntries(own), ...env },
        timeout: timeoutMs,
        maxBuffer: scratchOutputBytes,
        windowsHide: true,
        ...(signal === undefined ? {} : { signal }),
      },
      (error, stdout, stderr) => {
        if (error === null) resolve({ exitCode: 0, stdout, stderr });
        else if (typeof error.code === 'number') resolve({ exitCode: error.code, stdout, stderr });
        else resolve({ exitCode: undefined, stdout, stderr: stderr || error.message, failure: scratchFailure(error) });
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

function scratchFailure(error: {
  readonly name: string;
  readonly code?: unknown;
  readonly killed?: boolean;
}): GitResult['failure'] {
  if (error.code === 'ENOENT') return 'missing';
  if (error.name === 'AbortError') return 'aborted';
  return error.killed === true ? 'timeout' : 'refused';
}
