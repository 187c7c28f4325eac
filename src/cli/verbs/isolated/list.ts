import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { printIsolated, toIsolatedEntryView } from '../../isolatedViews.ts';
import { printNextStep } from '../../sessionTable.ts';

/** `baton isolated list` */
export function declareIsolatedList(isolated: Command, cli: Cli): void {
  declareVerb(isolated, {
    name: 'list',
    summary: 'List isolated sessions with what each does now',
    details:
      '--json: sessions[] with item, status, phase, branch, worktree, usage, activity, questions[], review, error.',
    examples: [
      ['baton isolated list', 'those that are not merged'],
      ['baton isolated list --all', 'also those that are'],
    ],
  })
    .option('--all', 'also those that were merged or put away')
    .action(({ all = false }: { readonly all?: boolean }, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { listIsolated } = await import('../../../core/actions/isolated/listIsolated.ts');
        const entries = await listIsolated(context, { archived: all });
        const interrupted = entries.filter((entry) => entry.interrupted);
        return {
          data: { sessions: entries.map(toIsolatedEntryView) },
          warnings: interrupted.length === 0 ? [] : [describeInterrupted(interrupted.length)],
          print: (out) => {
            if (entries.length === 0)
              out.line('No isolated sessions. "baton dispatch --ready" gives ready work to agents.');
            printIsolated(out, entries);
            const approved = entries.find(({ session }) => session.status === 'approved');
            if (approved !== undefined) printNextStep(out, `baton isolated merge ${approved.session.item.id}`);
          },
        };
      }),
    );
}

function describeInterrupted(count: number): string {
  const sessions = count === 1 ? '1 session was interrupted' : `${count} sessions were interrupted`;
  return `${sessions}. "baton isolated retry --interrupted" resumes all of them.`;
}
