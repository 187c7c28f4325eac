import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { watchOverGroup } from './deathWatch.ts';
import { errnoOf } from './ioErrors.ts';
import { newRunMark } from './processTree.ts';

/** How a command ended that had this process's own streams. */
export interface HeldCommandOutcome {
  /** Its exit code; of one that a signal ended 128 and the signal's number; 127 and 126 where it could not be started. */
  readonly exitCode: number;
  /** Why it could not be started. */
  readonly failure?: string;
}

const passedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/**
 * Runs a command without a shell, with this process's own streams (its output on stderr where `quiet`), and passes signals on to it. It does
 * not outlive this process, however that ends.
 */
export async function runHeldCommand(
  [command, ...args]: readonly [string, ...string[]],
  options: { readonly environment: NodeJS.ProcessEnv; readonly quiet: boolean },
): Promise<HeldCommandOutcome> {
  const mark = newRunMark();
  // At a terminal it must stay in the terminal's group: that one may read the keyboard and gets Ctrl-C.
  const isApart = process.stdin.isTTY !== true && process.platform !== 'win32';
  const child = spawn(command, args, {
    stdio: ['inherit', options.quiet ? 2 : 'inherit', 'inherit'],
    env: { ...process.env, ...options.environment, [mark.name]: mark.value },
    detached: isApart,
  });
  const watch = watchOverGroup(isApart ? child.pid : undefined, mark);
  const stopPassing = passSignals(child, isApart);
  try {
    return await new Promise<HeldCommandOutcome>((resolve) => {
      child.once('error', (error) => {
        resolve({ exitCode: errnoOf(error) === 'EACCES' ? 126 : 127, failure: error.message });
      });
      child.once('close', (code, signal) => {
        resolve({ exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) });
      });
    });
  } finally {
    stopPassing();
    watch.stop();
  }
}

/** As long as the command runs, signals are its own to answer; who listened before listens again afterwards. */
function passSignals(child: ChildProcess, isApart: boolean): () => void {
  const restore = passedSignals.map((signal) => {
    const earlier = process.listeners(signal);
    const pass = () => {
      // The terminal has sent it to the whole group already.
      if (signal === 'SIGINT' && !isApart) return;
      try {
        if (isApart && child.pid !== undefined) process.kill(-child.pid, signal);
        else child.kill(signal);
      } catch {
        // It has just ended.
      }
    };
    process.removeAllListeners(signal);
    process.on(signal, pass);
    return () => {
      process.off(signal, pass);
      for (const listener of earlier) process.on(signal, listener as NodeJS.SignalsListener);
    };
  });
  return () => {
    for (const one of restore) one();
  };
}
