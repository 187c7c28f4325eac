import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { printIsolated, toIsolatedEntryView } from '../../isolatedViews.ts';
import { plainText } from '../../text.ts';

/** `baton isolated status ID` */
export function declareIsolatedStatus(isolated: Command, cli: Cli): void {
  declareVerb(isolated, {
    name: 'status',
    summary: 'Show one session: its steps, its verdict, where its work is',
    examples: [['baton isolated status BE-04', 'by its work item, or by its own ID']],
  })
    .argument('<id>', 'the work item or the session')
    .action((id: string, _options: object, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { showIsolated } = await import('../../../core/actions/isolated/listIsolated.ts');
        const entry = await showIsolated(context, id);
        const { session } = entry;
        return {
          data: { session: toIsolatedEntryView(entry) },
          print: (out) => {
            printIsolated(out, [entry]);
            out.wrapped(session.id, { label: 'Session:   ' });
            out.wrapped(plainText(session.worktree), { label: 'Worktree:  ' });
            out.wrapped(`${session.branch}, from ${session.base.branch}`, { label: 'Branch:    ' });
            const { usage } = session;
            if (usage !== undefined) {
              const cost = usage.costUsd === undefined ? '' : `, $${usage.costUsd.toFixed(2)}`;
              out.line(`Used:      ${usage.inputTokens + usage.outputTokens} tokens in ${usage.turns} turns${cost}`);
            }
            out.line('Steps:');
            for (const { at, status, phase, why } of session.history) {
              const name = phase === undefined ? status : `${status} (${phase})`;
              out.wrapped(plainText([name, why].filter(Boolean).join(': ')), {
                label: `  ${at.slice(0, 19).replace('T', ' ')}  `,
              });
            }
          },
        };
      }),
    );
}
