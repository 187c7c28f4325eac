import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import type { ActionContext } from './context.ts';

/**
 * Makes sure that a person approved exactly these commands: by `--yes` for this run, earlier, or now.
 *
 * @throws BatonError `approval-required` where nobody can be asked (`data.commands`), or the person refused
 */
export async function approveCommands(
  context: ActionContext,
  request: { readonly commands: readonly string[]; readonly purpose: string; readonly folder: string },
): Promise<void> {
  const { approvals, prompt } = context.ports;
  const { commands, folder, purpose } = request;
  if (commands.length === 0 || (!context.yes && (await approvals.isApproved(commands)))) return;
  // Also with `--yes`: the host shows what it says yes to.
  const answer = await prompt.approveCommands(request);
  if (answer === 'approve') await approvals.approve(commands);
  if (answer === 'approve' || answer === 'once' || (context.yes && answer === undefined)) return;
  const data = { commands, folder, purpose, refused: answer === 'refuse' };
  if (answer === 'refuse') {
    throw new BatonError('approval-required', phrase`The commands for ${purpose} were not approved; nothing was run`, {
      hint: 'Change the commands in SESSION.md and the plan, or complete without running them (`--no-verify`).',
      data,
    });
  }
  throw new BatonError('approval-required', phrase`The commands for ${purpose} need approval: ${commands.join('; ')}`, {
    hint: 'Read them; if they may run, repeat with `--yes`, or approve them once in a terminal or in VS Code.',
    data,
  });
}
