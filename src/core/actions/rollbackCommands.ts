import { fileTimeOf } from '../base/localTime.ts';
import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import type { Workspace } from '../model/workspace.ts';
import type { CommandOutcome } from '../ports/process.ts';
import { approveCommands } from './approveCommands.ts';
import type { ActionContext } from './context.ts';

/**
 * Runs the plan's rollback commands one by one, once they are approved; stops at the first that fails.
 *
 * @throws BatonError `approval-required`, `cancelled`, `process-failed`
 */
export async function runRollbackCommands(
  context: ActionContext,
  request: {
    readonly workspace: Workspace;
    readonly session: { readonly id: string; readonly folder: string };
    readonly commands: readonly string[];
  },
): Promise<readonly CommandOutcome[]> {
  const { workspace, session, commands } = request;
  const { clock, commands: runner, localState } = context.ports;
  await approveCommands(context, { commands, purpose: phrase`rolling ${session.id} back`, folder: session.folder });
  const ran: CommandOutcome[] = [];
  for (const [index, command] of commands.entries()) {
    context.report(phrase`Rolling back ${session.id}: ${command}`);
    const logKey = `logs/${localState.keyPart(session.id)}/rollback-${index + 1}-${fileTimeOf(clock.now())}.log`;
    const outcome = await runner.run({
      command,
      folder: session.folder,
      logKey,
      timeoutMs: workspace.config.verificationTimeoutMinutes * 60_000,
      cancellation: context.cancellation,
    });
    ran.push(outcome);
    const details = {
      data: {
        session: session.id,
        command,
        done: commands.slice(0, index),
        tail: outcome.tail,
        log: localState.locate(logKey),
      },
    };
    if (outcome.cancelled)
      throw new BatonError('cancelled', phrase`The rollback of ${session.id} was cancelled`, details);
    if (outcome.exitCode === 0) continue;
    const end = outcome.timedOut
      ? phrase`ran into the time limit`
      : phrase`ended with exit code ${outcome.exitCode ?? phrase`none`}`;
    throw new BatonError('process-failed', phrase`The rollback command ${command} ${end}; no commit was reverted`, {
      ...details,
      hint: phrase`Mend it, or roll back without the commands. Already run: ${commands.slice(0, index).join('; ') || phrase`none`}.`,
    });
  }
  return ran;
}
