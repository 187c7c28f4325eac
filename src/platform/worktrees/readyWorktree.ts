import { basename, dirname } from 'node:path';
import type { IsolatedContext } from '../../core/actions/isolated/context.ts';
import { phrase } from '../../core/base/phrase.ts';
import { BatonError } from '../../core/errors.ts';
import type { BatonConfig } from '../../core/model/config.ts';
import { runSetUpLine } from './setUpLine.ts';

export interface ReadyOptions {
  /** Absolute. */
  readonly worktree: string;
  /** What the project says of new worktrees. */
  readonly config: Pick<BatonConfig, 'worktreeInclude' | 'worktreeLink' | 'setUp'>;
  /** What it is for, in warnings. */
  readonly name: string;
  /** The folder of its records, as a prefix of keys: the set-up's logs go there. */
  readonly folderKey: string;
  /** The command with which a person approves the set-up and tries again. */
  readonly again: string;
  /** For the set-up, beside what this process has: its ports, say. */
  readonly env?: Readonly<Record<string, string>>;
  readonly isCancelled: () => boolean;
}

/**
 * Fills a new worktree with the ignored files that it needs, and sets it up: by the project's own line, or those of other tools' files. They
 * are text of the repository: only what a person approved runs.
 *
 * @throws BatonError `approval-required`, `process-failed` with the log
 */
export async function readyWorktree(context: IsolatedContext, options: ReadyOptions): Promise<void> {
  const { isolated, ports } = context;
  const { worktree, config, folderKey, isCancelled } = options;
  const { warnings } = await isolated.worktrees.include(worktree, config.worktreeInclude, config.worktreeLink);
  for (const warning of warnings) ports.logger.warn(`${options.name}: ${warning}`);
  const own = config.setUp;
  const commands =
    own === undefined ? await isolated.worktrees.setUpCommands() : [{ command: own, source: '.baton.yaml' }];
  if (commands.length === 0) return;
  const lines = commands.map(({ command }) => command);
  if (!(await ports.approvals.isApproved(lines))) {
    throw new BatonError('approval-required', phrase`The set-up of worktrees is not approved: ${lines.join('; ')}`, {
      hint: phrase`Read the commands and approve them with ${options.again}, or in VS Code.`,
      data: { commands: lines },
    });
  }
  const env = setUpEnvironment(dirname(isolated.worktrees.folder), worktree, options.env ?? {});
  for (const [index, { command }] of commands.entries()) {
    const logKey = `${folderKey}/set-up-${index + 1}.log`;
    const { exitCode, tail } = await runSetUpLine({ command, worktree, logKey, env, isCancelled }, ports.localState);
    if (exitCode === 0) continue;
    throw new BatonError('process-failed', phrase`The set-up failed: ${command}\n${tail.trim()}`, {
      hint: 'Mend it, then try again.',
      data: { command, log: ports.localState.locate(logKey) },
    });
  }
}

/**
 * What set-up lines that were written for other tools expect: Cursor's name of the main working tree (cursor.com/docs/configuration/worktrees),
 * and Conductor's (conductor.build/docs/reference/environment-variables).
 */
function setUpEnvironment(
  main: string,
  worktree: string,
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const port = own['BATON_PORT_FROM'];
  return {
    ...own,
    ROOT_WORKTREE_PATH: main,
    CONDUCTOR_ROOT_PATH: main,
    CONDUCTOR_WORKSPACE_PATH: worktree,
    CONDUCTOR_WORKSPACE_NAME: basename(worktree),
    ...(port !== undefined && { CONDUCTOR_PORT: port }),
  };
}
