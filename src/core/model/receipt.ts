/** One command of a verification, as it ran. */
export interface ReceiptCommand {
  /** The exact shell text. */
  readonly command: string;
  readonly label?: string;
  /** Undefined where a signal, the time limit or cancelling ended it. */
  readonly exitCode?: number;
  readonly timedOut: boolean;
  readonly cancelled: boolean;
  readonly durationMs: number;
  /** The end of its output. */
  readonly tail: string;
  /** Key of the whole output among the local records. */
  readonly log: string;
}

/** The record of a verification: what was checked, and how each command ended. Kept at `receipts/<session>--<project>` among the local records. */
export interface Receipt {
  readonly session: string;
  /** Two projects may have a session of one ID. Undefined where no table and no plan has the session, and in older receipts. */
  readonly project?: string;
  /** Tree object of what was checked, state files left out; empty outside git, where no receipt can be used again. */
  readonly tree: string;
  /** HEAD when it ran; undefined before the first commit and outside git. */
  readonly head?: string;
  /** The commit that the session started from: SESSION.md is cleared when it is done. */
  readonly startRef?: string;
  /** ISO 8601 with zone. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Every command ran and ended with exit code 0. */
  readonly ok: boolean;
  readonly commands: readonly ReceiptCommand[];
}

/** What a receipt is worth now; `stale`: the tree or the commands have changed since. */
export type ReceiptState = 'none' | 'passed' | 'failed' | 'stale';

/** Judges a receipt against the tree and the commands of now. */
export function receiptState(receipt: Receipt | undefined, tree: string, commands: readonly string[]): ReceiptState {
  if (receipt === undefined) return 'none';
  const sameCommands =
    receipt.commands.length === commands.length &&
    receipt.commands.every(({ command }, at) => command === commands[at]);
  if (tree === '' || receipt.tree !== tree || !sameCommands) return 'stale';
  return receipt.ok ? 'passed' : 'failed';
}

/** Counts the commands that passed. */
export function countPassed(receipt: Receipt): { readonly passed: number; readonly total: number } {
  const passed = receipt.commands.filter(({ exitCode }) => exitCode === 0).length;
  return { passed, total: receipt.commands.length };
}

/** Takes an unknown value, a record from disk, for a receipt where it has a receipt's shape. */
export function readReceipt(value: unknown): Receipt | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const candidate = value as Partial<Receipt>;
  const isReceipt =
    typeof candidate.session === 'string' &&
    typeof candidate.tree === 'string' &&
    typeof candidate.startedAt === 'string' &&
    typeof candidate.ok === 'boolean' &&
    Array.isArray(candidate.commands);
  return isReceipt ? (candidate as Receipt) : undefined;
}
