import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { phrase } from '../core/base/phrase.ts';
import { BatonError } from '../core/errors.ts';
import type { LocalState } from '../core/ports/localState.ts';
import type { CommandOutcome, CommandRunner } from '../core/ports/process.ts';
import { CappedLog } from './cappedLog.ts';
import { watchOverGroup } from './deathWatch.ts';
import { killGroupNow, killTree, newRunMark, type RunMark } from './processTree.ts';
import type { ProjectFolder } from './projectFolder.ts';

/** What the end of a command's output may hold at most. */
const tailBytes = 8 * 1024;

/** Between asking a process group to end and ending it. */
const graceMs = 2_000;

/** After the shell has ended, what it left in the background may keep the output open: that is read for so long, then closed. */
const drainMs = 2_000;

type RunOptions = Parameters<CommandRunner['run']>[0];

/** Runs shell lines with the system's shell, each in its own process group, with all its output in a log. */
export function createShellCommands(folder: ProjectFolder, localState: LocalState): CommandRunner {
  return {
    async run(options) {
      const cwd = await folder.resolve(options.folder);
      const logPath = localState.locate(options.logKey);
      await mkdir(dirname(logPath), { recursive: true });
      return await new ShellRun(options, cwd, logPath).run();
    },
  };
}

/** One command from start to end. */
class ShellRun {
  readonly #options: RunOptions;
  readonly #cwd: string;
  readonly #log: CappedLog;
  readonly #mark: RunMark;
  #tail = '';
  #timedOut = false;
  #cancelled = false;
  #ending: Promise<void> | undefined;

  constructor(options: RunOptions, cwd: string, logPath: string) {
    this.#options = options;
    this.#cwd = cwd;
    this.#log = new CappedLog(logPath);
    this.#mark = newRunMark();
  }

  async run(): Promise<CommandOutcome> {
    const { timeoutMs, cancellation } = this.#options;
    const startedAt = performance.now();
    await this.#log.open();
    if (cancellation.isCancelled) {
      await this.#log.close();
      return { exitCode: undefined, timedOut: false, cancelled: true, durationMs: 0, tail: '' };
    }
    const child = this.#start();
    const watch = watchOverGroup(child.pid, this.#mark);
    const timer = setTimeout(() => {
      this.#timedOut = true;
      this.#end(child);
    }, timeoutMs);
    const onCancel = cancellation.onCancel(() => {
      this.#cancelled = true;
      this.#end(child);
    });
    // Who does not wait for the end in good order (a second Ctrl-C) must not leave it running either.
    const onExit = () => killGroupNow(child);
    process.once('exit', onExit);
    try {
      const pipes = [this.#follow(child.stdout), this.#follow(child.stderr)];
      const { exitCode, signal } = await ended(child);
      // What outlives the shell on purpose (a build daemon) is left alone; only a run that was cut short is cleared away.
      clearTimeout(timer);
      onCancel.dispose();
      await Promise.race([Promise.all(pipes), sleep(drainMs, undefined, { ref: false })]);
      await this.#ending;
      child.stdout?.destroy();
      child.stderr?.destroy();
      const wasEnded = this.#timedOut || this.#cancelled;
      return {
        exitCode: wasEnded ? undefined : exitCode,
        ...(signal === undefined ? {} : { signal }),
        timedOut: this.#timedOut,
        cancelled: this.#cancelled && !this.#timedOut,
        durationMs: Math.round(performance.now() - startedAt),
        tail: lastBytes(this.#tail, tailBytes),
      };
    } finally {
      watch.stop();
      process.off('exit', onExit);
      clearTimeout(timer);
      onCancel.dispose();
      await this.#log.close();
    }
  }

  #start(): ChildProcess {
    const isWindows = process.platform === 'win32';
    const [file, args] = isWindows
      ? [process.env.ComSpec ?? 'cmd.exe', ['/d', '/s', '/c', `"${this.#options.command}"`]]
      : ['/bin/sh', ['-c', this.#options.command]];
    return spawn(file, args, {
      cwd: this.#cwd,
      env: { ...process.env, ...this.#options.env, [this.#mark.name]: this.#mark.value },
      // A group of its own, so that it can be ended as a whole and Ctrl-C in the terminal reaches only Baton, which ends it in order.
      detached: !isWindows,
      windowsVerbatimArguments: isWindows,
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  #end(child: ChildProcess): void {
    this.#ending ??= killTree(child, this.#mark, graceMs);
  }

  /** Reads one stream to its end, no faster than the log takes it. */
  async #follow(stream: Readable | null): Promise<void> {
    const decoder = new TextDecoder('utf-8');
    try {
      for await (const chunk of stream ?? []) {
        const bytes = chunk as Buffer;
        this.#pass(decoder.decode(bytes, { stream: true }));
        await this.#log.append(bytes);
      }
    } catch (error) {
      // The pipe was closed under us because the command was ended.
      if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) throw error;
    }
    this.#pass(decoder.decode());
  }

  #pass(text: string): void {
    if (text === '') return;
    this.#tail = (this.#tail + text).slice(-tailBytes);
    this.#options.onOutput?.(text);
  }
}

function ended(child: ChildProcess): Promise<{ exitCode: number | undefined; signal: string | undefined }> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      reject(
        new BatonError('process-failed', phrase`The shell could not be started: ${error.message}`, {
          hint: 'Check that the folder is there and that the system has a shell.',
          cause: error,
        }),
      );
    });
    child.once('exit', (code, signal) => resolve({ exitCode: code ?? undefined, signal: signal ?? undefined }));
  });
}

/** The end of a text that fits into so many bytes of UTF-8, beginning with a whole character. */
function lastBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return text;
  let start = bytes.length - limit;
  // Bytes 10xxxxxx continue a character.
  while (start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
  return bytes.subarray(start).toString('utf8');
}
