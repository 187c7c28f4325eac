import type { ReceiptCommand } from '../model/receipt.ts';
import { requireActive } from './activeSession.ts';
import { readWorkspace } from './beginVerb.ts';
import type { ActionContext } from './context.ts';
import { runSomeCommands } from './runVerification.ts';
import type { VerificationListener } from './verify.ts';

export interface TryOptions extends VerificationListener {
  /** The session that the caller takes for the active one. */
  readonly id?: string;
  /** Positions of the commands, from 0. */
  readonly only: readonly number[];
}

export interface TryResult {
  readonly session: string;
  /** In the order in which they ran. */
  readonly commands: readonly ReceiptCommand[];
  readonly warnings: readonly string[];
}

/**
 * Runs some of the active session's verification commands, to see how they end: no receipt is kept, since a part proves nothing.
 *
 * @throws BatonError `no-active-session`, `wrong-state` for `id`, `approval-required`, `cancelled`
 */
export async function tryCommands(context: ActionContext, { id, ...options }: TryOptions): Promise<TryResult> {
  const workspace = await readWorkspace(context);
  const session = requireActive(workspace, [], id);
  return {
    session: session.id,
    commands: await runSomeCommands(context, { workspace, session }, options),
    warnings: [],
  };
}
