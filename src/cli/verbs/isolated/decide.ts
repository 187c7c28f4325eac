import type { Command } from 'commander';
import { openIsolated } from '../../../platform/openIsolated.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { toIsolatedView } from '../../isolatedViews.ts';
import { printNextStep } from '../../sessionTable.ts';
import { plainText } from '../../text.ts';

/** `baton isolated approve ID -m WHY` */
export function declareIsolatedApprove(isolated: Command, cli: Cli): void {
  declareDecision(isolated, cli, {
    name: 'approve',
    summary: 'Approve the work of a session as it is now, in place of its own review',
    example: 'baton isolated approve BE-04 -m "read it, runs here"',
  });
}

/** `baton isolated reject ID -m WHY` */
export function declareIsolatedReject(isolated: Command, cli: Cli): void {
  declareDecision(isolated, cli, {
    name: 'reject',
    summary: 'Reject the work of a session; nothing is removed',
    example: 'baton isolated reject BE-04 -m "the limits are hard-coded"',
  });
}

function declareDecision(
  isolated: Command,
  cli: Cli,
  {
    name,
    summary,
    example,
  }: { readonly name: 'approve' | 'reject'; readonly summary: string; readonly example: string },
): void {
  declareVerb(isolated, {
    name,
    summary,
    details: 'Who decided and why is kept with the verdict.',
    examples: [[example, '']],
  })
    .argument('<id>', 'the work item or the session')
    .requiredOption('-m, --message <why>', 'why')
    .action((id: string, { message }: { readonly message: string }, command: Command) =>
      cli.run(command, async ({ context, root }) => {
        const { approveIsolated, rejectIsolated } = await import('../../../core/actions/isolated/decide.ts');
        const decide = name === 'approve' ? approveIsolated : rejectIsolated;
        const session = await decide(await openIsolated(context, root), { id, reason: message });
        return {
          data: { session: toIsolatedView(session) },
          print: (out) => {
            out.line(`${plainText(session.item.id)} is ${session.status}.`);
            printNextStep(out, `baton isolated ${name === 'approve' ? 'merge' : 'retry'} ${session.item.id}`);
          },
        };
      }),
    );
}
