import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import type { VerificationCommand } from '../model/plan.ts';
import type { Receipt, ReceiptCommand } from '../model/receipt.ts';
import { requireActive } from './activeSession.ts';
import { beginVerb } from './beginVerb.ts';
import type { ActionContext } from './context.ts';
import { runVerification, tickProven } from './runVerification.ts';

/** Follows commands while they run; `index` counts from 0. */
export interface VerificationListener {
  readonly onCommandStart?: (command: VerificationCommand, index: number, total: number) => void;
  readonly onOutput?: (chunk: string, index: number) => void;
  readonly onCommandEnd?: (command: ReceiptCommand, index: number, total: number) => void;
}

export interface VerifyOptions extends VerificationListener {
  /** Runs the commands also where tree and commands are as the last receipt says. */
  readonly again?: boolean;
}

export interface VerifyResult {
  readonly session: string;
  /** `ok` is false where a command failed; that is not thrown. */
  readonly receipt: Receipt;
  /** True where nothing ran because nothing had changed since. */
  readonly reused: boolean;
  /** Texts of the checklist items that were ticked. */
  readonly ticked: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Runs the verification commands of the active session, keeps the receipt, and ticks the checklist items that it proves. A command that
 * fails is no error: see `receipt.ok`.
 *
 * @throws BatonError `no-active-session`, `no-verification`, `approval-required`, `cancelled`
 */
export async function verify(context: ActionContext, options: VerifyOptions = {}): Promise<VerifyResult> {
  const { workspace, warnings } = await beginVerb(context);
  const session = requireActive(workspace, warnings);
  if (session.file.commands.length === 0) {
    throw new BatonError('no-verification', phrase`${session.id} has no verification commands`, {
      hint: 'Add them to `## Verification Commands` in SESSION.md, or complete with `--no-verify`.',
    });
  }
  const { receipt, reused } = await runVerification(context, workspace, session, options);
  const ticked = await tickProven(context, session, receipt);
  return { session: session.id, receipt, reused, ticked, warnings };
}
