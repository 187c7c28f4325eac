import type { Command } from 'commander';
import { openIsolated } from '../../../platform/openIsolated.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { toIsolatedView } from '../../isolatedViews.ts';
import { plainText } from '../../text.ts';

/** `baton isolated stop ID` */
export function declareIsolatedStop(isolated: Command, cli: Cli): void {
  declareVerb(isolated, {
    name: 'stop',
    summary: 'Stop a session and everything that it started; its worktree stays',
    examples: [['baton isolated stop BE-04', '']],
  })
    .argument('<id>', 'the work item or the session')
    .option('-m, --message <why>', 'why')
    .action((id: string, { message }: { readonly message?: string }, command: Command) =>
      cli.run(command, async ({ context, root }) => {
        const { stopIsolated } = await import('../../../core/actions/isolated/control.ts');
        const session = await stopIsolated(await openIsolated(context, root), {
          id,
          ...(message !== undefined && { reason: message }),
        });
        return {
          data: { session: toIsolatedView(session) },
          print: (out) => {
            const said = session.request === undefined ? 'is stopped' : 'is being stopped';
            out.line(`${plainText(session.item.id)} ${said}.`);
          },
        };
      }),
    );
}
