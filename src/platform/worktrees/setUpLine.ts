import { neverCancelled } from '../../core/base/cancellation.ts';
import type { LocalState } from '../../core/ports/localState.ts';
import { createProjectFolder } from '../projectFolder.ts';
import { createShellCommands } from '../shellCommands.ts';

/** Installing packages takes a while. */
const limitMs = 30 * 60_000;

/** Runs an approved line in a worktree, by the shell, in a process group of its own. */
export async function runSetUpLine(
  options: {
    readonly command: string;
    readonly worktree: string;
    readonly logKey: string;
    readonly env: Readonly<Record<string, string>>;
    readonly isCancelled: () => boolean;
  },
  localState: LocalState,
): Promise<{ readonly exitCode: number | undefined; readonly tail: string }> {
  const runner = createShellCommands(createProjectFolder(options.worktree), localState);
  const listeners = new Set<() => void>();
  const timer = setInterval(() => {
    if (options.isCancelled()) for (const listener of listeners) listener();
  }, 200);
  try {
    return await runner.run({
      command: options.command,
      folder: '',
      logKey: options.logKey,
      env: options.env,
      timeoutMs: limitMs,
      cancellation: {
        ...neverCancelled,
        onCancel(listener) {
          listeners.add(listener);
          return { dispose: () => void listeners.delete(listener) };
        },
      },
    });
  } finally {
    clearInterval(timer);
  }
}
