import type { Command } from 'commander';
import type { VerifyResult } from '../../core/actions/verify.ts';
import { BatonError } from '../../core/errors.ts';
import { countPassed, type Receipt } from '../../core/model/receipt.ts';
import type { SessionEntry } from '../../core/model/workspace.ts';
import type { Cli } from '../cli.ts';
import { describeEnd, followCommands } from '../commandProgress.ts';
import { addYesOption, declareVerb } from '../declareVerb.ts';
import type { Output } from '../output.ts';
import { completeCommand, printNextStep } from '../sessionTable.ts';
import { formatDuration, plainText } from '../text.ts';
import { toReceiptView } from '../views.ts';

interface VerifyOptions {
  readonly again?: boolean;
}

/** `baton verify` */
export function declareVerify(program: Command, cli: Cli): void {
  const verb = declareVerb(program, {
    name: 'verify',
    summary: "Run the active session's verification commands",
    details:
      'The commands come from the plan and run only when a person has approved exactly them. What they print goes to stderr and ' +
      'to a log. A failing command: exit code 1, code verification-failed.\n\n' +
      '--json: session, reused, ticked[], receipt {ok, startedAt, durationMs, commands[{command, label, exitCode, timedOut, ' +
      'cancelled, durationMs, tail, log}]}; on failure the same in error.data.',
    examples: [
      ['baton verify', 'asks before it runs anything new'],
      ['baton verify --yes', 'approved for this one run'],
      ['baton verify --again', 'although nothing has changed since the last time'],
    ],
  });
  addYesOption(verb)
    .option('--again', 'run although nothing has changed since the last run')
    .action(({ again = false }: VerifyOptions, command: Command) =>
      cli.run(command, async ({ context, err }) => {
        const { verify } = await import('../../core/actions/verify.ts');
        const result = await verify(context, { again, ...followCommands(err) });
        const locate = (key: string) => context.ports.localState.locate(key);
        const { session, reused, ticked, receipt, warnings } = result;
        const data = { session, reused, ticked, receipt: toReceiptView(receipt, locate) };
        return {
          data,
          warnings,
          ...(receipt.ok ? {} : { failure: verificationFailed(session, receipt, data) }),
          print: (out) => printVerification(out, result, locate, context.store.workspace?.active),
        };
      }),
    );
}

function verificationFailed(session: string, receipt: Receipt, data: Readonly<Record<string, unknown>>): BatonError {
  const { passed, total } = countPassed(receipt);
  return new BatonError('verification-failed', `${total - passed} of ${total} commands of ${session} did not pass.`, {
    hint: 'Mend what failed and run "baton verify" again. The session is still active.',
    data,
  });
}

function printVerification(
  out: Output,
  { session, receipt, reused, ticked }: VerifyResult,
  locate: (key: string) => string,
  active: SessionEntry | undefined,
): void {
  for (const command of receipt.commands) {
    const passed = command.exitCode === 0;
    const mark = out.paint(passed ? 'good' : 'bad', passed ? '✓' : '✗');
    out.line(`${mark} ${plainText(command.command)}  ${out.paint('quiet', describeEnd(command))}`);
    if (!passed) out.line(`  log: ${locate(command.log)}`);
  }
  for (const text of ticked) out.wrapped(plainText(text), { label: 'Ticked: ' });
  if (!receipt.ok) return;
  const { passed, total } = countPassed(receipt);
  const when = reused ? 'nothing has changed since; --again runs it again' : `in ${formatDuration(receipt.durationMs)}`;
  out.line(`${out.paint('good', `Verified ${passed}/${total}`)} of ${plainText(session)} (${when})`);
  printNextStep(out, completeCommand(active));
}
