import type { VerificationListener } from '../core/actions/verify.ts';
import type { ReceiptCommand } from '../core/model/receipt.ts';
import type { Output } from './output.ts';
import { formatDuration, plainText } from './text.ts';

/** Follows the commands of a verification on stderr: which one runs, what it prints, how it ended. */
export function followCommands(err: Output): Required<VerificationListener> {
  let atLineStart = true;
  const startLine = () => {
    if (!atLineStart) err.line();
    atLineStart = true;
  };
  return {
    onCommandStart(command, index, total) {
      startLine();
      const [first = '', ...rest] = command.command.split('\n');
      err.line(err.paint('title', `[${index + 1}/${total}] $ ${plainText(first)}`));
      for (const line of rest) err.line(`        ${plainText(line)}`);
    },
    onOutput(chunk) {
      if (chunk === '') return;
      // As the command wrote it: it was approved, and its colours are worth keeping.
      err.raw(chunk);
      atLineStart = chunk.endsWith('\n');
    },
    onCommandEnd(command, index, total) {
      startLine();
      const passed = command.exitCode === 0;
      err.line(err.paint(passed ? 'good' : 'bad', `[${index + 1}/${total}] ${describeEnd(command)}`));
    },
  };
}

/** How a command ended, and after how long: `passed (3 s)`, `failed with exit code 2 (3 s)`. */
export function describeEnd({
  exitCode,
  timedOut,
  cancelled,
  durationMs,
}: Omit<ReceiptCommand, 'command' | 'tail' | 'log'>): string {
  const after = formatDuration(durationMs);
  if (cancelled) return `cancelled after ${after}`;
  if (timedOut) return `stopped by the time limit after ${after}`;
  if (exitCode === 0) return `passed (${after})`;
  return exitCode === undefined ? `ended by a signal after ${after}` : `failed with exit code ${exitCode} (${after})`;
}
