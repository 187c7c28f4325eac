import { type ChildProcess, spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { phrase } from '../../core/base/phrase.ts';
import { BatonError } from '../../core/errors.ts';
import { CappedLog } from '../cappedLog.ts';
import { findMarked, killRun, killTree, type RunMark } from '../processTree.ts';
import { LineSplitter } from './lineSplitter.ts';

/** What is started for an agent. No shell is between. */
export interface AgentCall {
  readonly command: string;
  readonly args: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Given on its standard input; absent: it has none. */
  readonly input?: string;
}

/** How an agent's process ended. */
export interface AgentEnd {
  readonly exitCode: number | undefined;
  readonly signal?: string;
  /** The end of what it said on both streams. */
  readonly tail: string;
}

/** Of `AgentEnd.tail`, at most. */
export const tailLength = 4_000;

/** After the agent has ended, what it left behind may hold its output open: so long it is read still. */
const drainMs = 1_000;

/** Between interrupting an agent and asking its processes to end, and between that and ending them. */
const interruptMs = 3_000;
const terminateMs = 2_000;

/**
 * One run of an agent: a process group of its own, all output in a log that keeps its end, each line passed on in order and no faster than
 * it is taken.
 */
export class AgentProcess {
  readonly #child: ChildProcess;
  readonly #mark: RunMark;
  readonly ended: Promise<AgentEnd>;
  #tail = '';
  #ending: Promise<void> | undefined;

  private constructor(child: ChildProcess, mark: RunMark, log: CappedLog, onLine: (line: string) => Promise<void>) {
    this.#child = child;
    this.#mark = mark;
    this.ended = this.#follow(log, onLine);
    // Whoever waits is told; nobody has to.
    this.ended.catch(() => undefined);
  }

  /**
   * Starts it.
   *
   * @throws BatonError `agent-missing` where its program cannot be started, `wrong-state` where the folder is gone
   */
  static async start(
    call: AgentCall,
    options: {
      readonly mark: string;
      readonly logPath: string;
      /** Goes on with the log of the run before. */
      readonly continues: boolean;
      readonly onLine: (line: string) => Promise<void>;
    },
  ): Promise<AgentProcess> {
    // The system would say of the program that it was not found.
    if (!(await isFolder(call.cwd))) {
      throw new BatonError('wrong-state', phrase`The folder to work in is gone: ${call.cwd}`, {
        hint: '`baton isolated retry` makes it anew from its branch.',
        data: { path: call.cwd },
      });
    }
    const mark: RunMark = { name: 'BATON_RUN_ID', value: options.mark };
    const log = new CappedLog(options.logPath);
    await log.open({ continues: options.continues });
    const child = spawn(call.command, [...call.args], {
      cwd: call.cwd,
      env: { ...call.env, [mark.name]: mark.value },
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: [call.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    try {
      await started(child, call.command);
    } catch (error) {
      await log.close();
      throw error;
    }
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(call.input);
    return new AgentProcess(child, mark, log, options.onLine);
  }

  /** Of the agent itself. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Ends the agent and everything that it started: an interrupt first, as Ctrl-C would, so that it can say where it stands. */
  stop(): Promise<void> {
    this.#ending ??= this.#stop();
    return this.#ending;
  }

  async #stop(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode === null && signalCode === null) {
      this.#child.kill('SIGINT');
      await Promise.race([this.ended, sleep(interruptMs, undefined, { ref: false })]);
    }
    await killTree(this.#child, this.#mark, terminateMs);
  }

  async #follow(log: CappedLog, onLine: (line: string) => Promise<void>): Promise<AgentEnd> {
    const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done) => {
      this.#child.once('exit', (code, signal) => done({ code, signal }));
    });
    const pipes = Promise.all([
      this.#read(this.#child.stdout, log, onLine),
      // What it says beside its stream is for people, and goes to the log only.
      this.#read(this.#child.stderr, log, async () => undefined),
    ]);
    const { code, signal } = await exit;
    await Promise.race([pipes, sleep(drainMs, undefined, { ref: false })]);
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    await pipes;
    await log.close();
    // Children that outlive their agent hold files and ports that the next run needs.
    if ((await findMarked(this.#mark)).length > 0) await killRun(this.#mark, terminateMs);
    return { exitCode: code ?? undefined, ...(signal !== null && { signal }), tail: this.#tail };
  }

  async #read(stream: Readable | null, log: CappedLog, onLine: (line: string) => Promise<void>): Promise<void> {
    const lines = new LineSplitter();
    try {
      for await (const chunk of stream ?? []) {
        const bytes = chunk as Buffer;
        this.#tail = (this.#tail + bytes.subarray(-tailLength).toString('utf8')).slice(-tailLength);
        await log.append(bytes);
        for (const line of lines.push(bytes)) await onLine(line);
      }
    } catch (error) {
      // We closed the pipe ourselves: somebody else holds its other end.
      if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) throw error;
    }
    for (const line of lines.end()) await onLine(line);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function started(child: ChildProcess, command: string): Promise<void> {
  return new Promise((done, fail) => {
    child.once('spawn', () => done());
    child.once('error', (error) => {
      const why = 'code' in error && error.code === 'ENOENT' ? phrase`was not found` : error.message;
      fail(
        new BatonError('agent-missing', phrase`The agent's program ${command} cannot be started: ${why}`, {
          hint: 'Install it, or name its full path in agents.yaml of your configuration folder.',
          data: { command },
          cause: error,
        }),
      );
    });
  });
}
