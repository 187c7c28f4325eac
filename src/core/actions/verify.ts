import type { VerificationCommand } from '../model/plan.ts';
import type { Receipt, ReceiptCommand } from '../model/receipt.ts';

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
